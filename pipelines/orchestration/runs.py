"""Runs that write: which are under way, and which only seem to be since their process is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from pipelines.orchestration.run_locks import is_dead, was_at_work_here

WRITES_TAG = "monitor/writes"
WRITES = {WRITES_TAG: "warehouse"}

_QUEUED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
]
_STARTED = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_LEFT = "The process of this run is gone (its lock is free); the next run goes on from the archive."


def under_way(instance: dg.DagsterInstance) -> Sequence[dg.DagsterRun]:
    """The runs that write and are queued, starting or started."""
    return instance.get_runs(dg.RunsFilter(statuses=[*_QUEUED, *_STARTED], tags=WRITES))


def end_dead_runs(instance: dg.DagsterInstance) -> list[str]:
    """Mark started runs as failed whose process is gone; gives their ids.

    Dagster's run monitoring does so for every run (`local_launcher`); here it is done at once,
    for those that the next run would wait for. A run whose lock was never here may be in a pod,
    of which another launcher knows whether it lives.
    """
    home = Path(instance.root_directory)
    started = instance.get_run_records(dg.RunsFilter(statuses=_STARTED, tags=WRITES))
    dead = [
        record.dagster_run
        for record in started
        if was_at_work_here(home, record.dagster_run.run_id) and is_dead(home, record)
    ]
    for run in dead:
        instance.report_run_failed(run, _LEFT)
    return [run.run_id for run in dead]


def last_success(instance: dg.DagsterInstance) -> datetime | None:
    """When the newest run that writes ended, if it succeeded."""
    newest = instance.get_run_records(dg.RunsFilter(tags=WRITES), limit=1)
    if not newest or newest[0].dagster_run.status != dg.DagsterRunStatus.SUCCESS:
        return None
    end = newest[0].end_time
    return None if end is None else datetime.fromtimestamp(end, UTC)


def last_run_died(instance: dg.DagsterInstance) -> bool:
    """Whether the newest run that writes ended from outside, rather than by a step that failed."""
    newest = instance.get_runs(dg.RunsFilter(tags=WRITES), limit=1)
    if not newest or newest[0].status != dg.DagsterRunStatus.FAILURE:
        return False
    stats = instance.get_run_stats(newest[0].run_id)
    return getattr(stats, "steps_failed", 0) == 0
