"""Receive what waits: archive it, write it on the ledger, take it out of the inbox, in that order.

A kill between any two steps loses nothing and doubles nothing: the next receipt finds the item
still in the inbox and goes on from the archive and the ledger. What a delivery is worth is
decided later; nothing here opens one to understand it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.disk_full import is_disk_full
from pipelines.durable import (
    ChangedWhileReadError,
    Checkpoint,
    NotARegularFileError,
    make_durable_dir,
    no_checkpoint,
)
from pipelines.intake import names
from pipelines.intake.archive import (
    Candidate,
    ErasedDeliveryError,
    ManifestMismatchError,
    archive_of,
)
from pipelines.intake.completeness import SETTLING
from pipelines.intake.delivery import ArchivedDelivery, ManifestError
from pipelines.intake.events import DeliveryState, deliveries
from pipelines.intake.inbox import GIVE_UP_SECONDS, UNREADABLE, HeldItem, scan
from pipelines.intake.items import MANIFEST_DIFFERS, InboxItem
from pipelines.intake.ledger import Ledger, insist_on_ledger, received_event
from pipelines.intake.names import Reason
from pipelines.intake.placing import sweep_received, take_out
from pipelines.settings import Settings
from pipelines.warehouse.lock import intake_lock

ARCHIVE_DAMAGED = Reason(
    "inbox.archive_damaged",
    "Arkivets egen kopi af filen er beskadiget. Leverancen bliver liggende, til arkivet er "
    "genoprettet; I skal ikke gøre noget.",
    "The archive's own copy of the file is damaged. The delivery stays here until the archive is "
    "restored; its sender need do nothing.",
    "En diskfejl i arkivet.",
)

DISK_FULL = Reason(
    "inbox.disk_full",
    "Der er ikke plads i arkivet. Leverancen bliver liggende og modtages, når der er plads.",
    "The archive has no room. The delivery stays here and is received once there is.",
    "Arkivets disk er fuld.",
)
ERASED = Reason(
    "inbox.erased",
    "Netop denne leverance er slettet efter ønske og modtages ikke igen. Slet den fra indbakken.",
    "This very delivery was erased on request and is not taken again. Delete it from the inbox.",
    "En fil, som blev slettet med »monitor erase«, er lagt i indbakken igen.",
)
CANNOT_REMOVE = Reason(
    "inbox.cannot_remove",
    "Leverancen er modtaget, men kan ikke fjernes fra indbakken (rettigheder). Slet den selv.",
    "The delivery is received but cannot be removed from the inbox (permissions). Delete it.",
    "En fil, som kun afsenderen må slette.",
)


@dataclass(frozen=True)
class KnownDelivery:
    """Bytes that had been received before: nothing was done but to clear the inbox."""

    delivery_id: str
    source: str
    period: str
    name: str
    state: DeliveryState | None
    """Where the delivery stands since then; None when it came twice in the same receipt."""


@dataclass(frozen=True)
class ReceiveReport:
    """What one receipt did."""

    received: tuple[ArchivedDelivery, ...] = ()
    already_known: tuple[KnownDelivery, ...] = ()
    refused: tuple[HeldItem, ...] = ()
    waiting: tuple[HeldItem, ...] = ()


def receive(
    settings: Settings,
    sources: Collection[str],
    *,
    now: datetime,
    by: str = "intake",
    settle_seconds: float = 2.0,
    give_up_seconds: float = GIVE_UP_SECONDS,
    period_kinds: Mapping[str, str] | None = None,
    wait_seconds: float = 60.0,
    checkpoint: Checkpoint = no_checkpoint,
) -> ReceiveReport:
    """Bring every complete item of the inbox into custody.

    Args:
        settings: The installation.
        sources: The known sources.
        now: The present, aware; the time of every event written.
        by: Who receives, for the ledger.
        settle_seconds: How long an item without a `.sha256` must have been quiet.
        give_up_seconds: After how long an item that never became complete is refused.
        period_kinds: Whether a source's periods are years or dates.
        wait_seconds: How long to wait for another receiver to finish.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        What was received, what was known already, and what stays in the inbox and why.

    Raises:
        LockBusyError: If another receiver does not finish in time.
        LedgerDamagedError: If the ledger is damaged; nothing is received then.
    """
    if not settings.inbox_dir.is_dir():
        return ReceiveReport()
    make_durable_dir(settings.data_dir)
    with intake_lock(settings, wait_seconds):
        insist_on_ledger(settings)
        receipt = _Receipt(settings, now, by, checkpoint)
        found = scan(
            settings,
            sources,
            now=now,
            settle_seconds=settle_seconds,
            give_up_seconds=give_up_seconds,
            period_kinds=period_kinds,
            verify_manifests=False,
        )
        checkpoint("receive.scanned")
        for item in found.ready:
            receipt.take(item)
            if receipt.is_disk_full:
                break  # so it is for the others, which are to come in their order
        return ReceiveReport(
            tuple(receipt.received),
            tuple(receipt.known),
            (*found.refused, *receipt.refused),
            (*found.waiting, *receipt.waiting),
        )


class _Receipt:
    """One receipt under way: what it knows from before and what it has done so far."""

    def __init__(self, settings: Settings, now: datetime, by: str, checkpoint: Checkpoint) -> None:
        self.settings = settings
        self.now = now
        self.by = by
        self.checkpoint = checkpoint
        self.archive = archive_of(settings)
        self.ledger = Ledger(settings.ledger_path)
        self.states = {state.delivery_id: state for state in deliveries(self.ledger.read())}
        self.received: list[ArchivedDelivery] = []
        self.known: list[KnownDelivery] = []
        self.refused: list[HeldItem] = []
        self.waiting: list[HeldItem] = []
        self.last_received_at = max(
            (state.received_at for state in self.states.values()), default=None
        )
        self.archive.sweep()
        sweep_received(settings, {state.delivery_id: state.name for state in self.states.values()})

    def take(self, item: InboxItem) -> None:
        """Bring one item into custody; trouble with it is noted and stops no other."""
        try:
            delivery = self.archive.store(
                _candidate(item), received_at=self._next_moment(), checkpoint=self.checkpoint
            )
        except ManifestMismatchError:
            self.waiting.append(self._held(item, MANIFEST_DIFFERS))
        except ChangedWhileReadError:
            self.waiting.append(self._held(item, SETTLING))
        except NotARegularFileError:
            self.refused.append(self._held(item, names.SPECIAL_FILE))
        except ErasedDeliveryError:
            self.refused.append(self._held(item, ERASED))
        except ManifestError:
            self.refused.append(self._held(item, ARCHIVE_DAMAGED))
        except OSError as error:
            if item.path.exists():
                reason = DISK_FULL if is_disk_full(error) else UNREADABLE
                self.waiting.append(self._held(item, reason))
        else:
            self._write_down(delivery, item)
            self.checkpoint("receive.before_removal")
            self._clear(item, delivery.delivery_id)
            self.checkpoint("receive.item_done")

    @property
    def is_disk_full(self) -> bool:
        """Whether an item could not be archived for want of room."""
        return any(held.reason == DISK_FULL for held in self.waiting)

    def _clear(self, item: InboxItem, delivery_id: str) -> None:
        try:
            take_out(self.settings, item, delivery_id, checkpoint=self.checkpoint)
        except OSError:
            self.waiting.append(self._held(item, CANNOT_REMOVE))

    def _write_down(self, delivery: ArchivedDelivery, item: InboxItem) -> None:
        before = {each.delivery_id for each in self.received}
        if delivery.delivery_id in self.states or delivery.delivery_id in before:
            state = self.states.get(delivery.delivery_id)
            self.known.append(
                KnownDelivery(delivery.delivery_id, item.source, item.period, item.name, state)
            )
            return
        event = received_event(delivery, at=self.now, by=self.by)
        self.ledger.append(event, checkpoint=self.checkpoint)
        self.received.append(delivery)
        self.last_received_at = delivery.received_at

    def _next_moment(self) -> datetime:
        """A time of receipt after every earlier one, though the clock may have been set back.

        The order of receipt decides which version counts, and the archive alone must give it.
        """
        if self.last_received_at is None:
            return self.now
        return max(self.now, self.last_received_at + timedelta(microseconds=1))

    def _held(self, item: InboxItem, reason: Reason) -> HeldItem:
        location = names.printable(str(item.path.relative_to(self.settings.inbox_dir)))
        return HeldItem(location, item.source, item.period, reason)


def _candidate(item: InboxItem) -> Candidate:
    return Candidate(
        source=item.source,
        period=item.period,
        name=item.name,
        is_folder=item.is_folder,
        files={file.name: file.path for file in item.files},
        meta=item.meta,
        announced=item.announced,
    )
