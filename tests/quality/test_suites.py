"""Every suite passes on good tables, and every expectation catches the error it is there for."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import mutations
import pytest
import small_tables

from pipelines.contracts.loader import load_source, source_names
from quality.arriving import SOURCES, arriving_suites
from quality.engine import check
from quality.model import SQL_RULE, Suite
from quality.outgoing import candidate_suites, released_suites

ARRIVING = arriving_suites({name: load_source(name) for name in SOURCES})
UNION = candidate_suites()[0]
RELEASED = released_suites()[0]
CASES = [
    pytest.param(suite, rule.rule_id, id=f"{suite.name}-{rule.rule_id}")
    for suite in (*ARRIVING, UNION, RELEASED)
    for rule in suite.rules
]
HAND_WRITTEN = [case for case in CASES if case.values[0].rule(case.values[1]).kind == SQL_RULE]


def _database(suite: Suite) -> duckdb.DuckDBPyConnection:
    makers: dict[str, Callable[[], duckdb.DuckDBPyConnection]] = {
        "raw": small_tables.raw_database,
        "published": small_tables.published_database,
        "main": small_tables.released_database,
    }
    return makers[suite.table.split(".")[0]]()


def _failing(con: duckdb.DuckDBPyConnection, suite: Suite) -> set[str]:
    checked, _ = check(con, suite, suite.row_filter)
    return {one.rule.rule_id for one in checked if not one.success}


@pytest.mark.parametrize("suite", [*ARRIVING, UNION, RELEASED], ids=lambda suite: suite.name)
def test_good_tables_pass(suite: Suite) -> None:
    assert _failing(_database(suite), suite) == set()


@pytest.mark.parametrize(("suite", "rule_id"), HAND_WRITTEN)
def test_hand_written_sql_names_the_planted_error(suite: Suite, rule_id: str) -> None:
    """The statement alone, without Great Expectations: cheap enough to run always."""
    con = _database(suite)
    rule = suite.rule(rule_id)
    rows = f"(select * from {suite.table} where {suite.row_filter or 'true'})"
    query = str(rule.kwargs["unexpected_rows_query"]).format(batch=rows)
    assert con.execute(query).fetchall() == []

    con.execute(mutations.planted(suite.name, suite.table, rule))

    assert con.execute(query).fetchall() != []
    assert tuple(column[0] for column in con.description or ()) == suite.keys_of(rule)


@pytest.mark.slow
@pytest.mark.parametrize(("suite", "rule_id"), CASES)
def test_exactly_the_expectation_of_the_planted_error_fails(suite: Suite, rule_id: str) -> None:
    con, rule = _database(suite), suite.rule(rule_id)
    con.execute(mutations.planted(suite.name, suite.table, rule))

    failing = _failing(con, mutations.seen_by(suite, rule))

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
