"""A full disk, told as one: whatever library met it, and with what to do.

Nothing is lost by it: what readers have is replaced whole or not at all, and the archive and the
ledger are written before anything leaves the inbox.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.settings import Settings

LEAST_FREE_BYTES = 1 << 30
WAREHOUSES_FREE = 3
"""A run builds in a copy, dbt spills beside it, and the live one stays until the swap."""
FULL_BELOW_BYTES = 64 << 20
"""Where less is free the disk may be the one that is full: what was half written is gone again."""
MEBI = 1 << 20
_NUMBERS = (errno.ENOSPC, errno.EDQUOT)
_WORDS = ("no space left on device", "disk quota exceeded", "disk is full")
"""As the system says it, and DuckDB, dbt and SQLite repeat it."""


class DiskFullError(RuntimeError):
    """Something could not be written, for the disk is full; the message says what to do."""


def bytes_needed(settings: Settings) -> int:
    """How much free disk a run is sure to get by with."""
    live = settings.live_path.stat().st_size if settings.live_path.is_file() else 0
    return max(LEAST_FREE_BYTES, WAREHOUSES_FREE * live)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error, or one that it came of, is that the disk is full."""
    while error is not None:
        if isinstance(error, DiskFullError):
            return True
        if isinstance(error, OSError) and error.errno in _NUMBERS:
            return True
        if says_disk_full(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def comes_of_full_disk(settings: Settings, error: BaseException) -> bool:
    """The same; also of SQLite's "disk I/O error", where there is no room for its own files."""
    if is_disk_full(error):
        return True
    full = any(_free(path) < MEBI for path in _places(settings))
    return full and "disk i/o error" in str(error).lower()


def says_disk_full(*texts: str | None) -> bool:
    """Whether a library's own words are that the disk is full."""
    return any(words in text.lower() for text in texts if text for words in _WORDS)


@contextmanager
def disk_full_told(settings: Settings) -> Iterator[None]:
    """Tell of a full disk in words, whatever the block met it as.

    Raises:
        DiskFullError: In place of any error that says so.
    """
    try:
        yield
    except DiskFullError:
        raise
    except Exception as error:
        if comes_of_full_disk(settings, error):
            raise disk_full(settings) from error
        raise


def disk_full(settings: Settings) -> DiskFullError:
    """What to say of a full disk: where it is, how much room there must be, what to do."""
    free = {path: _free(path) for path in _places(settings)}
    full = [path for path, left in free.items() if left < FULL_BELOW_BYTES]
    where = "; ".join(f"{free[path] >> 20} MiB free in {path}" for path in full or free)
    return DiskFullError(
        f"the disk is full: {where}. A run needs {bytes_needed(settings) >> 20} MiB free in "
        f"{settings.data_dir}. Nothing is lost, and readers have what they had. Make room (as-of/ "
        "and old backups first; archive, keys, ledger.jsonl and releases must stay), then "
        "`monitor run` goes on"
    )


def _places(settings: Settings) -> Iterable[Path]:
    """Where a run writes, one a disk."""
    seen: set[int] = set()
    for path in (settings.data_dir, settings.dagster_home, Path(tempfile.gettempdir())):
        while not path.exists():
            path = path.parent
        if path.stat().st_dev not in seen:
            seen.add(path.stat().st_dev)
            yield path


def _free(path: Path) -> int:
    return shutil.disk_usage(path).free
