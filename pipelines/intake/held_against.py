"""Which other deliveries one is held against, and the fingerprint of what it is decided under.

The delivery before it, and for a survey the extract that has its plans. Worked out from the ledger
and from decisions that are not on it yet; holding rows against rows is `comparison` and the rules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping

from pipelines.contracts.loader import contract_fingerprint
from pipelines.intake.events import LIVE, OUT_OF_USE, DeliveryState
from pipelines.intake.process import Decision
from pipelines.intake.slots import base_of, is_minutes_slot


def live_deliveries(
    states: Iterable[DeliveryState], decided: Mapping[str, Decision]
) -> Iterator[tuple[DeliveryState, str]]:
    """The deliveries that are accepted, older versions too, each with its slot, by receipt.

    Args:
        states: What the ledger says.
        decided: Decisions that are not on the ledger yet.
    """
    for state in states:
        new = decided.get(state.delivery_id)
        kind = new.state if new else state.state
        if state.state not in OUT_OF_USE and (kind in LIVE or kind == "superseded"):
            yield state, new.slot if new else state.slot


def held_against(
    state: DeliveryState, states: Iterable[DeliveryState], decided: Mapping[str, Decision]
) -> tuple[str, ...]:
    """The deliveries that one is held against, in the order of receipt.

    The delivery before it: the last version for the same period, or else for the newest earlier
    period, of those received before it (not of those that happened to be decided before it: the
    order of receipt is kept in the archive). And for a survey wave the extract that has its plans.
    """
    live = list(live_deliveries(states, decided))
    earlier = [
        s
        for s, slot in live
        if s.source == state.source
        and s.period <= state.period
        and s.received_at < state.received_at
        and not is_minutes_slot(slot)
        and base_of(slot) is None
    ]
    before = max(earlier, key=lambda s: (s.period, s.received_at), default=None)
    held = {*plans_of_wave(state, live), *({before.delivery_id} if before else ())}
    return tuple(s.delivery_id for s, _ in live if s.delivery_id in held)


def plans_of_wave(
    state: DeliveryState, live: Iterable[tuple[DeliveryState, str]]
) -> tuple[str, ...]:
    """The extract that has the plans of a survey wave; nothing for other sources.

    The newest of the wave's year, or of the half year before it.
    """
    if state.source != "survey" or not state.period.isdigit():
        return ()
    wave = int(state.period)
    current = {slot: s for s, slot in live if s.source == "driftsstoette"}
    extracts = {s.period: s.delivery_id for s in current.values()}
    of_wave = [p for p in extracts if f"{wave - 1}-06-30" <= p <= f"{wave}-12-31"]
    return (extracts[max(of_wave)],) if of_wave else ()


def inputs_fingerprint(state: DeliveryState, held: Collection[str]) -> str:
    """A hash of all that a decision depends on besides the delivery's own bytes."""
    contract = contract_fingerprint(state.source, state.period)
    if not held:
        return contract
    return hashlib.sha256("\n".join([contract, *held]).encode()).hexdigest()[:16]
