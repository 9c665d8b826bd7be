"""`monitor metrics`: counts and ages for a program that watches, as OpenMetrics text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.settings import Settings


@click.command()
@click.option(
    "--write",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them to this file, whole or not at all, instead of printing them.",
)
@click.pass_obj
def metrics(settings: Settings, path: Path | None) -> None:
    """Print counts and ages in OpenMetrics text, which Prometheus reads."""
    from pipelines.durable import write_replacing
    from pipelines.metrics.collect import families
    from pipelines.metrics.openmetrics import text
    from pipelines.orchestration.home import opened_instance

    with opened_instance(settings) as instance:
        told = text(families(settings, datetime.now(UTC), instance))
    if path is None:
        click.echo(told, nl=False)
    else:
        write_replacing(path.resolve(), told.encode())
