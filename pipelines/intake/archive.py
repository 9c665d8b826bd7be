"""The archive: every delivery ever received, by content hash, written once, never changed.

An entry appears whole by one rename, or not at all; what a crash leaves behind has a hidden name
and counts for nothing. Payloads are encrypted, each delivery's with a key of its own (`payload`,
`privacy.delivery_keys`); readers get at the bytes through `Archive.open_payload` and
`open_stream` only. What a delivery is decided to be is not here: that is the ledger's.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from pipelines.durable import (
    Checkpoint,
    fsync_dir,
    make_durable_dir,
    no_checkpoint,
    write_new,
)
from pipelines.intake.delivery import (
    ArchivedDelivery,
    DeliveredFile,
    DeliveryMeta,
    ManifestError,
    content_sha256,
    delivery_from_manifest,
    manifest_json,
    readdressed_id,
)
from pipelines.intake.payload import (
    ManifestMismatchError,
    Payload,
    encryption_with,
    room_to_read,
    write_note,
    write_payload,
)
from pipelines.privacy.delivery_keys import (
    DeliveryKeyLostError,
    DeliveryKeys,
    ErasedDeliveryError,
    delivery_keys_of,
)
from pipelines.privacy.work_folder import sweep_work_folders, work_folder
from pipelines.settings import Settings

__all__ = [
    "Archive",
    "Candidate",
    "ErasedDeliveryError",
    "ManifestMismatchError",
    "UnknownDeliveryError",
    "archive_of",
]

_ID = re.compile(r"[0-9a-f]{64}")
_TEMPORARY_PREFIX = ".incoming-"


class UnknownDeliveryError(LookupError):
    """The archive holds no delivery of that id."""


@dataclass(frozen=True)
class Candidate:
    """What is to be archived: where it comes from, and its files under the names they will keep."""

    source: str
    period: str
    name: str
    is_folder: bool
    files: Mapping[str, Path]
    meta: DeliveryMeta
    announced: Mapping[str, str] | None = None
    """The sha256 of each file by the sender's own list, when there is one."""


