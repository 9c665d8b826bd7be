"""`monitor explain CELL`: where one figure comes from."""

from __future__ import annotations

import json

import click

from pipelines.settings import Settings


@click.command()
@click.argument("cell")
@click.option(
    "--release", "version", help="A version (2017.1) or `kandidat`; else the current release."
)
@click.option("--sql", is_flag=True, help="Print the SQL of every model behind it.")
@click.option("--json", "as_data", is_flag=True, help="As JSON, SQL included.")
@click.pass_obj
def explain(settings: Settings, cell: str, version: str | None, sql: bool, as_data: bool) -> None:
    """Explain the figure CELL (I03.2016.all.all.yes.share_pct): definition, SQL, deliveries, rows.

    A figure that is held back is explained without its value, and so is a table that is; rows with
    answers given in confidence are counted, not named.
    """
    from pipelines.release.explain_text import explanation_data, explanation_lines
    from pipelines.release.explanations import explainer
    from pipelines.release.versions import ReleaseError
    from pipelines.release.withheld import WithheldExplanation, withheld_data, withheld_lines

    try:
        everything = explainer(settings, version)
        found = everything.of(cell)
    except ReleaseError as error:
        raise click.ClickException(str(error)) from error
    if isinstance(found, WithheldExplanation):
        data, lines = withheld_data(found), withheld_lines(found)
    else:
        data = explanation_data(found, everything.models)
        lines = explanation_lines(found, everything.models, sql=sql)
    if as_data:
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    for line in lines:
        click.echo(line)
