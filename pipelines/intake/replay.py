"""Make the raw layer anew from archive, ledger and contracts, as the ledger says it was or is.

Which deliveries count is taken from the ledger alone, so that a state of an earlier day is the one
of that day; what their rows are comes from the archive, read under the contracts, code books and
reference data of today. A delivery that was rejected then stays rejected, and one that today's
contract would decide otherwise is named. Nothing is written but the new database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipelines.durable import Checkpoint, make_durable_dir, no_checkpoint
from pipelines.intake.archive import Archive
from pipelines.intake.bookkeeping import keep_books, prepare
from pipelines.intake.deciding import Reader, Reading, Screen, Taken, load
from pipelines.intake.events import (
    LIVE,
    DeliveryState,
    LedgerEvent,
    deliveries,
    head_hash,
)
from pipelines.warehouse.store import connect, new_database, set_ledger_head


@dataclass(frozen=True, slots=True)
class Deviation:
    """A delivery whose rows, made anew, are not what the ledger says of it."""

    delivery_id: str
    address: str
    message: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What was made anew."""

    states: tuple[DeliveryState, ...]
    deviations: tuple[Deviation, ...]


def replay(
    database: Path,
    archive: Archive,
    events: Sequence[LedgerEvent],
    *,
    screen: Screen | None = None,
    corrections_until: date | None = None,
    checkpoint: Checkpoint = no_checkpoint,
) -> Replay:
    """Fill a new database with the raw layer of a history.

    Args:
        database: Where to make it; must not exist.
        archive: The archive.
        events: The ledger, or the part of it that had happened by some moment.
        screen: The quality gate.
        corrections_until: Leave out corrections that are dated later.
        checkpoint: Called between the steps, for fault-injection tests.
    """
    make_durable_dir(database.parent)
    new_database(database)
    prepare(database)
    states = deliveries(events)
    reader = Reader(
        database,
        archive,
        screen,
        follows_ledger=True,
        corrections_until=corrections_until,
        checkpoint=checkpoint,
    )
    reading = reader.read(states, lambda state, _: state.state != "received")
    checkpoint("replay.read")
    by_id = {state.delivery_id: state for state in states}
    held = _held_to_ledger(database, reading, by_id)
    keep_books(database, held, states)
    with connect(database) as con:
        set_ledger_head(con, head_hash(events))
    checkpoint("replay.books_kept")
    return Replay(tuple(states), tuple(_deviations(reading, by_id)))


def _held_to_ledger(
    database: Path, reading: Reading, states: dict[str, DeliveryState]
) -> list[Taken]:
    """The decisions, with what the ledger has rejected rejected; its rows are taken out."""
    held = []
    with connect(database) as con:
        for delivery_id, each in reading.taken.items():
            if states[delivery_id].state == "rejected" != each.decision.state:
                rejected = replace(each.decision, state="rejected", rows_accepted=0, findings=())
                load(con, delivery_id, rejected, rows=False)
                each = replace(each, decision=rejected)
            held.append(each)
    return held


def _deviations(reading: Reading, states: dict[str, DeliveryState]) -> Iterator[Deviation]:
    for state, why in reading.failed.values():
        if state.state in LIVE or state.state == "superseded":
            yield _deviation(state, f"its rows could not be made anew: {why}")
    for delivery_id, each in reading.taken.items():
        state, decision = states[delivery_id], each.decision
        is_live = state.state in LIVE or state.state == "superseded"
        if is_live and decision.state == "rejected":
            message = f"accepted then; today's contract rejects it ({decision.reason})"
        elif not is_live and decision.state != "rejected":
            message = "rejected then, and left so; today's contract accepts it"
        elif is_live and state.rows_accepted != decision.rows_accepted:
            message = f"{state.rows_accepted} rows accepted then, {decision.rows_accepted} now"
        else:
            continue
        yield _deviation(state, message)


def _deviation(state: DeliveryState, message: str) -> Deviation:
    return Deviation(state.delivery_id, f"{state.source}/{state.period}/{state.name}", message)
