"""The one place that talks to Great Expectations: imports it late, runs a suite, translates.

What comes out is plain data; an exception inside Great Expectations comes out as `CheckerError`.
What is done with results (files, Dagster, screening) is for others.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb

from quality.model import SQL_RULE, Rule, Suite

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuite
    from great_expectations.data_context.data_context.ephemeral_data_context import (
        EphemeralDataContext,
    )
    from great_expectations.datasource.fluent.sql_datasource import QueryAsset, TableAsset

KEPT_KEYS = 10_000
"""So many failing keys of one expectation are kept; the count is always of all."""

_SOURCE = "warehouse"
_COUNTED = {
    "result_format": "BASIC",
    "exclude_unexpected_values": True,
    "return_unexpected_index_query": False,
    "partial_unexpected_count": 0,
}
"""How many rows fail, and nothing of them."""
_one_at_a_time = threading.Lock()


class CheckerError(RuntimeError):
    """The check itself went wrong: says nothing about the data."""


@dataclass(frozen=True)
class Checked:
    """What one rule found."""

    rule: Rule
    success: bool
    unexpected_count: int
    failing_keys: tuple[Mapping[str, Any], ...]


@cache
def context() -> EphemeralDataContext:
    """The context of this process; the first call imports Great Expectations: seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    made = gx.get_context(mode="ephemeral")
    made.variables.progress_bars = ProgressBarsConfig(globally=False)
    return made


def build(suite: Suite) -> ExpectationSuite:
    """The suite as Great Expectations holds it."""
    context()
    import great_expectations as gx

    return gx.ExpectationSuite(
        name=suite.name,
        meta={"title_da": suite.title_da, "title_en": suite.title_en, "table": suite.table},
        expectations=[_expectation(rule) for rule in suite.rules],
    )


def check(
    connection: duckdb.DuckDBPyConnection, suite: Suite, row_filter: str | None = None
) -> tuple[list[Checked], dict[str, Any]]:
    """Run all rules of `suite` on its table, or on the rows that meet `row_filter`.

    The connection is only read from, through a cursor of its own: rows that are not committed
    are not seen.

    Raises:
        CheckerError: a rule could not be evaluated (no such table or column, broken SQL …).
    """
    with _one_at_a_time:
        try:
            with _batch_of(connection, suite, row_filter) as batch:
                validation = _validated(batch, suite)
        except Exception as error:
            raise CheckerError(f"{suite.name}: {error}") from error
    cursor = connection.cursor()
    try:
        checked = [_translate(cursor, suite, row_filter, result) for result in validation.results]
    finally:
        cursor.close()
    if len(checked) != len(suite.rules):
        raise CheckerError(f"{suite.name}: {len(checked)} of {len(suite.rules)} rules answered")
    order = {rule.rule_id: position for position, rule in enumerate(suite.rules)}
    return sorted(checked, key=lambda one: order[one.rule.rule_id]), _as_document(validation)


def _validated(batch: Any, suite: Suite) -> Any:
    """What Great Expectations finds; which rows fail is asked of the rules that fail alone.

    To look for the failing rows of a rule that holds takes it nearly as long as the rule.
    """
    validation = batch.validate(build(suite), result_format=_COUNTED)
    broken = [
        suite.rule(one.expectation_config.meta["rule_id"])
        for one in validation.results
        if not one.success
    ]
    if broken:
        told = batch.validate(
            build(replace(suite, rules=tuple(broken))), result_format=_result_format(suite)
        )
        found = {one.expectation_config.meta["rule_id"]: one for one in told.results}
        validation.results = [
            found.get(one.expectation_config.meta["rule_id"], one) for one in validation.results
        ]
    return validation


def _result_format(suite: Suite) -> dict[str, Any]:
    """Keys of failing rows, never their values: some tables hold confidential answers."""
    return {
        "result_format": "COMPLETE",
        "unexpected_index_column_names": list(suite.keys),
        "exclude_unexpected_values": True,
        "return_unexpected_index_query": False,
        "partial_unexpected_count": KEPT_KEYS,
    }


