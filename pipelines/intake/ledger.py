"""The ledger: what was received and decided, one line an event, append-only and hash-chained.

The file and its safety (lock, flush, torn tail, chain) are here, and the comparison with the
archive. What events are and which states follow from them is in `events`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipelines.durable import Checkpoint, append_all, fsync_dir, make_durable_dir, no_checkpoint
from pipelines.intake.archive import Archive, UnknownDeliveryError, archive_of
from pipelines.intake.delivery import ArchivedDelivery, ManifestError, utc_text
from pipelines.intake.events import (
    GENESIS_HASH,
    DamagedEventError,
    LedgerEvent,
    from_line,
    seal,
    to_line,
)
from pipelines.settings import Settings

_TAIL_BYTES = 1 << 16

ProblemKind = Literal[
    "ledger_damaged",
    "archived_not_in_ledger",
    "ledger_without_archive",
    "archive_damaged",
    "address_differs",
]


class LedgerDamagedError(RuntimeError):
    """The ledger is damaged where no crash can damage it; nothing is appended until it is mended.

    A crash can leave an unfinished last line, which the next append cuts off. Anything else
    (a changed, missing or unreadable line) is for a person: restore the file from a backup, or
    rebuild it from the archive.
    """


class LedgerLostError(LedgerDamagedError):
    """There is an archive and a warehouse, but no ledger: going on would publish nothing."""


@dataclass(frozen=True)
class Problem:
    """One disagreement between ledger and archive, or one damage in either."""

    kind: ProblemKind
    delivery_id: str | None
    message: str


@dataclass(frozen=True)
class Ledger:
    """The ledger in one file."""

    path: Path

    def read(self) -> list[LedgerEvent]:
        """Read every whole event; an unfinished last line is not one yet.

        Raises:
            LedgerDamagedError: If a line is not the event that was sealed after the one before it.
        """
        events = []
        for event, problem in _chained(self._data()):
            if problem is not None:
                raise LedgerDamagedError(problem)
            if event is not None:
                events.append(event)
        return events

    def append(
        self, *events: LedgerEvent, checkpoint: Checkpoint = no_checkpoint
    ) -> list[LedgerEvent]:
        """Seal events onto the chain and flush them to disk.

        Args:
            events: Unsealed; their `seq`, `prev_hash` and `hash` are filled in here.
            checkpoint: Called between the steps, for fault-injection tests.

        Returns:
            The events as written.

        Raises:
            LedgerDamagedError: If the last whole line is not a sealed event.
        """
        with self._locked() as descriptor:
            end, last = self._end(descriptor)
            if end < os.fstat(descriptor).st_size:
                os.ftruncate(descriptor, end)
                os.fsync(descriptor)
            sealed = []
            for event in events:
                last = seal(event, last)
                sealed.append(last)
            checkpoint("ledger.before_write")
            lines = b"".join(to_line(event) for event in sealed)
            append_all(descriptor, end, lines, lambda: checkpoint("ledger.written"))
        checkpoint("ledger.durable")
        return sealed

    def verify_chain(self) -> tuple[str, ...]:
        """Hold every line against its own hash and the one before it.

        Returns:
            What is wrong, in words; empty when the chain is whole.
        """
        return tuple(problem for _, problem in _chained(self._data()) if problem is not None)

    def unfinished_bytes(self) -> int:
        """How many bytes stand after the last whole line: what a crash left of an append."""
        data = self._data()
        return len(data) - (data.rfind(b"\n") + 1)

    def _data(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""

    @contextmanager
    def _locked(self) -> Iterator[int]:
        is_new = not self.path.exists()
        if is_new:
            make_durable_dir(self.path.parent)
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self.path, flags, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if is_new:
                fsync_dir(self.path.parent)
            yield descriptor
        finally:
            os.close(descriptor)

    def _end(self, descriptor: int) -> tuple[int, LedgerEvent | None]:
        """Find where the last whole line ends, and the event on it, reading only the tail."""
        size = os.fstat(descriptor).st_size
        start = size
        tail = b""
        while start > 0:
            start = max(0, start - _TAIL_BYTES)
            tail = os.pread(descriptor, size - start, start)
            if len(_whole_lines(tail)) > 1 or start == 0:
                break
        lines = _whole_lines(tail)
        if not lines:
            return 0, None
        end = start + tail.rindex(b"\n") + 1
        try:
            return end, from_line(lines[-1])
        except DamagedEventError as error:
            raise LedgerDamagedError(f"last line: {error}") from error


def _chained(data: bytes) -> Iterator[tuple[LedgerEvent | None, str | None]]:
    """Every whole line's event, if it is one, and what is wrong with the line, if anything."""
    prev_hash, seq = GENESIS_HASH, 0
    for number, line in enumerate(_whole_lines(data), start=1):
        try:
            event = from_line(line)
        except DamagedEventError as error:
            yield None, f"line {number}: {error}"
            continue
        follows = event.prev_hash == prev_hash and event.seq == seq + 1
        yield event, None if follows else f"line {number}: does not follow the line before it"
        prev_hash, seq = event.hash, event.seq


