"""Results that still stand: a table that passed is not asked again until something is other.

What a suite finds follows from its rules, the rows it looks at, what else its rules read, and the
versions of what evaluates them. One key stands for all of it, kept with the result. Only a table
that passed is left alone; whatever failed or warned is looked at again by every run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from pipelines.warehouse.made import contents_of_query
from quality.model import Suite

RESULTS_FOLDER = "results"
_ALWAYS = {"status", "key", "evaluated", "checked_at"}
"""What every result says: one without is none of ours."""
_CODE = hashlib.sha256(
    b"".join(Path(__file__).with_name(name).read_bytes() for name in ("dialect.py", "engine.py"))
).hexdigest()
"""Of what asks Great Expectations and reads its answers, as this process loaded it."""
_ASKED_BY = ("great_expectations", "duckdb", "duckdb_engine", "sqlalchemy")


def key_of(connection: duckdb.DuckDBPyConnection, suite: Suite, row_filter: str | None) -> str:
    """Hash all that decides what a suite finds; the connection is only read from.

    Raises:
        duckdb.Error: A table or column that it needs is not there.
    """
    rows = f"select * from {suite.table}" + (f" where {row_filter}" if row_filter else "")
    cursor = connection.cursor()
    try:
        contents = [contents_of_query(cursor, query) for query in (rows, *suite.reads)]
    finally:
        cursor.close()
    asked = {
        "code": _CODE,
        "versions": [version(name) for name in _ASKED_BY],
        "suite": asdict(suite),
        "row_filter": row_filter,
        "contents": contents,
    }
    return hashlib.sha256(json.dumps(asked, default=str, sort_keys=True).encode()).hexdigest()


def last_result(result_dir: Path, suite: Suite) -> Mapping[str, Any] | None:
    """What the last run kept of a suite; None where there is nothing, or nothing to be read."""
    try:
        text = (result_dir / RESULTS_FOLDER / f"{suite.name}.json").read_text(encoding="utf-8")
        found = json.loads(text)
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) and found.keys() >= _ALWAYS else None


def stands(kept: Mapping[str, Any] | None, key: str) -> bool:
    """Whether a kept result is that of a table that passed and would be asked the same again."""
    return kept is not None and kept.get("status") == "passed" and kept.get("key") == key
