"""The master key of an installation: where it comes from, how it is made, what follows from it.

It is 32 random bytes, kept in the environment (`MONITOR_KEY`) or in a file outside the checkout
and the data folder. It is never stored with the data; the data folder only remembers the key's
id, so that another key is noticed before anything is encrypted with it.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.durable import fsync_dir, make_durable_dir, part_sibling, write_new
from pipelines.environment import KEY_ENV, KEY_FILE_ENV
from pipelines.privacy.bech32 import age_identity_text
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

LOG = logging.getLogger(__name__)

KEY_BYTES: Final = 32
_PREFIX: Final = "MONITOR-KEY-1-"
_INSTALLATION: Final = "installation.json"
_FORM: Final = f"one line: {_PREFIX} and 52 letters and digits"


class KeyUnavailableError(RuntimeError):
    """There is no key, or not the one that this data folder is encrypted with; says what to do."""


@dataclass(frozen=True)
class MasterKey:
    """The secret that all others follow from; never shown, not even by `repr`."""

    secret: bytes = field(repr=False)
    origin: str
    """Where it was found, for messages."""

    @property
    def key_id(self) -> str:
        """What the key is called in messages and in the data folder; tells nothing of it."""
        return self._derive("key id", 8).hex()

    def archive_identity(self) -> Identity:
        """The age identity that the deliveries' own keys are encrypted to."""
        from pyrage.x25519 import Identity

        return Identity.from_str(age_identity_text(self._derive("archive identity", KEY_BYTES)))

    def pseudonym_key(self) -> bytes:
        """The HMAC key of the pseudonyms in the warehouse."""
        return self._derive("pseudonym", KEY_BYTES)

    def to_text(self) -> str:
        """Write the key as a key file or the environment holds it."""
        return _PREFIX + base64.b32encode(self.secret).decode("ascii").rstrip("=")

    def _derive(self, purpose: str, length: int) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        info = f"boligsocial-monitor/1/{purpose}".encode()
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self.secret)


def open_master_key(settings: Settings, environ: Mapping[str, str] | None = None) -> MasterKey:
    """Find the installation's key; make one where there is none and nothing needs an older one.

    Args:
        settings: The installation; its `key_file` is read when the environment holds no key.
        environ: The environment; the process's own by default.

    Raises:
        KeyUnavailableError: If the key is missing, malformed, or not this data folder's.
    """
    env = os.environ if environ is None else environ
    wanted = remembered_key_id(settings)
    key = _find(settings, env)
    if key is None:
        if wanted is not None:
            raise KeyUnavailableError(
                f"the files in {settings.data_dir} are encrypted with key {wanted}, and there is "
                f"no key in {settings.key_file}. Set {KEY_FILE_ENV} to the file that holds it, or "
                "put it back from its backup. Without it the archived deliveries cannot be read"
            )
        key = _make(settings)
    if wanted is None:
        wanted = _remember(settings, key.key_id)
    if key.key_id != wanted:
        raise KeyUnavailableError(
            f"the files in {settings.data_dir} are encrypted with key {wanted}; {key.origin} "
            f"holds key {key.key_id}. Set {KEY_FILE_ENV} (or {KEY_ENV}) to the right one"
        )
    return key


def insist_on_key(settings: Settings) -> None:
    """Refuse to go on without the key that this data folder's files need; make none.

    Raises:
        KeyUnavailableError: If the key is missing, malformed, or another one.
    """
    if remembered_key_id(settings) is not None:
        open_master_key(settings)


def remembered_key_id(settings: Settings) -> str | None:
    """The id of the key that the data folder is encrypted with; None before the first use."""
    path = settings.keys_dir / _INSTALLATION
    try:
        value = json.loads(path.read_bytes())
        return str(value["key_id"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise KeyUnavailableError(
            f"{path} cannot be read: put it back from its backup, or remove it; it is written "
            "anew with the id of the key that is found"
        ) from error


def parse_key(text: str, origin: str) -> MasterKey:
    """Read a key from a key file's or a variable's text.

    Raises:
        KeyUnavailableError: If it is no key; the text itself is never part of the message.
    """
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) == 1 and lines[0].startswith(_PREFIX):
        with suppress(binascii.Error, ValueError):
            secret = base64.b32decode(lines[0].removeprefix(_PREFIX) + "====")
            if len(secret) == KEY_BYTES:
                return MasterKey(secret, origin)
    raise KeyUnavailableError(f"{origin} holds no key: expected {_FORM}")


def _find(settings: Settings, env: Mapping[str, str]) -> MasterKey | None:
    if text := env.get(KEY_ENV):
        return parse_key(text, f"the environment's {KEY_ENV}")
    path = settings.key_file
    _refuse_inside(path, settings)
    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyUnavailableError(
            f"the key file {path} cannot be read: {error.strerror}"
        ) from error
    if stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        LOG.warning("the key file %s can be read by others: chmod 600 it", path)
    return parse_key(text, str(path))


def _refuse_inside(path: Path, settings: Settings) -> None:
    """A key beside what it locks is no lock: whoever copies the folder has both."""
    if not path.is_absolute():
        raise KeyUnavailableError(f"no home folder to keep a key in: set {KEY_FILE_ENV}")
    for folder in (settings.data_dir, settings.root):
        if path.resolve().is_relative_to(folder.resolve()):
            raise KeyUnavailableError(
                f"the key file {path} lies inside {folder}: keep it outside, "
                f"and set {KEY_FILE_ENV} to its place"
            )


def _make(settings: Settings) -> MasterKey:
    """Make a key file; of two processes that do so at once, both use the one that came first."""
    path = settings.key_file
    key = MasterKey(secrets.token_bytes(KEY_BYTES), str(path))
    text = (
        f"# Key {key.key_id} of a Boligsocial Monitor installation: without it the archived\n"
        "# deliveries cannot be read. Keep a copy in a safe place, never beside the data.\n"
        f"{key.to_text()}\n"
    )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _put_new(path, text.encode("ascii"), mode=0o600):
            return parse_key(path.read_text("ascii"), str(path))
    except OSError as error:
        raise KeyUnavailableError(
            f"no key file could be made in {path.parent} ({error.strerror}): set {KEY_FILE_ENV}"
        ) from error
    LOG.warning("made key %s in %s: keep a copy in a safe place", key.key_id, path)
    return key


def _remember(settings: Settings, key_id: str) -> str:
    """Write down which key the data folder is encrypted with; give what stands there in the end."""
    make_durable_dir(settings.keys_dir)
    value = json.dumps({"key_id": key_id}, indent=1) + "\n"
    if not _put_new(settings.keys_dir / _INSTALLATION, value.encode("ascii"), mode=0o444):
        return remembered_key_id(settings) or key_id
    return key_id


def _put_new(path: Path, data: bytes, *, mode: int) -> bool:
    """Write a file whole under a name that is free; False when another process took the name."""
    temporary = part_sibling(path)
    try:
        write_new(temporary, data, mode=mode)
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    fsync_dir(path.parent)
    return True
