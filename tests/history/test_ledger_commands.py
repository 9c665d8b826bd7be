"""What a person types to see the history, to take a delivery out of it, and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.intake.events import EventKind, LedgerEvent, deliveries
from pipelines.intake.history import write_down
from pipelines.intake.ledger import Ledger
from pipelines.settings import Settings

START = datetime(2026, 1, 1, tzinfo=UTC)
OLD, NEW, OTHER = "a" * 64, "b" * 64, "a" * 11 + "c" * 53


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env(
        {"MONITOR_DATA_DIR": str(tmp_path / "data"), "DAGSTER_HOME": str(tmp_path / "dagster")}
    )


def monitor(settings: Settings, *arguments: str) -> Result:
    environment = {
        "MONITOR_DATA_DIR": str(settings.data_dir),
        "DAGSTER_HOME": str(settings.dagster_home),
        "MONITOR_USER": "test bruger\n",
    }
    result = CliRunner(env=environment).invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def happen(settings: Settings, *events: tuple[EventKind, str]) -> None:
    ledger = Ledger(settings.ledger_path)
    for kind, delivery_id in events:
        known = ledger.read()
        write_down(
            ledger,
            known,
            LedgerEvent(
                kind=kind,
                at=(START + timedelta(minutes=len(known))).isoformat().replace("+00:00", "Z"),
                by="test",
                delivery_id=delivery_id,
                source="survey",
                period="2016" if delivery_id == OTHER else "2015",
                name="fil\x1b[31m.csv",
            ),
        )


@pytest.fixture
def two_versions(settings: Settings) -> Settings:
    happen(
        settings,
        ("received", OLD),
        ("accepted", OLD),
        ("received", NEW),
        ("accepted", NEW),
        ("received", OTHER),
    )
    return settings


def kinds(settings: Settings) -> list[tuple[str, str]]:
    return [(e.kind, e.delivery_id[:1]) for e in Ledger(settings.ledger_path).read()]


def states(settings: Settings) -> dict[str, str]:
    found = deliveries(Ledger(settings.ledger_path).read())
    return {s.delivery_id: s.state for s in found}


def test_the_history_is_readable_in_a_terminal(two_versions: Settings) -> None:
    said = monitor(two_versions, "ledger").output
    lines = said.splitlines()
    assert max(map(len, lines)) <= 100
    assert "\x1b" not in said
    assert lines[0].startswith("2026-01-01 00:00:00 UTC  received     aaaaaaaaaaaa  survey/2015")
    assert "superseded" in lines[8]
    assert lines[9].strip().startswith("fil")
    assert "a newer version counts; bbbbbbbbbbbb" in lines[9]


def test_a_part_of_it_and_as_json(two_versions: Settings) -> None:
    found = json.loads(monitor(two_versions, "ledger", "--delivery", "BBBB", "--json").output)
    assert [e["kind"] for e in found] == ["received", "accepted"]
    assert {e["delivery_id"] for e in found} == {NEW}
    assert len(monitor(two_versions, "ledger", "--period", "2016").output.splitlines()) == 2
    assert "No event" in monitor(two_versions, "ledger", "--source", "driftsstoette").output
    unknown = monitor(two_versions, "ledger", "--source", "driftstoette")  # a slip of the pen
    assert unknown.exit_code == 2
    assert "driftsstoette" in unknown.output


def test_a_withdrawal_brings_the_one_before_back_and_is_undone(two_versions: Settings) -> None:
    done = monitor(two_versions, "withdraw", "bbbbbb", "--reason", "forkert\nfil")
    assert done.exit_code == 0, done.output
    assert states(two_versions) == {OLD: "accepted", NEW: "withdrawn", OTHER: "received"}
    assert kinds(two_versions)[-2:] == [("withdrawn", "b"), ("restored", "a")]
    last = Ledger(two_versions.ledger_path).read()[-2]
    assert (last.reason, last.by) == ("forkert fil", "test bruger")
    undone = monitor(two_versions, "reinstate", "bbbbbb", "--reason", "den var rigtig")
    assert undone.exit_code == 0, undone.output
    # it is decided on anew before it counts
    assert states(two_versions) == {OLD: "accepted", NEW: "received", OTHER: "received"}
    assert Ledger(two_versions.ledger_path).verify_chain() == ()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("withdraw", "ffffff", "--reason", "x"), "no delivery's id begins with ffffff"),
        (("withdraw", "aaaaaa", "--reason", "x"), "2 deliveries' ids begin with aaaaaa"),
        (("withdraw", "aa", "--reason", "x"), "at least 6 characters"),
        (("withdraw", "bbbbbb", "--reason", " "), "say why"),
        (("withdraw", "bbbbbb"), "Missing option '--reason'"),
        (("reinstate", "bbbbbb", "--reason", "x"), "is accepted, not withdrawn"),
    ],
)
def test_what_cannot_be_done_is_refused(
    two_versions: Settings, arguments: tuple[str, ...], why: str
) -> None:
    before = two_versions.ledger_path.read_bytes()
    refused = monitor(two_versions, *arguments)
    assert refused.exit_code != 0
    assert why in refused.output
    assert two_versions.ledger_path.read_bytes() == before


def test_nothing_is_withdrawn_twice_or_after_it_was_erased(two_versions: Settings) -> None:
    monitor(two_versions, "withdraw", "bbbbbb", "--reason", "x")
    twice = monitor(two_versions, "withdraw", "bbbbbb", "--reason", "x")
    assert "withdrawn already" in twice.output
    happen(two_versions, ("erased", OLD))
    erased = monitor(two_versions, "withdraw", OLD, "--reason", "x")
    assert "its bytes cannot be read any more" in erased.output


@pytest.mark.parametrize("command", [("ledger",), ("status",), ("withdraw", "b", "--reason", "x")])
def test_a_damaged_ledger_stops_everything_and_says_what_to_do(
    two_versions: Settings, command: tuple[str, ...]
) -> None:
    path = two_versions.ledger_path
    path.write_bytes(path.read_bytes().replace(b'"accepted"', b'"rejected"', 1))
    stopped = monitor(two_versions, *command)
    assert stopped.exit_code == 1
    assert "the ledger is damaged: line 2" in stopped.output
    assert "Restore it from a backup" in stopped.output
    assert "`monitor ledger --readopt`" in stopped.output


def test_verifying_counts_what_is_whole_and_fails_on_damage(two_versions: Settings) -> None:
    path = two_versions.ledger_path
    path.write_bytes(path.read_bytes() + b'{"kind": "acc')
    found = monitor(two_versions, "ledger", "--verify", "--json")
    told = json.loads(found.output)
    assert (told["events"], told["unfinished_bytes"]) == (6, 13)
    # the events are made up: no bytes of them were ever archived
    assert {p["kind"] for p in told["problems"]} == {"ledger_without_archive"}
    assert found.exit_code == 1
    path.write_bytes(path.read_bytes().replace(b'"accepted"', b'"rejected"', 1))
    damaged = monitor(two_versions, "ledger", "--verify")
    assert damaged.exit_code == 1
    assert "ledger_damaged: line 2" in damaged.output


def test_an_empty_ledger_is_whole(settings: Settings) -> None:
    assert monitor(settings, "ledger", "--verify").exit_code == 0


def test_a_failure_of_ours_is_a_record_and_no_state(two_versions: Settings) -> None:
    happen(two_versions, ("failed", NEW))
    (state,) = [
        s for s in deliveries(Ledger(two_versions.ledger_path).read()) if s.delivery_id == NEW
    ]
    assert (state.state, state.is_current) == ("accepted", True)
    happen(two_versions, ("accepted", NEW))
    assert all(s.failure is None for s in deliveries(Ledger(two_versions.ledger_path).read()))
