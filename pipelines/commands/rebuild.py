"""`monitor rebuild`: the warehouse anew from archive and ledger, now or as of a day."""

from __future__ import annotations

import sys
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.orchestration.rebuild import Rebuilt


class _Moment(click.ParamType[datetime]):
    name = "DATE|TIMESTAMP"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read a day (its end, local time) or a time (local, unless it says its zone)."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        try:
            if len(text) == len("2016-06-30"):
                return datetime.combine(date.fromisoformat(text), time.max).astimezone()
            return datetime.fromisoformat(text).astimezone()
        except ValueError:
            self.fail(f"{text}: a day (2016-06-30) or a time (2016-06-30T12:00)", param, ctx)


@click.command()
@click.option("--as-of", type=_Moment(), help="The state at the end of a day, or at a time.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Put monitor.duckdb into this folder instead of replacing the live one.",
)
@click.option("--check", is_flag=True, help="Compare with the live one; change nothing.")
@click.pass_obj
def rebuild(settings: Settings, as_of: datetime | None, into: Path | None, check: bool) -> None:
    """Make the warehouse anew from archive, ledger, contracts and corrections.

    Without options the live one is replaced, checked and published as in any run. With --as-of it
    goes into a file of its own (as-of/ in the data folder, or --into): the deliveries that counted
    then, corrections dated by then, and the contracts of today.
    """
    from pipelines.orchestration.rebuild import CannotRebuildError

    if check and (as_of or into):
        raise click.UsageError("--check compares with the live warehouse: give it alone")
    try:
        if check:
            _check(settings)
        elif as_of or into:
            _apart(settings, as_of, into)
        else:
            _replace(settings)
    except CannotRebuildError as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _check(settings: Settings) -> None:
    from pipelines.orchestration.rebuild import compare_with_live
    from pipelines.pipeline import quality_gate

    found = compare_with_live(settings, screen=quality_gate)
    _print(found.rebuilt)
    for each in found.differences:
        rows = [f"{side.rows} rows" if side else "not there" for side in (each.left, each.right)]
        click.secho(f"differs: {each.table}: live {rows[0]}, made anew {rows[1]}", fg="red")
    if found.is_behind:
        click.echo("The ledger has gone on since the live one was built: `monitor run` takes it up")
    if not found.differences:
        click.echo(f"{found.tables} tables of the live warehouse are the same made anew.")
    sys.exit(1 if found.differences or not found.rebuilt.is_whole else 0)


def _apart(settings: Settings, as_of: datetime | None, into: Path | None) -> None:
    from pipelines.orchestration.rebuild import default_place, rebuild_into
    from pipelines.pipeline import quality_gate

    folder = into
    if folder is None and as_of is not None:
        folder = default_place(settings, as_of)
    if folder is None:
        raise click.UsageError("give --into or --as-of")
    rebuilt = rebuild_into(settings, folder.resolve(), as_of=as_of, screen=quality_gate)
    _print(rebuilt)
    when = f" as of {as_of.isoformat(timespec='seconds')}" if as_of else ""
    click.echo(f"{rebuilt.deliveries} deliveries{when}: {rebuilt.database}")
    sys.exit(0 if rebuilt.is_whole else 1)


def _replace(settings: Settings) -> None:
    from pipelines.orchestration.rebuild import CannotRebuildError, left_out, unknown_deliveries
    from pipelines.orchestration.run import run_process_inbox
    from pipelines.report import print_summary

    if missing := unknown_deliveries(settings):
        raise CannotRebuildError(left_out(missing))
    outcome = run_process_inbox(settings, force=True, from_nothing=True)
    print_summary(settings, outcome)
    sys.exit(0 if outcome.success else 1)


def _print(rebuilt: Rebuilt) -> None:
    from pipelines.intake.names import printable

    for each in rebuilt.deviations:
        what = f"{each.delivery_id[:12]} {printable(each.address)}: {each.message}"
        click.secho(what, fg="yellow")
    for name in rebuilt.failed:
        click.secho(f"dbt: {name} failed", fg="red")
