"""What the catalogue declares of each indicator is what is built from the shipped deliveries."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest
from shipped_installation import Installation

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live(shipped: Installation) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(shipped.settings.live_path), read_only=True) as connection:
        yield connection


def _built(live: duckdb.DuckDBPyConnection, expression: str) -> dict[str, object]:
    return dict(
        live.execute(
            f"select indicator_id, {expression} from published.pub_indicator_cells group by 1"
        ).fetchall()
    )


@pytest.mark.parametrize(
    ("declared", "expression"),
    [
        ("list_sort(breakdowns)", "list_sort(list(distinct breakdown))"),
        ("list_sort(measures)", "list_sort(list(distinct measure))"),
        ("since_wave", "min(period)"),
    ],
    ids=["breakdowns", "measures", "since"],
)
def test_cells_are_those_declared(
    live: duckdb.DuckDBPyConnection, declared: str, expression: str
) -> None:
    rows = live.execute(f"select indicator_id, {declared} from docs.indicators").fetchall()
    assert dict(rows) == _built(live, expression)


def test_breaks_are_those_of_the_cells(live: duckdb.DuckDBPyConnection) -> None:
    rows = live.execute("select indicator_id, breaks_da, breaks_en from docs.indicators").fetchall()
    broken = _built(live, "list(distinct period) filter (where obs_status = 'B')")
    for indicator, danish, english in rows:
        years = set(re.findall(r"\b(\d{4}):", danish))
        assert years == set(re.findall(r"\b(\d{4}):", english)), indicator
        assert years == set(broken[indicator] or []), indicator


def test_the_unit_declared_is_one_of_the_cells(live: duckdb.DuckDBPyConnection) -> None:
    units = _built(live, "list(distinct unit)")
    for indicator, unit in live.execute(
        "select indicator_id, unit from docs.indicators"
    ).fetchall():
        assert unit in units[indicator], indicator


def test_confidential_are_the_answers_and_what_is_split_by_one(
    live: duckdb.DuckDBPyConnection,
) -> None:
    rows = live.execute(
        "select indicator_id, confidentiality, breakdowns, confidential_breakdowns "
        "from docs.indicators"
    ).fetchall()
    for indicator, secrecy, breakdowns, confidential in rows:
        expected = set(breakdowns) if secrecy == "confidential" else set()
        assert set(confidential) >= expected, indicator
    public = {i: c for i, secrecy, _, c in rows if secrecy == "public" and c}
    assert public["I09"] == ["same_person"]


def test_the_models_say_in_the_database_what_the_catalogue_says(
    live: duckdb.DuckDBPyConnection,
) -> None:
    comments = dict(
        live.execute(
            "select 'I' || table_name[6:7], comment from duckdb_tables() "
            "where schema_name = 'published' and table_name like 'pub_i0%' "
            "or schema_name = 'published' and table_name like 'pub_i1%'"
        ).fetchall()
    )
    rows = live.execute(
        "select indicator_id, title_en, definition_en, base_en from docs.indicators"
    )
    for indicator, *texts in rows.fetchall():
        assert all(text in comments[indicator] for text in texts), indicator
