"""The seeds as DuckDB tables of text, and the collected files they came from where at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS_DIR = ROOT / "dbt_project" / "seeds"
SHARED_DIR = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def seeds() -> Iterator[duckdb.DuckDBPyConnection]:
    """One table per seed, every column text, an empty cell NULL."""
    with duckdb.connect() as connection:
        for path in sorted(SEEDS_DIR.glob("*.csv")):
            connection.execute(
                f"create table {path.stem} as select * from read_csv(?, all_varchar = true, "
                "header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = true)",
                [str(path)],
            )
        yield connection


@pytest.fixture(scope="session")
def reference_folder() -> Path:
    """The collected files the register seeds were carried over from."""
    folder = SHARED_DIR / "reference"
    if not folder.is_dir():
        pytest.skip("../shared/reference is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def report_lines() -> list[str]:
    """The 2015 report's text, line 1 at index 0."""
    path = SHARED_DIR / "report" / "kommunerne-paa-banen-2015.txt"
    if not path.is_file():
        pytest.skip("../shared/report is not beside this checkout")
    return path.read_text(encoding="utf-8").split("\n")
