"""A disk of our own that is really full: a small file system in memory, mounted for one process.

In a name space of its own (`unshare`), so that nobody else sees it and it goes with the process. As
root that is allowed; as anyone else where the kernel lets users have name spaces.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kills import forked

from pipelines.durable import Checkpoint

MEBI = 1 << 20
_BALLAST = "ballast"
_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNS, _CLONE_NEWUSER = 0x00020000, 0x10000000
_MS_PRIVATE_AND_REC = (1 << 18) | (1 << 14)


class CannotMountError(OSError):
    """This system lets nobody mount anything."""


def mount(folder: Path, size: int) -> None:
    """Mount a file system of a size for this process, which must be a forked child, and its own.

    Raises:
        CannotMountError: If that is not allowed here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    user, group = os.getuid(), os.getgid()
    if user == 0:
        _insist(_LIBC.unshare(_CLONE_NEWNS))
    else:
        _insist(_LIBC.unshare(_CLONE_NEWNS | _CLONE_NEWUSER))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    _insist(_LIBC.mount(b"none", b"/", None, _MS_PRIVATE_AND_REC, None))
    options = f"size={size}".encode()
    _insist(_LIBC.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, options))


def fill(folder: Path) -> None:
    """Leave not a byte of room on the file system of a folder."""
    block = bytes(MEBI)
    with (folder / _BALLAST).open("ab", buffering=0) as ballast:
        while block:
            try:
                ballast.write(block)
            except OSError:
                block = block[: len(block) // 2]


def make_room(folder: Path) -> None:
    """Take away what `fill` put there."""
    (folder / _BALLAST).unlink(missing_ok=True)


def full_from(folder: Path, point: str) -> Checkpoint:
    """The hook that fills a disk when a point is passed for the first time."""
    is_full = False

    def checkpoint(passed: str, /) -> None:
        nonlocal is_full
        if passed == point and not is_full:
            is_full = True
            fill(folder)

    return checkpoint


def with_small_disk(folder: Path, size: int, work: Callable[[], Any]) -> Any:
    """The answer of work that is done in a process with a small disk at a folder.

    Returns:
        The answer, or the `CannotMountError` where nothing can be mounted.
    """

    def child() -> Any:
        try:
            mount(folder, size)
        except OSError as error:
            return CannotMountError(error.errno, error.strerror)
        return work()

    return forked(child)


def on_small_disk(folder: Path, size: int, work: Callable[[], Any]) -> Any:
    """The same; skips the test, with the reason, where nothing can be mounted."""
    answer = with_small_disk(folder, size, work)
    if isinstance(answer, CannotMountError):
        pytest.skip(f"no disk can be mounted here: {answer.strerror}")
    return answer


def error_of(work: Callable[[Checkpoint], object], checkpoint: Checkpoint) -> Exception | None:
    """What work ended with."""
    try:
        work(checkpoint)
    except Exception as error:
        return error
    return None


def _insist(outcome: int) -> None:
    if outcome != 0:
        number = ctypes.get_errno()
        raise CannotMountError(number, os.strerror(number))
