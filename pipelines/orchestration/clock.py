"""The clock set back: Dagster's sensors and schedules would wait until it has caught up.

A sensor is evaluated when its last tick is some seconds ago. After the clock was set back by an
hour that tick lies in the future, and no delivery would be seen for an hour. Such ticks are told
to be unknown, which Dagster takes for long ago.

A schedule goes on from its last tick. Where that lies in the future, as after a clock that was a
year ahead, it is told to have been now: what was due before is not done twice, what comes is done.
A daemon that was at work when the clock was set back has the old time in its memory as well, and
its schedules wait for it, or for a restart; sensors do not.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import dagster as dg
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import (
    InstigatorState,
    ScheduleInstigatorData,
    SensorInstigatorData,
)

LOG = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 15.0
TOLERANCE_SECONDS = 5.0
"""What a clock may be adjusted by without anything to mend."""


def mend_ticks(instance: dg.DagsterInstance) -> list[str]:
    """Mend the ticks of sensors and schedules that lie in the future; gives their names."""
    mended = []
    for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
        data = state.instigator_data
        if isinstance(data, SensorInstigatorData) and _lies_ahead(data):
            forgotten = data._replace(last_tick_timestamp=None, last_tick_start_timestamp=None)
            instance.update_instigator_state(state.with_data(forgotten))
            mended.append(state.instigator_name)
    schedules = instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE)
    mended += [s.instigator_name for s in schedules if _mend_schedule(instance, s, time.time())]
    if mended:
        LOG.warning("the clock was set back; %s would have waited for it", ", ".join(mended))
    return mended


def _mend_schedule(instance: dg.DagsterInstance, state: InstigatorState, now: float) -> bool:
    """Have what lies in the future of a schedule be now; gives whether anything did."""
    ahead = now + TOLERANCE_SECONDS
    ticks = instance.get_ticks(
        state.instigator_origin_id, state.selector_id, after=ahead, statuses=None
    )
    for tick in ticks:
        instance.update_tick(tick._replace(tick_data=tick.tick_data._replace(timestamp=now)))
    data = state.instigator_data
    if not isinstance(data, ScheduleInstigatorData):
        return bool(ticks)
    started, evaluated = data.start_timestamp or 0.0, data.last_iteration_timestamp or 0.0
    if max(started, evaluated) <= ahead:
        return bool(ticks)
    settled = data._replace(
        start_timestamp=min(started, now), last_iteration_timestamp=min(evaluated, now)
    )
    instance.update_instigator_state(state.with_data(settled))
    return True


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
        """Mend ticks if the clock was set back since the last look; gives whose."""
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
