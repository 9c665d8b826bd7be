"""How many threads a connection works with: more than one only where there is work for more.

With few rows DuckDB's threads wait for work more than they do any, at a third of its processor
time. Which rows there are is asked of the catalogue.
"""

from __future__ import annotations

from typing import Final

import duckdb

PARALLEL_FROM_ROWS: Final = 1_000_000


def fit_threads(con: duckdb.DuckDBPyConnection) -> None:
    """Let a database with few rows work with one thread, for all its connections."""
    found = con.execute("select coalesce(max(estimated_size), 0) from duckdb_tables()").fetchone()
    if found is not None and found[0] < PARALLEL_FROM_ROWS:
        con.execute("set threads to 1")
