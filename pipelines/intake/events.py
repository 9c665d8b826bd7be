"""The ledger's events, how they are sealed into a chain, and the states that follow from them.

Pure functions of events: no file is read here (`ledger`), nothing is decided here (the gate).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal, get_args

from pipelines.intake.delivery import utc_time
from pipelines.intake.slots import base_of, full_slot

EventKind = Literal[
    "received",
    "accepted",
    "quarantined",
    "rejected",
    "failed",
    "superseded",
    "restored",
    "withdrawn",
    "reinstated",
    "erased",
]
State = Literal[
    "received", "accepted", "quarantined", "rejected", "superseded", "withdrawn", "erased"
]

GENESIS_HASH: Final = "0" * 64
_KINDS: Final = frozenset(get_args(EventKind))
LIVE: Final = frozenset({"accepted", "quarantined"})
RECORDS: Final = frozenset({"superseded", "restored", "failed"})
"""Events for people: which version counts follows from the decisions alone."""
OUT_OF_USE: Final = frozenset({"withdrawn", "erased"})
"""States that no change of contract changes: such deliveries are not read again."""


class DamagedEventError(ValueError):
    """A line of the ledger is no event, or not the one that was sealed."""


@dataclass(frozen=True)
class LedgerEvent:
    """One thing that happened to one delivery. `at` and `received_at` are UTC texts.

    `quarantined` means accepted in part: some rows were set aside. `superseded` (a newer version
    took over) and `restored` (it counts again) are records for people: which version counts is
    worked out from the decisions, so that withdrawing a delivery brings the one before it back.
    `failed` says that our own code could not process it. `reinstated` undoes `withdrawn`: the
    delivery waits to be decided again. `erased` is final: its bytes can no longer be read.
    """

    kind: EventKind
    at: str
    by: str
    delivery_id: str
    source: str
    period: str
    name: str
    slot: str | None = None
    reason: str | None = None
    rows_read: int | None = None
    rows_accepted: int | None = None
    rows_quarantined: int | None = None
    is_synthetic: bool | None = None
    provider: str | None = None
    bytes: int | None = None
    received_at: str | None = None
    content_sha256: str | None = None
    contract_fingerprint: str | None = None
    related: str | None = None
    """The other delivery of the slot that this one yielded to, or came back for."""
    seq: int = 0
    prev_hash: str = ""
    hash: str = ""

    def __post_init__(self) -> None:
        if self.kind not in _KINDS:
            raise DamagedEventError(f"unknown kind of event: {self.kind}")


@dataclass(frozen=True)
class DeliveryState:
    """Where one delivery stands, worked out from all events."""

    delivery_id: str
    source: str
    period: str
    name: str
    slot: str
    version: int | None
    """1 for the first accepted delivery of the slot by time of receipt; None if never accepted."""
    state: State
    is_current: bool
    received_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    is_synthetic: bool
    provider: str | None
    bytes: int
    rows_read: int | None
    rows_accepted: int | None
    rows_quarantined: int | None
    contract_fingerprint: str | None
    superseded_by: str | None
    content_sha256: str
    failure: str | None = None
    """Why our code could not process it when it was last tried; None when it could."""


def event_on(
    state: DeliveryState,
    kind: EventKind,
    *,
    at: str,
    by: str,
    reason: str,
    related: str | None = None,
) -> LedgerEvent:
    """Say that something happened to a delivery that the ledger knows.

    Args:
        state: Where the delivery stands.
        kind: What happened.
        at: When, as the ledger writes times.
        by: Who.
        reason: Why.
        related: The other delivery of the slot, if one is the cause.
    """
    return LedgerEvent(
        kind=kind,
        at=at,
        by=by,
        delivery_id=state.delivery_id,
        source=state.source,
        period=state.period,
        name=state.name,
        slot=state.slot,
        reason=reason,
        related=related,
    )


def canonical_json(event: LedgerEvent) -> bytes:
    """Write an event without its own hash, in the one form that is hashed."""
    value = {key: item for key, item in asdict(event).items() if key != "hash" and item is not None}
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal(event: LedgerEvent, after: LedgerEvent | None) -> LedgerEvent:
    """Chain an event to the one before it."""
    chained = replace(
        event,
        seq=after.seq + 1 if after else 1,
        prev_hash=after.hash if after else GENESIS_HASH,
        hash="",
    )
    return replace(chained, hash=hashlib.sha256(canonical_json(chained)).hexdigest())


def to_line(event: LedgerEvent) -> bytes:
    """Write a sealed event as the ledger's line; an event counts once its newline is there."""
    body = canonical_json(event)
    return body[:-1] + f',"hash":"{event.hash}"}}\n'.encode()


