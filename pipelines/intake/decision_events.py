"""What a reading has to say to the ledger: new decisions, and failures of our own.

Reading again mostly decides what was decided before; that is no news and no event.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipelines.contracts.loader import contract_fingerprint
from pipelines.intake.deciding import Reading, Taken
from pipelines.intake.delivery import ArchivedDelivery, utc_text
from pipelines.intake.events import RECORDS, LedgerEvent, deliveries, event_on


def news_of(
    reading: Reading, events: Sequence[LedgerEvent], *, now: datetime, by: str
) -> Iterator[LedgerEvent]:
    """The events of a reading that the ledger does not have yet.

    Args:
        reading: What was read.
        events: The ledger as it was before.
        now: The time of the events.
        by: Who read.
    """
    last = {e.delivery_id: e for e in events if e.kind not in RECORDS and e.kind != "received"}
    failing = {s.delivery_id for s in deliveries(events) if s.failure is not None}
    for each in reading.taken.values():
        delivery_id = each.delivery.delivery_id
        if delivery_id in failing or _differs(each, last.get(delivery_id)):
            yield _decision_event(each, now=now, by=by)
    for state, why in reading.failed.values():
        if state.failure != why:
            yield event_on(state, "failed", at=utc_text(now), by=by, reason=why)


def _differs(each: Taken, last: LedgerEvent | None) -> bool:
    return last is None or (
        last.kind,
        last.slot,
        last.rows_accepted,
        last.contract_fingerprint,
    ) != (
        each.decision.state,
        each.decision.slot,
        each.decision.rows_accepted,
        _fingerprint(each.delivery),
    )


def _decision_event(each: Taken, *, now: datetime, by: str) -> LedgerEvent:
    delivery, decision = each.delivery, each.decision
    return LedgerEvent(
        kind=decision.state,
        at=utc_text(now),
        by=by,
        delivery_id=delivery.delivery_id,
        source=delivery.source,
        period=delivery.period,
        name=delivery.name,
        slot=decision.slot,
        reason=decision.reason,
        rows_read=decision.rows_read,
        rows_accepted=decision.rows_accepted,
        rows_quarantined=decision.rows_quarantined,
        contract_fingerprint=_fingerprint(delivery),
    )


def _fingerprint(delivery: ArchivedDelivery) -> str:
    return contract_fingerprint(delivery.source, delivery.period)
