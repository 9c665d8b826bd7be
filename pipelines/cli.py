"""The `monitor` command: what people type. Each command wires one layer and prints.

Heavy imports stay inside the commands, so that `monitor deliver` answers at once.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boligsocial-monitor", prog_name="monitor")
@click.pass_context
def main(context: click.Context) -> None:
    """Boligsocial Monitor: from delivered files to published indicator tables."""
    context.obj = Settings.from_env()


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--source", help="survey, driftsstoette or styringsdialog.")
@click.option("--wave", "--period", "period", help="2016, or 2016-06-30 for an extract.")
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
    folder: Path | None,
) -> None:
    """Drop files (or a SurveyXact folder) into the inbox the safe way."""
    from pipelines.contracts.loader import source_names
    from pipelines.intake.placing import DeliverRefusedError
    from pipelines.intake.placing import deliver as drop
    from pipelines.intake.shipped import shipped_items

    if folder is not None:
        items = list(shipped_items(folder))
        for item in items:
            drop(settings, item.path, item.source, item.period, item.meta)
        click.echo(f"{len(items)} deliveries are in the inbox; `monitor run` takes them in.")
        return
    if not files or source is None or period is None:
        raise click.UsageError("give FILES with --source and --wave, or --all FOLDER")
    if source not in source_names():
        raise click.BadParameter(f"one of {', '.join(source_names())}", param_hint="--source")
    for path in files:
        try:
            place = drop(settings, path, source, period)
        except DeliverRefusedError as refusal:
            raise click.ClickException(f"{path.name}: {refusal}") from refusal
        click.echo(f"{path.name} is in the inbox: {place.relative_to(settings.data_dir)}")


@main.command()
@click.option("--force", is_flag=True, help="Build anew even when nothing has changed.")
@click.pass_obj
def run(settings: Settings, force: bool) -> None:
    """Take in what waits, build, check and publish, without a daemon."""
    from pipelines.orchestration.run import run_process_inbox
    from pipelines.report import print_summary

    outcome = run_process_inbox(settings, force=force)
    print_summary(settings, outcome)
    sys.exit(0 if outcome.success else 1)


@main.command()
@click.pass_obj
def status(settings: Settings) -> None:
    """Show every source and period: expected, received, accepted, quarantined, published, age."""
    from pipelines.report import print_status

    print_status(settings, datetime.now(UTC))


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
@click.pass_obj
def dev(settings: Settings, port: int) -> None:
    """Open the Dagster UI on 127.0.0.1 with the inbox sensor and the schedules on."""
    from pipelines.orchestration.run import serve_dev

    serve_dev(settings, port)


@main.command()
@click.pass_obj
def site(settings: Settings) -> None:
    """Build the Evidence site over publish.duckdb (needs Node 18 or newer)."""
    from pipelines.evidence_site import build_site

    place = build_site(settings)
    click.echo(f"Evidence site: {place}")
