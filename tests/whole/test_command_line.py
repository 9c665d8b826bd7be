"""What a person types and reads: deliveries refused in a line, a status that says what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.durable import sha256_of
from pipelines.environment import KEY_ENV
from pipelines.intake.events import LedgerEvent
from pipelines.intake.ledger import Ledger
from pipelines.privacy.master_key import MasterKey, open_master_key
from pipelines.settings import Settings

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env(
        {"MONITOR_DATA_DIR": str(tmp_path / "data"), "DAGSTER_HOME": str(tmp_path / "dagster")}
    )


def monitor(settings: Settings, *arguments: object) -> Result:
    result = CliRunner(
        env={
            "MONITOR_DATA_DIR": str(settings.data_dir),
            "DAGSTER_HOME": str(settings.dagster_home),
        }
    ).invoke(main, [str(argument) for argument in arguments])
    # nothing but a decision to stop: no error of ours reaches the person
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def in_inbox(settings: Settings) -> set[str]:
    return {
        str(p.relative_to(settings.inbox_dir))
        for p in settings.inbox_dir.rglob("*")
        if p.is_file() and p.suffix != ".sha256"
    }


@pytest.mark.parametrize(
    ("source", "period", "wanted"),
    [
        ("survey", "2016-06-30", "a year, such as 2016"),
        ("driftsstoette", "2016", "a date, such as 2016-06-30"),
        ("driftsstoette", "2016-02-31", "a date, such as 2016-06-30"),
    ],
)
def test_a_period_of_another_kind_never_reaches_the_inbox(
    settings: Settings, tmp_path: Path, source: str, period: str, wanted: str
) -> None:
    (tmp_path / "fil.csv").write_text("a;b\n")
    result = monitor(
        settings, "deliver", tmp_path / "fil.csv", "--source", source, "--wave", period
    )
    assert result.exit_code == 1
    assert wanted in result.output
    assert in_inbox(settings) == set()


def test_the_remark_beside_a_file_goes_with_it(settings: Settings, tmp_path: Path) -> None:
    file, side = tmp_path / "fil.csv", tmp_path / "fil.csv.meta.json"
    file.write_text("a;b\n")
    side.write_text('{"is_synthetic": true}')
    address = ("--source", "survey", "--wave", "2016")
    # as a shell's `fil.csv*` gives them
    assert monitor(settings, "deliver", file, side, *address).exit_code == 0
    assert in_inbox(settings) == {"survey/2016/fil.csv", "survey/2016/fil.csv.meta.json"}
    side.write_text("{bad")
    result = monitor(settings, "deliver", file, *address)
    assert result.exit_code == 1
    assert "fil.csv: its .meta.json cannot be read: not valid JSON" in result.output


def test_a_refused_item_of_a_folder_keeps_no_other_out(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "alle"
    for name in (".DS_Store", ".skjult.csv", "god.csv"):
        path = folder / "driftsstoette" / "2015-06-30" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a;b\n")
    result = monitor(settings, "deliver", "--all", folder)
    assert result.exit_code == 1
    assert "driftsstoette/2015-06-30/.skjult.csv: " in result.output
    assert "1 of 2 were refused" in result.output
    assert in_inbox(settings) == {"driftsstoette/2015-06-30/god.csv"}


def test_a_folder_without_deliveries_is_no_success(settings: Settings, tmp_path: Path) -> None:
    result = monitor(settings, "deliver", "--all", tmp_path)
    assert result.exit_code == 1
    assert "holds no <source>/<period>/<item>" in result.output
    assert monitor(settings, "deliver", "--all", tmp_path, "--source", "survey").exit_code == 2


def events(delivery_id: str, day: int, decision: str, **more: object) -> list[LedgerEvent]:
    at = (START + timedelta(days=day)).isoformat(timespec="microseconds")
    of = {"at": at, "by": "test", "delivery_id": delivery_id, "source": "driftsstoette"}
    of |= {"period": "2015-06-30", "name": f"{delivery_id[:1]}.csv", **more}
    return [
        LedgerEvent(kind="received", received_at=at, content_sha256=delivery_id, **of),
        LedgerEvent(kind=decision, slot=f"driftsstoette/{of['period']}", **of),
    ]


def test_status_says_what_is_still_to_be_mended_and_what_waits(
    settings: Settings, tmp_path: Path
) -> None:
    settings.data_dir.mkdir()
    Ledger(settings.ledger_path).append(
        *events("a" * 64, 1, "rejected", reason="F02_empty_file"),
        *events("b" * 64, 2, "quarantined", rows_quarantined=3),
        *events("c" * 64, 3, "rejected", reason="K03_totals_disagree"),
        *events("d" * 64, 4, "rejected", reason="F02_empty_file", period="2015-12-31"),
        *events("e" * 64, 5, "accepted", period="2015-12-31"),
    )
    (tmp_path / "ny.csv").write_text("a;b\n")
    address = ("--source", "driftsstoette", "--period", "2016-06-30")
    monitor(settings, "deliver", tmp_path / "ny.csv", *address)
    (settings.inbox_dir / "løs.csv").write_text("a;b\n")
    said = monitor(settings, "status").output
    assert "2015-06-30/b.csv: 3 row(s) set aside" in said
    assert "2015-06-30/c.csv: rejected (K03_totals_disagree)" in said
    assert f"quarantine/{'c' * 64}/findings.csv" in said
    # a good one came after them
    assert "a.csv" not in said
    assert "d.csv" not in said
    assert "1 ready for the next run" in said
    assert "refused: løs.csv: The file lies outside a source's folder" in said


def test_the_same_bytes_again_are_said_to_change_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "fil.csv"
    file.write_text("a;b\n")
    settings.data_dir.mkdir()
    Ledger(settings.ledger_path).append(*events(sha256_of(file), 1, "accepted"))
    again = ("--source", "driftsstoette", "--period")
    assert "2026-01-02 (accepted): nothing will change" in (
        monitor(settings, "deliver", file, *again, "2015-06-30").output
    )
    assert (
        "nothing will change" not in monitor(settings, "deliver", file, *again, "2016-06-30").output
    )


def test_a_run_with_another_key_stops_though_nothing_waits(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_this_folder = open_master_key(settings)
    other = MasterKey(bytes(32), "test")
    monkeypatch.setenv(KEY_ENV, other.to_text())
    result = monitor(settings, "run")
    assert result.exit_code == 1
    assert f"encrypted with key {of_this_folder.key_id}" in result.output
    assert other.to_text() not in result.output


def test_status_does_not_show_an_empty_house_where_the_ledger_is_lost(settings: Settings) -> None:
    archived = settings.archive_dir / "ab" / ("ab" * 32)
    archived.mkdir(parents=True)
    (archived / "manifest.json").write_text("{}")
    settings.live_path.write_bytes(b"a warehouse")
    result = monitor(settings, "status")
    assert result.exit_code == 1
    assert "1 deliveries are archived" in result.output
    assert "monitor ledger --readopt" in result.output
