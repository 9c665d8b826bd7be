"""`monitor deliver`: drop files into the inbox the safe way, and say what became of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from pipelines.commands.options import PERIOD_EXAMPLES, SOURCE_HELP, SourceName
from pipelines.intake.delivery import DeliveryMeta, MetaError
from pipelines.intake.names import DESKTOP_FILES, META_SUFFIX, fits, printable
from pipelines.intake.placing import DeliverRefusedError
from pipelines.intake.placing import deliver as drop
from pipelines.settings import Settings

REFUSALS = (DeliverRefusedError, MetaError, OSError)
"""What a person who delivers can be told in a line; anything else is an error of ours."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--source", type=SourceName(), help=SOURCE_HELP)
@click.option("--wave", "--period", "period", help="2016, or 2016-06-30 for an extract.")
@click.option(
    "--confirm-smaller",
    "why_smaller",
    metavar="WHY",
    help="Far fewer rows than last time, and rightly so: say why.",
)
@click.option(
    "--incremental",
    is_flag=True,
    help="Only what changed since the full export before it (survey).",
)
@click.option(
    "--all",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Drop a whole folder <source>/<period>/<item> (and broken/… before it).",
)
@click.pass_obj
def deliver(
    settings: Settings,
    files: tuple[Path, ...],
    source: str | None,
    period: str | None,
    why_smaller: str | None,
    incremental: bool,
    folder: Path | None,
) -> None:
    """Drop files (or a SurveyXact folder) into the inbox the safe way.

    A FILE.meta.json beside a file goes with it.
    """
    from pipelines.overview import received_before

    if folder is not None:
        if files or source or period or why_smaller or incremental:
            raise click.UsageError("--all FOLDER says source and period itself: give it alone")
        _deliver_folder(settings, folder)
        return
    if not files or source is None or period is None:
        raise click.UsageError("give FILES with --source and --wave, or --all FOLDER")
    beside = {path.with_name(path.name + META_SUFFIX) for path in files}
    for path in files:
        if path in beside:
            continue
        try:
            meta = _confirmed(_meta_beside(path), why_smaller)
            if incremental:
                meta = replace(meta or DeliveryMeta(), is_incremental=True)
            place = _drop(settings, path, source, period, meta)
        except REFUSALS as refusal:
            raise click.ClickException(f"{printable(path.name)}: {_why(refusal)}") from refusal
        click.echo(f"{path.name} is in the inbox: {place.relative_to(settings.data_dir)}")
        known = received_before(settings, path, source, period)
        if known is not None:
            click.echo(
                f"  the same bytes were received on {known.received_at:%Y-%m-%d} "
                f"({known.state}): nothing will change"
            )
            if known.state == "withdrawn":
                click.echo(
                    f"  withdrawn by {known.decided_by}: {printable(known.reason or '')}; "
                    f"`monitor reinstate {known.delivery_id[:12]} --reason …` takes it back"
                )


def _deliver_folder(settings: Settings, folder: Path) -> None:
    """Drop all of a folder's deliveries; one that is refused keeps no other out."""
    from pipelines.intake.shipped import shipped_items

    try:
        items = [i for i in shipped_items(folder) if i.path.name.casefold() not in DESKTOP_FILES]
    except REFUSALS as refusal:
        raise click.ClickException(f"{folder}: {_why(refusal)}") from refusal
    if not items:
        raise click.ClickException(f"{folder} holds no <source>/<period>/<item>")
    refused = 0
    for item in items:
        try:
            _drop(settings, item.path, item.source, item.period, item.meta)
        except REFUSALS as refusal:
            refused += 1
            place = printable(str(item.path.relative_to(folder)))
            click.echo(f"refused: {place}: {_why(refusal)}", err=True)
    click.echo(f"{len(items) - refused} deliveries are in the inbox; `monitor run` takes them in.")
    if refused:
        raise click.ClickException(f"{refused} of {len(items)} were refused")


def _drop(
    settings: Settings, path: Path, source: str, period: str, meta: DeliveryMeta | None
) -> Path:
    """Drop one delivery; the inbox would refuse a period that is not of its source's kind."""
    from pipelines.contracts.loader import load_source

    kind = load_source(source).period_kind
    if not fits(period, source, {source: kind}):
        raise DeliverRefusedError(
            f"{source} is delivered for a {kind}, such as {PERIOD_EXAMPLES[kind]}; "
            f"not a period of it: {printable(period)}"
        )
    return drop(settings, path, source, period, meta)


def _meta_beside(path: Path) -> DeliveryMeta | None:
    side = path.with_name(path.name + META_SUFFIX)
    return DeliveryMeta.from_json(side.read_text("utf-8")) if side.is_file() else None


def _confirmed(meta: DeliveryMeta | None, why_smaller: str | None) -> DeliveryMeta | None:
    """What a sender says of a delivery, with the confirmation of the command line."""
    if why_smaller is not None:
        given = meta or DeliveryMeta()
        note = "; ".join(part for part in (given.note, why_smaller.strip()) if part)
        meta = replace(given, confirmed_smaller=True, note=note)
    return meta.require_reason() if meta else None


def _why(refusal: Exception) -> str:
    if isinstance(refusal, MetaError):
        return f"its {META_SUFFIX} cannot be read: {refusal}"
    return (refusal.strerror or str(refusal)) if isinstance(refusal, OSError) else str(refusal)
