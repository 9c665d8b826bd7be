"""A run whose process is gone is ended, of whatever job, also after the clock was set back."""

import os
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest
from installations import FakeLayers
from instance_support import monitored, started, status

from pipelines.definitions import definitions
from pipelines.orchestration import run_locks
from pipelines.orchestration.run import run_process_inbox
from pipelines.orchestration.run_locks import is_at_work, run_lock
from pipelines.orchestration.runs import WRITES
from pipelines.settings import Settings

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.orchestration.run_locks import run_lock
with run_lock(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    time.sleep(60)
"""


@dg.op
def look(context: dg.OpExecutionContext) -> None:
    assert is_at_work(Path(context.instance.root_directory), context.run_id)


@dg.job(executor_def=run_locks.locked_executor)
def looking() -> None:
    look()


@pytest.fixture
def job(settings: Settings, layers: FakeLayers) -> dg.JobDefinition:
    # no job that writes: the inbox sensor does not look at this one
    return definitions(settings, layers).resolve_job_def("wave_expected")


@pytest.mark.parametrize(
    "ago",
    [
        pytest.param(run_locks.GRACE_SECONDS + 1, id="after the grace"),
        pytest.param(-3600.0, id="the clock was set back by an hour"),
    ],
)
def test_run_monitoring_ends_a_run_without_a_process(
    instance: dg.DagsterInstance, job: dg.JobDefinition, ago: float
) -> None:
    run = started(instance, time.time() - ago, job)
    with run_lock(Path(instance.root_directory), run.run_id):
        monitored(instance)
        assert status(instance, run) == "STARTED"
    monitored(instance)
    assert status(instance, run) == "FAILURE"


def test_a_run_that_has_just_started_is_given_time(
    instance: dg.DagsterInstance, job: dg.JobDefinition
) -> None:
    run = started(instance, time.time(), job)
    monitored(instance)
    assert status(instance, run) == "STARTED"


def test_dead_runs_are_ended_within_two_minutes_of_a_restart(
    instance: dg.DagsterInstance,
) -> None:
    """By the settings: the grace or the time to start, and one poll."""
    poll = instance.run_monitoring_poll_interval_seconds
    assert instance.run_monitoring_enabled
    assert instance.run_launcher.supports_check_run_worker_health
    assert run_locks.GRACE_SECONDS + poll < 120
    assert instance.run_monitoring_start_timeout_seconds + poll < 120
    assert instance.run_monitoring_cancel_timeout_seconds + poll < 120


def test_the_lock_goes_with_a_process_that_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path), "a-run"], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    assert is_at_work(tmp_path, "a-run")
    holder.kill()
    holder.communicate()
    assert not is_at_work(tmp_path, "a-run")


def test_every_job_s_process_holds_the_lock_of_its_run(
    settings: Settings, layers: FakeLayers
) -> None:
    repository = definitions(settings, layers).get_repository_def()
    names = {job.executor_def.name for job in repository.get_all_jobs()}
    assert names == {run_locks.locked_executor.name}


def test_the_executor_holds_the_lock_until_its_process_ends(instance: dg.DagsterInstance) -> None:
    home = Path(instance.root_directory)
    left_last_week = home / run_locks.FOLDER / "of-last-week"
    left_last_week.parent.mkdir()
    left_last_week.touch()
    os.utime(left_last_week, (time.time() - 7 * 86400,) * 2)
    result = dg.execute_job(dg.reconstructable(looking), instance=instance)
    assert result.success, "the lock is held while steps run"
    assert is_at_work(home, result.run_id), "and after them, for the run is not ended yet"
    assert not left_last_week.exists()


def test_without_a_daemon_the_next_monitor_run_tells_of_a_killed_one(
    instance: dg.DagsterInstance,
    settings: Settings,
    layers: FakeLayers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = definitions(settings, layers).resolve_job_def("process_inbox")
    run = started(instance, time.time() - run_locks.GRACE_SECONDS - 1, job)
    instance.add_run_tags(run.run_id, WRITES)  # as its launcher does
    with run_lock(settings.dagster_home, run.run_id):
        assert run_process_inbox(settings, layers=layers).messages == (), "it lives"
    [told] = run_process_inbox(settings, layers=layers).messages
    assert run.run_id[:8] in told
    assert status(instance, run) == "FAILURE"
    monkeypatch.setattr("pipelines.orchestration.home.opened_instance", None)
    assert run_process_inbox(settings, layers=layers).messages == (), "told once; nothing is opened"
