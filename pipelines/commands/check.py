"""`monitor check`: what would become of a file, before it is delivered."""

from __future__ import annotations

import json
import sys
import textwrap
import traceback
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from pipelines.commands.options import PERIOD_EXAMPLES, SOURCE_HELP, SourceName
from pipelines.commands.troubles import told
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.intake.check import CheckReport
    from pipelines.intake.findings import Finding

EXIT_CODES: Final = {"accepted": 0, "quarantined": 1, "rejected": 2}
USAGE_EXIT: Final = 64
FAILED_EXIT: Final = 70
INTERRUPTED_EXIT: Final = 130
"""As sysexits.h has them: whoever reads the exit code must not take our faults for an answer."""

WIDTH: Final = 100
PLACES_SHOWN: Final = 12

_STATUS: Final = {
    "accepted": "accepteres / accepted",
    "quarantined": "accepteres delvist / accepted in part",
    "rejected": "afvises / rejected",
}
_SEVERITY: Final = {"error": "fejl / error", "warning": "til orientering / warning"}


class _UsageError(click.UsageError):
    """A wrong call, told apart from a rejected file by its exit code."""

    exit_code = USAGE_EXIT

    @classmethod
    def of(cls, error: click.UsageError) -> _UsageError:
        """The same complaint with this exit code."""
        return cls(error.format_message(), error.ctx)


class CheckCommand(click.Command):
    """A command whose usage errors and failures have exit codes apart from its answers."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the arguments."""
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise _UsageError.of(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run the check; an error of ours is told by its kind and place, for it may quote a cell.

        Neither a traceback's text nor a database's message is printed.
        """
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _UsageError.of(error) from error
        except click.exceptions.Exit:
            raise
        except (KeyboardInterrupt, click.Abort):
            ctx.exit(INTERRUPTED_EXIT)
        except Exception as error:
            click.echo(f"Kontrollen kunne ikke gennemføres ({type(error).__name__}).", err=True)
            click.echo(f"The check could not be carried out ({type(error).__name__}).", err=True)
            trouble = told(error, ctx.obj) if isinstance(error, RuntimeError) else None
            if trouble is not None:
                click.echo(trouble, err=True)
                ctx.exit(FAILED_EXIT)
            click.echo("".join(traceback.format_tb(error.__traceback__)[-3:]), err=True, nl=False)
            ctx.exit(FAILED_EXIT)


@click.command(cls=CheckCommand)
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--source", type=SourceName(), required=True, help=SOURCE_HELP)
@click.option(
    "--wave", "--period", "period", help="2016, or 2016-06-30; else the one in the file's name."
)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON, and nothing else.")
@click.option("--rows", default=PLACES_SHOWN, show_default=True, help="Rows listed a finding.")
@click.pass_obj
def check(
    settings: Settings, file: Path, source: str, period: str | None, as_json: bool, rows: int
) -> None:
    """Hold FILE (or a SurveyXact folder) against its contract, without loading it.

    Nothing is written anywhere. Exit code: 0 accepted, 1 accepted in part, 2 rejected.
    """
    from pipelines.contracts.loader import load_source
    from pipelines.intake.check import PeriodUnknownError
    from pipelines.intake.check import check as check_file
    from pipelines.pipeline import quality_gate

    try:
        # libraries that print have no say in what a script reads
        with redirect_stdout(sys.stderr):
            report = check_file(settings, file, source, period, screen=quality_gate)
    except PeriodUnknownError as unknown:
        form = PERIOD_EXAMPLES[load_source(source).period_kind]
        raise click.UsageError(
            f"give --wave, such as {form}: it does not follow from the name {file.name}"
            if period is None
            else f"--wave of {source} is such as {form}, not {period}"
        ) from unknown
    if as_json:
        click.echo(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        for line in lines_of(report, rows):
            click.echo(line)
    sys.exit(EXIT_CODES[report.status])


def lines_of(report: CheckReport, places_shown: int = PLACES_SHOWN) -> Iterator[str]:
    """The report for a person: by rule, with counts and the first places, 100 columns wide."""
    yield from _wrapped(f"{report.name} ({report.source}, {report.period})", "")
    yield f"{_STATUS[report.status]}"
    yield (
        f"Rækker / rows: {report.rows_read} læst / read, {report.rows_accepted} accepteret / "
        f"accepted, {report.rows_quarantined} holdt tilbage / held back"
    )
    if not report.findings:
        yield "Ingen fejl. / No findings."
    for (_, _, rule), group in groupby(sorted(report.findings, key=_order), key=_group):
        of_rule = list(group)
        yield ""
        yield f"{rule} · {_SEVERITY[of_rule[0].severity]} · {len(of_rule)}"
        for _, same in groupby(of_rule, key=lambda f: (f.message_da, f.message_en)):
            told = list(same)
            yield from _wrapped(told[0].message_da, "  ")
            yield from _wrapped(told[0].message_en, "  ")
            yield from _places(told, places_shown)


def _group(finding: Finding) -> tuple[bool, bool, str]:
    """What concerns the whole file first, errors before warnings, then by rule."""
    return finding.severity != "error", finding.row is not None, finding.rule


def _order(finding: Finding) -> tuple[tuple[bool, bool, str], str, str]:
    return _group(finding), finding.message_da, finding.message_en


def _places(findings: Sequence[Finding], most: int) -> Iterator[str]:
    """Where it is, by column: the first rows, and how many more there are."""
    by_column = sorted(findings, key=lambda f: (f.sheet or "", f.column or "", f.row or 0))
    for (sheet, column), group in groupby(by_column, key=lambda f: (f.sheet, f.column)):
        rows = [f.row for f in group if f.row is not None]
        where = ", ".join(part for part in (sheet, column) if part)
        if rows:
            shown = ", ".join(map(str, rows[:most]))
            more = f" … og {len(rows) - most} til / and more" if len(rows) > most else ""
            where = f"{where + ': ' if where else ''}række / row {shown}{more}"
        if where:
            yield from _wrapped(where, "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent) or [""]
