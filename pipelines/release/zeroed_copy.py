"""Copies a DuckDB file in a process that holds nothing else: started by `database`, never imported.

Imports DuckDB and the standard library only, so that it starts at once.
"""

from __future__ import annotations

import sys

import duckdb


def copy(source: str, target: str, storage_version: str) -> None:
    """Copy every table of `source` into the new file `target`, rows in their order."""
    connection = duckdb.connect(config={"threads": 1, "temp_directory": ""})
    for name, path, options in (
        ("source", source, "read_only"),
        ("target", target, f"storage_version '{storage_version}'"),
    ):
        place = path.replace("'", "''")
        connection.execute(f"attach '{place}' as {name} ({options})")
    connection.execute("copy from database source to target")
    connection.execute("checkpoint target")
    connection.execute("detach target")
    connection.close()


if __name__ == "__main__":
    copy(*sys.argv[1:4])
