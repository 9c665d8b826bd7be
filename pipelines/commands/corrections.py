"""`monitor corrections`: which corrections are applied, which have expired, and why."""

from __future__ import annotations

import json
import sys

import click

from pipelines.settings import Settings


@click.command()
@click.option("--json", "as_data", is_flag=True, help="As JSON.")
@click.pass_obj
def corrections(settings: Settings, as_data: bool) -> None:
    """Show what came of every correction (pipelines/sources/<source>/corrections.yml).

    Exit code 1 when one has expired or met no row: a person has to look at it.
    """
    from pipelines.contracts.corrections import CorrectionsError
    from pipelines.corrections_report import TO_LOOK_AT, correction_lines, text

    try:
        lines = correction_lines(settings)
    except CorrectionsError as error:
        raise click.ClickException(str(error)) from error
    if as_data:
        told = [line.to_dict() for line in lines]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for line in lines:
            click.echo(text(line))
            click.echo(f"    {line.reason} ({line.provider}, {line.corrected_on})")
        if not lines:
            click.echo("No corrections.")
    sys.exit(1 if any(line.state in TO_LOOK_AT for line in lines) else 0)
