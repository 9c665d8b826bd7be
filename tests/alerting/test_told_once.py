"""Nobody is told twice: what was told is remembered until it is over, or falls due again."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines import disk_full
from pipelines.alerting import looks
from pipelines.alerting.alert import Alert
from pipelines.alerting.book import BOOK_NAME, alerts_dir, read_book
from pipelines.alerting.channels import Channels
from pipelines.alerting.kinds import kind
from pipelines.alerting.looks import QUICK, look_around
from pipelines.alerting.telling import look, settle_runs, tell
from pipelines.settings import Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOWHERE = Channels()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(root=tmp_path, data_dir=tmp_path / "data", dagster_home=tmp_path / "home")


def alert(kind_id: str, *subjects: str, hours: float = 0, run_id: str = "") -> Alert:
    return Alert(kind_id, "what", NOON + timedelta(hours=hours), subjects, run_id=run_id)


def told_of(settings: Settings, each: Alert) -> list[str] | None:
    """The subjects that the alert's file names; None when nothing was new."""
    path = tell(settings, each, NOWHERE)
    return None if path is None else json.loads(path.read_bytes())["subjects"]


def test_only_what_is_new_is_told(settings: Settings) -> None:
    assert told_of(settings, alert("delivery_rejected", "a")) == ["a"]
    assert told_of(settings, alert("delivery_rejected", "a")) is None
    assert told_of(settings, alert("delivery_rejected", "a", "b")) == ["b"]
    assert told_of(settings, alert("delivery_in_part", "a")) == ["a"]


def test_what_still_stands_is_told_again_after_its_time(settings: Settings) -> None:
    hours = kind("archive_disagrees").repeat_hours
    assert told_of(settings, alert("archive_disagrees", "a")) == ["a"]
    assert told_of(settings, alert("archive_disagrees", "a", hours=hours - 0.1)) is None
    assert told_of(settings, alert("archive_disagrees", "a", hours=hours)) == ["a"]


def test_a_failure_that_comes_back_after_a_good_run_is_news(settings: Settings) -> None:
    assert told_of(settings, alert("checks_failed", "a")) == ["a"]
    assert settle_runs(settings, NOON + timedelta(minutes=1)) == 1
    assert told_of(settings, alert("checks_failed", "a", hours=0.1)) == ["a"]
    # a run that had succeeded before the failure puts nothing right
    assert settle_runs(settings, NOON) == 0


def test_every_failed_run_leaves_its_file_all_the_same(settings: Settings) -> None:
    for run_id in ("run-0001", "run-0002"):
        assert told_of(settings, alert("checks_failed", "a", run_id=run_id)) == ["a"]
    assert len(list(alerts_dir(settings).glob("*.json"))) == 2


def test_a_look_forgets_what_it_finds_no_more(settings: Settings) -> None:
    for found in (alert("inbox_refused", "a", "b"), alert("inbox_refused", "b"), None):
        look(settings, found, "inbox_refused")
        standing = {subject for _, subject, _ in read_book(settings).standing()}
        assert standing == set(found.subjects if found else ())


def test_a_lost_or_damaged_book_costs_a_repeated_alert_only(settings: Settings) -> None:
    told_of(settings, alert("delivery_rejected", "a"))
    (alerts_dir(settings) / BOOK_NAME).write_text("[{")
    assert told_of(settings, alert("delivery_rejected", "a")) == ["a"]


def test_what_lies_in_the_inbox_is_told_without_its_name(settings: Settings) -> None:
    lost = settings.inbox_dir / "nowhere" / "2015" / "jens_hansen.csv"
    lost.parent.mkdir(parents=True)
    lost.write_bytes(b"a;b\n")
    look_around(settings, NOON, {"inbox_refused": QUICK["inbox_refused"]})
    [path] = alerts_dir(settings).glob("*.json")
    assert "jens" not in path.read_text()
    shutil.rmtree(settings.inbox_dir)
    look_around(settings, NOON, {"inbox_refused": QUICK["inbox_refused"]})
    assert list(read_book(settings).standing()) == []


def test_too_little_disk_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.data_dir.mkdir(parents=True)
    monkeypatch.setattr(disk_full, "LEAST_FREE_BYTES", 1 << 62)
    found = looks.disk_low(settings, NOON)
    assert found is not None
    assert "MiB free" in found.what
    monkeypatch.setattr(disk_full, "LEAST_FREE_BYTES", 0)
    assert looks.disk_low(settings, NOON) is None


def test_a_damaged_ledger_is_told_by_whoever_looks(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True)
    settings.ledger_path.write_text('{"kind": "received"}\n')
    found = look_around(settings, NOON, {"delivery_unread": looks.delivery_unread})
    assert found == ["ledger_damaged"]
    [path] = alerts_dir(settings).glob("*.json")
    assert json.loads(path.read_bytes())["kind"] == "ledger_damaged"
