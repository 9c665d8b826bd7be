"""The processes of an installation that runs by itself: code server and daemon.

The code server knows the pipeline and starts its runs; the daemon evaluates sensors and schedules.
Both are told by `MONITOR_CODE_SOCKET` where they meet: a file, so that nothing listens on a port.
The web server is Dagster's own command with the same socket (`deploy/`).
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.settings import Settings
from pipelines.warehouse.lock import kernel_lock

DAEMON_LOCK = ".daemon.lock"
TAKE_OVER_SECONDS = 20.0
"""How long a service waits for the one before it to end, when it is restarted."""


def serve_code(settings: Settings, socket: Path) -> None:
    """Serve the definitions on a socket until told to end; one process a socket does so.

    Raises:
        LockBusyError: If another code server is at work on the same socket.
    """
    from pipelines.orchestration.home import prepare_dagster_home

    os.chdir(prepare_dagster_home(settings))
    socket.parent.mkdir(parents=True, exist_ok=True)
    lock = socket.with_name(f".{socket.name}.lock")
    with kernel_lock(lock, wait_seconds=TAKE_OVER_SECONDS, purpose="code server"):
        from pipelines.orchestration.code_server import serve

        socket.unlink(missing_ok=True)  # of a server that was killed
        serve(settings, socket)


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
        from pipelines.orchestration.clock import clock_watched
        from pipelines.orchestration.daemon import serve
        from pipelines.orchestration.home import opened_instance

        with opened_instance(settings) as instance, clock_watched(instance):
            os.chdir(settings.dagster_home)
            serve(instance, settings, socket)
