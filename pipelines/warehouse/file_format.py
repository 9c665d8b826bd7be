"""How our DuckDB files are written: a storage version that readers can open, nothing left over.

Empty files and rewritten ones. What is in the tables, and which file is live, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from pipelines.durable import part_sibling
from pipelines.warehouse.threads import fit_threads

STORAGE_VERSION: Final = "v1.4.0"
"""Readers of that DuckDB version, Evidence's among them, must be able to open the file."""

# Nothing is ever fetched from the network to answer a query.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


def new_database(path: Path) -> None:
    """Make an empty database in the storage version that older readers can open.

    Raises:
        FileExistsError: If there is a file already.
    """
    if path.exists():
        raise FileExistsError(path)
    with _fresh(path):
        pass


def rewrite_database(path: Path) -> None:
    """Copy all that a closed database holds into a new file, and put that in its place.

    DuckDB leaves deleted and replaced values in the file until their place is used again: what
    was withdrawn, superseded or erased would still be there for whoever looks at the bytes.

    Args:
        path: The file; nobody may have it open. It keeps its name, which its views hold.
    """
    temporary = part_sibling(path)
    try:
        with _fresh(temporary) as con:
            con.execute(f"attach '{_quoted(path)}' as old (read_only)")
            fit_threads(con)
            con.execute("copy from database old to fresh")
            con.execute("detach old")
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _fresh(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    # what does not fit into memory goes beside the file, where a killed run is swept up after:
    # DuckDB's own place for it is whatever folder the process was started in
    spill = {"temp_directory": f"{path}.tmp"}
    with duckdb.connect(":memory:", config={**CONFIG, **spill}) as con:
        con.execute(f"attach '{_quoted(path)}' as fresh (storage_version '{STORAGE_VERSION}')")
        yield con
        con.execute("checkpoint fresh")
        con.execute("detach fresh")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
