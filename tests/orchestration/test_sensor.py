"""The inbox sensor: one run for all that waits, again for corrected files, never beside another."""

from pathlib import Path

import dagster as dg
import pytest
from installations import FakeLayers

from pipelines.definitions import definitions
from pipelines.orchestration import run_locks
from pipelines.orchestration.inbox_sensor import MAX_ATTEMPTS
from pipelines.orchestration.jobs import PROCESS_INBOX, QUIET
from pipelines.orchestration.runs import WRITES
from pipelines.settings import Settings


@pytest.fixture
def tick(settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance):
    defs = definitions(settings, layers)
    sensor = defs.resolve_sensor_def("inbox_sensor")
    repository = defs.get_repository_def()

    def evaluate():
        with dg.build_sensor_context(
            instance=instance, repository_def=repository, resources={"layers": layers}
        ) as context:
            data = sensor.evaluate_tick(context)
        return data.run_requests or [], data.skip_message

    return evaluate


@pytest.fixture
def job(settings: Settings, layers: FakeLayers) -> dg.JobDefinition:
    return definitions(settings, layers).resolve_job_def(PROCESS_INBOX)


def record(
    instance: dg.DagsterInstance,
    job: dg.JobDefinition,
    status: dg.DagsterRunStatus,
    tags: dict[str, str] | None = None,
) -> dg.DagsterRun:
    return instance.create_run_for_job(job, status=status, tags={**WRITES, **(tags or {})})


def test_empty_inbox_asks_for_nothing(tick) -> None:
    assert tick() == ([], "nothing waits")


def test_a_change_of_code_alone_starts_nothing(tick, layers: FakeLayers) -> None:
    layers.reason = "the code has changed"
    assert tick()[0] == []


def test_all_that_waits_is_one_run(tick, layers: FakeLayers) -> None:
    layers.inbox = ["2015", "2016", "2017"]
    [request], _ = tick()
    assert "3 waiting" in request.tags["monitor/what"]
    assert request.run_config == QUIET, "its console is the journal"
    assert tick()[0][0].run_key == request.run_key, "the same work has the same key"


def test_a_corrected_file_under_the_same_name_is_other_work(
    tick, layers: FakeLayers, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers.inbox = ["2016"]
    [first], _ = tick()
    items = layers.waiting()
    items[0].signature = "signature of the corrected file"
    monkeypatch.setattr(layers, "waiting", lambda: items)
    [second], _ = tick()
    assert first.run_key != second.run_key


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED])
def test_no_second_run_beside_one_that_is_under_way(
    tick, layers: FakeLayers, instance: dg.DagsterInstance, job: dg.JobDefinition, status
) -> None:
    layers.inbox = ["2016"]
    record(instance, job, status)
    requests, skipped = tick()
    assert requests == []
    assert "under way" in skipped


def test_a_run_whose_process_is_gone_is_ended_and_followed(
    tick,
    layers: FakeLayers,
    instance: dg.DagsterInstance,
    job: dg.JobDefinition,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layers.inbox = ["2016"]
    dead = record(instance, job, dg.DagsterRunStatus.STARTED)
    monkeypatch.setattr(run_locks, "GRACE_SECONDS", -1.0)
    with run_locks.run_lock(Path(instance.root_directory), dead.run_id):
        assert tick()[0] == [], "while the lock is held, someone is at work"
    [request], _ = tick()
    assert request.run_key
    ended = instance.get_run_by_id(dead.run_id)
    assert ended is not None and ended.status == dg.DagsterRunStatus.FAILURE


def test_a_run_that_never_had_its_lock_here_is_left_to_its_launcher(
    tick,
    layers: FakeLayers,
    instance: dg.DagsterInstance,
    job: dg.JobDefinition,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    layers.inbox = ["2016"]
    in_a_pod = record(instance, job, dg.DagsterRunStatus.STARTED)
    monkeypatch.setattr(run_locks, "GRACE_SECONDS", -1.0)
    assert "under way" in tick()[1]
    found = instance.get_run_by_id(in_a_pod.run_id)
    assert found is not None and found.status == dg.DagsterRunStatus.STARTED


def test_work_that_a_dead_run_left_is_taken_up_a_few_times(
    tick, layers: FakeLayers, instance: dg.DagsterInstance, job: dg.JobDefinition
) -> None:
    layers.reason = "the ledger has changed since the warehouse was built"
    record(instance, job, dg.DagsterRunStatus.FAILURE)
    keys = []
    for _ in range(MAX_ATTEMPTS):
        [request], _ = tick()
        keys.append(request.run_key)
        record(instance, job, dg.DagsterRunStatus.FAILURE, dict(request.tags))
    assert len(set(keys)) == MAX_ATTEMPTS
    assert "gave up" in tick()[1]


@pytest.mark.slow
def test_a_run_that_failed_on_its_data_is_not_repeated_until_something_comes(
    tick, layers: FakeLayers, instance: dg.DagsterInstance, settings: Settings
) -> None:
    from pipelines.orchestration.run import run_process_inbox

    layers.inbox, layers.fails_suite, layers.reason = ["2015"], "candidates", "changed"
    run_process_inbox(settings, layers=layers)
    assert tick() == ([], "nothing waits (changed: `monitor run` builds anew)")
    layers.inbox = ["2016"]
    assert len(tick()[0]) == 1
