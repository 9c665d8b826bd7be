"""`release.duckdb`: a DuckDB file whose bytes follow from the released cells alone.

DuckDB leaves whatever its memory held in the gaps of a file, and writes a random identifier into
its headers. So the file is written by a process of its own, which has nothing but released cells
in memory and whose memory begins as zeros; then the identifier is replaced by one made from the
content, and the headers' checksums are set accordingly. What was suppressed cannot lie in a gap.
"""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

from pipelines.durable import fsync_file
from pipelines.publish.model import Release
from pipelines.publish.store import STORAGE_VERSION, write_release
from pipelines.release.versions import ReleaseError

_COPIER: Final = "pipelines.release.zeroed_copy"
_ZEROED: Final = {"DUCKDB_JE_MALLOC_CONF": "zero:true"}
"""Read by DuckDB's memory allocator when it is loaded, so only a new process can be told."""
_HEADER_BYTES: Final = 4096
_HEADERS: Final = 3
_IDENTIFIER: Final = slice(124, 140)
_WORD: Final = (1 << 64) - 1


class DatabaseError(ReleaseError):
    """The database of a release could not be written so that its bytes can be made again."""


def write_reproducible(release: Release, path: Path) -> None:
    """Write a release's database to a path that holds none: the same release, the same bytes.

    Raises:
        DatabaseError: If DuckDB writes files in another way than the one known here.
    """
    passed_on = path.with_name(f".{path.name}.cells")
    passed_on.unlink(missing_ok=True)
    write_release(release, passed_on)
    try:
        copy_reproducible(passed_on, path)
    finally:
        passed_on.unlink()


def copy_reproducible(source: Path, path: Path) -> None:
    """Copy a release's database to a path that holds none: the same release, the same bytes.

    Raises:
        DatabaseError: If DuckDB writes files in another way than the one known here.
    """
    wrong = copied_in_zeroes(source, path)
    if wrong:
        raise DatabaseError(f"{path.name} could not be written: {wrong}")
    data = bytearray(path.read_bytes())
    settle(data)
    path.write_bytes(data)
    fsync_file(path)


def copied_in_zeroes(source: Path, target: Path) -> str | None:
    """Copy a DuckDB file in a process of its own; gives what went wrong, if anything did."""
    done = subprocess.run(
        [sys.executable, "-m", _COPIER, str(source), str(target), STORAGE_VERSION],
        env={**os.environ, **_ZEROED},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stderr.strip()[-500:] or "no reason given" if done.returncode else None


def settle(data: bytearray) -> None:
    """Make the file's identifier follow from its content, in place.

    Raises:
        DatabaseError: If the headers are not of the form known here.
    """
    headers = [slice(n * _HEADER_BYTES, (n + 1) * _HEADER_BYTES) for n in range(_HEADERS)]
    if any(_stored_checksum(data[one]) != _checksum(data[one]) for one in headers):
        raise DatabaseError("the headers are not of the form that this version of DuckDB writes")
    random_one, end = bytes(data[_IDENTIFIER]), _HEADERS * _HEADER_BYTES
    places = [at for at in range(end) if data[at : at + len(random_one)] == random_one]
    if not any(random_one) or len(places) > _HEADERS:
        raise DatabaseError("the identifier of the file is not where it is expected")
    settled = hashlib.sha256(bytes(data[end:])).digest()[: len(random_one)]
    for at in places:
        data[at : at + len(settled)] = settled
    for one in headers:
        data[one.start : one.start + 8] = struct.pack("<Q", _checksum(data[one]))


def _stored_checksum(header: bytearray) -> int:
    (stored,) = struct.unpack_from("<Q", header)
    return int(stored)


def _checksum(header: bytearray) -> int:
    """DuckDB's checksum of a header, which stands in its first eight bytes."""
    total = 5381
    for (word,) in struct.iter_unpack("<Q", header[8:]):
        total ^= (word * 0xBF58476D1CE4E5B9) & _WORD
    return total
