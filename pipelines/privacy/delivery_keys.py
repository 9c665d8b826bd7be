"""One age key per delivery, kept encrypted to the installation's key; destroying it erases.

The folder holds `<delivery_id>.age` for every delivery that can be read, and
`<delivery_id>.erased` for every one whose key was destroyed. The archived bytes stay where they
are and are worth nothing then.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.durable import (
    Checkpoint,
    fsync_dir,
    make_durable_dir,
    no_checkpoint,
    write_all,
    write_replacing,
)
from pipelines.privacy.master_key import MasterKey, open_master_key
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

_ID = re.compile(r"[0-9a-f]{64}")


class ErasedDeliveryError(LookupError):
    """The delivery's key was destroyed on purpose: nobody can read it any more."""


class DeliveryKeyLostError(RuntimeError):
    """The delivery's key is gone, though nobody erased it, or this installation cannot open it."""


@dataclass(frozen=True)
class DeliveryKeys:
    """The keys in one folder; the master key is only looked for when one is needed."""

    folder: Path
    master: Callable[[], MasterKey]

    def new(self) -> Identity:
        """Make a key for one delivery; makes sure first that it will be possible to keep it."""
        from pyrage.x25519 import Identity

        self.master()
        return Identity.generate()

    def keep(self, delivery_id: str, identity: Identity) -> None:
        """Keep a delivery's key, flushed to disk, before anything it locks counts as archived.

        A key that a killed receipt left for the same delivery is replaced: nothing was archived
        with it. Only the holder of the intake lock may call this.

        Raises:
            ErasedDeliveryError: If that delivery was erased; the same bytes are not taken again.
        """
        import pyrage

        if self.is_erased(delivery_id):
            raise ErasedDeliveryError(delivery_id)
        make_durable_dir(self.folder)
        wrapped = pyrage.encrypt(
            str(identity).encode("ascii"), [self.master().archive_identity().to_public()]
        )
        write_replacing(self._key(delivery_id), wrapped, mode=0o600)

    def open(self, delivery_id: str) -> Identity:
        """Give a delivery's key.

        Raises:
            ErasedDeliveryError: If it was destroyed on purpose.
            DeliveryKeyLostError: If it is gone otherwise, or encrypted to another master key.
            KeyUnavailableError: If the installation's key cannot be had.
        """
        import pyrage
        from pyrage.x25519 import Identity

        if self.is_erased(delivery_id):
            raise ErasedDeliveryError(delivery_id)
        try:
            wrapped = self._key(delivery_id).read_bytes()
        except FileNotFoundError as error:
            raise DeliveryKeyLostError(
                f"{self._key(delivery_id)} is missing: put it back from its backup"
            ) from error
        try:
            text = pyrage.decrypt(wrapped, [self.master().archive_identity()])
            return Identity.from_str(text.decode("ascii"))
        except (pyrage.DecryptError, pyrage.IdentityError, OSError, ValueError) as error:
            raise DeliveryKeyLostError(
                f"{self._key(delivery_id)} is damaged or belongs to another key than "
                f"{self.master().key_id}"
            ) from error

    def is_erased(self, delivery_id: str) -> bool:
        """Whether the delivery's key was destroyed on purpose."""
        return self._tombstone(delivery_id).exists()

    def erased_ids(self) -> frozenset[str]:
        """The deliveries whose key was destroyed on purpose."""
        return frozenset(path.stem for path in self.folder.glob("*.erased"))

    def destroy(self, delivery_id: str, *, checkpoint: Checkpoint = no_checkpoint) -> None:
        """Destroy a delivery's key for good; doing it again is harmless.

        The tombstone comes first: a kill in between leaves a delivery that counts as erased, and
        the next call finishes.

        Args:
            delivery_id: The delivery.
            checkpoint: Called between the steps, for fault-injection tests.
        """
        make_durable_dir(self.folder)
        write_replacing(self._tombstone(delivery_id), b"", mode=0o444)
        checkpoint("erase.tombstone")
        key = self._key(delivery_id)
        try:
            descriptor = os.open(key, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            # in place: on a disk that writes in place, the old bytes are gone
            write_all(descriptor, bytes(os.fstat(descriptor).st_size))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        checkpoint("erase.overwritten")
        key.unlink()
        fsync_dir(self.folder)
        checkpoint("erase.key_gone")

    def sweep(self) -> None:
        """Remove what killed writers left; only the holder of the intake lock may call it."""
        if self.folder.is_dir():
            for left in self.folder.glob(".*.part"):
                left.unlink()

    def _key(self, delivery_id: str) -> Path:
        return self.folder / f"{_checked(delivery_id)}.age"

    def _tombstone(self, delivery_id: str) -> Path:
        return self.folder / f"{_checked(delivery_id)}.erased"


def delivery_keys_of(settings: Settings) -> DeliveryKeys:
    """The deliveries' keys of an installation."""
    return DeliveryKeys(settings.keys_dir, lambda: open_master_key(settings))


def _checked(delivery_id: str) -> str:
    if not _ID.fullmatch(delivery_id):
        raise DeliveryKeyLostError("not a delivery id")
    return delivery_id
