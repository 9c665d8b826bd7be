"""Running a suite on a file: results, kept keys, and a checker's own exceptions."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from quality.engine import KEPT_KEYS
from quality.model import Suite, not_null, sql_rule
from quality.runner import CheckerError, run_suite, run_suites


def _saved(con: duckdb.DuckDBPyConnection, path: Path) -> Path:
    con.execute(f"attach '{path}' as saved")
    con.execute(
        f"copy from database {con.execute('select current_catalog()').fetchone()[0]} to saved"
    )
    con.execute("detach saved")
    return path


@pytest.fixture
def database(raw: duckdb.DuckDBPyConnection, tmp_path: Path) -> Path:
    return _saved(raw, tmp_path / "monitor.duckdb")


def test_good_file_passes_and_leaves_no_rows(
    database: Path, tmp_path: Path, suites: dict[str, Suite]
) -> None:
    suite = suites["raw_survey_answers"]
    result = run_suite(database, suite.table, suite, tmp_path / "kept")
    assert (result.status, result.success, result.failed) == ("passed", True, ())
    assert result.evaluated == len(suite.rules)
    assert not (tmp_path / "kept" / suite.name).exists()


def test_the_file_is_free_for_a_writer_afterwards(database: Path, suites: dict[str, Suite]) -> None:
    suite = suites["raw_survey_answers"]
    broken = replace(suite, rules=(not_null("no_such_column"),))
    run_suite(database, suite.table, suite, None)
    with pytest.raises(CheckerError):
        run_suite(database, suite.table, broken, None)
    with duckdb.connect(str(database)) as writer:
        writer.execute("create table raw.written (i integer)")


def test_only_keys_of_failing_rows_are_kept(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suites: dict[str, Suite]
) -> None:
    suite = suites["raw_survey_answers"]
    raw.execute(
        "update raw.survey_answers set leaders_priority = 'hemmeligt svar',"
        " respondent_id = 'hemmelig person' where row_number in (3, 5)"
    )
    result = run_suite(raw, suite.table, suite, tmp_path)
    failed = {one.rule_id: one for one in result.failed}["leaders_priority_in_list"]

    assert not result.success
    assert failed.unexpected_count == 2
    assert failed.column == "leaders_priority"
    assert failed.rows_file is not None
    with failed.rows_file.open(encoding="utf-8") as handle:
        assert list(csv.DictReader(handle)) == [
            {"delivery_id": "wave2015", "row_number": "3"},
            {"delivery_id": "wave2015", "row_number": "5"},
        ]
    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) >= 2
    assert not any("hemmelig" in text for text in written)


def test_a_mended_table_clears_what_was_kept(
    raw: duckdb.DuckDBPyConnection, tmp_path: Path, suites: dict[str, Suite]
) -> None:
    suite = suites["raw_survey_answers"]
    raw.execute("update raw.survey_answers set municipality_code = null where row_number = 2")
    assert not run_suite(raw, suite.table, suite, tmp_path).success
    raw.execute("update raw.survey_answers set municipality_code = '101' where row_number = 2")
    assert run_suite(raw, suite.table, suite, tmp_path).success
    assert list(tmp_path.rglob("*.csv")) == []


def test_superseded_deliveries_are_not_judged(
    raw: duckdb.DuckDBPyConnection, suites: dict[str, Suite]
) -> None:
    suite = suites["raw_survey_answers"]
    result = run_suite(raw, suite.table, suite, None, row_filter="delivery_id = 'wave2015old'")
    assert "municipality_code_not_null" in {one.rule_id for one in result.failed}
    assert run_suite(raw, suite.table, suite, None).success


def test_a_warning_does_not_block(raw: duckdb.DuckDBPyConnection, suites: dict[str, Suite]) -> None:
    suite = suites["raw_driftsstoette_lines"]
    raw.execute("update raw.driftsstoette_lines set residents = 9000 where row_number <= 2")
    result = run_suite(raw, suite.table, suite, None)
    assert (result.status, result.success, result.errors) == ("warned", True, ())
    assert [one.rule_id for one in result.failed] == ["residents_per_home_plausible"]


@pytest.mark.parametrize(
    ("table", "rules"),
    [
        ("raw.survey_answers", (not_null("no_such_column"),)),
        ("raw.survey_answers", (sql_rule("broken", "selec nothing", "x", "x"),)),
        ("raw.survey_answers", (not_null("delivery_id"), sql_rule("gone", "from gone", "x", "x"))),
        ("raw.no_such_table", (not_null("delivery_id"),)),
    ],
    ids=["missing column", "broken SQL", "one of two rules", "missing table"],
)
def test_a_checkers_own_exception_is_no_finding(
    raw: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    suites: dict[str, Suite],
    table: str,
    rules: tuple,
) -> None:
    suite = replace(suites["raw_survey_answers"], table=table, rules=rules)
    with pytest.raises(CheckerError, match="raw_survey_answers"):
        run_suite(raw, table, suite, tmp_path)
    kept = json.loads((tmp_path / "results" / "raw_survey_answers.json").read_text("utf-8"))
    assert kept["status"] == "checker_error"
    assert kept["failed"] == []


def test_no_file_is_a_checker_error(tmp_path: Path, suites: dict[str, Suite]) -> None:
    suite = suites["raw_survey_answers"]
    with pytest.raises(CheckerError, match=r"gone\.duckdb"):
        run_suite(tmp_path / "gone.duckdb", suite.table, suite, None)


def test_one_suite_that_cannot_run_does_not_stop_the_others(
    raw: duckdb.DuckDBPyConnection, suites: dict[str, Suite]
) -> None:
    raw.execute("drop table raw.survey_answers")
    chosen = [suites["raw_survey_answers"], suites["raw_driftsstoette_lines"]]
    broken, good = run_suites(raw, chosen, None)
    assert (broken.status, broken.failed) == ("checker_error", ())
    assert "survey_answers" in str(broken.error)
    assert good.status == "passed"


def test_many_failing_rows_are_counted_all_and_kept_up_to_a_limit(
    raw: duckdb.DuckDBPyConnection, suites: dict[str, Suite]
) -> None:
    suite = suites["raw_survey_answers"]
    rows = 3 * KEPT_KEYS
    raw.execute(
        "insert into raw.survey_answers by name"
        " select a.* replace (n as row_number, null as respondent_id)"
        f" from raw.survey_answers as a, range({rows}) as many(n)"
        " where row_number = 1 and delivery_id = 'wave2015'"
    )
    failed = {one.rule_id: one for one in run_suite(raw, suite.table, suite, None).failed}
    assert failed["respondent_id_not_null"].unexpected_count == rows
    assert len(failed["respondent_id_not_null"].failing_keys) == KEPT_KEYS
    assert failed["delivery_id_and_row_number_unique"].unexpected_count == 12


def test_a_rule_must_select_its_keys(
    raw: duckdb.DuckDBPyConnection, suites: dict[str, Suite]
) -> None:
    rule = sql_rule("no_keys", "select 1 as one from batch", "x", "x")
    suite = replace(suites["raw_survey_answers"], rules=(rule,))
    with pytest.raises(CheckerError, match="does not select"):
        run_suite(raw, suite.table, suite, None)
