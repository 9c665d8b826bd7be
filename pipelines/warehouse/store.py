"""The warehouse file: a build copy to write in, and the swap that makes it live.

Opening, copying, promoting: the way into this package. Who may write is `lock`, what the tables
are is `schema`, and what is written by delivery is `rows`, named here again for its callers.
The caller holds the writer lock from `begin_build` to `promote`.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipelines.durable import (
    Checkpoint,
    fsync_dir,
    fsync_file,
    is_open_here,
    is_replaced_here,
    make_durable_dir,
    no_checkpoint,
    part_sibling,
)
from pipelines.in_place import hashes_of, putting
from pipelines.settings import Settings
from pipelines.warehouse.file_format import CONFIG, new_database, rewrite_database
from pipelines.warehouse.rows import (
    RowsDifferError,
    replace_delivery_rows,
    write_deliveries,
    write_findings,
)
from pipelines.warehouse.schema import apply_ddl, own_ddl

__all__ = [
    "BuildNotClosedError",
    "RowsDifferError",
    "StaleConnectionError",
    "begin_build",
    "connect",
    "ensure_raw_schema",
    "get_build_fingerprint",
    "get_build_info",
    "get_ledger_head",
    "live_build_fingerprint",
    "new_database",
    "promote",
    "replace_delivery_rows",
    "set_build_fingerprint",
    "set_build_info",
    "set_ledger_head",
    "write_deliveries",
    "write_findings",
]

_FINGERPRINT_KEY = "build_fingerprint"
_LEDGER_HEAD_KEY = "ledger_head"


class BuildNotClosedError(RuntimeError):
    """The build copy is still open or holds a write-ahead log: it must not become live yet."""


class StaleConnectionError(RuntimeError):
    """This process still holds a connection to what the file was before it was replaced.

    DuckDB gives a second connection of one process the database of the first, by path, so the
    new one would show the old generation. Close the old one first.
    """


def connect(path: Path, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a database without any fetching of extensions.

    Raises:
        StaleConnectionError: If this process would be shown a generation that is replaced.
    """
    if is_replaced_here(path):
        raise StaleConnectionError(f"close the connection to the replaced {path.name} first")
    return duckdb.connect(str(path), read_only=read_only, config=CONFIG)


def begin_build(
    settings: Settings, *, from_nothing: bool = False, checkpoint: Checkpoint = no_checkpoint
) -> Path:
    """Put a fresh build copy of the live warehouse in place; what an earlier run left is removed.

    Args:
        settings: Where the files are.
        from_nothing: Make a new database even where there is a live one.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        The path of the copy: a new database where there is no live one yet.
    """
    build = settings.build_path
    make_durable_dir(build.parent)
    for left in build.parent.iterdir():
        if left.name.startswith((build.name, f".{build.name}")):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    temporary = part_sibling(build)
    if settings.live_path.exists() and not from_nothing:
        shutil.copyfile(settings.live_path, temporary)
    else:
        new_database(temporary)
    checkpoint("build.copied")
    temporary.rename(build)
    return build


def ensure_raw_schema(con: duckdb.DuckDBPyConnection, ddl: Sequence[str]) -> None:
    """Make the warehouse's own tables and the raw tables of the contracts; add new columns.

    Args:
        con: An open build copy.
        ddl: `create table if not exists raw.…` and `comment on …` statements.

    Raises:
        SchemaDriftError: If a standing table contradicts its contract.
    """
    apply_ddl(con, (*own_ddl(), *ddl))


def get_build_info(con: duckdb.DuckDBPyConnection, key: str) -> str | None:
    """Read one fact about the build; None where it, or the table, is not there."""
    try:
        found = con.execute("select value from meta.build_info where key = ?", [key]).fetchone()
    except duckdb.CatalogException:
        return None
    return str(found[0]) if found else None


def set_build_info(con: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Write one fact about the build."""
    con.execute("insert or replace into meta.build_info values (?, ?)", [key, value])


def get_build_fingerprint(con: duckdb.DuckDBPyConnection) -> str | None:
    """Read what the build was made from."""
    return get_build_info(con, _FINGERPRINT_KEY)


def set_build_fingerprint(con: duckdb.DuckDBPyConnection, fingerprint: str) -> None:
    """Write what the build was made from, last of all: a run that would make the same is skipped.

    Args:
        con: An open build copy.
        fingerprint: A hash of everything that decides the content (ledger, code, contracts).
    """
    set_build_info(con, _FINGERPRINT_KEY, fingerprint)


def set_ledger_head(con: duckdb.DuckDBPyConnection, head: str) -> None:
    """Write which history of the ledger the build holds; empty when it lacks a part of it."""
    set_build_info(con, _LEDGER_HEAD_KEY, head)


def get_ledger_head(con: duckdb.DuckDBPyConnection) -> str | None:
    """Read which history of the ledger the build holds."""
    return get_build_info(con, _LEDGER_HEAD_KEY)


def live_build_fingerprint(settings: Settings) -> str | None:
    """Read the fingerprint of the live warehouse; None when there is none."""
    if not settings.live_path.exists():
        return None
    with connect(settings.live_path, read_only=True) as con:
        return get_build_fingerprint(con)


def promote(settings: Settings, *, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Make the build copy the live warehouse: readers see the old file whole, then the new one.

    The file is written anew first, so that no row that was replaced or taken out is left in it.

    Args:
        settings: Where the files are.
        checkpoint: Called between the steps, for fault-injection tests.

    Raises:
        FileNotFoundError: If nothing has been built.
        BuildNotClosedError: If a connection of this process still holds the build copy, or its
            write-ahead log did not go away.
    """
    build, live = settings.build_path, settings.live_path
    if not build.exists():
        raise FileNotFoundError(build)
    if is_open_here(build):
        raise BuildNotClosedError("a connection of this process still holds the build copy")
    with connect(build) as con:
        con.execute("checkpoint")
    wal = build.with_name(f"{build.name}.wal")
    if wal.exists() or is_open_here(build):
        raise BuildNotClosedError("the build copy did not close")
    rewrite_database(build)
    checkpoint("promote.rewritten")
    build.chmod(0o444)
    fsync_file(build)
    checkpoint("promote.flushed")
    # A log beside the live file can only come from someone who opened it for writing; with the
    # new file it would make the warehouse unopenable.
    live.with_name(f"{live.name}.wal").unlink(missing_ok=True)
    with putting(settings, live, hashes_of(build)):
        checkpoint("promote.put_down")
        build.replace(live)
        checkpoint("promote.replaced")
        fsync_dir(live.parent)
    checkpoint("promote.settled")
