"""One warehouse in memory for all cases of a worker: making it costs more than a decision.

The makers of odd workbooks and SPSS files are those of the readers' own tests.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "intake" / "readers"))

import duckdb
import pytest
from bad_input_harness import gate_connection


@pytest.fixture(scope="session")
def gate() -> Iterator[duckdb.DuckDBPyConnection]:
    with gate_connection() as con:
        yield con
