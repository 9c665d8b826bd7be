"""In an installation: the workbook appears, comes back as a new version, and goes away again."""

from __future__ import annotations

import logging
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from pipelines.intake import sender_report
from pipelines.intake.archive import archive_of
from pipelines.intake.events import DeliveryState, deliveries
from pipelines.intake.ledger import Ledger
from pipelines.intake.placing import deliver
from pipelines.intake.process import Decision
from pipelines.intake.sender_report import findings_path, return_to_sender, workbook_path
from pipelines.intake.take_in import IntakeReport, take_in
from pipelines.overview import open_matters
from pipelines.settings import PROJECT_ROOT, Settings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SHIPPED = PROJECT_ROOT / "deliveries"
SECRET = "hemmeligt".upper()  # made here: a traceback shows the line of code that raised it


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env(
        {"MONITOR_DATA_DIR": str(tmp_path / "data"), "DAGSTER_HOME": str(tmp_path / "home")}
    )


def run(settings: Settings, path: Path, source: str, period: str, hours: int) -> IntakeReport:
    deliver(settings, path, source, period)
    report = take_in(settings, now=NOON + timedelta(hours=hours))
    build = settings.build_path
    build.replace(settings.live_path)
    return report


def state(settings: Settings, delivery_id: str) -> DeliveryState:
    states = deliveries(Ledger(settings.ledger_path).read())
    return next(s for s in states if s.delivery_id == delivery_id)


MENDED = {
    "driftsstoette/2016-09-30": {
        "O12": "429.000,00",
        "I67": "01-07-2006",
        "N132": "Kommune – medarbejdertimer",
    },
    "styringsdialog/2017": {
        "G13": "Beboertryghed",
        "F28": "28-02-2017",
        "B43": "101",
        "C43": "København",
    },
}
"""Cells to mend in the shipped broken ones."""


@pytest.mark.slow
@pytest.mark.parametrize("place", MENDED)
def test_a_shipped_broken_delivery_is_mended_and_becomes_version_two(
    settings: Settings, tmp_path: Path, place: str
) -> None:
    source, period = place.split("/")
    (broken,) = (p for p in (SHIPPED / "broken" / place).iterdir() if not p.name.endswith(".json"))
    (first,) = run(settings, broken, source, period, 0).taken
    given = workbook_path(settings, first.delivery.delivery_id)
    assert given is not None
    assert stat.S_IMODE(given.stat().st_mode) == 0o600
    assert stat.S_IMODE(given.parent.stat().st_mode) == 0o700
    assert [m.to_send for m in open_matters(settings)] == [given]

    book = openpyxl.load_workbook(given)
    sheet = book.worksheets[0]
    for cell, value in MENDED[place].items():
        assert sheet[cell].comment is not None or cell == "C43"
        sheet[cell] = value
    back = tmp_path / given.name
    book.save(back)

    (second,) = run(settings, back, source, period, 1).taken
    assert second.decision.state == "accepted", second.decision.findings[:4]
    assert second.decision.rows_accepted == first.decision.rows_read
    now = state(settings, second.delivery.delivery_id)
    assert (now.version, now.is_current, now.is_synthetic) == (2, True, True)
    assert state(settings, first.delivery.delivery_id).state == "superseded"


@pytest.mark.slow
def test_the_workbook_goes_away_when_nothing_is_wrong_any_more(
    settings: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = next((SHIPPED / "broken/styringsdialog/2017").glob("*.csv"))
    (taken,) = run(settings, broken, "styringsdialog", "2017", 0).taken
    folder = settings.quarantine_dir / taken.delivery.delivery_id
    archive = archive_of(settings)
    assert sorted(p.suffix for p in folder.iterdir()) == [".csv", ".xlsx"]
    sound = Decision("accepted", taken.decision.slot, taken.decision.table, 1, 1)
    return_to_sender(settings, archive, taken.delivery, sound)
    assert list(folder.iterdir()) == []

    def failing(*_: object) -> bytes:
        raise ValueError(f"Could not convert string '{SECRET}' to INT64")

    monkeypatch.setattr(sender_report, "error_workbook", failing)
    with caplog.at_level(logging.DEBUG):
        return_to_sender(settings, archive, taken.delivery, taken.decision)
    assert findings_path(settings, taken.delivery.delivery_id).is_file()
    assert workbook_path(settings, taken.delivery.delivery_id) is None
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text
    shutil.rmtree(folder)
    assert workbook_path(settings, taken.delivery.delivery_id) is None
