"""The kernel locks that keep one writer at a time, and say who holds them.

A kernel `flock` ends with its process, however the process ends, so no lock is ever stale. The
file's content (the holder's pid) is only for the message; it grants nothing.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.settings import Settings

POLL_SECONDS = 0.05


class LockBusyError(RuntimeError):
    """Another process holds the lock; `holder_pid` is its process id when it is known."""

    def __init__(self, path: Path, purpose: str, holder_pid: int | None) -> None:
        self.path = path
        self.holder_pid = holder_pid
        who = f"process {holder_pid}" if holder_pid is not None else "another process"
        super().__init__(
            f"{who} holds the {purpose} lock ({path.name}); "
            "wait for it to finish, or end that process: the lock goes with it"
        )


def holder_pid(path: Path) -> int | None:
    """Read the pid that the last holder wrote; None when there is none to read."""
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    return int(text) if text.isdigit() else None


def is_held(path: Path) -> bool:
    """Whether a process holds the lock on `path`; asking leaves no trace in the file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def kernel_lock(path: Path, *, wait_seconds: float, purpose: str) -> Iterator[None]:
    """Hold an exclusive kernel lock on `path` for the duration of the block.

    Args:
        path: The lock file, made when missing and never removed (removing it would let two in).
        wait_seconds: How long to wait for another holder; 0 tries once.
        purpose: What the lock guards, for the message.

    Raises:
        LockBusyError: If another process still holds it after `wait_seconds`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        _acquire(descriptor, path, wait_seconds, purpose)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait_seconds: float, purpose: str) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise LockBusyError(path, purpose, holder_pid(path)) from None
            time.sleep(min(POLL_SECONDS, max(0.0, deadline - time.monotonic())))


@contextmanager
def writer_lock(settings: Settings, wait_seconds: float = 0.0) -> Iterator[None]:
    """Be the one process that builds and promotes the warehouse."""
    with kernel_lock(settings.lock_path, wait_seconds=wait_seconds, purpose="warehouse writer"):
        yield


@contextmanager
def intake_lock(settings: Settings, wait_seconds: float = 0.0) -> Iterator[None]:
    """Be the one process that takes deliveries out of the inbox; a build may go on beside it."""
    path = settings.data_dir / ".intake.lock"
    with kernel_lock(path, wait_seconds=wait_seconds, purpose="intake"):
        yield


@contextmanager
def inbox_lock(settings: Settings, wait_seconds: float = 30.0) -> Iterator[None]:
    """Hold while names appear in or leave the inbox: milliseconds, never while copying."""
    path = settings.data_dir / ".inbox.lock"
    with kernel_lock(path, wait_seconds=wait_seconds, purpose="inbox"):
        yield
