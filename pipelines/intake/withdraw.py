"""Taking a delivery out of use, and back: `monitor withdraw` and `monitor reinstate`.

Only the ledger is written. The rows leave, and the version before comes back, when the warehouse
is next built. The archived bytes stay; making them unreadable is erasure, not withdrawal.
"""

from __future__ import annotations

from datetime import datetime

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.intake.delivery import utc_text
from pipelines.intake.events import DeliveryState, EventKind, deliveries, event_on
from pipelines.intake.history import write_down
from pipelines.intake.ledger import Ledger
from pipelines.settings import Settings
from pipelines.warehouse.lock import intake_lock

MIN_PREFIX = 6
WAIT_SECONDS = 60.0


class NoSuchDeliveryError(LookupError):
    """No delivery, or more than one, has an id that begins like that."""


class NotPossibleError(ValueError):
    """The delivery is not in a state in which this can be done to it."""


def find_delivery(states: list[DeliveryState], prefix: str) -> DeliveryState:
    """The one delivery whose id begins with a prefix.

    Raises:
        NoSuchDeliveryError: If there is none, or several; the message names them.
    """
    wanted = prefix.strip().lower()
    if len(wanted) < MIN_PREFIX:
        raise NoSuchDeliveryError(
            f"give at least {MIN_PREFIX} characters of the delivery's id (see `monitor ledger`)"
        )
    found = [state for state in states if state.delivery_id.startswith(wanted)]
    if not found:
        raise NoSuchDeliveryError(f"no delivery's id begins with {wanted} (see `monitor ledger`)")
    if len(found) > 1:
        which = "; ".join(f"{s.delivery_id[:16]} {s.source}/{s.period}" for s in found[:5])
        raise NoSuchDeliveryError(f"{len(found)} deliveries' ids begin with {wanted}: {which}")
    return found[0]


def withdraw(
    settings: Settings,
    prefix: str,
    *,
    reason: str,
    at: datetime,
    by: str,
    checkpoint: Checkpoint = no_checkpoint,
) -> DeliveryState:
    """Take a delivery out of use; it is not decided on again until it is reinstated.

    Args:
        settings: The installation.
        prefix: The beginning of the delivery's id.
        reason: Why, for the ledger.
        at: The present, aware.
        by: Who.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        The delivery as it was.

    Raises:
        NoSuchDeliveryError: If the prefix does not name one delivery.
        NotPossibleError: If it is withdrawn or erased already, or no reason is given.
    """
    return _write(settings, "withdrawn", prefix, reason, at, by, checkpoint)


def reinstate(
    settings: Settings,
    prefix: str,
    *,
    reason: str,
    at: datetime,
    by: str,
    checkpoint: Checkpoint = no_checkpoint,
) -> DeliveryState:
    """Undo a withdrawal: the next run decides on the delivery anew, under the contract of then.

    Raises:
        NoSuchDeliveryError: If the prefix does not name one delivery.
        NotPossibleError: If it is not withdrawn, or no reason is given.
    """
    return _write(settings, "reinstated", prefix, reason, at, by, checkpoint)


def _write(
    settings: Settings,
    kind: EventKind,
    prefix: str,
    reason: str,
    at: datetime,
    by: str,
    checkpoint: Checkpoint,
) -> DeliveryState:
    if not reason.strip():
        raise NotPossibleError("say why (--reason): the ledger keeps it")
    with intake_lock(settings, WAIT_SECONDS):
        ledger = Ledger(settings.ledger_path)
        events = ledger.read()
        state = find_delivery(deliveries(events), prefix)
        _refuse_impossible(state, kind)
        why = " ".join(reason.split())
        event = event_on(state, kind, at=utc_text(at), by=by, reason=why)
        checkpoint(f"{kind}.before_ledger")
        write_down(ledger, events, event, checkpoint=checkpoint)
        checkpoint(f"{kind}.on_ledger")
    return state


def _refuse_impossible(state: DeliveryState, kind: EventKind) -> None:
    when = state.decided_at.strftime("on %Y-%m-%d (UTC)") if state.decided_at else ""
    name = f"{state.delivery_id[:12]} ({state.source}/{state.period})"
    if state.state == "erased":
        raise NotPossibleError(f"{name} was erased {when}: its bytes cannot be read any more")
    if kind == "withdrawn" and state.state == "withdrawn":
        raise NotPossibleError(f"{name} was withdrawn already, {when} by {state.decided_by}")
    if kind == "reinstated" and state.state != "withdrawn":
        raise NotPossibleError(f"{name} is {state.state}, not withdrawn: nothing to undo")
