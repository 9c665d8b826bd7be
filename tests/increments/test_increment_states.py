"""Which deliveries count when full exports and increments to them follow each other."""

from __future__ import annotations

from pipelines.intake.events import LedgerEvent, deliveries
from pipelines.intake.slots import base_of, increment_slot

SLOT = "survey/2016"


def event(kind: str, delivery_id: str, slot: str | None = None) -> LedgerEvent:
    return LedgerEvent(
        kind=kind,
        at="2026-11-23T12:00:00.000000Z",
        by="test",
        delivery_id=delivery_id,
        source="survey",
        period="2016",
        name=delivery_id,
        slot=slot,
    )


def full(delivery_id: str) -> list[LedgerEvent]:
    return [event("received", delivery_id), event("accepted", delivery_id, SLOT)]


def increment(delivery_id: str) -> list[LedgerEvent]:
    slot = increment_slot(SLOT, delivery_id)
    return [event("received", delivery_id), event("accepted", delivery_id, slot)]


def current(*events: LedgerEvent) -> list[str]:
    return [s.delivery_id for s in deliveries(events) if s.is_current]


def test_an_increment_counts_beside_its_export() -> None:
    assert current(*full("a"), *increment("i"), *increment("j")) == ["a", "i", "j"]


def test_a_new_export_supersedes_the_old_one_and_the_increments_before_it() -> None:
    states = deliveries([*full("a"), *increment("i"), *full("b"), *increment("j")])
    assert [(s.delivery_id, s.state, s.superseded_by) for s in states] == [
        ("a", "superseded", "b"),
        ("i", "superseded", "b"),
        ("b", "accepted", None),
        ("j", "accepted", None),
    ]


def test_withdrawing_the_new_export_brings_back_what_it_superseded() -> None:
    events = [*full("a"), *increment("i"), *full("b"), event("withdrawn", "b")]
    assert current(*events) == ["a", "i"]


def test_an_export_that_is_refused_supersedes_no_increment() -> None:
    events = [*full("a"), *increment("i"), event("received", "b"), event("rejected", "b", SLOT)]
    assert current(*events) == ["a", "i"]


def test_minutes_and_lists_are_no_increments() -> None:
    assert base_of("styringsdialog/2015/minutes/461-x") is None
    assert base_of(increment_slot(SLOT, "a" * 64)) == SLOT
