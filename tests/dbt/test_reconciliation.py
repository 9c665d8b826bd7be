"""A row that gets lost on the way between extract, marts and I07 does not stay unnoticed.

The statements of the dbt tests themselves, on a copy of the tiny warehouse from which one row at a
time is taken; each loss is rolled back. dbt does not run again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rendered_sql import rendered

pytestmark = pytest.mark.slow

EXTRACTS, YEARS = "extract_totals_reconcile", "calendar_years_reconcile"
# What is lost -> the tests that must tell. Plan D is finished: it is in no published extract total.
LOST = {
    "marts.fct_plan_financing where case_number = 'D'": {EXTRACTS},
    "marts.fct_plan_snapshot where case_number = 'D'": {EXTRACTS},
    "marts.fct_plan_financing_year where case_number = 'D' and calendar_year = 2012": {YEARS},
    "raw.driftsstoette_lines where case_number = 'B' and financing_source = 'lbf'": {
        EXTRACTS,
        YEARS,
    },
    **{
        f"published.pub_i07_cofinancing_mix where cell_id = 'I07.{cell}'": {test}
        for cell, test in (
            ("2015-06-30.region.Syddanmark.all.amount_kr", EXTRACTS),
            ("2015-06-30.municipality_type.Land.lbf.amount_kr", EXTRACTS),
            ("2015-06-30.size.large.municipality_cash.amount_kr", EXTRACTS),
            ("2015-06-30.municipality.259.local.amount_kr", EXTRACTS),
            ("2013.grant_pool.2015-18.all.year_amount_kr", YEARS),
            ("2009.size.large.lbf.year_amount_kr", YEARS),
            ("2016.all.all.other.year_amount_kr", YEARS),
        )
    },
    # A whole breakdown, which no sum over what is left would show.
    "published.pub_i07_cofinancing_mix where breakdown = 'municipality'": {EXTRACTS},
    "published.pub_i07_cofinancing_mix where breakdown = 'region'": {EXTRACTS, YEARS},
}
MOVED = {
    # An øre from one source to another leaves every sum as it is but these two plans'.
    "update marts.fct_plan_financing set amount_kr = amount_kr - 0.01 where case_number = 'A' "
    "and financing_source = 'lbf' and extract_date = '2015-06-30'": {EXTRACTS},
    "update published.pub_i07_cofinancing_mix set numerator = numerator + 0.01 "
    "where cell_id = 'I07.2015.all.all.lbf.year_amount_kr'": {YEARS},
}


@pytest.fixture(scope="module")
def statements(tiny: duckdb.DuckDBPyConnection, dbt_dir: Path) -> dict[str, str]:
    """The SQL of both tests."""
    schemas: dict[str, str] = dict(
        tiny.execute("select table_name, schema_name from duckdb_tables()").fetchall()
    )
    return {
        name: rendered(
            dbt_dir,
            f"tests/{name}.sql",
            ("summed_three_ways",),
            lambda model: f"{schemas[model]}.{model}",
        )
        for name in (EXTRACTS, YEARS)
    }


@pytest.fixture(scope="module")
def copy(
    tiny: duckdb.DuckDBPyConnection, tiny_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("lost") / tiny_path.name
    shutil.copy(tiny_path, path)
    with duckdb.connect(str(path)) as connection:
        yield connection


def _telling(copy: duckdb.DuckDBPyConnection, statements: dict[str, str], change: str) -> set[str]:
    copy.execute("begin")
    try:
        assert copy.execute(change).fetchall() != [(0,)], "nothing to lose"
        return {name for name, sql in statements.items() if copy.execute(sql).fetchall()}
    finally:
        copy.execute("rollback")


def test_nothing_is_told_while_nothing_is_lost(
    copy: duckdb.DuckDBPyConnection, statements: dict[str, str]
) -> None:
    assert {name for name, sql in statements.items() if copy.execute(sql).fetchall()} == set()


@pytest.mark.parametrize("rows", LOST, ids=lambda rows: re.sub(r"\W+", "-", rows))
def test_a_lost_row_is_told(
    copy: duckdb.DuckDBPyConnection, statements: dict[str, str], rows: str
) -> None:
    assert _telling(copy, statements, f"delete from {rows}") == LOST[rows]


@pytest.mark.parametrize("change", MOVED, ids=lambda change: change.split()[1])
def test_a_moved_oere_is_told(
    copy: duckdb.DuckDBPyConnection, statements: dict[str, str], change: str
) -> None:
    assert _telling(copy, statements, change) == MOVED[change]