@dataclass(frozen=True)
class Archive:
    """The archive under one folder, with the keys of what is in it."""

    root: Path
    keys: DeliveryKeys
    work_dir: Path
    """Where files are decrypted to when they have to be files, and memory has no room."""

    def store(
        self,
        candidate: Candidate,
        *,
        received_at: datetime,
        checkpoint: Checkpoint = no_checkpoint,
    ) -> ArchivedDelivery:
        """Archive a delivery; known content at a known address is left as it is.

        Args:
            candidate: The files to take; they are read once, hashed and encrypted on the way.
            received_at: Written to the manifest of a new entry.
            checkpoint: Called between the steps, for fault-injection tests.

        Returns:
            The entry, new or old.

        Raises:
            ManifestMismatchError: If the bytes are not the announced ones.
            ChangedWhileReadError: If a file changed while it was read.
            ErasedDeliveryError: If that very delivery was erased: it is not taken again.
            KeyUnavailableError: If the installation's key cannot be had.
        """
        make_durable_dir(self.root)
        identity = self.keys.new()
        temporary = self.root / f"{_TEMPORARY_PREFIX}{secrets.token_hex(8)}"
        payload = temporary / "payload"
        try:
            payload.mkdir(parents=True)
            files = write_payload(candidate.files, payload, identity, candidate.announced)
            fsync_dir(payload)
            payload.chmod(0o555)
            checkpoint("archive.payload_copied")
            delivery_id, content = self._identify(candidate, files)
            if self.keys.is_erased(delivery_id):
                raise ErasedDeliveryError(delivery_id)
            if (known := self._find(delivery_id)) is not None:
                known.payload_dir.parent.chmod(0o555)  # a kill may have come before that
                return known
            entry = ArchivedDelivery(
                delivery_id=delivery_id,
                source=candidate.source,
                period=candidate.period,
                name=candidate.name,
                files=files,
                payload_dir=self._entry(delivery_id) / "payload",
                # free text, and the manifest is not encrypted: kept beside the payload
                meta=replace(candidate.meta, note=None),
                received_at=received_at,
                content_sha256=content,
                is_folder=candidate.is_folder,
                bytes=sum(file.bytes for file in files),
                encryption=encryption_with(identity),
            )
            write_note(temporary, candidate.meta.note, identity)
            write_new(temporary / "manifest.json", manifest_json(entry), mode=0o444)
            checkpoint("archive.manifest_written")
            self.keys.keep(delivery_id, identity)
            checkpoint("archive.key_kept")
            self._move_in(temporary, delivery_id, checkpoint)
            return entry
        finally:
            _remove_tree(temporary)

    def load(self, delivery_id: str) -> ArchivedDelivery:
        """Read the manifest of one delivery.

        Raises:
            UnknownDeliveryError: If there is no such entry.
            ManifestError: If its manifest is damaged.
        """
        entry = self._entry(delivery_id)
        try:
            data = (entry / "manifest.json").read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise UnknownDeliveryError(delivery_id) from error
        delivery = delivery_from_manifest(data, entry / "payload")
        if delivery.delivery_id != delivery_id:
            raise ManifestError(f"entry {delivery_id} holds the manifest of another delivery")
        return delivery

    @contextmanager
    def open_payload(self, delivery: ArchivedDelivery) -> Iterator[Path]:
        """Give a private folder with the delivery's files, verified, while the block lasts.

        Raises:
            DamagedPayloadError: If the files are not the ones that were received.
            ErasedDeliveryError: If its key was destroyed on purpose.
            DeliveryKeyLostError, KeyUnavailableError: If a key is missing.
        """
        with work_folder(self.work_dir, room_to_read(delivery)) as folder:
            Payload(delivery, self.keys).copy_into(folder)
            yield folder

    @contextmanager
    def open_stream(self, delivery: ArchivedDelivery, name: str) -> Iterator[IO[bytes]]:
        """Open one file of a delivery as a stream, decrypted as it is read, never on disk.

        The read that meets the end verifies the whole file; see `open_payload` for what is raised.
        """
        file = next(each for each in delivery.files if each.name == name)
        with Payload(delivery, self.keys).open(file) as stream:
            yield stream

    def discard_plain_payload(self, delivery: ArchivedDelivery) -> None:
        """Remove the files of a delivery archived before archives were encrypted: to erase it."""
        if delivery.payload_dir.is_dir():
            _remove_tree(delivery.payload_dir, within=delivery.payload_dir.parent)
        delivery.payload_dir.parent.chmod(0o555)  # a kill may have come before that

    def verify(self, delivery_id: str) -> tuple[str, ...]:
        """Hash a delivery's files anew.

        Returns:
            What is wrong, in words; empty when every byte is as received, or was erased.
        """
        try:
            delivery = self.load(delivery_id)
            problems = list(Payload(delivery, self.keys).problems())
        except (UnknownDeliveryError, ManifestError, DeliveryKeyLostError) as error:
            return (f"{type(error).__name__}: {error}",)
        content = content_sha256(delivery.files, is_folder=delivery.is_folder)
        address = readdressed_id(content, delivery.source, delivery.period)
        if content != delivery.content_sha256 or delivery_id not in (content, address):
            problems.append("manifest damaged: its files do not give the delivery's id")
        return tuple(problems)

    def all_ids(self) -> tuple[str, ...]:
        """List the ids of every whole entry, sorted."""
        return tuple(
            sorted(
                path.parent.name
                for path in self.root.glob("??/*/manifest.json")
                if _ID.fullmatch(path.parent.name) and path.parent.name[:2] == path.parts[-3]
            )
        )

    def sweep(self) -> tuple[str, ...]:
        """Remove what crashed receivers left; only the holder of the intake lock may call it.

        Returns:
            The names removed.
        """
        sweep_work_folders(self.work_dir)
        self.keys.sweep()
        if not self.root.is_dir():
            return ()
        left = sorted(self.root.glob(f"{_TEMPORARY_PREFIX}*"))
        for path in left:
            _remove_tree(path)
        return tuple(path.name for path in left)

    def _identify(self, candidate: Candidate, files: tuple[DeliveredFile, ...]) -> tuple[str, str]:
        content = content_sha256(files, is_folder=candidate.is_folder)
        first = self._find(content)
        if first is None or (first.source, first.period) == (candidate.source, candidate.period):
            return content, content
        return readdressed_id(content, candidate.source, candidate.period), content

    def _move_in(self, temporary: Path, delivery_id: str, checkpoint: Checkpoint) -> None:
        target = self._entry(delivery_id)
        make_durable_dir(target.parent)
        fsync_dir(temporary)
        temporary.rename(target)
        checkpoint("archive.renamed")
        target.chmod(0o555)
        fsync_dir(target.parent)
        checkpoint("archive.durable")

    def _find(self, delivery_id: str) -> ArchivedDelivery | None:
        try:
            return self.load(delivery_id)
        except UnknownDeliveryError:
            return None

    def _entry(self, delivery_id: str) -> Path:
        if not _ID.fullmatch(delivery_id):
            raise UnknownDeliveryError(delivery_id)
        return self.root / delivery_id[:2] / delivery_id


def archive_of(settings: Settings) -> Archive:
    """The archive of an installation."""
    return Archive(settings.archive_dir, delivery_keys_of(settings), settings.work_dir)


def _remove_tree(path: Path, *, within: Path | None = None) -> None:
    """Remove a folder, read-only ones included, also from a read-only one; none is fine."""
    if not path.exists():
        return
    for folder, _names, _files in os.walk(path):
        Path(folder).chmod(stat.S_IRWXU)
    mode = within.stat().st_mode if within else 0
    if within:
        within.chmod(stat.S_IRWXU)
    shutil.rmtree(path)
    if within:
        within.chmod(stat.S_IMODE(mode))
        fsync_dir(within)
