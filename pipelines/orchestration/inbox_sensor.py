"""The sensor on the inbox: one run for everything that waits, and for work that was left undone.

What there is to do is `work`'s question. The run key is made of what waits (names, sizes, times),
so a corrected file under the same name runs again; and of the attempt, so a run that died is
followed by another, a few times. A run that failed on its data or on our code is not repeated, for
the same would come of it; and a change of our code alone starts nothing: that is `monitor run`'s.
"""

from typing import TYPE_CHECKING

import dagster as dg

from pipelines.alerting.alert import Alert
from pipelines.orchestration.jobs import QUIET
from pipelines.orchestration.layers import Layers, now
from pipelines.orchestration.runs import end_dead_runs, last_run_died, under_way
from pipelines.orchestration.work import work_to_do

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

MINIMUM_INTERVAL_SECONDS = 1
MAX_ATTEMPTS = 3
WORK_TAG = "monitor/work"


def inbox_sensor(job: "UnresolvedAssetJobDefinition", *, is_on: bool) -> dg.SensorDefinition:
    """Make the sensor.

    Args:
        job: What it runs.
        is_on: Whether it starts switched on (`make dev` does so).
    """

    @dg.sensor(
        name="inbox_sensor",
        job=job,
        minimum_interval_seconds=MINIMUM_INTERVAL_SECONDS,
        default_status=_status(is_on),
        description="Takes in and publishes what waits in the inbox, all of it in one run.",
    )
    def watch(
        context: dg.SensorEvaluationContext, layers: dg.ResourceParam[Layers]
    ) -> dg.RunRequest | dg.SkipReason:
        if under_way(context.instance):
            ended = end_dead_runs(context.instance)
            if ended:
                context.log.warning(f"ended {len(ended)} runs whose process is gone")
            if under_way(context.instance):
                return dg.SkipReason("a run is under way; what waits is taken by the next")
        work = work_to_do(layers)
        if work is None:
            return dg.SkipReason("nothing waits")
        if not work.is_delivery and not last_run_died(context.instance):
            return dg.SkipReason(f"nothing waits ({work.what}: `monitor run` builds anew)")
        attempts = context.instance.get_runs_count(dg.RunsFilter(tags={WORK_TAG: work.key}))
        if attempts >= MAX_ATTEMPTS:
            what = f"{attempts} runs on the same work failed"
            layers.tell(Alert("gave_up", what, now(), (work.key,)))
            return dg.SkipReason(f"gave up after {attempts} runs on the same work: see alerts/")
        return dg.RunRequest(
            run_key=f"{work.key}-{attempts + 1}",
            run_config=QUIET,
            tags={WORK_TAG: work.key, "monitor/what": work.what[:200]},
        )

    return watch


def _status(is_on: bool) -> dg.DefaultSensorStatus:
    return dg.DefaultSensorStatus.RUNNING if is_on else dg.DefaultSensorStatus.STOPPED
