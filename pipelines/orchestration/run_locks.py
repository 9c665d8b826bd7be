"""A kernel lock for every run: whether its process is alive is a question with an answer.

Dagster keeps a run "started" for ever when its process or host dies. A process of ours that
executes a run holds a lock named after it until it ends, however it ends. Whoever can take that
lock knows that nobody is at work on the run; no clock, no process id and no heartbeat is asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import dagster as dg
from dagster._core.execution.context.system import PlanOrchestrationContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.in_process import InProcessExecutor
from dagster._core.executor.init import InitExecutorContext

from pipelines.orchestration.local_storage import events_kept_back
from pipelines.warehouse.lock import holder_pid, is_held, kernel_lock

FOLDER = "run_locks"
GRACE_SECONDS = 30.0
"""A run that has just started may not have taken its lock yet: it has not written its pid there."""
ASKED_SECONDS = 5.0
"""Whoever asks whether a run is at work holds its lock for a moment."""
_SWEPT_AFTER_SECONDS = 86400.0
_PURPOSE = "run"
_held: list[AbstractContextManager[None]] = []


@contextmanager
def run_lock(dagster_home: Path, run_id: str) -> Iterator[None]:
    """Be at work on a run for the block."""
    path = _path(dagster_home, run_id)
    with kernel_lock(path, wait_seconds=ASKED_SECONDS, purpose=_PURPOSE):
        yield


def is_at_work(dagster_home: Path, run_id: str) -> bool:
    """Whether a process holds the lock of a run."""
    return is_held(_path(dagster_home, run_id))


def is_dead(dagster_home: Path, record: dg.RunRecord) -> bool:
    """Whether a run that counts as started has no process any more.

    A run that held its lock and does not now is dead; one that may not have come so far is given
    time. A start that lies in the future is one before the clock was set back: no reason to wait.
    """
    run_id = record.dagster_run.run_id
    if holder_pid(_path(dagster_home, run_id)) is not None:
        return not is_at_work(dagster_home, run_id)
    started = record.start_time or record.create_timestamp.timestamp()
    is_new = 0 <= time.time() - started <= GRACE_SECONDS
    return not is_new and not is_at_work(dagster_home, run_id)


def was_at_work_here(dagster_home: Path, run_id: str) -> bool:
    """Whether a process with this DAGSTER_HOME ever held the lock of a run; a pod has its own."""
    return _path(dagster_home, run_id).exists()


def _hold_until_this_process_ends(dagster_home: Path, run_id: str) -> None:
    # Not only until the last step: the run counts as started until after it.
    lock = run_lock(dagster_home, run_id)
    lock.__enter__()
    _held.append(lock)
    _sweep(dagster_home)


def _sweep(dagster_home: Path) -> None:
    """Remove what runs of earlier days left."""
    for path in (dagster_home / FOLDER).iterdir():
        with suppress(OSError):
            is_old = time.time() - path.stat().st_mtime > _SWEPT_AFTER_SECONDS
            if is_old and not is_at_work(dagster_home, path.name):
                path.unlink()


def _path(dagster_home: Path, run_id: str) -> Path:
    return dagster_home / FOLDER / run_id


class _LockedExecutor(InProcessExecutor):
    """Executes all steps in its process, which holds the lock of the run."""

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        """Take the lock, then the steps."""
        home = Path(plan_context.instance.root_directory)
        _hold_until_this_process_ends(home, plan_context.run_id)
        with events_kept_back(plan_context.instance):
            yield from super().execute(plan_context, execution_plan)


@dg.executor(name="in_process_locked")
def locked_executor(_: InitExecutorContext) -> InProcessExecutor:
    """Execute all steps in one process, which holds the lock of the run until it ends."""
    return _LockedExecutor(retries=RetryMode.ENABLED)
