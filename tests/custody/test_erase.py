"""Erasing: nobody can read the delivery, its rows are out of every byte, the ledger tells it."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from custody_support import KINDS, SOURCES, custody, installation, much_later, put
from kills import in_child

from pipelines.intake.archive import ErasedDeliveryError
from pipelines.intake.erase import erase
from pipelines.intake.events import deliveries
from pipelines.intake.ledger import reconcile
from pipelines.intake.receive import ERASED, ReceiveReport, receive
from pipelines.intake.withdraw import NoSuchDeliveryError, NotPossibleError
from pipelines.settings import Settings
from pipelines.warehouse.loads import ensure_loads, record_load
from pipelines.warehouse.store import begin_build, connect, ensure_raw_schema, promote

SECRET = "HEMMELIG-OPLYSNING-4711"
DDL = ("create table if not exists raw.things (delivery_id varchar, said varchar)",)
AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def take(settings: Settings) -> ReceiveReport:
    return receive(settings, SOURCES, now=much_later(), period_kinds=KINDS)


def an_installation(settings: Settings) -> tuple[str, str]:
    """Two deliveries in custody and in a warehouse with tables that follow from them."""
    put(settings, "survey/2015/a.csv", f"x\n{SECRET}\n")
    put(settings, "survey/2016/b.csv", "x\nother\n")
    first, second = sorted(each.delivery_id for each in take(settings).received)
    with connect(begin_build(settings)) as con:
        ensure_raw_schema(con, DDL)
        ensure_loads(con)
        con.execute("create schema marts")
        for delivery_id, said in ((first, SECRET), (second, "other")):
            con.execute("insert into raw.things values (?, ?)", [delivery_id, said])
            record_load(con, delivery_id, "f")
        con.execute("create table marts.facts as select said from raw.things")
    promote(settings)
    folder = settings.quarantine_dir / first
    folder.mkdir(parents=True)
    (folder / "findings.csv").write_text(SECRET)
    return first, second


def test_a_delivery_is_erased_everywhere(settings: Settings) -> None:
    first, second = an_installation(settings)
    before = erase(settings, first[:12], reason="asked  for\nit", at=AT, by="me")
    assert (before.delivery_id, before.state) == (first, "received")
    ledger, archive = custody(settings)
    with pytest.raises(ErasedDeliveryError), archive.open_payload(archive.load(first)):
        pass
    with archive.open_payload(archive.load(second)) as folder:
        assert (folder / "b.csv").read_text() == "x\nother\n"
    assert [(s.state, s.reason, s.decided_by) for s in deliveries(ledger.read())] == [
        ("erased", "asked for it", "me"),
        ("received", None, None),
    ]
    assert reconcile(ledger, archive) == []
    assert not (settings.keys_dir / f"{first}.age").exists()
    everything = [path for path in settings.data_dir.rglob("*") if path.is_file()]
    assert [p for p in everything if SECRET.encode() in p.read_bytes()] == []
    with connect(settings.live_path, read_only=True) as con:
        assert con.execute("select said from raw.things").fetchall() == [("other",)]
        tables = con.execute("select schema_name from duckdb_tables()").fetchall()
        assert ("marts",) not in tables


def test_its_bytes_are_not_taken_again(settings: Settings) -> None:
    first, _ = an_installation(settings)
    erase(settings, first, reason="asked for", at=AT, by="me")
    path = put(settings, "survey/2015/a.csv", f"x\n{SECRET}\n")
    (held,) = take(settings).refused
    assert held.reason is ERASED
    assert path.exists()
    assert not (settings.keys_dir / f"{first}.age").exists()


def test_what_it_needs(settings: Settings) -> None:
    first, _ = an_installation(settings)
    with pytest.raises(NotPossibleError, match="--reason"):
        erase(settings, first, reason=" ", at=AT, by="me")
    with pytest.raises(NoSuchDeliveryError):
        erase(settings, "0" * 64, reason="x", at=AT, by="me")
    _, archive = custody(settings)
    assert archive.verify(first) == ()
    with archive.open_payload(archive.load(first)):
        pass


@pytest.mark.slow
def test_a_kill_at_any_point_is_finished_by_the_same_command(tmp_path: Path) -> None:
    passed: list[str] = []
    settings = installation(tmp_path / "whole")
    first, _ = an_installation(settings)
    erase(settings, first, reason="asked for", at=AT, by="me", checkpoint=passed.append)
    assert {"erase.tombstone", "erase.key_gone", "erase.on_ledger", "erase.done"} <= set(passed)
    for at in range(len(passed)):
        settings = installation(tmp_path / str(at))
        first, second = an_installation(settings)

        def killed(settings: Settings = settings, first: str = first, at: int = at) -> None:
            left = [None] * at

            def checkpoint(name: str, /) -> None:
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)
                left.pop()

            erase(settings, first, reason="asked for", at=AT, by="me", checkpoint=checkpoint)

        assert in_child(killed) == -signal.SIGKILL
        erase(settings, first, reason="asked for", at=AT, by="me")
        ledger, archive = custody(settings)
        assert [s.state for s in deliveries(ledger.read())] == ["erased", "received"]
        assert [event.kind for event in ledger.read()].count("erased") == 1
        assert reconcile(ledger, archive) == []
        files = [path for path in settings.data_dir.rglob("*") if path.is_file()]
        assert [p for p in files if SECRET.encode() in p.read_bytes()] == []
        assert archive.load(second).delivery_id == second
