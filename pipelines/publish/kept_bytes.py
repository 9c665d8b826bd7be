"""Bytes kept in a file with their checksum: what is damaged is not there, and is made again.

A file cut short, one that a lost machine left with zeros in it, a flipped bit: none of them may
reach a reader as a table or a figure.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

_LENGTH = hashlib.sha256().digest_size


def read_kept(path: Path) -> bytes | None:
    """Return what is kept in a file; None where there is none, or it is damaged."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    checksum, data = found[:_LENGTH], found[_LENGTH:]
    return data if hashlib.sha256(data).digest() == checksum else None


def keep(path: Path, data: bytes) -> None:
    """Keep bytes in a file, whole or not at all, whoever else makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(hashlib.sha256(data).digest() + data)
    Path(name).replace(path)
