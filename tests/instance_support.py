"""What tests of Dagster's instance share: runs that were left started, sensors that have ticked."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import (
    GrpcServerCodeLocationOrigin,
    RemoteInstigatorOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    ScheduleInstigatorData,
    SensorInstigatorData,
    TickData,
    TickStatus,
)
from dagster._daemon.monitoring.run_monitoring import execute_run_monitoring_iteration


@dg.op
def look() -> None:
    """Nothing; the run is what is looked at."""


@dg.job
def looking() -> None:
    look()


def started(
    instance: dg.DagsterInstance, at: float, job: dg.JobDefinition = looking
) -> dg.DagsterRun:
    """A run that counts as started since then."""
    run = instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTING)
    instance.report_dagster_event(
        dg.DagsterEvent("PIPELINE_START", run.job_name), run_id=run.run_id, timestamp=at
    )
    return run


def monitored(instance: dg.DagsterInstance) -> None:
    """One poll of Dagster's run monitoring, as its daemon does it."""
    process = SimpleNamespace(instance=instance, create_request_context=lambda: None)
    errors = list(execute_run_monitoring_iteration(process, logging.getLogger("monitoring")))
    assert [error for error in errors if error] == []


def status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status.value


def ticked(instance: dg.DagsterInstance, at: float) -> None:
    """A sensor that was evaluated last at that time."""
    place = GrpcServerCodeLocationOrigin(host="localhost", port=1, location_name="here")
    origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(place, "__repository__"), "a_sensor")
    data = SensorInstigatorData(last_tick_timestamp=at, last_tick_start_timestamp=at, cursor="kept")
    instance.add_instigator_state(
        InstigatorState(origin, InstigatorType.SENSOR, InstigatorStatus.RUNNING, data)
    )


def sensor_state(instance: dg.DagsterInstance) -> InstigatorState:
    [state] = instance.all_instigator_state(instigator_type=InstigatorType.SENSOR)
    return state


def scheduled(instance: dg.DagsterInstance, at: float) -> None:
    """A schedule that was evaluated, and started a run, last at that time."""
    place = GrpcServerCodeLocationOrigin(host="localhost", port=1, location_name="here")
    origin = RemoteInstigatorOrigin(RemoteRepositoryOrigin(place, "__repository__"), "a_schedule")
    data = ScheduleInstigatorData("0 3 * * *", start_timestamp=at, last_iteration_timestamp=at)
    state = InstigatorState(origin, InstigatorType.SCHEDULE, InstigatorStatus.RUNNING, data)
    instance.add_instigator_state(state)
    instance.create_tick(
        TickData(
            state.instigator_origin_id,
            state.instigator_name,
            InstigatorType.SCHEDULE,
            TickStatus.SUCCESS,
            at,
            run_ids=[],
            run_keys=[],
            selector_id=state.selector_id,
        )
    )


def schedule_waits_for(instance: dg.DagsterInstance) -> float:
    """The time from which the schedule goes on, as Dagster's scheduler reckons it."""
    [state] = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
    [tick] = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
    data = state.instigator_data
    assert isinstance(data, ScheduleInstigatorData)
    # dagster/_scheduler/scheduler.py, launch_scheduled_runs_for_schedule_iterator
    times = (data.start_timestamp, data.last_iteration_timestamp, tick.timestamp)
    return max(each or 0.0 for each in times)
