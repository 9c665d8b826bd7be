"""`monitor lake`: archive, ledger and raw tables on object storage, checked and brought back."""

from __future__ import annotations

import click

from pipelines.settings import Settings

SHOWN = 20
"""More problems than this are counted, not listed."""


@click.group()
def lake() -> None:
    """Keep archive, ledger and raw tables on object storage (docs/scaling.md)."""


@lake.command()
@click.argument("url")
@click.pass_obj
def push(settings: Settings, url: str) -> None:
    """Bring the place at URL to the state of this installation; only what is new is written."""
    from pipelines.lake.place import LakeError, place_of
    from pipelines.lake.push import push as pushed_to

    try:
        done = pushed_to(settings, place_of(url))
    except LakeError as error:
        raise click.ClickException(str(error)) from error
    rows = sum(raw.rows for raw in done.generation.raw)
    click.echo(
        f"generation {done.name[:12]}: {rows} raw rows in {len(done.generation.raw)} files, "
        f"{len(done.generation.archive)} files of the archive\n"
        f"{done.new_files} new files ({done.new_bytes} bytes), {done.removed} removed"
    )


@lake.command()
@click.argument("url")
@click.option("--quick", is_flag=True, help="Look at sizes only; else every byte is read.")
def check(url: str, quick: bool) -> None:
    """Hold every object at URL against what was pushed."""
    from pipelines.lake.place import LakeError, place_of
    from pipelines.lake.push import problems

    try:
        found = problems(place_of(url), quick=quick)
    except LakeError as error:
        raise click.ClickException(str(error)) from error
    if found:
        more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise click.ClickException("\n".join([*found[:SHOWN], *more, f"`monitor lake push {url}`"]))
    click.echo("every file is as it was pushed")


@lake.command()
@click.argument("url")
@click.pass_obj
def restore(settings: Settings, url: str) -> None:
    """Bring archive and ledger from URL into this installation's data folder, which has none."""
    from pipelines.lake.archive_mirror import bring_back
    from pipelines.lake.generation import read_current
    from pipelines.lake.place import LakeError, place_of

    try:
        place = place_of(url)
        generation = read_current(place)
        if generation is None:
            raise LakeError(f"nothing was ever pushed to {url}")
        files = bring_back(generation, place, settings.data_dir)
    except LakeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{files} files are back; put the keys in {settings.keys_dir}, then `monitor rebuild`"
    )
