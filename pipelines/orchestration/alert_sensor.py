"""The sensor that looks around between runs, sends what waits, and writes metrics and status page.

It starts nothing. The quick looks are taken each time, the slow ones once an hour.
"""

import dagster as dg

from pipelines.orchestration.layers import Layers, now
from pipelines.orchestration.runs import last_success

INTERVAL_SECONDS = 60


def alert_sensor(*, is_on: bool) -> dg.SensorDefinition:
    """Make the sensor."""

    @dg.sensor(
        name="alert_watch",
        target=None,
        minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=(
            dg.DefaultSensorStatus.RUNNING if is_on else dg.DefaultSensorStatus.STOPPED
        ),
        description="Looks for what has to be told, and sends alerts that still wait.",
    )
    def watch(
        context: dg.SensorEvaluationContext, layers: dg.ResourceParam[Layers]
    ) -> dg.SkipReason:
        moment = now()
        hour = f"{moment:%Y-%m-%dT%H}"
        found = layers.look_around(moment, is_slow=context.cursor != hour)
        context.update_cursor(hour)
        if (succeeded := last_success(context.instance)) is not None:
            layers.settle_alerts(succeeded)
        left = layers.send_alerts(moment)
        try:
            layers.write_status_page(moment)
            layers.write_metrics(moment, context.instance)
        except (OSError, RuntimeError) as error:
            context.log.warning(f"status page and metrics: {type(error).__name__}")
        return dg.SkipReason(
            f"{', '.join(found) or 'nothing'} found, {left} alerts wait to be sent"
        )

    return watch
