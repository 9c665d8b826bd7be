"""The clock set back: sensors and schedules go on, instead of waiting until it has caught up."""

import time

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import SensorInstigatorData
from dagster._daemon.sensor import get_elapsed
from instance_support import schedule_waits_for, scheduled, sensor_state, ticked

from pipelines.orchestration.clock import ClockWatch, mend_ticks


def test_dagster_s_sensors_would_wait(instance: dg.DagsterInstance) -> None:
    """If this fails, Dagster has mended it, and `pipelines.orchestration.clock` can go."""
    ticked(instance, time.time() + 3600)
    elapsed = get_elapsed(sensor_state(instance))
    assert elapsed is not None and elapsed < -3590


def test_ticks_that_lie_ahead_are_forgotten(instance: dg.DagsterInstance) -> None:
    ticked(instance, time.time() + 3600)
    assert mend_ticks(instance) == ["a_sensor"]
    state = sensor_state(instance)
    assert get_elapsed(state) is None, "which Dagster takes for long ago"
    assert isinstance(state.instigator_data, SensorInstigatorData)
    assert state.instigator_data.cursor == "kept"


def test_ticks_of_the_past_stay(instance: dg.DagsterInstance) -> None:
    ticked(instance, time.time() - 10)
    assert mend_ticks(instance) == []
    assert (get_elapsed(sensor_state(instance)) or 0) >= 10


def test_a_schedule_goes_on_from_now(instance: dg.DagsterInstance) -> None:
    """After a clock that was a year ahead it would wait for a year."""
    year = 365 * 86400.0
    scheduled(instance, time.time() + year)
    assert schedule_waits_for(instance) > time.time() + year - 60
    assert mend_ticks(instance) == ["a_schedule"]
    assert time.time() - 60 < schedule_waits_for(instance) <= time.time() + 1
    assert mend_ticks(instance) == []


def test_a_schedule_of_the_past_stays(instance: dg.DagsterInstance) -> None:
    scheduled(instance, before := time.time() - 3600)
    assert mend_ticks(instance) == []
    assert schedule_waits_for(instance) == pytest.approx(before, abs=2)


@pytest.mark.parametrize(("step", "is_mended"), [(-3600.0, True), (+3600.0, False), (-1.0, False)])
def test_a_step_of_the_clock_is_noticed_while_it_runs(
    instance: dg.DagsterInstance, step: float, is_mended: bool
) -> None:
    clock = [1000.0, 0.0]
    watch = ClockWatch(instance, wall=lambda: clock[0], steady=lambda: clock[1])
    ticked(instance, time.time() + 3600)
    clock[0] += 15 + step
    clock[1] += 15
    assert (watch.look() == ["a_sensor"]) is is_mended
