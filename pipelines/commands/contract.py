"""`monitor contract`: what a source's deliveries must look like, for people and for programs."""

from __future__ import annotations

import json

import click

from pipelines.commands.options import SourceName
from pipelines.settings import Settings


@click.command()
@click.argument("source", type=SourceName())
@click.option("--wave", help="Merge in the code book of this wave, such as 2016 (survey only).")
@click.option("--json", "as_json", is_flag=True, help="The complete contract as JSON.")
@click.pass_obj
def contract(settings: Settings, source: str, wave: str | None, as_json: bool) -> None:
    """Print the contract of SOURCE: fields, accepted forms, code lists, rules, formats.

    Exits with 2 when there is no such source or no code book for the wave.
    """
    from pipelines.contracts.loader import code_books
    from pipelines.documents.contract import WaveUnknownError, describe
    from pipelines.documents.contract_text import contract_lines

    del settings
    try:
        told = describe(source, wave)
    except WaveUnknownError as unknown:
        waves = [book.wave for book in code_books(source)]
        known = (
            f"there are code books for {', '.join(waves)}; make one with `monitor add-wave`"
            if waves
            else f"{source} has no waves: leave --wave out"
        )
        raise click.BadParameter(
            f"no code book for wave {wave!r}: {known}", param_hint="--wave"
        ) from unknown
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in contract_lines(told):
        click.echo(line)
