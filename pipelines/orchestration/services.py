"""The processes of an installation that runs by itself: code server and daemon.

The code server knows the pipeline and starts its runs; the daemon evaluates sensors and schedules.
Both are told by `MONITOR_CODE_SOCKET` where they meet: a file, so that nothing listens on a port.
The web server is Dagster's own command with the same socket (`deploy/`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

from pipelines.logs import json_format
from pipelines.settings import Settings
from pipelines.warehouse.lock import kernel_lock

DAEMON_LOCK = ".daemon.lock"
TAKE_OVER_SECONDS = 20.0
"""How long a daemon waits for the one before it to end, when it is restarted."""
MODULE = "pipelines.definitions"


def code_server_command(settings: Settings, socket: Path) -> list[str]:
    """The command that serves the pipeline's definitions on a socket, and starts runs."""
    return [
        sys.executable,
        *("-m", "dagster", "api", "grpc"),
        *("--module-name", MODULE),
        *("--working-directory", str(settings.root)),
        *("--socket", str(socket)),
        *json_format(),
    ]


def serve_code(settings: Settings, socket: Path) -> NoReturn:
    """Serve the definitions in place of this process."""
    from pipelines.orchestration.home import prepare_dagster_home

    os.chdir(prepare_dagster_home(settings))
    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)  # of a server that was killed
    command = code_server_command(settings, socket)
    os.execv(command[0], command)


def serve_daemon(settings: Settings, socket: Path | None) -> None:
    """Evaluate sensors and schedules until told to end; one process an installation does so.

    Args:
        settings: The installation.
        socket: Where the code server is; without one the daemon starts one of its own.

    Raises:
        LockBusyError: If another daemon is at work on the same data.
    """
    lock = settings.data_dir / DAEMON_LOCK
    with kernel_lock(lock, wait_seconds=TAKE_OVER_SECONDS, purpose="daemon"):
        from dagster._daemon.cli import run_command

        from pipelines.orchestration.clock import clock_watched
        from pipelines.orchestration.home import opened_instance

        where = ["--grpc-socket", str(socket)] if socket else ["--module-name", MODULE]
        with opened_instance(settings) as instance, clock_watched(instance):
            os.chdir(settings.dagster_home)
            arguments = [*where, *json_format()]
            run_command.main(arguments, prog_name="monitor daemon", standalone_mode=False)
