"""Models are written in what DuckDB and Spark share; what differs has a macro (`macros/dialect/`).

Whether the figures are the same on both is tried by running Spark (`test_spark.py`); here is what
can be told from the text alone, so that nobody learns of it a release later.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"

# what only DuckDB understands, or Spark takes for something else: pattern, and what to write
ONLY_DUCKDB = {
    r"\bvarchar\b": "string",
    r"::": "cast(x as type)",
    r"\b100\.0 \*": "100 * (Spark keeps decimals and rounds them)",
    r"\bunnest\(": "each_of",
    r"\brange\(": "whole_numbers",
    r"\blist\(": "array_agg",
    r"\blist_(append|contains|sort|distinct|filter|has_any|aggregate|transform)\(": "array_…",
    r"\bstring_split\(": "items_of",
    r"\b(string_agg|group_concat|listagg)\(": "joined_distinct",
    r"\barray_to_string\(": "joined",
    r"\bdate_diff\(": "days_between",
    r"\barg_(min|max)\(": "min_by, max_by",
    r"\blgamma\(": "ln_choose",
    r"\bround_even\(": "round_half_even",
    r"\b(exclude|replace) \(": "the columns by name",
    r"\basof\b": "a join with row_number()",
    r"\bdistinct on\b": "group by, or row_number()",
    r"\bby name\b": "union_all_by_name",
    r"\blambda\b": "items_where",
    r"[\w)]\[-?\d*:-?\d*\]": "left, substr",
    r"\b[lr]trim\([^()]*,": "trim(leading … from …)",
    r"filter \(where [^()]*\) over\b": "a case inside the window's function",
}


def written() -> list[Path]:
    """What analysts write: models, tests and macros, but for those that are there to differ."""
    return [
        path
        for folder in ("models", "tests", "macros")
        for path in sorted((DBT / folder).rglob("*.sql"))
        if path.parent.name != "dialect"
    ]


def only_duckdb(sql: str) -> dict[str, str]:
    """What only DuckDB understands in a text, with what to write instead."""
    code = re.sub(r"\{#.*?#\}", "", sql, flags=re.DOTALL)
    code = re.sub(r"--[^\n]*", "", code)
    return {
        found.group(): instead
        for pattern, instead in ONLY_DUCKDB.items()
        if (found := re.search(pattern, code))
    }


def test_models_say_nothing_that_only_duckdb_understands() -> None:
    found = {
        str(path.relative_to(DBT)): wrong
        for path in written()
        if (wrong := only_duckdb(path.read_text(encoding="utf-8")))
    }
    assert not found


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(x as varchar) from t",
        "select unnest([1, 2])",
        "select label[2:] from t",
        "select sum(x) filter (where y) over (partition by z) from t",
        "select ltrim(x, '0') from t",
    ],
)
def test_what_only_duckdb_understands_is_found(sql: str) -> None:
    assert only_duckdb(sql)
    assert not only_duckdb(f"-- {sql}\nselect 1")


def test_each_dialect_macro_is_there_for_both_engines() -> None:
    named = {
        name
        for path in (DBT / "macros/dialect").glob("*.sql")
        for name in re.findall(r"\{%-? macro (\w+)\(", path.read_text(encoding="utf-8"))
    }
    dispatched = {
        name
        for path in (DBT / "macros/dialect").glob("*.sql")
        for name in re.findall(r"dispatch\('(\w+)'\)", path.read_text(encoding="utf-8"))
    }
    assert dispatched
    assert {f"{engine}__{name}" for name in dispatched for engine in ("default", "spark")} <= named
