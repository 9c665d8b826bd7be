"""The ledger: chained, append-only, safe from a torn tail; and the states that follow from it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kills import in_child

from pipelines.intake.delivery import utc_text
from pipelines.intake.events import (
    GENESIS_HASH,
    DamagedEventError,
    DeliveryState,
    EventKind,
    LedgerEvent,
    deliveries,
    head_hash,
    until,
)
from pipelines.intake.ledger import Ledger, LedgerDamagedError

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(
    kind: EventKind, delivery: str, minute: int = 0, slot: str | None = None, **more: object
) -> LedgerEvent:
    made = LedgerEvent(
        kind=kind,
        at=utc_text(START + timedelta(minutes=minute)),
        by="tæst",
        delivery_id=delivery,
        source="survey",
        period="2016",
        name=f"{delivery}.csv",
        slot=slot,
    )
    return replace(made, **more)


def by_id(events: list[LedgerEvent]) -> dict[str, DeliveryState]:
    return {state.delivery_id: state for state in deliveries(events)}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "data" / "ledger.jsonl")


class TestFile:
    def test_missing_is_empty(self, ledger: Ledger) -> None:
        assert ledger.read() == []
        assert ledger.verify_chain() == ()
        assert head_hash([]) == GENESIS_HASH

    def test_appended_events_are_chained(self, ledger: Ledger) -> None:
        first, second = ledger.append(event("received", "a"), event("accepted", "a", 1))
        (third,) = ledger.append(event("received", "b", 2, reason="fordi \u2028 \n æ"))
        assert [e.seq for e in (first, second, third)] == [1, 2, 3]
        assert [first.prev_hash, second.prev_hash] == [GENESIS_HASH, first.hash]
        assert ledger.read() == [first, second, third]
        assert head_hash(ledger.read()) == third.hash
        assert ledger.verify_chain() == ()

    def test_a_long_line_is_found_from_the_tail(self, ledger: Ledger) -> None:
        ledger.append(event("received", "a", reason="x" * 200_000))
        (second,) = ledger.append(event("received", "b"))
        assert second.seq == 2
        assert ledger.verify_chain() == ()

    def test_every_torn_tail_is_ignored_and_cut_off(self, ledger: Ledger) -> None:
        ledger.append(event("received", "a"))
        whole = ledger.path.read_bytes()
        ledger.append(event("received", "b"))
        line = ledger.path.read_bytes().removeprefix(whole)
        for end in range(len(line)):
            ledger.path.write_bytes(whole + line[:end])
            assert [e.delivery_id for e in ledger.read()] == ["a"]
            ledger.append(event("received", "c"))
            assert [e.delivery_id for e in ledger.read()] == ["a", "c"]
            assert ledger.verify_chain() == ()

    def test_a_first_line_may_be_torn_too(self, ledger: Ledger) -> None:
        ledger.path.parent.mkdir()
        ledger.path.write_bytes(b'{"at":')
        assert ledger.append(event("received", "a"))[0].seq == 1
        assert ledger.verify_chain() == ()

    def test_damage_in_the_middle_is_reported_and_never_mended(self, ledger: Ledger) -> None:
        ledger.append(*(event("received", name) for name in "abc"))
        whole = ledger.path.read_bytes()
        lines = whole.splitlines(keepends=True)
        changes = {
            "edited": whole.replace(b"b.csv", b"x.csv"),
            "removed": lines[0] + lines[2],
            "swapped": lines[1] + lines[0] + lines[2],
            "doubled": lines[0] + lines[0] + lines[1] + lines[2],
            "first removed": lines[1] + lines[2],
            "torn": lines[0] + lines[1][:20] + b"\n" + lines[2],
        }
        for name, changed in changes.items():
            ledger.path.write_bytes(changed)
            assert ledger.verify_chain() != (), name
            with pytest.raises(LedgerDamagedError, match=r"line \d"):
                ledger.read()
            assert ledger.path.read_bytes() == changed

    def test_nothing_is_appended_to_a_damaged_last_line(self, ledger: Ledger) -> None:
        ledger.append(event("received", "a"), event("received", "b"))
        damaged = ledger.path.read_bytes().replace(b"b.csv", b"x.csv")
        ledger.path.write_bytes(damaged)
        with pytest.raises(LedgerDamagedError):
            ledger.append(event("received", "c"))
        assert ledger.path.read_bytes() == damaged

    def test_two_processes_and_threads_append_without_loss(self, ledger: Ledger) -> None:
        def write(name: str) -> None:
            for number in range(20):
                ledger.append(event("received", f"{name}{number}"))

        threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
        assert in_child(lambda: write("c")) == 0
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(ledger.read()) == 60
        assert ledger.verify_chain() == ()

    def test_an_unknown_kind_is_an_error(self) -> None:
        with pytest.raises(DamagedEventError):
            replace(event("received", "a"), kind="approved")


class TestStates:
    def test_received_only(self) -> None:
        (state,) = deliveries([event("received", "a", bytes=5, is_synthetic=True)])
        assert (state.state, state.version, state.is_current) == ("received", None, False)
        assert (state.bytes, state.is_synthetic, state.slot) == (5, True, "survey/2016")

    def test_a_newer_version_supersedes(self) -> None:
        events = [
            event("received", "a"),
            event("accepted", "a", 1, "survey/2016", rows_accepted=44),
            event("received", "b", 2),
        ]
        assert by_id(events)["a"].is_current
        events.append(event("quarantined", "b", 3, "survey/2016", rows_quarantined=1))
        old, new = deliveries(events)
        assert (old.state, old.version, old.is_current, old.superseded_by) == (
            "superseded",
            1,
            False,
            "b",
        )
        assert (new.state, new.version, new.is_current) == ("quarantined", 2, True)
        assert new.decided_at == START + timedelta(minutes=3)

    def test_a_rejected_version_supersedes_nothing(self) -> None:
        states = by_id(
            [
                event("received", "a"),
                event("accepted", "a"),
                event("received", "b"),
                event("rejected", "b", reason="R1"),
            ]
        )
        assert (states["a"].state, states["a"].is_current) == ("accepted", True)
        assert (states["b"].version, states["b"].reason) == (None, "R1")

    def test_withdrawing_brings_the_one_before_back(self) -> None:
        events = [
            event("received", "a"),
            event("accepted", "a"),
            event("received", "b"),
            event("accepted", "b"),
            event("superseded", "a"),
            event("withdrawn", "b", reason="forkert fil"),
        ]
        states = by_id(events)
        assert (states["a"].state, states["a"].is_current) == ("accepted", True)
        assert (states["b"].state, states["b"].version) == ("withdrawn", 2)
        again = by_id([*events, event("accepted", "b")])
        assert (again["b"].is_current, again["a"].state) == (True, "superseded")

    def test_the_order_of_receipt_decides_not_that_of_deciding(self) -> None:
        states = by_id(
            [
                event("received", "old"),
                event("received", "new"),
                event("accepted", "new"),
                event("accepted", "old"),
            ]
        )
        assert states["new"].is_current
        assert (states["old"].version, states["new"].version) == (1, 2)

    def test_slots_are_apart(self) -> None:
        states = by_id(
            [
                event("received", "list"),
                event("accepted", "list", slot="s/2014/list"),
                event("received", "minutes"),
                event("accepted", "minutes", slot="s/2014/minutes/461"),
            ]
        )
        assert all(state.is_current and state.version == 1 for state in states.values())

    def test_the_state_as_of_a_moment(self) -> None:
        events = [event("received", "a", 0), event("accepted", "a", 5)]
        then = until(events, START + timedelta(minutes=4))
        assert [state.state for state in deliveries(then)] == ["received"]

    def test_an_event_about_an_unknown_delivery_says_nothing(self) -> None:
        assert deliveries([event("accepted", "a")]) == []
