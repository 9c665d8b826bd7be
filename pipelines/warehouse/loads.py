"""Which delivery is loaded under which contract: what a build copy already holds.

Kept inside the database, so that it goes live, and is thrown away, together with the rows.
"""

from __future__ import annotations

import duckdb

DDL = (
    "create schema if not exists meta",
    "create table if not exists meta.loads "
    "(delivery_id varchar primary key, contract_fingerprint varchar not null)",
    "comment on table meta.loads is "
    "'One row per delivery that has been read, with the contract it was read under'",
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
