"""One warehouse in memory for all cases of a worker: making it costs more than a decision."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from bad_input_harness import gate_connection


@pytest.fixture(scope="session")
def gate() -> Iterator[duckdb.DuckDBPyConnection]:
    with gate_connection() as con:
        yield con
