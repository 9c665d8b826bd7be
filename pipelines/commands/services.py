"""`monitor prepare`, `code-server`, `daemon`: an installation that runs by itself."""

from __future__ import annotations

from pathlib import Path

import click

from pipelines.environment import CODE_SOCKET_ENV
from pipelines.settings import Settings

_SOCKET = click.Path(path_type=Path, dir_okay=False, resolve_path=True)


@click.command()
@click.pass_obj
def prepare(settings: Settings) -> None:
    """Make DAGSTER_HOME, parse and compile: after it, nobody need write to the checkout."""
    from pipelines.orchestration.dbt_compiled import compiled_sql
    from pipelines.orchestration.dbt_manifest import ensure_manifest
    from pipelines.orchestration.home import prepare_dagster_home

    prepare_dagster_home(settings)
    ensure_manifest(settings.dbt_dir)
    models = compiled_sql(settings.dbt_dir)
    click.echo(f"{len(models)} models parsed and compiled")


@click.command("code-server")
@click.option(
    "--socket",
    type=_SOCKET,
    envvar=CODE_SOCKET_ENV,
    show_envvar=True,
    required=True,
    help="The socket that daemon and web server connect to.",
)
@click.pass_obj
def code_server(settings: Settings, socket: Path) -> None:
    """Serve the pipeline to daemon and web server, and start its runs."""
    from pipelines.orchestration.services import serve_code
    from pipelines.privacy.master_key import insist_on_key
    from pipelines.warehouse.lock import LockBusyError

    insist_on_key(settings)
    try:
        serve_code(settings, socket)
    except LockBusyError as busy:
        raise click.ClickException(f"a code server is at work on this socket: {busy}") from busy


@click.command()
@click.option(
    "--socket",
    type=_SOCKET,
    envvar=CODE_SOCKET_ENV,
    show_envvar=True,
    help="The code server's socket; without it the daemon starts a code server of its own.",
)
@click.pass_obj
def daemon(settings: Settings, socket: Path | None) -> None:
    """Watch the inbox and keep the schedules; one process an installation does so."""
    from pipelines.orchestration.services import serve_daemon
    from pipelines.warehouse.lock import LockBusyError

    try:
        serve_daemon(settings, socket)
    except LockBusyError as busy:
        raise click.ClickException(f"a daemon is at work on this data already: {busy}") from busy
