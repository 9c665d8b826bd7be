"""The hook on failed runs of the daemon: writes the alert that `monitor run` writes itself."""

from collections.abc import Iterator

import dagster as dg
from dagster._core.events import JobFailureData, RunFailureReason

from pipelines.orchestration.alerts import alert_of, failed_checks, failed_steps
from pipelines.orchestration.layers import Layers, now

IN_PERSON_TAG = "monitor/in_person"
"""On runs started by `monitor run`, which tells its caller itself, as long as its process lives."""
ENDED_BY_ITSELF = frozenset(
    {
        RunFailureReason.STEP_FAILURE,
        RunFailureReason.RUN_EXCEPTION,
        RunFailureReason.JOB_INITIALIZATION_FAILURE,
    }
)


def failure_sensor(layers: Layers, *, is_on: bool) -> dg.SensorDefinition:
    """Make the sensor that turns every failed run into an alert."""

    @dg.run_failure_sensor(
        name="failure_alerts",
        minimum_interval_seconds=5,
        description="Writes what failed, why and what to run next to the folder alerts/.",
        default_status=(
            dg.DefaultSensorStatus.RUNNING if is_on else dg.DefaultSensorStatus.STOPPED
        ),
    )
    def tell(context: dg.RunFailureSensorContext) -> None:
        run = context.dagster_run
        if IN_PERSON_TAG in run.tags and _ended_by_itself(context.failure_event):
            return
        alert = alert_of(
            run.run_id,
            run.job_name,
            failed_steps(context.get_step_failure_events()),
            context.failure_event.message or "no message",
            now(),
            failed_checks(_check_events(context.instance, run.run_id)),
        )
        path = layers.tell(alert)
        context.log.info(f"alert written: {path.name if path else 'told before'}")

    return tell


def _ended_by_itself(event: dg.DagsterEvent) -> bool:
    """Whether the run's own process said that it failed; one that was killed says nothing."""
    data = event.event_specific_data
    return isinstance(data, JobFailureData) and data.failure_reason in ENDED_BY_ITSELF


def _check_events(instance: dg.DagsterInstance, run_id: str) -> Iterator[dg.DagsterEvent]:
    for entry in instance.all_logs(run_id, dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        if entry.dagster_event is not None:
            yield entry.dagster_event
