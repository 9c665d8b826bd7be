"""What a run needs in memory before it can begin, loaded once by the process that runs fork from.

The code server keeps that process (`code_server`): libraries, the plan of the dbt project and the
definitions are there from a run's start. It opens no database and reads no delivery, so nothing of
one run is in the next. `fork_server` is the module that it imports.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import logging
import os
import signal
import sys

from dagster._core.origin import DEFAULT_DAGSTER_ENTRY_POINT
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from pipelines.settings import Settings

LOG = logging.getLogger(__name__)
DEFINITIONS = "pipelines.definitions"
LIBRARIES = (
    "dagster._grpc.impl",
    "duckdb_engine",
    "great_expectations",
    "pyarrow.dataset",
    "pyrage",
    "upath",
    "vl_convert",
)
OURS = (
    "pipelines.cli",
    "pipelines.pipeline",
    "pipelines.publish.service",
    "pipelines.alerting.looks",
    "pipelines.alerting.telling",
    "pipelines.status_page.page",
    "pipelines.metrics.written",
    "quality.data_docs",
    "quality.dialect",
    "quality.runner",
    "quality.screen",
)
"""What a run imports on its way; where it is used it is imported all the same."""
_PR_SET_PDEATHSIG = 1


def target_of(settings: Settings) -> LoadableTargetOrigin:
    """What the code server serves, and what is loaded here: the same, so that it is found."""
    return LoadableTargetOrigin(
        executable_path=sys.executable,
        module_name=DEFINITIONS,
        working_directory=str(settings.root),
    )


def load(settings: Settings) -> None:
    """Load everything a run of the inbox job needs."""
    for name in (*LIBRARIES, *OURS):
        importlib.import_module(name)
    from dagster._grpc.server import LoadedRepositories

    from pipelines.orchestration.dbt_plan import kept_plan
    from pipelines.orchestration.jobs import PROCESS_INBOX

    kept_plan(settings.dbt_dir)  # to make one, dbt builds a database: not here
    loaded = LoadedRepositories(
        target_of(settings),
        container_image=None,
        entry_point=DEFAULT_DAGSTER_ENTRY_POINT,
        container_context={},
    )
    for repository in loaded.reconstructables_by_name.values():
        repository.get_reconstructable_job(PROCESS_INBOX).get_definition()  # kept by Dagster


def serve() -> None:
    """Make this process one that runs are forked from."""
    server = os.getpid()
    # When the service is told to end, its runs are told too and end by themselves; this process
    # goes when the last of them is gone.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.register_at_fork(after_in_child=lambda: _begin(server))
    try:
        load(Settings.from_env())
    except Exception as error:  # it fails in the run again, where it is told
        LOG.warning("runs begin without what is kept in memory: %s", type(error).__name__)
    # What is there now is never garbage; a fork that looked for some would copy all of it.
    gc.collect()
    gc.freeze()


def _begin(server: int) -> None:
    """In a fork of the server: end with it, however it ends, and heed signals again.

    Dagster takes a run whose server is gone for dead, and the next may begin; so it must be dead.
    """
    if os.getppid() != server:
        return  # a process that a run starts
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if os.getppid() != server:
        os._exit(1)  # it ended meanwhile
