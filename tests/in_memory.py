"""Where tests put their files: in memory where that has room, for a disk is waited for.

Custody makes every file durable, and SQLite every event of a run: some ten thousand `fsync` in all,
each of them milliseconds in which a core does nothing. Nothing here pulls a plug, so memory proves
as much. `PYTEST_DEBUG_TEMPROOT=/tmp` has the files on disk and keeps them, as pytest does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOT_ENV = "PYTEST_DEBUG_TEMPROOT"
ROOM = 6 << 30
"""The files of all tests take two gigabytes, and the processes beside them need memory too."""
_PREFIX = "monitor-tests-"


def put_files_in_memory() -> Path | None:
    """Name a folder in memory as the one pytest makes its folders in; the caller removes it.

    Returns:
        The folder, or None: somebody named another, a process of this run has done so already, or
        there is no room.
    """
    if ROOT_ENV in os.environ or not MEMORY.is_dir() or min(_room()) < ROOM:
        return None
    for left in MEMORY.glob(f"{_PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(_PREFIX)).exists():
            remove(left)
    folder = MEMORY / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o700)
    os.environ[ROOT_ENV] = str(folder)
    return folder


def remove(folder: Path) -> None:
    """Remove a folder with what is read-only in it, such as an archive."""
    for inner, _, _ in os.walk(folder):
        if os.access(inner, os.X_OK):
            Path(inner).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _room() -> Iterator[int]:
    yield shutil.disk_usage(MEMORY).free
    lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    yield next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
    limit, used = (Path("/sys/fs/cgroup", f"memory.{name}") for name in ("max", "current"))
    if limit.is_file() and limit.read_text("ascii").strip() != "max":
        yield int(limit.read_text("ascii")) - int(used.read_text("ascii"))
