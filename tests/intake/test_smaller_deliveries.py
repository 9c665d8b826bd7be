"""A delivery far smaller than the one before it, from the command line to the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipelines.commands.deliver import deliver
from pipelines.intake.events import DeliveryState
from pipelines.intake.take_in import IntakeReport, take_in
from pipelines.settings import Settings

HEADING = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;Beløb (kr.);"
    "Timer"
)
LATER = timedelta(minutes=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path, tmp_path / "data", tmp_path / "dagster")


def extract(folder: Path, plans: int, name: str) -> Path:
    rows = [
        f"2011-{n:04};Parken;Eksempel Bolig;0123;461;Odense;2011-14;;01-01-2013;31-12-2016;Aktiv;"
        "1.204;2.890;Landsbyggefonden;6.000.000,00;"
        for n in range(plans)
    ]
    path = folder / name
    path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
    return path


def drop(settings: Settings, path: Path, *more: str, period: str = "2015-06-30") -> None:
    arguments = [str(path), "--source", "driftsstoette", "--wave", period, *more]
    outcome = CliRunner().invoke(deliver, arguments, obj=settings)
    assert outcome.exit_code == 0, outcome.output


def run(settings: Settings) -> IntakeReport:
    return take_in(settings, now=datetime.now(UTC) + LATER)


def states(report: IntakeReport) -> dict[str, tuple[str, str | None]]:
    return {s.name: (s.state, s.reason) for s in report.states}


def current(report: IntakeReport) -> list[DeliveryState]:
    return [s for s in report.states if s.is_current]


@pytest.mark.slow
def test_a_cut_off_version_is_refused_and_a_confirmed_one_counts(
    settings: Settings, tmp_path: Path
) -> None:
    drop(settings, extract(tmp_path, 20, "hel.csv"))
    assert states(run(settings)) == {"hel.csv": ("accepted", None)}
    cut = extract(tmp_path, 9, "skåret.csv")
    drop(settings, cut)
    report = run(settings)
    assert states(report)["skåret.csv"] == ("rejected", "K11_smaller_than_before")
    assert [s.name for s in current(report)] == ["hel.csv"]
    drop(settings, extract(tmp_path, 8, "bekræftet.csv"), "--confirm-smaller", "12 planer lukket")
    report = run(settings)
    assert states(report)["bekræftet.csv"][0] == "accepted"
    assert [s.name for s in current(report)] == ["bekræftet.csv"]
    (taken,) = [t for t in report.taken if t.delivery.name == "bekræftet.csv"]
    assert taken.delivery.meta.confirmed_smaller
    assert "K12_confirmed_smaller" in {f.rule for f in taken.decision.findings}


@pytest.mark.slow
def test_both_in_one_run_are_held_against_each_other_in_the_order_of_receipt(
    settings: Settings, tmp_path: Path
) -> None:
    drop(settings, extract(tmp_path, 20, "1_hel.csv"))
    drop(settings, extract(tmp_path, 9, "2_skåret.csv"))
    drop(settings, extract(tmp_path, 9, "næste.csv"), period="2015-12-31")
    report = run(settings)
    assert {name: state for name, (state, _) in states(report).items()} == {
        "1_hel.csv": "accepted",
        "2_skåret.csv": "rejected",
        "næste.csv": "rejected",
    }
    assert states(run(settings)) == states(report), "read again, the same is decided"


@pytest.mark.parametrize("why", ["", "  "])
def test_a_confirmation_without_a_reason_is_not_delivered(
    settings: Settings, tmp_path: Path, why: str
) -> None:
    path = extract(tmp_path, 3, "a.csv")
    arguments = [str(path), "--source", "driftsstoette", "--wave", "2015-06-30"]
    outcome = CliRunner().invoke(deliver, [*arguments, "--confirm-smaller", why], obj=settings)
    assert outcome.exit_code == 1
    assert "needs a note that says why" in outcome.output
    assert not list(settings.inbox_dir.rglob("*.csv"))
