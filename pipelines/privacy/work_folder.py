"""Where decrypted bytes stand while they are read: a private folder, or a file without a name.

In memory (`/dev/shm`) where that has room to spare, so that plaintext never touches a disk; below
the data folder otherwise. A kernel lock held while the folder is in use tells what a killed
process left from what another one is working in; a file without a name is gone with its process.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

MEMORY: Final = Path("/dev/shm")
SHARE: Final = 4
"""At most this part of the free memory-backed space is taken."""
_LOCK: Final = ".lock"


@contextmanager
def work_folder(on_disk: Path, size: int) -> Iterator[Path]:
    """Give an empty folder that only this user can enter; removed with all in it at the end.

    Args:
        on_disk: The installation's own place for such folders; made when missing. They are in it
            when memory has no room.
        size: How many bytes are going to be put into it.
    """
    on_disk.mkdir(mode=0o700, parents=True, exist_ok=True)
    parent = MEMORY if _has_room(size) else on_disk
    folder = parent / f"{_prefix(on_disk)}{secrets.token_hex(8)}"
    with _locked(on_disk):
        folder.mkdir(mode=0o700)
        held = _lock(folder, fcntl.LOCK_EX)
    try:
        inner = folder / "files"
        inner.mkdir(mode=0o700)
        yield inner
    finally:
        try:
            shutil.rmtree(folder)
        finally:
            os.close(held)


def unnamed_file(most: int) -> IO[bytes]:
    """Open an empty file that has no name; in memory where that has room.

    Args:
        most: How many bytes may be written to it.
    """
    return tempfile.TemporaryFile(dir=MEMORY if _has_room(most) else None)


def sweep_work_folders(on_disk: Path) -> int:
    """Remove what killed processes left, in memory and on disk.

    Returns:
        How many folders were removed.
    """
    if not on_disk.is_dir():
        return 0
    removed = 0
    with _locked(on_disk):
        for parent in (MEMORY, on_disk):
            for folder in parent.glob(f"{_prefix(on_disk)}*"):
                if _is_ours(folder) and not _is_in_use(folder):
                    shutil.rmtree(folder)
                    removed += 1
    return removed


@contextmanager
def _locked(on_disk: Path) -> Iterator[None]:
    """Hold while a folder appears: a sweep must not see one before its lock is taken."""
    descriptor = _lock(on_disk, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(folder: Path, operation: int) -> int:
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, operation)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _is_in_use(folder: Path) -> bool:
    try:
        os.close(_lock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def _is_ours(folder: Path) -> bool:
    """In a folder open to all, a name may have been taken by somebody else."""
    status = os.lstat(folder)
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()


def _prefix(on_disk: Path) -> str:
    """What the installation's folders are called, so that a sweep finds them again."""
    mark = hashlib.sha256(str(on_disk.resolve()).encode()).hexdigest()[:16]
    return f"boligsocial-monitor-{os.getuid()}-{mark}-"


def _has_room(size: int) -> bool:
    try:
        return size * SHARE <= shutil.disk_usage(MEMORY).free
    except OSError:
        return False
