"""Which delivery is loaded under which contract: what a build copy already holds.

Kept inside the database, so that it goes live, and is thrown away, together with the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

DDL = (
    "create schema if not exists meta",
    "create table if not exists meta.loads "
    "(delivery_id varchar primary key, contract_fingerprint varchar not null)",
    "comment on table meta.loads is "
    "'One row per delivery that has been read, with the contract it was read under'",
)

_ROW_TABLES = (
    "select table_name from duckdb_columns() where database_name = current_database() "
    "and schema_name = 'raw' and column_name = 'delivery_id' "
    "and table_name not in ('deliveries', 'findings', 'corrections') order by all"
)


def ensure_loads(con: duckdb.DuckDBPyConnection) -> None:
    """Make the table where it does not stand yet."""
    for statement in DDL:
        con.execute(statement)


def loaded_fingerprints(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Delivery to the fingerprint of the contract it was read under."""
    rows = con.execute("select delivery_id, contract_fingerprint from meta.loads").fetchall()
    return dict(rows)


def record_load(con: duckdb.DuckDBPyConnection, delivery_id: str, fingerprint: str) -> None:
    """Write down that a delivery has been read under a contract, whatever became of it."""
    con.execute(
        "insert or replace into meta.loads values ($delivery_id, $fingerprint)",
        {"delivery_id": delivery_id, "fingerprint": fingerprint},
    )


def keep_only(con: duckdb.DuckDBPyConnection, table_of: Mapping[str, str | None]) -> None:
    """Remove the rows that some deliveries have in other raw tables than their own.

    Args:
        con: An open build copy.
        table_of: Delivery to the raw table its rows belong in; None when they belong nowhere.
    """
    ids, tables = list(table_of), list(table_of.values())
    for (name,) in con.execute(_ROW_TABLES).fetchall():
        con.execute(
            f"delete from raw.{name} where delivery_id in (select d.id from "
            "(select unnest($ids) as id, unnest($tables) as kept) as d "
            f"where d.kept is distinct from '{name}')",
            {"ids": ids, "tables": tables},
        )


def forget(con: duckdb.DuckDBPyConnection, delivery_ids: Collection[str]) -> None:
    """Remove all that is known of deliveries that are out of use, but for what the ledger says."""
    keep_only(con, dict.fromkeys(delivery_ids))
    for table in ("raw.findings", "raw.corrections", "meta.loads"):
        con.execute(
            f"delete from {table} where list_contains($ids, delivery_id)",
            {"ids": sorted(delivery_ids)},
        )
