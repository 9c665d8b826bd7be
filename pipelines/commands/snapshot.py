"""`monitor snapshot` and `monitor sql`: a file for analysts, and asking it, or released cells."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from pipelines.settings import Settings


def default_place(settings: Settings) -> Path:
    """Where the snapshot is put when nobody says where."""
    return settings.data_dir / "snapshot" / "boligsocial_monitor.duckdb"


@click.command()
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def snapshot(settings: Settings, file: Path | None) -> None:
    """Write a DuckDB FILE for analysts who may not see answers: registers and released cells."""
    from pipelines.snapshot.make import SnapshotError, make_snapshot

    try:
        made = make_snapshot(settings, (file or default_place(settings)).resolve())
    except SnapshotError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{made.path}: {made.tables} tables, {made.columns} columns, {made.rows} rows")


@click.command()
@click.argument("query", required=False)
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The DuckDB file; else the snapshot of this installation.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Every row as CSV instead of a table.")
@click.pass_obj
def sql(settings: Settings, query: str | None, file: Path | None, as_csv: bool) -> None:
    """Ask a snapshot one QUERY (or standard input): it can read that file, and nothing else."""
    import duckdb

    from pipelines.snapshot.opened import opened_locked

    path = file or default_place(settings)
    if not path.is_file():
        raise click.ClickException(f"there is no {path}; `monitor snapshot` makes it")
    asked = query if query is not None else click.get_text_stream("stdin").read()
    try:
        with opened_locked(path) as con:
            found: duckdb.DuckDBPyRelation | None = con.sql(asked)
            if found is None:  # as of a statement that gives no rows
                return
            if not as_csv:
                click.echo(str(found))
                return
            writer = csv.writer(sys.stdout)
            writer.writerow(found.columns)
            while rows := found.fetchmany(10_000):
                writer.writerows(rows)
    except duckdb.Error as error:
        raise click.ClickException(str(error)) from error
