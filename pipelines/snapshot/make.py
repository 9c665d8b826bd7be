"""Writing the snapshot: the allowed columns, in a file that was never more than them.

The columns are taken out by one process and written down by another, whose memory begins as zeros:
the gaps of a DuckDB file hold whatever the memory of its writer held.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.durable import fsync_dir, fsync_file, part_sibling
from pipelines.settings import Settings
from pipelines.snapshot.allowed import AllowedTable, allowed_tables
from pipelines.snapshot.confidential import TableName


class SnapshotError(RuntimeError):
    """The snapshot cannot be made; the message says what has to be done first."""


@dataclass(frozen=True)
class Snapshot:
    """A snapshot that was made."""

    path: Path
    tables: int
    columns: int
    rows: int


def make_snapshot(settings: Settings, path: Path) -> Snapshot:
    """Write the snapshot of the live warehouse and the newest released cells, whole or not at all.

    Args:
        settings: The installation.
        path: The file; one that is there is replaced.

    Raises:
        SnapshotError: If there is nothing to take it from, an allowed column is not there, or an
            allowed table rests on answers.
    """
    from pipelines.orchestration.dbt_manifest import ensure_manifest
    from pipelines.release.database import copied_in_zeroes
    from pipelines.snapshot.confidential import confidential_tables

    for needed in (settings.live_path, settings.publish_path):
        if not needed.is_file():
            raise SnapshotError(f"there is no {needed.name} yet; `monitor run` makes it")
    tables = allowed_tables()
    refuse_confidential(tables, confidential_tables(ensure_manifest(settings.dbt_dir)))
    path.parent.mkdir(parents=True, exist_ok=True)
    taken, written = part_sibling(path), part_sibling(path)
    try:
        rows = _take_out(settings, tables, taken)
        if wrong := copied_in_zeroes(taken, written):
            raise SnapshotError(f"{path.name} could not be written: {wrong}")
        written.chmod(0o440)
        fsync_file(written)
        written.replace(path)
    finally:
        taken.unlink(missing_ok=True)
        written.unlink(missing_ok=True)
    fsync_dir(path.parent)
    return Snapshot(path, len(tables), sum(len(t.columns) for t in tables), rows)


def refuse_confidential(
    tables: Sequence[AllowedTable], confidential: Collection[TableName]
) -> None:
    """Insist that no table rests on answers, but for the released ones.

    Raises:
        SnapshotError: If one does.
    """
    wrong = [
        f"{t.schema}.{t.name}"
        for t in tables
        if not t.is_released and (t.schema, t.name) in confidential
    ]
    if wrong:
        raise SnapshotError(f"{', '.join(wrong)} rests on answers; take it out of allowed.yml")


def _take_out(settings: Settings, tables: Sequence[AllowedTable], path: Path) -> int:
    """Copy the allowed columns with their descriptions; gives the number of rows."""
    rows = 0
    with duckdb.connect(str(path)) as con:
        for name, source in (("live", settings.live_path), ("publish", settings.publish_path)):
            place = str(source).replace("'", "''")
            con.execute(f"attach '{place}' as {name} (read_only)")
        for table in tables:
            catalog, schema = ("publish", "main") if table.is_released else ("live", table.schema)
            there = dict(
                con.execute(
                    "select column_name, comment from duckdb_columns() "
                    "where database_name = ? and schema_name = ? and table_name = ?",
                    [catalog, schema, table.name],
                ).fetchall()
            )
            if missing := [name for name in table.columns if name not in there]:
                raise SnapshotError(
                    f"{table.schema}.{table.name} has no {', '.join(missing)}; "
                    "`monitor run` first, or take it out of allowed.yml"
                )
            con.execute(f"create schema if not exists {_quoted(table.schema)}")
            own = f"{_quoted(table.schema)}.{_quoted(table.name)}"
            columns = ", ".join(map(_quoted, table.columns))
            con.execute(
                f"create table {own} as select {columns} "
                f"from {catalog}.{_quoted(schema)}.{_quoted(table.name)}"
            )
            for name in table.columns:
                if there[name]:
                    text = there[name].replace("'", "''")
                    con.execute(f"comment on column {own}.{_quoted(name)} is '{text}'")
            counted = con.execute(f"select count(*) from {own}").fetchone()
            rows += counted[0] if counted else 0
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
