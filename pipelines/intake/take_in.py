"""Take in all that waits: receive, decide, load into the build copy, put it on the ledger.

This is the whole intake as one function of plain arguments. It decides each delivery by itself,
so that a wrong one never stops a good one, and it looks again at every delivery whose contract
has changed since it was read. Building and publishing come after, elsewhere.

The caller holds the writer lock (`warehouse.lock`) from here until the build is promoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.contracts.loader import load_source, source_names
from pipelines.disk_full import disk_full
from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.in_place import insist_on_as_put
from pipelines.intake.archive import archive_of
from pipelines.intake.bookkeeping import insist_on_rows, keep_books, prepare
from pipelines.intake.deciding import Reader, Reasons, Screen, Taken, due_for_reading
from pipelines.intake.decision_events import news_of
from pipelines.intake.erase import finish_erasures
from pipelines.intake.events import DeliveryState, deliveries, head_hash
from pipelines.intake.history import finish_records, write_down
from pipelines.intake.ledger import Ledger, insist_on_ledger, readopt
from pipelines.intake.receive import DISK_FULL, ReceiveReport, receive
from pipelines.intake.sender_report import return_to_sender
from pipelines.settings import Settings
from pipelines.warehouse.lock import intake_lock
from pipelines.warehouse.store import begin_build, connect, set_ledger_head

__all__ = ["IntakeReport", "Reasons", "Screen", "Taken", "kinds", "take_in"]

LOCK_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What one intake did."""

    received: ReceiveReport
    taken: tuple[Taken, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    """Names of deliveries that could not be processed through no fault of their sender, and why;
    they stay as they were and are tried again."""
    states: tuple[DeliveryState, ...] = field(default=())

    def partitions(self) -> dict[str, set[str]]:
        """Raw table to the periods whose rows changed."""
        touched: dict[str, set[str]] = {}
        for each in self.taken:
            touched.setdefault(each.table, set()).add(each.delivery.period)
        return touched


def take_in(
    settings: Settings,
    *,
    now: datetime,
    by: str = "monitor",
    settle_seconds: float = 2.0,
    screen: Screen | None = None,
    again: Iterable[tuple[str, str]] = (),
    from_nothing: bool = False,
    checkpoint: Checkpoint = no_checkpoint,
) -> IntakeReport:
    """Receive, decide and load everything that waits; leaves the build copy ready for dbt.

    Args:
        settings: The installation.
        now: The present, aware; the time of every event written.
        by: Who runs this, for the ledger.
        settle_seconds: How long a file without a manifest must have been quiet.
        screen: The quality gate over newly loaded rows (`quality.screen`).
        again: (source, period) pairs to read anew from the archive whatever their fingerprint.
        from_nothing: Begin with an empty database, so that everything is read anew.
        checkpoint: Called between the steps, for fault-injection tests.

    Raises:
        OutputDamagedError: The live warehouse, which a build begins with, is not as it was made.
    """
    insist_on_ledger(settings)
    received = receive(
        settings,
        source_names(),
        now=now,
        by=by,
        settle_seconds=settle_seconds,
        period_kinds=kinds(),
        checkpoint=checkpoint,
    )
    if any(held.reason == DISK_FULL for held in received.waiting):
        raise disk_full(settings)
    archive, ledger = archive_of(settings), Ledger(settings.ledger_path)
    with intake_lock(settings, LOCK_SECONDS):
        finish_records(ledger)
        # what a kill left between archive and ledger, its file taken from the inbox meanwhile
        readopt(ledger, archive, at=now, by=by)
        finish_erasures(settings, ledger, at=now, by=by, checkpoint=checkpoint)
    events = ledger.read()
    if not from_nothing:
        # what a build does not make again it takes from there, and would vouch for anew
        insist_on_as_put(settings, settings.live_path)
    database = begin_build(settings, from_nothing=from_nothing, checkpoint=checkpoint)
    prepare(database)
    with connect(database) as con:
        is_due = due_for_reading(con, frozenset(again))
    reader = Reader(database, archive, screen, checkpoint=checkpoint)
    reading = reader.read(deliveries(events), is_due)
    news = list(news_of(reading, events, now=now, by=by))
    checkpoint("load.before_ledger")
    written = write_down(ledger, events, *news, checkpoint=checkpoint)
    checkpoint("load.on_ledger")
    states = deliveries([*events, *news])
    taken = tuple(reading.taken.values())
    keep_books(database, taken, states)
    with connect(database) as con:
        # what others wrote meanwhile is not in this build, which must not pass for up to date
        set_ledger_head(con, head_hash(written.events) if written.is_alone else "")
    insist_on_rows(database, states)
    checkpoint("load.books_kept")
    for each in taken:
        return_to_sender(settings, archive, each.delivery, each.decision)
    failed = tuple((state.name, why) for state, why in reading.failed.values())
    return IntakeReport(received, taken, failed, tuple(states))


def kinds() -> dict[str, str]:
    """Whether each source's periods are years or dates."""
    return {name: load_source(name).period_kind for name in source_names()}
