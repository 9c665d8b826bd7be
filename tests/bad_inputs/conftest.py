"""One warehouse in memory for all cases of a worker: making it costs more than a decision.

The makers of odd workbooks and SPSS files are those of the readers' own tests.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "intake" / "readers"))

import duckdb
import pytest
from bad_input_harness import cells_of, gate_connection
from repeated_values import repeated


@pytest.fixture(autouse=True)
def nothing_logged(
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[None]:
    """No log line at any level, and no output of any process, repeats what stands in a cell."""
    caplog.set_level(logging.NOTSET)
    yield
    callspec = getattr(request.node, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    if case is not None:
        logged = "\n".join(record.getMessage() for record in caplog.get_records("call"))
        assert repeated(cells_of(case), logged, *capfd.readouterr()) == []


@pytest.fixture(scope="session")
def gate() -> Iterator[duckdb.DuckDBPyConnection]:
    with gate_connection() as con:
        yield con
