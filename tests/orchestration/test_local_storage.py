"""The kept-open event log holds what Dagster's own would, and lets go when it should."""

import time
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from pipelines.orchestration.local_storage import OPEN_SHARDS, KeptOpenEventLogStorage


@dg.asset
def one() -> int:
    return 1


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
    store_event = KeptOpenEventLogStorage.store_event
    stored: list[str] = []

    def breaks_at_the_last(self: KeptOpenEventLogStorage, event: dg.EventLogEntry) -> None:
        store_event(self, event)
        stored.append(event.run_id)
        if len(stored) == len(planned):
            raise OSError("no space left on device")

    monkeypatch.setattr(KeptOpenEventLogStorage, "store_event", breaks_at_the_last)
    with pytest.raises(OSError, match="no space"):
        storage.store_event_batch(planned)
    assert stored == ["planned"] * len(planned)
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
