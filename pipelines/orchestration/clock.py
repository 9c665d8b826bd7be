"""The clock set back: Dagster's sensors would wait until it has caught up.

A sensor is evaluated when its last tick is some seconds ago. After the clock was set back by an
hour that tick lies in the future, and no delivery would be seen for an hour. Such ticks are told
to be unknown, which Dagster takes for long ago.
"""

from __future__ import annotations

import logging
import threading
import time

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import SensorInstigatorData

LOG = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 15.0
TOLERANCE_SECONDS = 5.0
"""What a clock may be adjusted by without anything to mend."""


def mend_ticks(instance: dg.DagsterInstance) -> list[str]:
    """Forget the ticks of sensors that lie in the future; gives the sensors' names."""
    mended = []
    for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
        data = state.instigator_data
        if isinstance(data, SensorInstigatorData) and _lies_ahead(data):
            instance.update_instigator_state(
                state.with_data(
                    data._replace(last_tick_timestamp=None, last_tick_start_timestamp=None)
                )
            )
            mended.append(state.instigator_name)
    if mended:
        LOG.warning(
            "the clock was set back: %s would have waited for it to catch up", ", ".join(mended)
        )
    return mended


def watch_clock(instance: dg.DagsterInstance, stop: threading.Event) -> threading.Thread:
    """Mend ticks now, and whenever the clock is found set back, until told to stop."""
    mend_ticks(instance)

    def watch() -> None:
        offset = time.time() - time.monotonic()
        while not stop.wait(LOOK_EVERY_SECONDS):
            now = time.time() - time.monotonic()
            if now < offset - TOLERANCE_SECONDS:
                mend_ticks(instance)
            offset = now

    thread = threading.Thread(target=watch, name="clock", daemon=True)
    thread.start()
    return thread


def _lies_ahead(data: SensorInstigatorData) -> bool:
    last = max(data.last_tick_timestamp or 0.0, data.last_tick_start_timestamp or 0.0)
    return last > time.time() + TOLERANCE_SECONDS
