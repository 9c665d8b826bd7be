"""`monitor run`, `status`, `dev`, `viewer`, `site`: what keeps an installation going."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from pipelines.environment import CODE_SOCKET_ENV, VIEWER_PORT_ENV
from pipelines.settings import Settings


@click.command()
@click.option("--force", is_flag=True, help="Build anew even when nothing has changed.")
@click.pass_obj
def run(settings: Settings, force: bool) -> None:
    """Take in what waits, build, check and publish, without a daemon."""
    from pipelines.orchestration.run import run_process_inbox
    from pipelines.privacy.master_key import insist_on_key
    from pipelines.report import print_summary

    insist_on_key(settings)
    outcome = run_process_inbox(settings, force=force)
    print_summary(settings, outcome)
    sys.exit(0 if outcome.success else 1)


@click.command()
@click.pass_obj
def status(settings: Settings) -> None:
    """Show every source and period: expected, received, accepted, quarantined, published, age."""
    from pipelines.intake.ledger import insist_on_ledger
    from pipelines.report import print_status

    insist_on_ledger(settings)
    print_status(settings, datetime.now(UTC))


@click.command()
@click.option("--port", default=3000, show_default=True, help="Port on 127.0.0.1.")
@click.pass_obj
def dev(settings: Settings, port: int) -> None:
    """Open the Dagster UI on 127.0.0.1 with the inbox sensor and the schedules on."""
    from pipelines.orchestration.run import serve_dev

    serve_dev(settings, port)


@click.command()
@click.option(
    "--port",
    default=3001,
    show_default=True,
    envvar=VIEWER_PORT_ENV,
    show_envvar=True,
    help="Port on 127.0.0.1.",
)
@click.option(
    "--socket",
    type=click.Path(path_type=Path, dir_okay=False, resolve_path=True),
    envvar=CODE_SOCKET_ENV,
    help="Where the code server is; without one the viewer starts one of its own.",
)
@click.pass_obj
def viewer(settings: Settings, port: int, socket: Path | None) -> None:
    """Show the Dagster UI on 127.0.0.1 to people who may look and change nothing."""
    from pipelines.orchestration.run import serve_viewer

    serve_viewer(settings, port, socket)


@click.command()
@click.pass_obj
def site(settings: Settings) -> None:
    """Build the Evidence site over publish.duckdb (needs Node 18 or newer)."""
    from pipelines.evidence import build_site

    place = build_site(settings)
    click.echo(f"Evidence site: {place}")
