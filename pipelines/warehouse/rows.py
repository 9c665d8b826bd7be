"""What is written into the build copy by delivery: its rows, its findings, what the ledger says.

Each writer takes the place of what was there, in one transaction, so that running it twice is
running it once. Which rows these are is decided by the gate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import duckdb

from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.events import DeliveryState
from pipelines.intake.findings import Finding
from pipelines.warehouse.schema import DELIVERIES, FINDINGS


class RowsDifferError(RuntimeError):
    """Not all rows of a delivery arrived, or rows of another one were among them."""


def replace_delivery_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    delivery_id: str,
    relation: duckdb.DuckDBPyRelation | str | None,
) -> int:
    """Put rows in place of all that a table holds of a delivery; both or nothing.

    Args:
        con: An open build copy, outside a transaction.
        table: A raw table, with or without its schema.
        delivery_id: The delivery; the column is filled in where the rows do not carry it.
        relation: The rows, matched by column name: a relation of this connection, or the name of
            a table or view; None removes the delivery's rows.

    Returns:
        How many rows of the delivery the table holds now.

    Raises:
        RowsDifferError: If the rows carry another delivery's id.
    """
    target = table if "." in table else f"raw.{table}"
    con.begin()
    try:
        con.execute(f"delete from {target} where delivery_id = ?", [delivery_id])
        inserted = 0 if relation is None else _insert(con, target, delivery_id, relation)
        held = _scalar(con, f"select count(*) from {target} where delivery_id = ?", [delivery_id])
        if held != inserted:
            raise RowsDifferError(f"{target}: {inserted} rows given, {held} are the delivery's")
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return inserted


def _insert(
    con: duckdb.DuckDBPyConnection,
    target: str,
    delivery_id: str,
    relation: duckdb.DuckDBPyRelation | str,
) -> int:
    rows = con.table(relation) if isinstance(relation, str) else relation
    columns = rows.columns
    key = "" if "delivery_id" in columns else "?::varchar as delivery_id, "
    name = relation if isinstance(relation, str) else "rows"
    found = con.execute(
        f"insert into {target} by name select {key}* from {name}", [delivery_id] if key else []
    ).fetchone()
    return int(found[0]) if found else 0


def write_deliveries(con: duckdb.DuckDBPyConnection, states: Sequence[DeliveryState]) -> None:
    """Make `raw.deliveries` say what the ledger says."""
    rows = [
        (
            state.delivery_id,
            state.source,
            state.period,
            state.slot,
            state.version,
            state.name,
            state.bytes,
            _naive_utc(state.received_at),
            _naive_utc(state.decided_at),
            state.state,
            state.is_current,
            state.is_synthetic,
            state.provider,
            state.rows_read,
            state.rows_accepted,
            state.rows_quarantined,
            state.reason,
        )
        for state in states
    ]
    con.begin()
    try:
        con.execute("delete from raw.deliveries")
        insert_rows(con, "raw.deliveries", tuple(DELIVERIES), rows)
        con.commit()
    except BaseException:
        con.rollback()
        raise


def write_findings(
    con: duckdb.DuckDBPyConnection, delivery: ArchivedDelivery, findings: Sequence[Finding]
) -> None:
    """Make `raw.findings` hold exactly these findings of a delivery."""
    rows = [
        (
            delivery.delivery_id,
            delivery.source,
            delivery.period,
            finding.file or delivery.name,
            finding.sheet,
            finding.row,
            finding.column,
            finding.rule,
            finding.severity,
            finding.message_da,
            finding.message_en,
        )
        for finding in findings
    ]
    con.begin()
    try:
        con.execute("delete from raw.findings where delivery_id = ?", [delivery.delivery_id])
        insert_rows(con, "raw.findings", tuple(FINDINGS), rows)
        con.commit()
    except BaseException:
        con.rollback()
        raise


def insert_rows(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Insert all rows in one statement: row by row costs a millisecond each."""
    if not rows:
        return
    unnested = ", ".join("unnest(?)" for _ in columns)
    con.execute(
        f"insert into {table} ({', '.join(columns)}) select {unnested}",
        [list(values) for values in zip(*rows, strict=True)],
    )


def _naive_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def _scalar(con: duckdb.DuckDBPyConnection, sql: str, parameters: list[object]) -> int:
    found = con.execute(sql, parameters).fetchone()
    return int(found[0]) if found else 0
