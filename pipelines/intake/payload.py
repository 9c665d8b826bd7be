"""How an archive entry's files are stored and read: encrypted, and plain in archives from before.

A stored file is called by its place in the manifest (`1.zst.age`): a sender's name may be as long
as a name can be, and says nothing that the manifest does not. Which delivery an entry is, and
when it appears, is the business of `archive`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipelines.durable import sha256_of, write_all, write_new
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, Encryption
from pipelines.intake.readers.archive_checks import most_unpacked
from pipelines.privacy.age_stream import (
    SCHEME,
    SUFFIX,
    DamagedPayloadError,
    blocks_of,
    decrypting,
    encrypt_file,
)
from pipelines.privacy.delivery_keys import (
    DeliveryKeyLostError,
    DeliveryKeys,
    ErasedDeliveryError,
)

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

_NOTE = "note.age"


class ManifestMismatchError(ValueError):
    """The bytes are not those that the sender's `.sha256` announces: not complete yet."""


def write_payload(
    files: Mapping[str, Path],
    folder: Path,
    identity: Identity,
    announced: Mapping[str, str] | None,
) -> tuple[DeliveredFile, ...]:
    """Encrypt a delivery's files into a folder.

    Args:
        files: Name to the file that waits.
        folder: An empty folder.
        identity: The delivery's own key.
        announced: The hash of each file by the sender's own list, when there is one.

    Raises:
        ManifestMismatchError: If the bytes are not the announced ones.
        ChangedWhileReadError: If a file changed while it was read.
    """
    written = []
    names = sorted(files, key=lambda each: each.encode("utf-8"))
    for place, name in enumerate(names, start=1):
        digest, size = encrypt_file(
            files[name], folder / _stored(place), identity.to_public(), mode=0o444
        )
        if announced is not None and announced.get(name) != digest:
            raise ManifestMismatchError(name)
        written.append(DeliveredFile(name, digest, size))
    return tuple(written)


def write_note(folder: Path, note: str | None, identity: Identity) -> None:
    """Keep a sender's note beside the payload, under the same key: it is free text."""
    if note is not None:
        import pyrage

        encrypted = pyrage.encrypt(note.encode(), [identity.to_public()])
        write_new(folder / _NOTE, encrypted, mode=0o444)


def room_to_read(delivery: ArchivedDelivery) -> int:
    """The bytes its files take while they are read, with what a zip is unpacked to beside it."""
    zips = (file.bytes for file in delivery.files if file.name.casefold().endswith(".zip"))
    return delivery.bytes + most_unpacked(sum(zips))


def encryption_with(identity: Identity) -> Encryption:
    """What the manifest says of a payload written with that key."""
    return Encryption(SCHEME, str(identity.to_public()))


@dataclass(frozen=True)
class Payload:
    """A delivery's stored files."""

    delivery: ArchivedDelivery
    keys: DeliveryKeys

    def problems(self) -> tuple[str, ...]:
        """Read every file and hold it against the manifest; what is wrong, in words.

        Of an erased delivery nothing can be said any more, and nothing is wrong.
        """
        if self.is_erased:
            return ()
        wanted = {self._path(file).name: file for file in self.delivery.files}
        folder = self.delivery.payload_dir
        present = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
        found = [f"file missing: {wanted[name].name}" for name in sorted(wanted.keys() - present)]
        found += [f"file not of the delivery: {name}" for name in sorted(present - wanted.keys())]
        found += [
            f"file damaged: {file.name}"
            for stored, file in wanted.items()
            if stored in present and not self._is_whole(file)
        ]
        return tuple(found)

    @property
    def is_erased(self) -> bool:
        """Whether nobody can read it any more."""
        return self.keys.is_erased(self.delivery.delivery_id)

    @contextmanager
    def open(self, file: DeliveredFile) -> Iterator[IO[bytes]]:
        """Open one file for reading; its last read verifies it (`privacy.age_stream`).

        Raises:
            DamagedPayloadError: Here, or while reading: it is not what was received.
            ErasedDeliveryError, DeliveryKeyLostError, KeyUnavailableError: It cannot be decrypted.
        """
        path = self._path(file)
        if self.is_erased:
            raise ErasedDeliveryError(self.delivery.delivery_id)
        if self.delivery.encryption is None:
            if not path.is_file() or sha256_of(path) != file.sha256:
                raise DamagedPayloadError(f"file damaged: {file.name}")
            with path.open("rb") as plain:
                yield plain
            return
        identity = self._identity(self.delivery.encryption)
        if not path.is_file():
            raise DamagedPayloadError(f"file missing: {file.name}")
        with decrypting(path, identity, sha256=file.sha256, size=file.bytes) as stream:
            yield stream

    def copy_into(self, folder: Path) -> None:
        """Write every file as it was received into a folder, verified."""
        for file in self.delivery.files:
            with self.open(file) as stream, (folder / file.name).open("xb", 0) as target:
                for block in blocks_of(stream):
                    write_all(target.fileno(), block)

    def _identity(self, encryption: Encryption) -> Identity:
        if encryption.scheme != SCHEME:
            raise DamagedPayloadError(f"stored under an unknown scheme: {encryption.scheme}")
        identity = self.keys.open(self.delivery.delivery_id)
        if str(identity.to_public()) != encryption.recipient:
            raise DeliveryKeyLostError(
                f"the key of delivery {self.delivery.delivery_id[:12]} is not the one its files "
                "are encrypted to: put keys/ and archive/ back from one and the same backup"
            )
        return identity

    def _is_whole(self, file: DeliveredFile) -> bool:
        try:
            with self.open(file) as stream:
                for _ in blocks_of(stream):
                    pass
        except (DamagedPayloadError, OSError):
            return False
        return True

    def _path(self, file: DeliveredFile) -> Path:
        if self.delivery.encryption is None:
            return self.delivery.payload_dir / file.name
        return self.delivery.payload_dir / _stored(self.delivery.files.index(file) + 1)


def _stored(place: int) -> str:
    return f"{place}{SUFFIX}"
