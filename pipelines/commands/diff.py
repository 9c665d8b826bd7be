"""`monitor diff OLD NEW`: what is other between two releases, and why."""

from __future__ import annotations

import json

import click

from pipelines.settings import Settings


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_data", is_flag=True, help="As JSON.")
@click.option("--all", "shows_all", is_flag=True, help="Every cell, not the first of each kind.")
@click.pass_obj
def diff(settings: Settings, old: str, new: str, as_data: bool, shows_all: bool) -> None:
    """Compare two releases (2016.1 2017.1): cells changed, new and gone, with the cause.

    Both are published, or prepared; a withdrawn one can be compared too, and is said to be. The
    release holds its own comparison as diff.csv.
    """
    from pipelines.release.comparing import comparison
    from pipelines.release.diff_text import diff_data, diff_lines
    from pipelines.release.versions import ReleaseError, version_of

    try:
        found = comparison(settings, version_of(old), version_of(new))
    except ReleaseError as error:
        raise click.ClickException(str(error)) from error
    if as_data:
        click.echo(json.dumps(diff_data(found), ensure_ascii=False, indent=1))
        return
    for line in diff_lines(found, shows_all=shows_all):
        click.echo(line)
