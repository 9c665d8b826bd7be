"""Every suite passes on good tables, and every expectation catches the error it is there for."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import duckdb
import mutations
import pyarrow as pa
import pytest
import small_tables

from pipelines.contracts.loader import load_source, source_names
from quality.arriving import SOURCES, arriving_suites
from quality.engine import check
from quality.model import SQL_RULE, Rule, Suite
from quality.outgoing import candidate_suites, released_suites

ARRIVING = arriving_suites({name: load_source(name) for name in SOURCES})
UNION = candidate_suites()[0]
RELEASED = released_suites()[0]
SUITES = (*ARRIVING, UNION, RELEASED)
CASES = [
    pytest.param(suite, rule.rule_id, id=f"{suite.name}-{rule.rule_id}")
    for suite in SUITES
    for rule in suite.rules
]
HAND_WRITTEN = [case for case in CASES if case.values[0].rule(case.values[1]).kind == SQL_RULE]


@cache
def _raw_layer() -> tuple[duckdb.DuckDBPyConnection, dict[str, pa.Table]]:
    """The good raw tables, and the rows of those that tests plant errors in."""
    con = small_tables.raw_database()
    changed = ("raw.deliveries", *(suite.table for suite in ARRIVING))
    return con, {table: con.execute(f"from {table}").to_arrow_table() for table in changed}


def _database(suite: Suite) -> duckdb.DuckDBPyConnection:
    """Good tables; those of the raw layer are made once, which takes as long as a check."""
    if suite is UNION:
        return small_tables.published_database()
    if suite is RELEASED:
        return small_tables.released_database()
    con, tables = _raw_layer()
    for table, rows in tables.items():
        con.execute(f"truncate {table}")
        con.register("good_rows", rows)
        con.execute(f"insert into {table} by name from good_rows")
        con.unregister("good_rows")
    return con


def _failing(con: duckdb.DuckDBPyConnection, suite: Suite) -> set[str]:
    checked, _ = check(con, suite, suite.row_filter)
    return {one.rule.rule_id for one in checked if not one.success}


def _rows_named_by(con: duckdb.DuckDBPyConnection, suite: Suite, rule: Rule) -> list[Any]:
    """What a hand-written statement selects, asked without Great Expectations."""
    rows = f"(select * from {suite.table} where {suite.row_filter or 'true'})"
    return con.execute(str(rule.kwargs["unexpected_rows_query"]).format(batch=rows)).fetchall()


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_good_tables_pass(suite: Suite) -> None:
    assert _failing(_database(suite), suite) == set()


@pytest.mark.parametrize(("suite", "rule_id"), HAND_WRITTEN)
def test_hand_written_sql_names_the_planted_error(suite: Suite, rule_id: str) -> None:
    """The statement alone, without Great Expectations: cheap enough to run always."""
    con = _database(suite)
    rule = suite.rule(rule_id)
    assert _rows_named_by(con, suite, rule) == []

    con.execute(mutations.planted(suite.name, suite.table, rule))

    assert _rows_named_by(con, suite, rule) != []
    assert tuple(column[0] for column in con.description or ()) == suite.keys_of(rule)


@pytest.mark.slow
@pytest.mark.parametrize(("suite", "rule_id"), CASES)
def test_exactly_the_expectation_of_the_planted_error_fails(suite: Suite, rule_id: str) -> None:
    """Great Expectations is asked all but the hand-written rules that nothing was planted for.

    What those say is their own statement's rows, whoever asks (see the test before); asked so, it
    takes a tenth of the time.
    """
    con, rule = _database(suite), suite.rule(rule_id)
    con.execute(mutations.planted(suite.name, suite.table, rule))
    seen = mutations.seen_by(suite, rule)
    by_statement = [r for r in seen.rules if r.kind == SQL_RULE and r is not rule]

    failing = _failing(
        con, replace(seen, rules=tuple(r for r in seen.rules if r not in by_statement))
    )
    failing |= {r.rule_id for r in by_statement if _rows_named_by(con, suite, r)}

    assert failing == {rule_id} | mutations.SIDE_EFFECTS.get((suite.name, rule_id), set())


def test_every_source_has_a_suite_with_the_rules_of_its_contract() -> None:
    assert set(SOURCES) == set(source_names())
    by_table = {suite.table: {rule.rule_id for rule in suite.rules} for suite in ARRIVING}
    for source in map(load_source, SOURCES):
        errors = {rule.id for rule in source.rules if rule.severity == "error"}
        judged = by_table[f"raw.{source.table}"]
        asked_at_the_gate_only = {
            "D05_municipality_disagrees",
            "T02_municipality_disagrees",
            "S02_municipality_without_plan",
        }
        assert errors - judged <= asked_at_the_gate_only
        assert not judged & {rule.id for rule in source.rules if rule.severity == "warning"}


def test_a_key_that_comes_in_two_deliveries_is_repeated_in_neither() -> None:
    con = _database(ARRIVING[1])
    con.execute(
        "insert into raw.driftsstoette_lines by name "
        "select * replace ('later' as delivery_id) from raw.driftsstoette_lines"
    )
    checked, _ = check(con, ARRIVING[1], "true")
    failing = {one.rule.rule_id for one in checked if not one.success}
    assert not {rule for rule in failing if rule.startswith("D0")}
