"""Is a file that nobody vouches for complete? Quiet for a while, whole, and let go of.

A sender who renames from `.part` or lists a `.sha256` is believed at once and never comes here.
Only the ends of a file are read: this runs at every look at the inbox, in the parent process, on
bytes nobody has checked yet. What a file means is the readers' business.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pipelines.durable import open_regular
from pipelines.intake.names import Reason

HEAD_BYTES: Final = 8
TAIL_BYTES: Final = 1 << 16
PATIENCE: Final = 5
"""A file whose end proves nothing (text without a final newline) waits this many times longer."""
CLOCK_SET_BACK_SECONDS: Final = 3600.0
"""A stamp further ahead than this is no write in progress: the clock was set back since."""

Structure = Literal["whole", "plausible", "cut_off"]

SETTLING = Reason(
    "inbox.settling",
    "Filen er lige ændret; der ventes, til den er faldet til ro.",
    "The file has just changed; waiting until it has settled.",
    "En fil, der er kopieret ind for et sekund siden.",
)
CUT_OFF = Reason(
    "inbox.cut_off",
    "Filen er ikke hel: den slutter midt i en linje eller mangler sin slutning. Aflever den igen.",
    "The file is not whole: it ends inside a line or lacks its ending. Deliver it again.",
    "En kopiering, der blev afbrudt undervejs.",
)
EMPTY = Reason(
    "inbox.empty",
    "Filen eller mappen er tom. Aflever den igen.",
    "The file or folder is empty. Deliver it again.",
    "En fil på 0 bytes eller en tom mappe.",
)

_ZIP_END: Final = struct.Struct("<4s4H2LH")


@dataclass(frozen=True)
class SeenFile:
    """A file as a look at the inbox found it; `name` is the name it will keep."""

    name: str
    path: Path
    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, name: str, path: Path, status: os.stat_result) -> SeenFile:
        """Take down what a status says."""
        return cls(
            name, path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
        )

    def is_unchanged(self, status: os.stat_result) -> bool:
        """Say whether a later status is that of the same bytes."""
        return (self.size, self.mtime_ns, self.inode) == (
            status.st_size,
            status.st_mtime_ns,
            status.st_ino,
        )


def quiet_seconds(stamps_ns: Iterable[int], now: datetime) -> float:
    """Say for how long nothing has changed.

    The change time of the file system counts as well as the modification time: a copy that keeps
    old modification times is still seen to be going on.
    """
    newest = max(stamps_ns, default=0) / 1e9
    quiet = now.timestamp() - newest
    return float("inf") if quiet < -CLOCK_SET_BACK_SECONDS else quiet


def unproven(files: Iterable[SeenFile], quiet: float, settle_seconds: float) -> Reason | None:
    """Say why files are not yet taken to be complete, or None when they are.

    Args:
        files: The files of one item.
        quiet: For how long the item has not changed.
        settle_seconds: For how long it must not have changed.
    """
    if quiet < settle_seconds:
        return SETTLING
    listed = tuple(files)
    if not listed or any(file.size == 0 for file in listed):
        return EMPTY
    structures = {structure_of(file.path) for file in listed}
    if "cut_off" in structures:
        return CUT_OFF
    if "plausible" in structures and quiet < settle_seconds * PATIENCE:
        return SETTLING
    if any(is_being_written(file.path) for file in listed):
        return SETTLING
    return None


def is_being_written(path: Path) -> bool:
    """Say whether a process of this machine has the file open for writing.

    A copy that pauses at the end of a line looks like a whole file; whoever writes it has not let
    go of it, though. The kernel grants a lease for reading only where nobody has. False where it
    cannot tell: for a writer on another machine, or a file that is not ours.
    """
    descriptor = open_regular(path)
    try:
        # who opens it for writing just now would be waited for, and we be sent a signal: one that
        # is ignored, where the default one ends a process
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    finally:
        os.close(descriptor)
    return False


def structure_of(path: Path) -> Structure:
    """Judge by its two ends whether a file is whole."""
    descriptor = open_regular(path)
    try:
        size = os.fstat(descriptor).st_size
        head = os.pread(descriptor, HEAD_BYTES, 0)
        start = max(0, size - TAIL_BYTES)
        start -= start % 2
        tail = os.pread(descriptor, TAIL_BYTES + 1, start)
    finally:
        os.close(descriptor)
    return _structure(head, tail, size)


def structure_of_data(data: bytes) -> Structure:
    """Judge the same of a file that is in memory."""
    start = max(0, len(data) - TAIL_BYTES)
    return _structure(data[:HEAD_BYTES], data[start - start % 2 :], len(data))


def _structure(head: bytes, tail: bytes, size: int) -> Structure:
    if head.startswith(b"PK\x03\x04"):
        return _zip_structure(tail, size)
    if head.startswith(b"%PDF"):
        return "whole" if b"%%EOF" in tail[-2048:] else "cut_off"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16-le" if head.startswith(b"\xff\xfe") else "utf-16-be"
        if size % 2:
            return "cut_off"
        return _text_structure(tail.decode(encoding, errors="replace"))
    if b"\0" in tail:
        return "plausible"
    return _text_structure(tail.decode("latin-1"))


def _zip_structure(tail: bytes, size: int) -> Structure:
    """A zip (an XLSX, a DOCX) is whole when its directory is where its last record says."""
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _ZIP_END.size:
        return "cut_off"
    record = _ZIP_END.unpack_from(tail, at)
    directory_bytes, directory_start, comment_bytes = record[5], record[6], record[7]
    if 0xFFFFFFFF in (directory_bytes, directory_start):
        return "plausible"
    end_of_directory = size - len(tail) + at
    ends_here = at + _ZIP_END.size + comment_bytes == len(tail)
    return (
        "whole"
        if ends_here and directory_start + directory_bytes <= end_of_directory
        else "cut_off"
    )


def _text_structure(tail: str) -> Structure:
    """Text is whole with a final newline; without one its last line must have all its fields."""
    text = tail.rstrip("\x1a\0")
    if text.endswith(("\n", "\r")):
        return "whole"
    lines = text.splitlines()
    if not lines:
        return "cut_off"
    last, before = lines[-1], lines[-6:-1]
    for separator in (";", "\t", "|", ","):
        counts = {line.count(separator) for line in before}
        is_table = len(before) >= 2 and len(counts) == 1 and 0 not in counts
        if is_table and '"' not in "".join((last, *before)):
            return "plausible" if last.count(separator) in counts else "cut_off"
    return "cut_off" if last.count('"') % 2 else "plausible"
