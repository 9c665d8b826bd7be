"""Opening a snapshot so that a query can read it and nothing else, and cannot change that.

DuckDB is a library: a query reads and writes whatever the process may, unless it was told otherwise
before. Whoever lets other people's queries run uses this, or the same settings (docs/serving.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import duckdb

LOCKED: Mapping[str, str | bool | int] = MappingProxyType(
    {
        # no file but this one: not read, written, attached, listed or fetched
        "enable_external_access": False,
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_unsigned_extensions": False,
        # a table's name never stands for a variable of the program that asks
        "python_enable_replacements": False,
        # a large query fails instead of filling a disk
        "temp_directory": "",
        "memory_limit": "2GB",
        "threads": 2,
        # and none of this can be taken back by a query
        "lock_configuration": True,
    }
)


@contextmanager
def opened_locked(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file read-only and locked for the block.

    Args:
        path: The file. It is opened with settings of its own only where this process has it not
            open already.
    """
    with duckdb.connect(str(path), read_only=True, config=dict(LOCKED)) as con:
        yield con
