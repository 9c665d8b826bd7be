"""The code server, whose runs begin warm: each is a fork of a process that has everything loaded.

Dagster's own server starts a fresh interpreter for every run, which spends more on imports than
the SQL takes. Here Python's fork server is asked instead (`warm` is what it loads); all else is
Dagster's: how a run is told to end, how one that crashed is known. Where the loaded code is no
longer the code on disk and a run is under way, or where nothing can be forked, a run begins as
Dagster begins it.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.forkserver
import threading
from pathlib import Path
from typing import Any

from dagster._core.utils import FuturesAwareThreadPoolExecutor
from dagster._grpc.server import DagsterApiServer, DagsterGrpcServer
from dagster._utils.interrupts import setup_interrupt_handlers
from dagster._utils.log import configure_loggers
from typing_extensions import override

from pipelines.fingerprint import process_fingerprint
from pipelines.logs import is_json_wanted
from pipelines.orchestration.warm import target_of
from pipelines.settings import Settings

LOG = logging.getLogger(__name__)
PRELOADED = "pipelines.orchestration.fork_server"


class WarmStart:
    """The fork server, and which state of the code it has loaded."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._loaded: str | None = None
        self._forking: Any = multiprocessing.get_context("forkserver")
        self.cold: Any = multiprocessing.get_context("spawn")
        """A fresh interpreter, which loads everything itself."""

    def begin(self) -> None:
        """Start the fork server unless it is there; it loads while the caller goes on."""
        if self._loaded is None:
            # read before anything is loaded: what changes meanwhile is found at the next run
            self._loaded = process_fingerprint(self._root)
            self._forking.set_forkserver_preload([PRELOADED])
        multiprocessing.forkserver.ensure_running()

    def context(self, *, is_idle: bool) -> Any:
        """How the next run's process is to be started.

        Args:
            is_idle: Whether no run is under way, so that the fork server may be replaced.
        """
        try:
            if self._loaded is not None and self._loaded != process_fingerprint(self._root):
                if not is_idle:
                    return self.cold
                LOG.info("the code has changed: it is loaded anew")
                self.end()
            self.begin()
        except OSError as error:
            LOG.warning("no process that runs can be forked from: %s", type(error).__name__)
            return self.cold
        return self._forking

    def end(self) -> None:
        """Stop the fork server; the runs that it forked must have ended."""
        server: Any = multiprocessing.forkserver
        self._loaded = None
        server._forkserver._stop()


class CodeServer(DagsterApiServer):
    """Dagster's code server over a warm start."""

    def __init__(self, warm: WarmStart, **arguments: Any) -> None:
        self._warm = warm
        self._choosing = threading.Lock()
        super().__init__(**arguments)

    @override
    def StartRun(self, request: Any, _context: Any) -> Any:
        """Start a run's process; one at a time, for each chooses how."""
        with self._choosing:
            with self._execution_lock:
                is_idle = not self._executions
            self._mp_ctx = self._warm.context(is_idle=is_idle)
            if self._mp_ctx is not self._warm.cold:
                try:
                    return super().StartRun(request, _context)
                except (OSError, EOFError) as error:  # killed between two runs
                    LOG.warning("a run begins cold: %s", type(error).__name__)
                    self._mp_ctx = self._warm.cold
            return super().StartRun(request, _context)


def serve(settings: Settings, socket: Path) -> None:
    """Serve the definitions on a socket, and start runs, until told to end."""
    setup_interrupt_handlers()
    configure_loggers(formatter="json" if is_json_wanted() else "colored", log_level="INFO")
    logger = logging.getLogger("dagster.code_server")
    warm = WarmStart(settings.root)
    try:
        warm.begin()
    except OSError as error:
        LOG.warning("no process that runs can be forked from: %s", type(error).__name__)
    told_to_end, workers = threading.Event(), FuturesAwareThreadPoolExecutor()
    servicer = CodeServer(
        warm,
        server_termination_event=told_to_end,
        logger=logger,
        loadable_target_origin=target_of(settings),
        server_threadpool_executor=workers,
    )
    server: Any = DagsterGrpcServer(
        server_termination_event=told_to_end,
        dagster_api_servicer=servicer,
        logger=logger,
        threadpool_executor=workers,
        socket=str(socket),
    )
    logger.info("Started the code server")
    try:
        server.serve()
    except KeyboardInterrupt:
        logger.info("The code server was told to end")
