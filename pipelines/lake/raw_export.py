"""The raw tables as Parquet: one file a delivery and table, written only where its rows are new.

Folders are `raw/<table>/source=…/period=…/delivery=…/`, so that any engine can leave out what it
does not need. Whether rows are new is asked of the rows themselves, not of what was written down
about them. Tables without deliveries of their own (the ledger's, the code books) are one file each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import duckdb

from pipelines.durable import sha256_of
from pipelines.lake.generation import LakeFile, RawFile
from pipelines.lake.place import LakeError, Place

OF_THE_LEDGER = frozenset({"deliveries", "findings", "corrections"})
"""Small, and of all deliveries: each is one file."""


@dataclass(frozen=True)
class Rows:
    """Rows that belong in one file."""

    table: str
    delivery_id: str | None
    folder: str
    rows: int
    content: str


def export_raw(
    con: duckdb.DuckDBPyConnection,
    place: Place,
    known: Mapping[tuple[str, str | None], RawFile],
    work: Path,
) -> tuple[RawFile, ...]:
    """Write what is new of the raw tables, and name all that is current.

    Args:
        con: The warehouse, read-only.
        place: Where to.
        known: The files of the generation before.
        work: A private folder; each file is in it until it is uploaded.

    Returns:
        Every current file, new or known.
    """
    return tuple(_written(con, place, rows, known, work) for rows in _all_rows(con))


def _written(
    con: duckdb.DuckDBPyConnection,
    place: Place,
    rows: Rows,
    known: Mapping[tuple[str, str | None], RawFile],
    work: Path,
) -> RawFile:
    before = known.get((rows.table, rows.delivery_id))
    if before and before.content == rows.content and place.size(before.file.name) is not None:
        return before
    local = work / "rows.parquet"
    chosen = f" where delivery_id = {_text(rows.delivery_id)}" if rows.delivery_id else ""
    con.execute(
        f"copy (select * from raw.{rows.table}{chosen} order by all) "
        f"to {_text(str(local))} (format parquet, compression zstd)"
    )
    try:
        name = f"{rows.folder}/{rows.content[:16]}.parquet"
        file = LakeFile(name, local.stat().st_size, sha256_of(local))
        place.upload(local, name)
    finally:
        local.unlink(missing_ok=True)
    return RawFile(rows.table, rows.delivery_id, rows.rows, rows.content, file)


def _all_rows(con: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    addresses: dict[str, tuple[str, str]] = {
        delivery: (source, period)
        for delivery, source, period in con.execute(
            "select delivery_id, source, period from raw.deliveries"
        ).fetchall()
    }
    for table, columns in _tables(con):
        # the engine's version too: its hash of the same row may be another
        shape = f"{duckdb.__version__} {table} {columns}"
        by_delivery = table not in OF_THE_LEDGER and "delivery_id" in columns
        key = "delivery_id" if by_delivery else "null"
        counted = con.execute(
            f"select {key} as delivery, count(*), coalesce(sum(hash(t)), 0)::varchar "
            f"from raw.{table} as t group by all order by all"
        ).fetchall()
        for delivery, rows, hashed in counted or [(None, 0, "0")]:
            content = hashlib.sha256(f"{shape} {delivery} {rows} {hashed}".encode()).hexdigest()
            folder = f"raw/{table}"
            if delivery is not None:
                if delivery not in addresses:
                    raise LakeError(f"raw.{table} has rows of a delivery nobody knows; rebuild it")
                source, period = (quote(part, safe="") for part in addresses[delivery])
                folder = f"{folder}/source={source}/period={period}/delivery={delivery}"
            yield Rows(table, delivery, folder, rows, content)


def _tables(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found = con.execute(
        "select table_name, string_agg(column_name || ' ' || data_type, ', ' order by column_index)"
        " from duckdb_columns() where schema_name = 'raw' and not internal group by all order by 1"
    ).fetchall()
    return [(str(name), str(columns)) for name, columns in found]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
