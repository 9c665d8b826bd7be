"""The clock set back: Dagster's sensors would wait until it has caught up.

A sensor is evaluated when its last tick is some seconds ago. After the clock was set back by an
hour that tick lies in the future, and no delivery would be seen for an hour. Such ticks are told
to be unknown, which Dagster takes for long ago.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
            forgotten = data._replace(last_tick_timestamp=None, last_tick_start_timestamp=None)
            instance.update_instigator_state(state.with_data(forgotten))
            mended.append(state.instigator_name)
    if mended:
        LOG.warning("the clock was set back; %s would have waited for it", ", ".join(mended))
    return mended


class ClockWatch:
    """Notices that the clock was set back, by another that cannot be."""

    def __init__(
        self,
        instance: dg.DagsterInstance,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._instance = instance
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()

    def look(self) -> list[str]:
        """Mend ticks if the clock was set back since the last look; gives the sensors' names."""
        before, self._offset = self._offset, self._wall() - self._steady()
        if self._offset >= before - TOLERANCE_SECONDS:
            return []
        return mend_ticks(self._instance)


@contextmanager
def clock_watched(instance: dg.DagsterInstance) -> Iterator[None]:
    """Mend ticks at first, for the clock may have been set back before; then keep looking."""
    mend_ticks(instance)
    watch, stop = ClockWatch(instance), threading.Event()

    def keep_looking() -> None:
        while not stop.wait(LOOK_EVERY_SECONDS):
            watch.look()

    thread = threading.Thread(target=keep_looking, name="clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _lies_ahead(data: SensorInstigatorData) -> bool:
    last = max(data.last_tick_timestamp or 0.0, data.last_tick_start_timestamp or 0.0)
    return last > time.time() + TOLERANCE_SECONDS
