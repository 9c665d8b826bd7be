"""The tables the warehouse keeps of itself, and how a schema grows without losing rows.

DDL of `raw.deliveries`, `raw.findings` and `meta.build_info`; the sources' raw tables come from
their contracts. Writing rows is in `store`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

# table -> (comment, {column: (type, comment)})
Columns = Mapping[str, tuple[str, str]]

DELIVERIES: Columns = {
    "delivery_id": ("varchar not null", "sha256 of the file, or of the folder's listing"),
    "source": ("varchar not null", "survey, driftsstoette or styringsdialog"),
    "period": ("varchar not null", "Year of a wave, or date of an extract (ISO)"),
    "slot": ("varchar not null", "What a later delivery of the same slot supersedes"),
    "version": ("integer", "1 for the first accepted of its slot; NULL if never accepted"),
    "file_name": ("varchar not null", "Name of the file or folder as delivered"),
    "bytes": ("bigint not null", "Size of all files"),
    "received_at": ("timestamp not null", "When it was archived (UTC)"),
    "decided_at": ("timestamp", "When it was last accepted, rejected or withdrawn (UTC)"),
    "state": (
        "varchar not null",
        "received, accepted, quarantined (accepted in part), rejected, superseded, withdrawn,"
        " erased",
    ),
    "is_current": ("boolean not null", "The one of its slot that counts"),
    "is_synthetic": ("boolean not null", "Made up, by its sender's word or its name"),
    "provider": ("varchar", "Who delivered it, if said"),
    "rows_read": ("bigint", "Rows found in the files"),
    "rows_accepted": ("bigint", "Rows loaded"),
    "rows_quarantined": ("bigint", "Rows set aside"),
    "reason": ("varchar", "Why it was rejected or withdrawn"),
}

FINDINGS: Columns = {
    "delivery_id": ("varchar not null", "The delivery the finding is about"),
    "source": ("varchar not null", "Its source"),
    "period": ("varchar not null", "Its period"),
    "file_name": ("varchar not null", "File inside the delivery"),
    "sheet": ("varchar", "Sheet, in workbooks"),
    "row_number": ("bigint", "Row in the sender's file, from 1; NULL: the whole file"),
    "column_name": ("varchar", "Column as the sender calls it"),
    "rule": ("varchar not null", "Stable id of the rule"),
    "severity": ("varchar not null", "error: the row was set aside; warning: it was loaded"),
    "message_da": ("varchar not null", "What to do about it, in Danish"),
    "message_en": ("varchar not null", "The same in English"),
}

BUILD_INFO: Columns = {
    "key": ("varchar primary key", "What is said"),
    "value": ("varchar not null", "Its value"),
}

OWN_TABLES: Mapping[str, tuple[str, Columns]] = {
    "raw.deliveries": (
        "One row per delivery ever received, from the ledger; all versions",
        DELIVERIES,
    ),
    "raw.findings": ("One row per finding on a delivery; no cell values", FINDINGS),
    "meta.build_info": ("One row per fact about this build of the warehouse", BUILD_INFO),
}


class SchemaDriftError(RuntimeError):
    """A raw table stands with other column types than its contract now asks for.

    Added columns are added; anything else would silently change loaded rows, so the warehouse
    has to be built anew from the archive.
    """


def own_ddl() -> Iterator[str]:
    """Give every statement that makes the warehouse's own tables where they do not stand yet."""
    yield "create schema if not exists raw"
    yield "create schema if not exists meta"
    for table, (comment, columns) in OWN_TABLES.items():
        body = ", ".join(f"{name} {kind}" for name, (kind, _) in columns.items())
        yield f"create table if not exists {table} ({body})"
        yield f"comment on table {table} is {_literal(comment)}"
        for name, (_, text) in columns.items():
            yield f"comment on column {table}.{name} is {_literal(text)}"


def apply_ddl(con: duckdb.DuckDBPyConnection, ddl: Sequence[str]) -> None:
    """Make the tables that are missing and add the columns that are new.

    The statements are run in a scratch database first, and what stands is held against that, so
    the caller's `create table if not exists` is all there is to write when a contract grows.

    Raises:
        SchemaDriftError: If a column that stands has another type, or is no longer declared.
    """
    with duckdb.connect(":memory:") as scratch:
        for statement in ddl:
            scratch.execute(statement)
        wanted = _columns(scratch)
    standing = _columns(con)
    for table in wanted.keys() & standing.keys():
        _grow(con, table, standing[table], wanted[table])
    for statement in ddl:
        con.execute(statement)


def _grow(
    con: duckdb.DuckDBPyConnection,
    table: tuple[str, str],
    standing: Mapping[str, str],
    wanted: Mapping[str, str],
) -> None:
    name = ".".join(table)
    for column, kind in standing.items():
        if wanted.get(column) != kind:
            raise SchemaDriftError(
                f"{name}.{column} is {kind}, its contract says "
                f"{wanted.get(column, 'nothing of it')}: build the warehouse anew"
            )
    for column, kind in wanted.items():
        if column not in standing:
            con.execute(f'alter table {name} add column "{column}" {kind}')


def _columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name in ('raw', 'meta') "
        "order by all"
    ).fetchall()
    for schema, table, column, kind in rows:
        found.setdefault((schema, table), {})[column] = kind
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
