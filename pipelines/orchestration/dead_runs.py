"""Runs whose process was killed: ended and told by whoever comes next, with or without a daemon.

Whether a process is gone is asked of the kernel's locks alone, so that a `monitor run` without work
need not import Dagster to know that all is well.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.warehouse.lock import is_held

if TYPE_CHECKING:
    import dagster as dg

    from pipelines.orchestration.layers import Layers

LOCKS_FOLDER = "run_locks"
"""In DAGSTER_HOME: a file for each run, locked while its process lives."""
_WHAT = "the run's process was killed"


def free_locks(dagster_home: Path) -> list[Path]:
    """The files of runs that have no process: they ended since the last look, or were killed."""
    folder = dagster_home / LOCKS_FOLDER
    return [path for path in sorted(folder.glob("*")) if _is_free(path)]


def end_and_tell(layers: Layers, instance: dg.DagsterInstance) -> tuple[str, ...]:
    """End the runs that were killed, and tell of each; gives what was told.

    The files of those that ended are removed, so that the next look has little to look at.
    """
    from pipelines.alerting.alert import NOTHING_CHANGED, Alert
    from pipelines.orchestration.layers import now
    from pipelines.orchestration.runs import end_dead_runs

    free = free_locks(Path(instance.root_directory))
    told = []
    for run_id in end_dead_runs(instance):
        run = instance.get_run_by_id(run_id)
        job = run.job_name if run else ""
        alert = Alert("run_died", _WHAT, now(), live=NOTHING_CHANGED, run_id=run_id, job=job)
        layers.tell(alert)
        told.append(alert.text())
    for path in free:
        run = instance.get_run_by_id(path.name)
        if run is None or run.is_finished:
            path.unlink(missing_ok=True)
    return tuple(told)


def _is_free(path: Path) -> bool:
    return not is_held(path)
