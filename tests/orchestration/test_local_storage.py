"""The kept-open event log holds what Dagster's own would, and lets go when it should."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.orchestration.local_storage import OPEN_SHARDS, KeptOpenEventLogStorage


@dg.asset
def one() -> int:
    return 1


@dg.asset
def tagged() -> dg.MaterializeResult[Any]:
    return dg.MaterializeResult(tags={"wave": "2016"}, metadata={"rows": 44})


@dg.asset
def other() -> int:
    return 2


def run(instance: dg.DagsterInstance) -> str:
    return dg.materialize([one], instance=instance).run_id


def storage_of(instance: dg.DagsterInstance) -> KeptOpenEventLogStorage:
    storage = instance.event_log_storage
    assert isinstance(storage, KeptOpenEventLogStorage)
    return storage


def test_dagsters_own_storage_reads_what_it_wrote(instance: dg.DagsterInstance) -> None:
    run_id = run(instance)
    storage = storage_of(instance)
    kinds = [event.dagster_event_type for event in storage.get_logs_for_run(run_id)]
    storage.close_all()
    own = SqliteEventLogStorage(storage._base_dir)
    own.register_instance(instance)
    assert [event.dagster_event_type for event in own.get_logs_for_run(run_id)] == kinds
    assert own.get_materialized_partitions(dg.AssetKey("one")) == set()
    assert own.has_asset_key(dg.AssetKey("one"))


def test_another_process_s_view_is_current_while_it_is_open(instance: dg.DagsterInstance) -> None:
    run_id = run(instance)
    other = KeptOpenEventLogStorage(storage_of(instance)._base_dir)
    other.register_instance(instance)
    before = len(other.get_logs_for_run(run_id))
    instance.report_engine_event("more", instance.get_run_by_id(run_id))
    assert len(other.get_logs_for_run(run_id)) == before + 1
    other.dispose()


def test_it_keeps_only_so_many_files_open(instance: dg.DagsterInstance) -> None:
    for _ in range(OPEN_SHARDS + 3):
        run(instance)
    storage = storage_of(instance)
    assert len(storage._engines) <= OPEN_SHARDS
    storage.close_all()
    held = {str(fd.resolve()) for fd in Path("/proc/self/fd").iterdir()}
    assert not [name for name in held if name.startswith(storage._base_dir)]


def test_wiping_leaves_an_empty_log(instance: dg.DagsterInstance) -> None:
    run_id = run(instance)
    storage_of(instance).wipe()
    assert storage_of(instance).get_logs_for_run(run_id) == []
    assert run(instance)


def test_the_ui_hears_of_events_while_the_run_is_open(instance: dg.DagsterInstance) -> None:
    run_id = run(instance)
    heard: list[str] = []
    storage = storage_of(instance)
    storage.watch(run_id, None, lambda event, cursor: heard.append(event.message))
    instance.report_engine_event("while open", instance.get_run_by_id(run_id))
    deadline = time.monotonic() + 10
    while "while open" not in heard and time.monotonic() < deadline:
        time.sleep(0.05)
    storage.dispose()
    assert "while open" in heard
    assert Path(storage._base_dir).is_dir()


def test_what_is_planned_for_a_run_is_stored_at_once_or_not_at_all(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storage_of(instance)
    entries = [entry for entry in storage.get_logs_for_run(run(instance)) if entry.is_dagster_event]
    planned = [entry._replace(run_id="planned") for entry in entries[:3]]

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(KeptOpenEventLogStorage, "_store_asset_event", full)
    with pytest.raises(OSError, match="no space"):
        storage.store_event_batch(planned)
    assert storage.get_logs_for_run("planned") == []
    monkeypatch.undo()
    storage.store_event_batch(planned)
    assert storage.get_logs_for_run("planned") == planned


def test_planned_events_of_a_real_run_go_in_one_batch(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    store_batch = KeptOpenEventLogStorage.store_event_batch

    def counted(self: KeptOpenEventLogStorage, events: Sequence[dg.EventLogEntry]) -> None:
        batches.append(len(events))
        store_batch(self, events)

    monkeypatch.setattr(KeptOpenEventLogStorage, "store_event_batch", counted)
    run_id = dg.materialize([one, other], instance=instance).run_id
    assert batches == [2], "one event planned for each asset"
    kinds = [event.dagster_event_type for event in storage_of(instance).get_logs_for_run(run_id)]
    assert kinds.count(dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED) == 2


def written(storage: KeptOpenEventLogStorage, run_id: str) -> list[list[tuple[object, ...]]]:
    """What a run left in every table; numbers of events as what they are the numbers of."""
    event = "(select e.dagster_event_type || e.asset_key from event_logs e where e.id = {})"
    queries = (
        "select dagster_event_type, step_key, asset_key, partition from event_logs "
        "where run_id = :run order by id",
        "select asset_key, check_name, execution_status, "
        f"{event.format('evaluation_event_storage_id')}, "
        f"{event.format('materialization_event_storage_id')} "
        "from asset_check_executions where run_id = :run order by id",
        "select t.asset_key, t.key from asset_event_tags t "
        "join event_logs e on e.id = t.event_id where e.run_id = :run order by t.key",
        "select asset_key from asset_keys where last_run_id = :run order by asset_key",
    )
    found = []
    with storage.index_connection() as index:
        for query in queries:
            rows = index.execute(sa.text(query), {"run": run_id}).all()
            found.append([tuple(row) for row in rows])
    with storage.run_connection(run_id) as own:
        found.append([tuple(row) for row in own.execute(sa.text(queries[0]), {"run": run_id})])
    return found


def test_what_is_kept_back_is_stored_as_dagster_stores_it(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.multi_asset_check(
        specs=[dg.AssetCheckSpec("good", asset="one"), dg.AssetCheckSpec("bad", asset="one")]
    )
    def looked_at() -> Iterator[dg.AssetCheckResult]:
        for name in ("good", "bad"):
            yield dg.AssetCheckResult(passed=name == "good", asset_key="one", check_name=name)

    storage = storage_of(instance)
    with storage.events_kept_back():
        ours = dg.materialize([tagged, one, looked_at], instance=instance).run_id
    with monkeypatch.context() as theirs:
        for name in ("store_event", "store_event_batch"):
            theirs.setattr(KeptOpenEventLogStorage, name, getattr(SqliteEventLogStorage, name))
        before = written(storage, ours)
        run_id = dg.materialize([tagged, one, looked_at], instance=instance).run_id
    after = written(storage, run_id)
    assert before[:3] == after[:3]
    assert before[4] == after[4]
    assert sorted(row[1:3] for row in before[1]) == [("bad", "FAILED"), ("good", "SUCCEEDED")]
    assert before[2], "tags are stored"


def test_what_is_kept_back_is_there_when_it_is_asked_for(instance: dg.DagsterInstance) -> None:
    storage = storage_of(instance)
    materialized = next(
        entry
        for entry in storage.get_logs_for_run(run(instance))
        if entry.dagster_event_type == dg.DagsterEventType.ASSET_MATERIALIZATION
    )
    with storage.events_kept_back():
        storage.store_event(materialized._replace(run_id="later"))
        other = KeptOpenEventLogStorage(storage._base_dir)
        other.register_instance(instance)
        assert other.get_logs_for_run("later") == [], "not yet"
        assert len(storage.get_logs_for_run("later")) == 1
        assert len(other.get_logs_for_run("later")) == 1
        storage.store_event(materialized._replace(run_id="last"))
    assert len(other.get_logs_for_run("last")) == 1
    other.dispose()