def _as_document(validation: Any) -> dict[str, Any]:
    """The result as Great Expectations itself writes it down."""
    document: dict[str, Any] = validation.to_json_dict()
    return document


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    return getattr(gxe, rule.kind)(
        **rule.kwargs,
        description=f"{rule.description_da} / {rule.description_en}",
        notes=[rule.description_da, rule.description_en],
        severity="critical" if rule.severity == "error" else "warning",
        meta={
            "rule_id": rule.rule_id,
            "description_da": rule.description_da,
            "description_en": rule.description_en,
        },
    )


@contextmanager
def _batch_of(
    connection: duckdb.DuckDBPyConnection, suite: Suite, row_filter: str | None
) -> Iterator[Any]:
    from quality import dialect

    with dialect.lend(connection) as url:
        source = context().data_sources.add_sql(_SOURCE, connection_string=url)
        engine = source.get_execution_engine()
        try:
            engine.dialect_module = dialect
            asset: TableAsset | QueryAsset
            if row_filter is None:
                schema, table = suite.table.split(".")
                asset = source.add_table_asset(suite.name, table_name=table, schema_name=schema)
            else:
                asset = source.add_query_asset(
                    suite.name, query=f"select * from {suite.table} where {row_filter}"
                )
            yield asset.add_batch_definition_whole_table("rows").get_batch()
        finally:
            engine.close()
            context().data_sources.delete(_SOURCE)


def _translate(
    cursor: duckdb.DuckDBPyConnection, suite: Suite, row_filter: str | None, result: Any
) -> Checked:
    rule = suite.rule(result.expectation_config.meta["rule_id"])
    message = _exception_of(result.exception_info)
    if message is not None:
        raise CheckerError(f"{suite.name}.{rule.rule_id}: {message}")
    found: Mapping[str, Any] = result.result
    success = bool(result.success)
    if success:
        return Checked(rule, True, 0, ())
    if rule.kind == SQL_RULE:
        keys = _failing_rows(cursor, suite, rule, row_filter)
        return Checked(rule, False, int(found["observed_value"]), keys)
    keys = _rows_of(found.get("unexpected_index_list") or (), suite.keys_of(rule))
    return Checked(rule, False, int(found.get("unexpected_count") or len(keys)), keys)


def _rows_of(
    index_list: Sequence[Mapping[str, Any]], keys: tuple[str, ...]
) -> tuple[Mapping[str, Any], ...]:
    """One mapping a row: without values, Great Expectations gives lists by key column."""
    return tuple(
        dict(zip(keys, row, strict=True))
        for group in index_list
        for row in zip(*(group[key] for key in keys), strict=True)
    )


def _failing_rows(
    cursor: duckdb.DuckDBPyConnection, suite: Suite, rule: Rule, row_filter: str | None
) -> tuple[Mapping[str, Any], ...]:
    """The keys a failed SQL rule names; Great Expectations itself stops at 200 rows."""
    rows = suite.table
    if row_filter is not None:
        rows = f"(select * from {suite.table} where {row_filter})"
    query = str(rule.kwargs["unexpected_rows_query"]).format(batch=rows)
    cursor.execute(query)
    columns = [column[0] for column in cursor.description or ()]
    missing = set(suite.keys_of(rule)) - set(columns)
    if missing:
        raise CheckerError(f"{suite.name}.{rule.rule_id} does not select {sorted(missing)}")
    return tuple(
        {key: value for key, value in zip(columns, row, strict=True) if key in suite.keys_of(rule)}
        for row in cursor.fetchmany(KEPT_KEYS)
    )


def _exception_of(info: Mapping[str, Any] | None) -> str | None:
    """The message of an exception, which Great Expectations reports flat or by metric."""
    if not info:
        return None
    if "raised_exception" in info:
        parts: Sequence[Mapping[str, Any]] = [info]
    else:
        parts = [part for part in info.values() if isinstance(part, Mapping)]
    for part in parts:
        if part.get("raised_exception"):
            return str(part.get("exception_message") or "exception without a message")
    return None
