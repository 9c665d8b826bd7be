"""Dagster's own launcher, which can tell besides whether the process of a run is alive.

With that, Dagster's run monitoring ends every run whose process is gone, of whatever job, within a
poll of its own (`run_monitoring` in `dagster.yaml`), whether or not a sensor is switched on.
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.launcher.default_run_launcher import DefaultRunLauncher

from pipelines.orchestration.run_locks import is_dead


class LocalRunLauncher(DefaultRunLauncher):
    """Starts runs on this machine; `dagster.yaml` names this class."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It can tell."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Look at the kernel lock of a run."""
        record = self._instance.get_run_record_by_id(run.run_id)
        if record is not None and is_dead(Path(self._instance.root_directory), record):
            return CheckRunHealthResult(WorkerStatus.NOT_FOUND, "the process of this run is gone")
        return CheckRunHealthResult(WorkerStatus.RUNNING)
