"""Opening a finished DuckDB file as it is on disk now.

DuckDB shares one instance per path inside a process: as long as any connection to a path is open, a
new one sees the file that connection opened, not the one swapped in since. A fresh instance that
attaches the file does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

IN_MEMORY: Final[dict[str, str | bool | int | float | list[str]]] = {"temp_directory": ""}
"""Nothing is spilled to disk: by default it would go into the folder the process started in."""


@contextmanager
def open_read_only(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the file that `path` names at this moment, read-only, under the name of its stem.

    Raises:
        duckdb.Error: The file is missing or no database.
    """
    connection = duckdb.connect(config=IN_MEMORY)
    try:
        target, name = str(path).replace("'", "''"), path.stem.replace('"', '""')
        connection.execute(f"attach '{target}' as \"{name}\" (read_only)")
        connection.execute(f'use "{name}"')
        yield connection
    finally:
        connection.close()
