"""`publish.duckdb`: the release as a database, for Evidence, for analysts and for our renderers.

Writes a release whole or not at all, and reads it back. The storage version is one that Evidence's
older DuckDB can open. DuckDB's bytes differ from run to run, so a file that already holds the same
release is left as it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import duckdb
import pandas as pd

from pipelines.durable import fsync_dir, fsync_file
from pipelines.publish.database import IN_MEMORY, open_read_only
from pipelines.publish.model import (
    Indicator,
    Note,
    Release,
    ReleasedCell,
    ReleaseInfo,
    SourceDelivery,
    WithheldTable,
)
from pipelines.publish.records import field_names

STORAGE_VERSION = "v1.4.0"
# Python type -> DuckDB type, pandas type that keeps None apart from NaN
_TYPES = {
    "str": ("varchar", "object"),
    "float": ("double", "Float64"),
    "int": ("integer", "Int64"),
    "bool": ("boolean", "boolean"),
    "datetime": ("timestamp", "datetime64[us]"),
}
_COMMENTS = {
    "released_cells": "One row per published cell; hidden values are NULL with conf_status C.",
    "release_info": "One row: which release this is.",
    "indicator_catalogue": "One row per indicator: title, definition, base, owner.",
    "notes": "One row per footnote that a cell refers to.",
    "withheld_tables": "One row per table (indicator, period, breakdown) not published, and why.",
    "release_deliveries": "One row per delivery behind a published cell.",
}
_Record = TypeVar("_Record")


def write_release(release: Release, path: Path) -> bool:
    """Write a release to `path` and return whether anything changed."""
    if path.exists() and _reads_as(path, release):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f"{path.stem}.building")
    building.unlink(missing_ok=True)
    # one thread: a release's bytes follow from its content (`pipelines.release.database`)
    connection = duckdb.connect(config={**IN_MEMORY, "threads": 1})
    try:
        target = str(building).replace("'", "''")
        connection.execute(f"attach '{target}' as release (storage_version '{STORAGE_VERSION}')")
        for table, record_type, records in _tables(release):
            _write_table(connection, table, record_type, records)
        connection.execute("checkpoint release")
        connection.execute("detach release")
    finally:
        connection.close()
    fsync_file(building)
    building.replace(path)
    fsync_dir(path.parent)
    return True


def read_release(path: Path) -> Release:
    """Read the release that `path` holds."""
    with open_read_only(path) as connection:
        return Release(
            info=_read(connection, "release_info", ReleaseInfo)[0],
            cells=_read(connection, "released_cells", ReleasedCell),
            indicators=_read(connection, "indicator_catalogue", Indicator),
            notes=_read(connection, "notes", Note),
            withheld=_read(connection, "withheld_tables", WithheldTable),
            deliveries=_read(connection, "release_deliveries", SourceDelivery),
        )


def read_info(path: Path) -> ReleaseInfo:
    """Read which release `path` holds."""
    with open_read_only(path) as connection:
        return _read(connection, "release_info", ReleaseInfo)[0]


def _tables(release: Release) -> list[tuple[str, type, Sequence[Any]]]:
    return [
        ("release_info", ReleaseInfo, [release.info]),
        ("released_cells", ReleasedCell, release.cells),
        ("indicator_catalogue", Indicator, release.indicators),
        ("notes", Note, release.notes),
        ("withheld_tables", WithheldTable, release.withheld),
        ("release_deliveries", SourceDelivery, release.deliveries),
    ]


def _write_table(
    connection: duckdb.DuckDBPyConnection, table: str, record_type: type, records: Sequence[Any]
) -> None:
    hints = get_type_hints(record_type)
    names = [f.name for f in dataclasses.fields(record_type)]
    columns = ", ".join(f"{name} {_type(hints[name])[0]}" for name in names)
    connection.execute(f"create table release.{table} ({columns})")
    connection.execute(f"comment on table release.{table} is '{_COMMENTS[table]}'")
    if records:
        frame = pd.DataFrame(
            {
                name: pd.Series([getattr(r, name) for r in records], dtype=_type(hints[name])[1])
                for name in names
            }
        )
        connection.register("records", frame)
        connection.execute(f"insert into release.{table} by name select * from records")
        connection.unregister("records")


def _type(hint: Any) -> tuple[str, str]:
    text = hint.__name__ if isinstance(hint, type) else str(hint)
    return _TYPES[text.removesuffix(" | None")]


def _read(
    connection: duckdb.DuckDBPyConnection, table: str, record_type: type[_Record]
) -> tuple[_Record, ...]:
    # a published release is never written again: it lacks the columns that came after it
    present = {row[0] for row in connection.execute(f"describe {table}").fetchall()}
    names = [name for name in get_type_hints(record_type) if name in present]
    rows = connection.execute(f"select {', '.join(names)} from {table}").fetchall()
    if rows and names == list(field_names(record_type)):
        return tuple(record_type(*row) for row in rows)
    return tuple(record_type(**dict(zip(names, row, strict=True))) for row in rows)


def _reads_as(path: Path, release: Release) -> bool:
    """Whether the whole of this release can be read from a file; a damaged one is written anew."""
    try:
        return holds(path, release.info) and read_release(path) == release
    except duckdb.Error:
        return False


def holds(path: Path, info: ReleaseInfo) -> bool:
    """Whether the file at `path` is this very release; an unreadable file is not."""
    try:
        return read_info(path) == info
    except (duckdb.Error, IndexError):
        return False