def _whole_lines(data: bytes) -> list[bytes]:
    """Split into lines that have their newline; what follows the last newline is left out."""
    return data.split(b"\n")[:-1]


def received_event(delivery: ArchivedDelivery, *, at: datetime, by: str) -> LedgerEvent:
    """Write down that a delivery is in the archive."""
    return LedgerEvent(
        kind="received",
        at=utc_text(at),
        by=by,
        delivery_id=delivery.delivery_id,
        source=delivery.source,
        period=delivery.period,
        name=delivery.name,
        is_synthetic=delivery.meta.is_synthetic,
        provider=delivery.meta.provider,
        bytes=delivery.bytes,
        received_at=utc_text(delivery.received_at),
        content_sha256=delivery.content_sha256,
    )


def reconcile(ledger: Ledger, archive: Archive, *, rehash: bool = True) -> list[Problem]:
    """Hold the ledger and the archive against each other.

    Args:
        ledger: The ledger.
        archive: The archive.
        rehash: Also hash every archived file anew.

    Returns:
        What does not agree; empty when all is well. `archived_not_in_ledger` can be mended with
        `readopt`; the rest is for a person.
    """
    problems = [Problem("ledger_damaged", None, text) for text in ledger.verify_chain()]
    if problems:
        return problems
    received = {event.delivery_id: event for event in ledger.read() if event.kind == "received"}
    archived = archive.all_ids()
    held = frozenset(archived)
    for delivery_id in archived:
        problems += _problems_of_entry(archive, delivery_id, received.get(delivery_id), rehash)
    problems += [
        Problem("ledger_without_archive", delivery_id, f"{event.name} is not in the archive")
        for delivery_id, event in received.items()
        if delivery_id not in held
    ]
    return problems


def _problems_of_entry(
    archive: Archive, delivery_id: str, event: LedgerEvent | None, rehash: bool
) -> Iterable[Problem]:
    try:
        delivery = archive.load(delivery_id)
    except (ManifestError, UnknownDeliveryError) as error:
        yield Problem("archive_damaged", delivery_id, str(error))
        return
    if event is None:
        yield Problem("archived_not_in_ledger", delivery_id, f"{delivery.name} has no event")
    elif (event.source, event.period) != (delivery.source, delivery.period):
        yield Problem("address_differs", delivery_id, "ledger and manifest give other addresses")
    if rehash:
        for text in archive.verify(delivery_id):
            yield Problem("archive_damaged", delivery_id, text)


def insist_on_ledger(settings: Settings) -> None:
    """Refuse to go on without a ledger where there must have been one.

    Raises:
        LedgerLostError: If the ledger holds nothing and the archive and the warehouse do.
    """
    path = settings.ledger_path
    if (path.is_file() and path.stat().st_size) or not settings.live_path.is_file():
        return
    if archived := archive_of(settings).all_ids():
        raise LedgerLostError(
            f"it holds nothing, but {len(archived)} deliveries are archived and there is a "
            "warehouse made from them"
        )


def readopt(ledger: Ledger, archive: Archive, *, at: datetime, by: str) -> list[LedgerEvent]:
    """Write the missing `received` events of archived deliveries, oldest receipt first.

    Mends what a crash between archive and ledger leaves, and rebuilds a lost ledger's receipts;
    of deliveries whose key is destroyed, that they are erased.
    """
    known = {event.delivery_id for event in ledger.read() if event.kind == "received"}
    missing = []
    for delivery_id in archive.all_ids():
        # an unreadable manifest is for `reconcile` to report; it keeps no other from being mended
        with suppress(ManifestError):
            if delivery_id not in known:
                missing.append(archive.load(delivery_id))
    missing.sort(key=lambda delivery: (delivery.received_at, delivery.delivery_id))
    if not missing:
        return []
    receipts = [received_event(delivery, at=at, by=by) for delivery in missing]
    erased = [
        replace(
            receipt,
            kind="erased",
            reason="its key was destroyed before the ledger was mended from the archive",
            received_at=None,
        )
        for receipt in receipts
        if archive.keys.is_erased(receipt.delivery_id)
    ]
    return ledger.append(*receipts, *erased)
