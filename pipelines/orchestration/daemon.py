"""Dagster's daemon, with two of its loops cut short when something moves in the inbox.

Dagster evaluates sensors every five seconds at best, and looks for queued runs every second. Here
both look at once when the inbox has changed (`inbox_watch`), and as seldom as ever otherwise.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.workspace.context import IWorkspaceProcessContext
from dagster._core.workspace.load_target import (
    GrpcServerTarget,
    ModuleTarget,
    WorkspaceLoadTarget,
)
from dagster._daemon.controller import (
    create_daemon_of_type,
    daemon_controller_from_instance,
)
from dagster._daemon.daemon import DaemonIterator, DagsterDaemon, SensorDaemon
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import (
    QueuedRunCoordinatorDaemon,
)
from dagster._utils.interrupts import capture_interrupts, setup_interrupt_handlers

from pipelines.logs import is_json_wanted
from pipelines.orchestration.inbox_watch import OFTEN_SECONDS, InboxWatch, inbox_watched
from pipelines.orchestration.warm import DEFINITIONS
from pipelines.settings import Settings


class PromptSensorDaemon(SensorDaemon):
    """Evaluates sensors at once when the inbox has changed; each keeps its own interval."""

    def __init__(self, watch: InboxWatch, settings: Any) -> None:
        super().__init__(settings)
        self._watch = watch

    def core_loop(
        self,
        workspace_process_context: IWorkspaceProcessContext[Any],
        shutdown_event: threading.Event,
    ) -> DaemonIterator:
        """Go on as Dagster does, with pauses that a change cuts short."""
        yield from super().core_loop(workspace_process_context, self._watch.pauses(shutdown_event))


class PromptRunDaemon(QueuedRunCoordinatorDaemon):
    """Looks for queued runs often while something moves in the inbox."""

    def __init__(self, watch: InboxWatch, interval_seconds: float) -> None:
        self._watch = watch
        self._seldom = interval_seconds
        super().__init__(interval_seconds)

    @property
    def interval_seconds(self) -> float:
        """Seconds from one look to the next."""
        return OFTEN_SECONDS if self._watch.is_busy else self._seldom

    @interval_seconds.setter
    def interval_seconds(self, value: float) -> None:
        self._seldom = value

    def core_loop(
        self,
        workspace_process_context: IWorkspaceProcessContext[Any],
        shutdown_event: threading.Event,
    ) -> DaemonIterator:
        """Go on as Dagster does, with pauses that a change cuts short."""
        yield from super().core_loop(workspace_process_context, self._watch.pauses(shutdown_event))


def serve(instance: dg.DagsterInstance, settings: Settings, socket: Path | None) -> None:
    """Evaluate sensors and schedules, and start queued runs, until told to end.

    Args:
        instance: The installation's.
        settings: The installation.
        socket: Where the code server is; without one the daemon starts one of Dagster's.
    """
    setup_interrupt_handlers()
    with (
        inbox_watched(settings.inbox_dir) as watch,
        capture_interrupts(),
        daemon_controller_from_instance(
            instance,
            _target(settings, socket),
            gen_daemons=lambda of: _daemons(of, watch),
            code_server_log_level="warning",
            log_format="json" if is_json_wanted() else "colored",
        ) as controller,
        suppress(KeyboardInterrupt),
    ):
        controller.check_daemon_loop()


def _target(settings: Settings, socket: Path | None) -> WorkspaceLoadTarget:
    if socket is not None:
        return GrpcServerTarget("localhost", None, str(socket), None)
    return ModuleTarget(DEFINITIONS, None, str(settings.root), None)


def _daemons(instance: dg.DagsterInstance, watch: InboxWatch) -> Iterator[DagsterDaemon[Any]]:
    for kind in instance.get_required_daemon_types():
        if kind == SensorDaemon.daemon_type():
            yield PromptSensorDaemon(watch, instance.get_sensor_settings())
        elif kind == QueuedRunCoordinatorDaemon.daemon_type():
            coordinator: Any = instance.run_coordinator
            yield PromptRunDaemon(watch, coordinator.dequeue_interval_seconds)
        else:
            yield create_daemon_of_type(kind, instance)
