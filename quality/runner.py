"""Runs suites on a database file and keeps what they find: results, and the keys of failing rows.

Needs no Dagster: plain paths in, plain data out. Screening of new deliveries is `screen`.

In `result_dir`, each run replaces what the last one left for the suite:
`<table>/<rule>.csv` holds the keys of failing rows, `results/<suite>.json` what Data Docs show.
"""

from __future__ import annotations

import csv
import json
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipelines.warehouse.threads import fit_threads
from quality.engine import Checked, CheckerError, check
from quality.kept import RESULTS_FOLDER, key_of, last_result, stands
from quality.model import Severity, Suite

__all__ = ["CheckerError", "FailedExpectation", "SuiteResult", "run_suite", "run_suites"]


@dataclass(frozen=True)
class FailedExpectation:
    """An expectation that does not hold, and the keys of the rows that break it."""

    rule_id: str
    type: str
    column: str | None
    severity: Severity
    description_da: str
    description_en: str
    unexpected_count: int
    failing_keys: tuple[Mapping[str, Any], ...]
    """At most `engine.KEPT_KEYS` of them."""
    rows_file: Path | None


@dataclass(frozen=True)
class SuiteResult:
    """What a suite found on a table."""

    suite: str
    table: str
    success: bool
    """No rule of severity error failed, and the check itself ran."""
    evaluated: int
    failed: tuple[FailedExpectation, ...]
    """Failed rules, warnings among them."""
    seconds: float
    error: str | None = None
    """Why the check itself could not run; says nothing about the data."""
    unchanged_since: str | None = None
    """When it was asked, in UTC, where that was an earlier run and nothing is other since."""

    @property
    def status(self) -> Literal["passed", "warned", "failed", "checker_error"]:
        """The result in a word."""
        if self.error is not None:
            return "checker_error"
        if not self.success:
            return "failed"
        return "warned" if self.failed else "passed"

    @property
    def errors(self) -> tuple[FailedExpectation, ...]:
        """The failed rules that block."""
        return tuple(one for one in self.failed if one.severity == "error")


def run_suite(
    db_path: Path | duckdb.DuckDBPyConnection,
    table: str,
    suite: Suite,
    result_dir: Path | None,
    row_filter: str | None = None,
) -> SuiteResult:
    """Run `suite` on `table` (`schema.name`), or on the rows of it that meet `row_filter`.

    Without a `row_filter` the suite's own counts. Without a `result_dir` nothing is written; with
    one, a table that passed there and is asked the same again is not asked (`kept`).

    Raises:
        CheckerError: the check itself could not run; nothing is known about the data.
    """
    start = time.perf_counter()
    suite = replace(suite, table=table)
    condition = row_filter or suite.row_filter
    try:
        with _opened(db_path) as connection:
            key = "" if result_dir is None else _key(connection, suite, condition)
            if result_dir is not None and stands(kept := last_result(result_dir, suite), key):
                return _as_kept(suite, kept or {}, time.perf_counter() - start)
            checked, validation = check(connection, suite, condition)
    except CheckerError as error:
        if result_dir is not None:
            _fresh_folder(result_dir, suite)
            _keep_result(result_dir, suite, condition, _not_run(suite, error), None)
        raise
    folder = None if result_dir is None else _fresh_folder(result_dir, suite)
    failed = tuple(_keep(one, folder) for one in checked if not one.success)
    result = SuiteResult(
        suite=suite.name,
        table=table,
        success=not any(one.severity == "error" for one in failed),
        evaluated=len(checked),
        failed=failed,
        seconds=time.perf_counter() - start,
    )
    if result_dir is not None:
        _keep_result(result_dir, suite, condition, result, validation, key)
    return result


def run_suites(
    db_path: Path | duckdb.DuckDBPyConnection,
    suites: Iterable[Suite],
    result_dir: Path | None,
) -> list[SuiteResult]:
    """Run all suites; one that cannot run is reported as such and does not stop the others."""
    results = []
    for suite in suites:
        try:
            results.append(run_suite(db_path, suite.table, suite, result_dir))
        except CheckerError as error:
            results.append(_not_run(suite, error))
    return results


def _key(connection: duckdb.DuckDBPyConnection, suite: Suite, condition: str | None) -> str:
    try:
        return key_of(connection, suite, condition)
    except duckdb.Error as error:
        raise CheckerError(f"{suite.name}: {error}") from error


def _as_kept(suite: Suite, kept: Mapping[str, Any], seconds: float) -> SuiteResult:
    """The result of an earlier run, in which nothing failed."""
    return SuiteResult(
        suite=suite.name,
        table=suite.table,
        success=True,
        evaluated=int(kept["evaluated"]),
        failed=(),
        seconds=seconds,
        unchanged_since=str(kept["checked_at"]),
    )


def _not_run(suite: Suite, error: CheckerError) -> SuiteResult:
    return SuiteResult(
        suite=suite.name,
        table=suite.table,
        success=False,
        evaluated=0,
        failed=(),
        seconds=0.0,
        error=str(error),
    )


@contextmanager
def _opened(
    database: Path | duckdb.DuckDBPyConnection,
) -> Iterator[duckdb.DuckDBPyConnection]:
    if isinstance(database, duckdb.DuckDBPyConnection):
        yield database
        return
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise CheckerError(f"cannot open {database.name}: {error}") from error
    try:
        fit_threads(connection)
        yield connection
    finally:
        connection.close()


def _fresh_folder(result_dir: Path, suite: Suite) -> Path:
    folder = result_dir / suite.name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _keep(one: Checked, folder: Path | None) -> FailedExpectation:
    rows_file = None
    if folder is not None and one.failing_keys:
        folder.mkdir(parents=True, exist_ok=True)
        rows_file = folder / f"{one.rule.rule_id}.csv"
        with rows_file.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, fieldnames=list(one.failing_keys[0]))
            writer.writeheader()
            writer.writerows(one.failing_keys)
    return FailedExpectation(
        rule_id=one.rule.rule_id,
        type=one.rule.kind,
        column=one.rule.column,
        severity=one.rule.severity,
        description_da=one.rule.description_da,
        description_en=one.rule.description_en,
        unexpected_count=one.unexpected_count,
        failing_keys=one.failing_keys,
        rows_file=rows_file,
    )


def _keep_result(
    result_dir: Path,
    suite: Suite,
    condition: str | None,
    result: SuiteResult,
    validation: dict[str, Any] | None,
    key: str = "",
) -> None:
    folder = result_dir / RESULTS_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "suite": suite.name,
        "table": suite.table,
        "title_da": suite.title_da,
        "title_en": suite.title_en,
        "row_filter": condition,
        "key": key,
        "status": result.status,
        "error": result.error,
        "evaluated": result.evaluated,
        "failed": [
            {
                "rule_id": one.rule_id,
                "severity": one.severity,
                "description_da": one.description_da,
                "description_en": one.description_en,
                "unexpected_count": one.unexpected_count,
            }
            for one in result.failed
        ],
        "checked_at": datetime.now(UTC).isoformat(sep=" ", timespec="seconds")[:19],
        "validation": validation,
    }
    part = folder / f"{suite.name}.json.part"
    part.write_text(json.dumps(written, ensure_ascii=False, default=str), encoding="utf-8")
    part.replace(folder / f"{suite.name}.json")
