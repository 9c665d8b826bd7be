"""Erasing a delivery for good: its key, its rows, what was written for its sender.

The key goes first, for it is what nobody can undo; then the ledger says so; then the warehouse is
rewritten without the delivery. A kill in between leaves a delivery that cannot be read any more,
and the same command, or the next run, finishes the rest. What follows from rows (marts, the
published tables) is made anew by the next run.
"""

from __future__ import annotations

import shutil
from datetime import datetime

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.intake.archive import UnknownDeliveryError, archive_of
from pipelines.intake.delivery import utc_text
from pipelines.intake.events import DeliveryState, deliveries, event_on
from pipelines.intake.history import write_down
from pipelines.intake.ledger import Ledger
from pipelines.intake.withdraw import NotPossibleError, find_delivery
from pipelines.settings import Settings
from pipelines.warehouse.loads import forget
from pipelines.warehouse.lock import intake_lock, writer_lock
from pipelines.warehouse.store import begin_build, connect, promote, write_deliveries

WAIT_SECONDS = 900.0
INTERRUPTED = "its key was destroyed by an erasure that was interrupted before it was written down"
_KEPT_SCHEMAS = ("raw", "meta", "reference")
"""All others are made from rows; which of theirs came from the delivery cannot be told."""


def erase(
    settings: Settings,
    prefix: str,
    *,
    reason: str,
    at: datetime,
    by: str,
    wait_seconds: float = WAIT_SECONDS,
    checkpoint: Checkpoint = no_checkpoint,
) -> DeliveryState:
    """Make a delivery unreadable and take its rows out of the warehouse.

    Args:
        settings: The installation.
        prefix: The beginning of the delivery's id.
        reason: Why, for the ledger.
        at: The present, aware.
        by: Who.
        wait_seconds: How long to wait for a run that is under way.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        The delivery as it was. One that was erased before is gone through again, quietly: what a
        kill left undone is done.

    Raises:
        NoSuchDeliveryError: If the prefix does not name one delivery.
        NotPossibleError: If no reason is given.
        LockBusyError: If a run does not finish in time.
    """
    if not reason.strip():
        raise NotPossibleError("say why (--reason): the ledger keeps it")
    with writer_lock(settings, wait_seconds):
        with intake_lock(settings, wait_seconds):
            ledger = Ledger(settings.ledger_path)
            events = ledger.read()
            state = find_delivery(deliveries(events), prefix)
            _make_unreadable(settings, state.delivery_id, checkpoint)
            if state.state != "erased":
                why = " ".join(reason.split())
                event = event_on(state, "erased", at=utc_text(at), by=by, reason=why)
                events = list(write_down(ledger, events, event, checkpoint=checkpoint).events)
            checkpoint("erase.on_ledger")
        _take_out_of_warehouse(settings, state.delivery_id, deliveries(events), checkpoint)
        shutil.rmtree(settings.quarantine_dir / state.delivery_id, ignore_errors=True)
        checkpoint("erase.done")
    return state


def finish_erasures(
    settings: Settings,
    ledger: Ledger,
    *,
    at: datetime,
    by: str,
    checkpoint: Checkpoint = no_checkpoint,
) -> None:
    """Do what a kill left undone of an erasure; the caller holds the intake lock.

    A delivery whose key was destroyed is written down as erased, so that the run that goes on
    takes its rows out; and what was written for its sender goes.
    """
    keys = archive_of(settings).keys
    events = ledger.read()
    for state in deliveries(events):
        if state.state != "erased" and keys.is_erased(state.delivery_id):
            _make_unreadable(settings, state.delivery_id, checkpoint)
            event = event_on(state, "erased", at=utc_text(at), by=by, reason=INTERRUPTED)
            events = list(write_down(ledger, events, event, checkpoint=checkpoint).events)
    for state in deliveries(events):
        if state.state == "erased":
            shutil.rmtree(settings.quarantine_dir / state.delivery_id, ignore_errors=True)


def _make_unreadable(settings: Settings, delivery_id: str, checkpoint: Checkpoint) -> None:
    archive = archive_of(settings)
    archive.keys.destroy(delivery_id, checkpoint=checkpoint)
    try:
        delivery = archive.load(delivery_id)
    except UnknownDeliveryError:
        return  # its folder is gone already; there is nothing left to read
    if delivery.encryption is None:
        archive.discard_plain_payload(delivery)
        checkpoint("erase.plain_files_gone")


def _take_out_of_warehouse(
    settings: Settings, delivery_id: str, states: list[DeliveryState], checkpoint: Checkpoint
) -> None:
    """Rewrite the live warehouse without the delivery, and without all that follows from rows."""
    # a killed run's copy may hold the rows too; `begin_build` removes it
    build = begin_build(settings, checkpoint=checkpoint)
    if not settings.live_path.exists():
        build.unlink()
        return
    with connect(build) as con:
        forget(con, [delivery_id])
        write_deliveries(con, states)
        con.execute("delete from meta.build_info")  # so that the next run makes the rest anew
        for (schema,) in con.execute(
            "select schema_name from duckdb_schemas() where not internal and schema_name <> 'main' "
            "and database_name = current_database() and not list_contains($kept, schema_name)",
            {"kept": _KEPT_SCHEMAS},
        ).fetchall():
            con.execute(f'drop schema "{schema}" cascade')
    promote(settings, checkpoint=checkpoint)
