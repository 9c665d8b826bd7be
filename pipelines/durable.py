"""Files that survive a crash: copy with a hash, write whole or not at all, make a rename last.

Only the mechanics that custody and the warehouse share. What is copied, and where to, is decided
by the caller.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

CHUNK_BYTES = 1 << 22
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Checkpoint(Protocol):
    """A hook called at named points, so that a test can stop the process exactly there."""

    def __call__(self, name: str, /) -> None:
        """Do nothing in production; a fault-injection test kills the process here."""


def no_checkpoint(name: str, /) -> None:
    """The hook of production: nothing happens at any point."""
    del name


class ChangedWhileReadError(OSError):
    """The file was written to, or swapped, while it was being copied."""


class NotARegularFileError(OSError):
    """A link, FIFO, socket or device stood where a file was expected; it was not followed."""


def open_regular(path: Path) -> int:
    """Open a regular file for reading without following a link or waiting on a FIFO.

    Returns:
        A file descriptor that the caller closes.

    Raises:
        NotARegularFileError: If the path is anything but a regular file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise NotARegularFileError(error.errno, "not a regular file", str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotARegularFileError(errno.EINVAL, "not a regular file", str(path))
    return descriptor


def sha256_of(path: Path) -> str:
    """Hash a regular file in constant memory."""
    digest = hashlib.sha256()
    with os.fdopen(open_regular(path), "rb", buffering=0) as source:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def copy_hashed(source: Path, target: Path, *, mode: int = 0o644) -> tuple[str, int]:
    """Copy a regular file into a new one, hashing what is written, and flush it to disk.

    Args:
        source: A regular file; a link is not followed.
        target: Must not exist.
        mode: Permissions of the copy.

    Returns:
        The sha256 of the bytes copied and their number.

    Raises:
        ChangedWhileReadError: If the source changed between the first byte and the last.
    """
    digest = hashlib.sha256()
    total = 0
    with (
        standing_still(source) as reader,
        target.open("xb", buffering=0) as writer,
        ThreadPoolExecutor(1) as hasher,
    ):
        while chunk := reader.read(CHUNK_BYTES):
            # hashing lets go of the interpreter: it costs nothing beside the writing
            hashed = hasher.submit(digest.update, chunk)
            write_all(writer.fileno(), chunk)
            total += len(chunk)
            hashed.result()
        os.fchmod(writer.fileno(), mode)
        os.fsync(writer.fileno())
    return digest.hexdigest(), total


@contextmanager
def standing_still(source: Path) -> Iterator[IO[bytes]]:
    """Open a regular file to be read to its end, and make sure that it stood still meanwhile.

    Raises:
        NotARegularFileError: If it is a link or anything but a regular file.
        ChangedWhileReadError: On leaving, if the file changed since it was opened.
    """
    descriptor = open_regular(source)
    with os.fdopen(descriptor, "rb", buffering=0) as reader:
        before = os.fstat(descriptor)
        yield reader
        after = os.fstat(descriptor)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or (
            reader.tell() != after.st_size
        ):
            raise ChangedWhileReadError(errno.EAGAIN, "changed while it was read", str(source))


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write every byte; a short write is continued, not lost."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def append_all(
    descriptor: int, end: int, data: bytes, written: Callable[[], None] = lambda: None
) -> None:
    """Write to the end of a file and flush it; a write that fails, or in part, leaves nothing.

    Args:
        descriptor: The file, open for writing and locked.
        end: Where to write; what lies behind it is no more.
        data: What to write.
        written: Called before the flush.
    """
    try:
        os.ftruncate(descriptor, end)
        os.lseek(descriptor, end, os.SEEK_SET)
        write_all(descriptor, data)
        written()
        os.fsync(descriptor)
    except OSError:
        # the disk is full, most of all; whoever hears that it failed may do it again
        os.ftruncate(descriptor, end)
        raise


def write_new(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file that must not exist yet and flush it to disk."""
    with path.open("xb", buffering=0) as writer:
        write_all(writer.fileno(), data)
        os.fchmod(writer.fileno(), mode)
        os.fsync(writer.fileno())


def write_replacing(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file whole or not at all: a hidden sibling, flushed, then renamed over the old."""
    temporary = part_sibling(path)
    try:
        write_new(temporary, data, mode=mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_dir(path.parent)


def part_sibling(path: Path) -> Path:
    """A hidden, unused name beside `path` that every scan reads as "still being written"."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")


def fsync_dir(path: Path) -> None:
    """Make the names in a directory last: without it a rename may be undone by a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_file(path: Path) -> None:
    """Flush a file that another library has written and closed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_durable_dir(path: Path) -> None:
    """Create a directory and its parents, and make their names last."""
    missing: list[Path] = []
    current = path
    while not current.is_dir():
        missing.append(current)
        current = current.parent
    for directory in reversed(missing):
        directory.mkdir(exist_ok=True)
        fsync_dir(directory.parent)


def exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step, so that at no moment either is missing.

    Returns:
        False, and nothing done, where the system or the file system cannot.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    places = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if rename(*places, _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.EXDEV, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(one))


def is_open_here(path: Path) -> bool:
    """Say whether this process has the file open; False where the system cannot tell."""
    wanted = path.stat()
    for descriptor in _descriptors():
        try:
            status = descriptor.stat()
        except OSError:
            continue
        if (status.st_dev, status.st_ino) == (wanted.st_dev, wanted.st_ino):
            return True
    return False


def is_replaced_here(path: Path) -> bool:
    """Say whether this process still has open what stood at `path` before it was replaced."""
    gone = f"{path.resolve()} (deleted)"
    for descriptor in _descriptors():
        try:
            if str(descriptor.readlink()) == gone:
                return True
        except OSError:
            continue
    return False


def _descriptors() -> list[Path]:
    own = Path("/proc/self/fd")
    return list(own.iterdir()) if own.is_dir() else []
