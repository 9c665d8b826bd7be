"""The hook on failed runs of the daemon: writes the alert that `monitor run` writes itself."""

import dagster as dg

from pipelines.orchestration.alerts import alert_of, failed_steps, write_alert
from pipelines.orchestration.layers import Layers, now

IN_PERSON_TAG = "monitor/in_person"
"""On runs started by `monitor run`, which tells its caller itself."""


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
        if IN_PERSON_TAG in run.tags:
            return
        alert = alert_of(
            run.run_id,
            run.job_name,
            failed_steps(context.get_step_failure_events()),
            context.failure_event.message or "no message",
            now(),
        )
        path = write_alert(layers.settings, alert)
        context.log.info(f"alert written: {path.name}")

    return tell
