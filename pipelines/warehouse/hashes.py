"""One hash for each table's content, whatever order its rows and columns stand in.

Two warehouses made from the same archive, ledger and contracts have the same hashes. Every table
and view of `SCHEMAS` is hashed, with all its columns. Left out are `meta` (which build this is, and
when a delivery was read into it), `intermediate` (steps that all lead to marts) and `dq_failures`
(copies of failing rows). A double is compared to 12 significant digits, for the order in which
rows are summed may change the last ones; a list is compared as the set of its elements in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipelines.warehouse.store import connect

SCHEMAS: Final = ("raw", "reference", "staging", "marts", "published")


@dataclass(frozen=True, slots=True)
class TableHash:
    """A table's number of rows and the hash of its content."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A table that two warehouses do not have alike; None where one lacks it."""

    table: str
    left: TableHash | None
    right: TableHash | None


def table_hashes(database: Path) -> dict[str, TableHash]:
    """The hash of every table of a warehouse, by `schema.table`."""
    with connect(database, read_only=True) as con:
        # views hold the catalog's name, which is the file's
        return {
            f"{schema}.{table}": _hash(con, schema, table, columns)
            for (schema, table), columns in _tables(con).items()
        }


def differences(
    left: Mapping[str, TableHash], right: Mapping[str, TableHash]
) -> Iterator[Difference]:
    """The tables that differ, in order of name."""
    for table in sorted(left.keys() | right.keys()):
        if left.get(table) != right.get(table):
            yield Difference(table, left.get(table), right.get(table))


def _tables(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[tuple[str, str]]]:
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and list_contains($schemas, schema_name) "
        "order by all",
        {"schemas": list(SCHEMAS)},
    ).fetchall()
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, table, column, kind in rows:
        found.setdefault((schema, table), []).append((column, kind))
    return found


def _hash(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, columns: Sequence[tuple[str, str]]
) -> TableHash:
    """Sum the two halves of each row's md5: order does not matter, and repeated rows count."""
    cells = ", ".join(_cell(name, kind) for name, kind in columns)
    row = con.execute(
        f"select count(*), coalesce(sum(md5_number_upper(line)::hugeint), 0), "
        f"coalesce(sum(md5_number_lower(line)::hugeint), 0) "
        f'from (select to_json([{cells}])::varchar as line from {schema}."{table}")'
    ).fetchone()
    count, upper, lower = row if row else (0, 0, 0)
    text = f"{columns}|{count}|{upper}|{lower}"
    return TableHash(count, hashlib.sha256(text.encode()).hexdigest())


def _cell(name: str, kind: str) -> str:
    column = f'"{name}"'
    if kind in ("DOUBLE", "FLOAT"):
        # zero has no sign here
        return f"format('{{:.11e}}', {column} + 0.0)"
    if kind.endswith("[]"):
        return f"list_sort({column})::varchar"
    return f"{column}::varchar"
