"""A table that passed stands until something that decides it is other, and then it is asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from quality import kept, runner
from quality.data_docs import build_data_docs
from quality.model import SQL_RULE, Suite, not_null
from quality.runner import run_suite

TOPICS = "raw_styringsdialog_topics"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The suites that Great Expectations was asked, in order."""
    names: list[str] = []
    check = runner.check

    def counted(con, suite, condition):
        names.append(suite.name)
        return check(con, suite, condition)

    monkeypatch.setattr(runner, "check", counted)
    return names


@pytest.fixture
def suite(suites: dict[str, Suite]) -> Suite:
    """Few rules, so that asking takes little."""
    whole = suites[TOPICS]
    rules = [rule for rule in whole.rules if rule.whole_table]
    return replace(whole, rules=(not_null("topic"), *rules))


def test_what_passed_is_not_asked_again(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suite: Suite, asked: list[str]
) -> None:
    first = run_suite(raw, suite.table, suite, tmp_path)
    again = run_suite(raw, suite.table, suite, tmp_path)
    assert asked == [suite.name]
    assert (first.unchanged_since, again.status, again.evaluated) == (None, "passed", 3)
    result = kept.last_result(tmp_path, suite)
    assert result is not None
    assert again.unchanged_since == result["checked_at"]


@pytest.mark.parametrize(
    "change",
    [
        "update raw.styringsdialog_topics set topic = upper(topic) where row_number = 1",
        # more rows than the ledger counted: the table itself is as it was
        "update raw.deliveries set rows_accepted = 23 where source = 'styringsdialog'",
        "update raw.deliveries set is_current = false where source = 'styringsdialog'",
        "alter table raw.styringsdialog_topics add column note varchar",
    ],
)
def test_other_rows_or_another_ledger_is_asked(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suite: Suite, asked: list[str], change: str
) -> None:
    run_suite(raw, suite.table, suite, tmp_path)
    raw.execute(change)
    run_suite(raw, suite.table, suite, tmp_path)
    assert len(asked) == 2


def test_a_delivery_of_another_source_is_no_reason(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suite: Suite, asked: list[str]
) -> None:
    run_suite(raw, suite.table, suite, tmp_path)
    raw.execute("update raw.deliveries set rows_accepted = 0 where source = 'survey'")
    run_suite(raw, suite.table, suite, tmp_path)
    assert len(asked) == 1


def test_other_rules_or_another_version_are_asked(
    raw: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    suite: Suite,
    asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_suite(raw, suite.table, suite, tmp_path)
    more = replace(suite, rules=(*suite.rules, not_null("municipality_code")))
    run_suite(raw, suite.table, more, tmp_path)
    monkeypatch.setattr(kept, "version", lambda name: f"{name} of tomorrow")
    run_suite(raw, suite.table, more, tmp_path)
    monkeypatch.setattr(kept, "_CODE", "of tomorrow")
    run_suite(raw, suite.table, more, tmp_path)
    assert len(asked) == 4


def test_what_failed_is_asked_by_every_run(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suite: Suite, asked: list[str]
) -> None:
    raw.execute("update raw.styringsdialog_topics set topic = null where row_number = 1")
    for _ in range(2):
        result = run_suite(raw, suite.table, suite, tmp_path)
        assert [one.rule_id for one in result.failed] == ["topic_not_null"]
    assert len(asked) == 2


@pytest.mark.parametrize("left", ["", "[]", '{"status": "passed"', '{"status": "passed"}'])
def test_a_result_that_is_none_is_asked_anew(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suite: Suite, asked: list[str], left: str
) -> None:
    run_suite(raw, suite.table, suite, tmp_path)
    (tmp_path / kept.RESULTS_FOLDER / f"{suite.name}.json").write_text(left)
    assert run_suite(raw, suite.table, suite, tmp_path).status == "passed"
    assert len(asked) == 2


def test_what_rules_read_is_part_of_the_key(suites: dict[str, Suite]) -> None:
    read = 0
    for suite in suites.values():
        declared = {table for query in suite.reads for table in _tables(query)}
        for rule in suite.rules:
            if rule.kind == SQL_RULE:
                found = _tables(str(rule.kwargs["unexpected_rows_query"]).format(batch="batch"))
                assert found <= declared, f"{suite.name}.{rule.rule_id} reads {found}"
                read += len(found)
    assert read >= 8  # two rules of each of the four arriving tables look at the ledger


def test_columns_of_the_ledger_that_rules_read_are_part_of_the_key(
    suites: dict[str, Suite],
) -> None:
    for suite in suites.values():
        for query in suite.reads:
            selected = sqlglot.parse_one(query, dialect="duckdb").named_selects
            for rule in suite.rules:
                for column in _ledger_columns(str(rule.kwargs.get("unexpected_rows_query", ""))):
                    assert column in selected, f"{suite.name}.{rule.rule_id} reads {column}"


def test_pages_are_drawn_where_something_is_other(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suite: Suite, suites: dict[str, Suite]
) -> None:
    shown = [suite, suites["released_cells"]]
    run_suite(raw, suite.table, suite, tmp_path / "kept")
    site = tmp_path / "site"
    build_data_docs(tmp_path / "kept", site, shown)
    for page in site.rglob("*.html"):
        page.write_text(page.read_text("utf-8") + "<!-- drawn before -->", "utf-8")
    raw.execute("update raw.styringsdialog_topics set topic = null where row_number = 1")
    run_suite(raw, suite.table, suite, tmp_path / "kept")
    build_data_docs(tmp_path / "kept", site, shown)
    before = {p.name for p in site.rglob("*.html") if "drawn before" in p.read_text("utf-8")}
    assert before == {"released_cells.html"}
    assert ">brudt</a>" in (site / "index.html").read_text("utf-8")


def _tables(sql: str) -> set[str]:
    """The tables that are named with their schema: not the batch, nor what the query makes."""
    found = sqlglot.parse_one(sql, dialect="duckdb").find_all(exp.Table)
    return {f"{table.db}.{table.name}" for table in found if table.db}


def _ledger_columns(sql: str) -> set[str]:
    if not sql:
        return set()
    parsed = sqlglot.parse_one(sql.format(batch="batch"), dialect="duckdb")
    return {column.name for column in parsed.find_all(exp.Column) if column.table == "ledger"}
