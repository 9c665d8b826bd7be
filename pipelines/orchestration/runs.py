"""Runs that write: which are under way, and which only seem to be since their process is gone.

Dagster keeps a run "started" for ever when its process or host dies. Ours holds a kernel lock,
which dies with it: whoever can take the lock knows that no run is at work.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import dagster as dg

from pipelines.orchestration.layers import Layers
from pipelines.warehouse.lock import LockBusyError

WRITES_TAG = "monitor/writes"
WRITES = {WRITES_TAG: "warehouse"}
GRACE_SECONDS = 30.0
"""A run that has just started may not have taken the lock yet."""

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


def end_dead_runs(instance: dg.DagsterInstance, layers: Layers) -> list[str]:
    """Mark started runs as failed whose process no longer holds the lock; gives their ids."""
    started = [
        record
        for record in instance.get_run_records(dg.RunsFilter(statuses=_STARTED, tags=WRITES))
        if time.time() - (record.start_time or record.create_timestamp.timestamp()) > GRACE_SECONDS
    ]
    if not started:
        return []
    try:
        with layers.writing(0.0):
            for record in started:
                instance.report_run_failed(record.dagster_run, _LEFT)
    except LockBusyError:
        return []
    return [record.dagster_run.run_id for record in started]


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
