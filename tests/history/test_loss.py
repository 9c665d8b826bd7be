"""What is lost, or fails through our fault, stops quietly passing for something it is not."""

from __future__ import annotations

import pytest
from a_history import History, extract

from pipelines.intake import deciding
from pipelines.intake.archive import archive_of
from pipelines.intake.bookkeeping import RowsMissingError
from pipelines.intake.ledger import Ledger, LedgerLostError, readopt
from pipelines.intake.take_in import take_in
from pipelines.pipeline import build_needed
from pipelines.warehouse.hashes import table_hashes

pytestmark = pytest.mark.slow

LINES = "raw.driftsstoette_lines"


def two_versions(history: History) -> list[str]:
    history.put("driftsstoette", "2015-06-30", extract("600,00"))
    history.run()
    history.put("driftsstoette", "2015-06-30", extract("600,00", "700,00"))
    history.run()
    return [state.delivery_id for state in history.states()]


def test_a_lost_ledger_stops_everything_and_comes_back_from_the_archive(history: History) -> None:
    before = two_versions(history)
    history.settings.ledger_path.unlink()
    live = history.settings.live_path.read_bytes()
    with pytest.raises(LedgerLostError, match="holds nothing, but 2 deliveries are archived"):
        take_in(history.settings, now=history.now, settle_seconds=0)
    assert history.settings.live_path.read_bytes() == live
    assert not history.settings.ledger_path.exists()
    ledger, archive = Ledger(history.settings.ledger_path), archive_of(history.settings)
    readopt(ledger, archive, at=history.now, by="test")
    history.run()
    assert [s.delivery_id for s in history.states()] == before
    assert [s.state for s in history.states()] == ["superseded", "accepted"]
    assert history.hashes[-1][LINES] == history.hashes[-2][LINES]


def test_a_lost_warehouse_is_made_again_by_the_next_run(history: History) -> None:
    two_versions(history)
    history.settings.live_path.unlink()
    assert build_needed(history.settings) == "there is no warehouse yet"
    report = history.run()
    # nothing waited: both are read from the archive
    assert (report.received.received, len(report.taken)) == ((), 2)
    assert history.hashes[-1] == history.hashes[-2]


def test_what_our_code_fails_on_is_on_the_ledger_and_tried_again(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.put("driftsstoette", "2015-06-30", extract("600,00"))

    def broken(*_args: object, **_more: object) -> None:
        raise KeyError("a cell")

    with monkeypatch.context() as patch:
        patch.setattr(deciding, "decide", broken)
        assert history.run().failed == (("fil.csv", "KeyError in processing"),)
        history.run()
    events = Ledger(history.settings.ledger_path).read()
    # said once, however often it is tried
    assert [e.kind for e in events] == ["received", "failed"]
    assert "a cell" not in history.settings.ledger_path.read_text()
    assert [(s.state, s.failure) for s in history.states()] == [
        ("received", "KeyError in processing")
    ]
    history.run()
    assert [(s.state, s.failure) for s in history.states()] == [("accepted", None)]


def test_nothing_is_published_without_a_delivery_that_counts(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made from nothing, a warehouse may not just lack an accepted delivery that is unreadable."""
    history.put("driftsstoette", "2015-06-30", extract("600,00"))
    history.run()

    def broken(*_args: object, **_more: object) -> None:
        raise KeyError

    monkeypatch.setattr(deciding, "decide", broken)
    with pytest.raises(RowsMissingError, match="1 accepted deliveries could not be read again"):
        take_in(history.settings, now=history.now, settle_seconds=0, from_nothing=True)
    assert table_hashes(history.settings.live_path) == history.hashes[-1]
    assert build_needed(history.settings) is not None
