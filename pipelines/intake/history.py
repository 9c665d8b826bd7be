"""Writing events onto the ledger together with what follows from them for other deliveries.

When a decision, a withdrawal or an erasure changes which version of a slot counts, the versions
that yield or come back get a record of their own, so that the ledger alone tells each delivery's
whole life. What events are is in `events`, the file is `ledger`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.intake.events import RECORDS, LedgerEvent, deliveries, event_on, head_hash
from pipelines.intake.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Written:
    """The ledger after an append: every event there is, and whether others wrote meanwhile."""

    events: tuple[LedgerEvent, ...]
    is_alone: bool
    """False when another process appended since the given events were read."""


def write_down(
    ledger: Ledger,
    known: Sequence[LedgerEvent],
    *news: LedgerEvent,
    checkpoint: Checkpoint = no_checkpoint,
) -> Written:
    """Append events and the records that follow from them, in one write.

    Args:
        ledger: The ledger.
        known: Its events as they were read.
        news: What happened since.
        checkpoint: Called between the steps, for fault-injection tests.

    Raises:
        LedgerDamagedError: If the ledger is damaged; nothing is written then.
    """
    if not news:
        events = ledger.read()
        return Written(tuple(events), head_hash(events) == head_hash(known))
    sealed = ledger.append(*news, *consequences(known, news), checkpoint=checkpoint)
    if sealed[0].prev_hash == head_hash(known):
        return Written((*known, *sealed), True)
    return Written(tuple(ledger.read()), False)


def finish_records(ledger: Ledger) -> None:
    """Write the records that an append cut short left out, and cut off its unfinished line.

    A crash in the middle of a write may keep a decision and lose what follows from it; the
    decision is not made again, so nobody else would write it down.
    """
    events = ledger.read()
    start = len(events)
    while start and (events[start - 1].at, events[start - 1].by) == (events[-1].at, events[-1].by):
        start -= 1
    held = {(event.kind, event.delivery_id) for event in events[start:]}
    news = [event for event in events[start:] if event.kind not in RECORDS]
    lacking = [
        record
        for record in consequences(events[:start], news)
        if (record.kind, record.delivery_id) not in held
    ]
    if lacking or ledger.unfinished_bytes():
        ledger.append(*lacking)


def consequences(
    before: Sequence[LedgerEvent], news: Sequence[LedgerEvent]
) -> Iterator[LedgerEvent]:
    """The records of versions that yield to another, or count again, because of new events."""
    then = {state.delivery_id: state for state in deliveries(before)}
    causes = {event.delivery_id: event for event in news}
    for now in deliveries([*before, *news]):
        was = then.get(now.delivery_id)
        is_superseded = was is not None and was.state == "superseded"
        if now.state == "superseded" and not is_superseded:
            cause = causes.get(now.superseded_by or "") or news[-1]
            yield event_on(
                now,
                "superseded",
                at=cause.at,
                by=cause.by,
                reason="a newer version counts",
                related=now.superseded_by,
            )
        elif is_superseded and now.is_current and was is not None:
            cause = causes.get(was.superseded_by or "") or news[-1]
            yield event_on(
                now,
                "restored",
                at=cause.at,
                by=cause.by,
                reason=f"the newer version is {cause.kind}",
                related=was.superseded_by,
            )