def from_line(line: bytes) -> LedgerEvent:
    """Read a line and hold it against its own hash.

    Raises:
        DamagedEventError: If it is not what was sealed.
    """
    try:
        value = json.loads(line)
        event = LedgerEvent(**value)
    except (ValueError, TypeError) as error:
        raise DamagedEventError("not an event") from error
    if hashlib.sha256(canonical_json(event)).hexdigest() != event.hash:
        raise DamagedEventError(f"event {event.seq} is not the one that was sealed")
    return event


def head_hash(events: Sequence[LedgerEvent]) -> str:
    """Give the hash that stands for the whole history up to the last event."""
    return events[-1].hash if events else GENESIS_HASH


def until(events: Iterable[LedgerEvent], moment: datetime) -> list[LedgerEvent]:
    """Keep the events that had happened at a moment, for the state as of then.

    A receipt that was written down later (a ledger mended from the archive) happened when the
    bytes were received.
    """
    return [event for event in events if utc_time(event.received_at or event.at) <= moment]


@dataclass
class _Folding:
    received: LedgerEvent
    decision: LedgerEvent | None = None
    failure: LedgerEvent | None = None
    slot: str | None = None
    was_live: bool = False

    @property
    def is_erased(self) -> bool:
        """Whether nothing can be decided of it any more."""
        return self.decision is not None and self.decision.kind == "erased"


def deliveries(events: Iterable[LedgerEvent]) -> list[DeliveryState]:
    """Work out where each delivery stands, in the order of receipt.

    The last decision on a delivery counts. In a slot, the newest received of those that are
    accepted (wholly or in part) is current and supersedes the older ones, whatever order they
    were decided in. It also supersedes the increments to its slot that were received before it.
    """
    folded: dict[str, _Folding] = {}
    for event in events:
        if event.kind == "received":
            folded.setdefault(event.delivery_id, _Folding(event))
            continue
        each = folded.get(event.delivery_id)
        if each is None or each.is_erased:
            continue
        if event.kind in RECORDS:
            each.failure = event if event.kind == "failed" else each.failure
            continue
        each.failure = None
        each.decision = None if event.kind == "reinstated" else event
        each.slot = event.slot or each.slot
        each.was_live = each.was_live or event.kind in LIVE
    return _with_slots(list(folded.values()))


def _with_slots(folded: list[_Folding]) -> list[DeliveryState]:
    versions: dict[str, int] = {}
    numbered: list[int | None] = []
    current: dict[str, str] = {}
    place: dict[str, int] = {}
    for at, each in enumerate(folded):
        slot = _slot(each)
        if each.was_live:
            versions[slot] = versions.get(slot, 0) + 1
        numbered.append(versions[slot] if each.was_live else None)
        if each.decision is not None and each.decision.kind in LIVE:
            current[slot] = each.received.delivery_id
            place[slot] = at
    for slot, at in place.items():
        base = base_of(slot)
        if base is not None and place.get(base, -1) > at:
            current[slot] = current[base]  # a full delivery holds what the increments before it had
    return [
        _state(each, version, current.get(_slot(each)))
        for each, version in zip(folded, numbered, strict=True)
    ]


def _slot(each: _Folding) -> str:
    return each.slot or full_slot(each.received.source, each.received.period)


def _state(each: _Folding, version: int | None, current_id: str | None) -> DeliveryState:
    received, decision = each.received, each.decision
    state = _state_after(decision)
    is_live = state in LIVE
    is_current = is_live and current_id == received.delivery_id
    return DeliveryState(
        delivery_id=received.delivery_id,
        source=received.source,
        period=received.period,
        name=received.name,
        slot=_slot(each),
        version=version,
        state="superseded" if is_live and not is_current else state,
        is_current=is_current,
        received_at=utc_time(received.received_at or received.at),
        decided_at=utc_time(decision.at) if decision else None,
        decided_by=decision.by if decision else None,
        reason=decision.reason if decision else None,
        is_synthetic=bool(received.is_synthetic),
        provider=received.provider,
        bytes=received.bytes or 0,
        rows_read=decision.rows_read if decision else None,
        rows_accepted=decision.rows_accepted if decision else None,
        rows_quarantined=decision.rows_quarantined if decision else None,
        contract_fingerprint=decision.contract_fingerprint if decision else None,
        superseded_by=current_id if is_live and not is_current else None,
        content_sha256=received.content_sha256 or received.delivery_id,
        failure=each.failure.reason if each.failure else None,
    )


def _state_after(decision: LedgerEvent | None) -> State:
    match decision.kind if decision else "received":
        case "accepted" | "quarantined" | "rejected" | "withdrawn" | "erased" as state:
            return state
        case _:
            return "received"
