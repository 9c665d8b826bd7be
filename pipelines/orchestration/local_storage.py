"""Dagster's SQLite storage, with its connections to the event log kept open between events.

Dagster's own opens a file, commits with a disk flush and closes it again two or three times an
event, and asks which tables and columns there are; a run of ours writes some 1,100 (assets,
checks, steps), which took as long as all the SQL of dbt. What is planned for a run is written in
one transaction (`DAGSTER_EVENT_BATCH_SIZE`, set in `home`), and so is what a step tells of its
tables and tests. Same files, same tables: with
`storage: {sqlite: ...}` in dagster.yaml Dagster reads what this wrote.
Flushing at checkpoints only (`synchronous=normal`) keeps the log whole when a process dies; a power
cut may cost its last events, and the ledger, not this log, is what the pipeline goes by.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from dagster import DagsterInstance
from dagster._core.events import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    DagsterEventType,
)
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log.schema import SqlEventLogStorageTable
from dagster._core.storage.event_log.sqlite.sqlite_event_log import (
    INDEX_SHARD_NAME,
    SqliteEventLogStorage,
    SqliteEventLogStorageWatchdog,
)
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from dagster._serdes import ConfigurableClassData
from sqlalchemy.pool import QueuePool
from watchdog.events import FileSystemEvent
from watchdog.observers import Observer

KEPT_BACK = frozenset(
    {
        *(DagsterEventType.STEP_OUTPUT, DagsterEventType.HANDLED_OUTPUT),
        *(DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_CHECK_EVALUATION),
    }
)
"""What a step tells of each table and test; what it logs, and its end, are stored at once."""
MOST_KEPT_BACK = 500
ACROSS_RUNS = frozenset({*ASSET_EVENTS, *ASSET_CHECK_EVENTS, *EVENT_TYPE_TO_PIPELINE_RUN_STATUS})
"""What is found by asset, check or status, whatever the run: stored in the index too."""
OPEN_SHARDS = 8
"""Databases kept open: the index and the latest runs; a web server looks at many."""
BUSY_TIMEOUT_SECONDS = 30


class _Joined(threading.local):
    """The connections, by database, of the transaction that this thread is in."""

    connections: dict[str, sa.Connection] | None = None


class KeptOpenEventLogStorage(SqliteEventLogStorage):
    """The event log of `SqliteEventLogStorage`, over connections that are kept."""

    _obs: Any

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        self._joined = _Joined()
        self._keeps_back = False
        self._kept_back: list[EventLogEntry] = []
        self._tables: set[str] = set()
        self._asset_columns: set[str] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def events_kept_back(self) -> Iterator[None]:
        """Within the block what a step makes and checks is stored together, a moment later.

        That is before anything else is stored or read here: when the step ends, at the latest.
        """
        self._keeps_back = True
        try:
            yield
        finally:
            self._keeps_back = False
            self._store_kept_back()

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and before it those that were kept back."""
        if self._keeps_back and event.dagster_event_type in KEPT_BACK:
            self._kept_back.append(event)
            if len(self._kept_back) >= MOST_KEPT_BACK:
                self._store_kept_back()
        else:
            super().store_event(event)  # connects, which stores what is kept back

    def _store_kept_back(self) -> None:
        events, self._kept_back = self._kept_back, []
        if events:
            self.store_event_batch(events)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction for each database."""
        with self._db_lock, ExitStack() as transactions:
            self._joined.connections = joined = {}
            try:
                for shard in dict.fromkeys((*(e.run_id for e in events), INDEX_SHARD_NAME)):
                    connection = transactions.enter_context(self._engine(shard).connect())
                    transactions.enter_context(connection.begin())
                    joined[shard] = connection
                self._write(events, joined)
            finally:
                self._joined.connections = None

    def _write(
        self, events: Sequence[EventLogEntry], connections: Mapping[str, sa.Connection]
    ) -> None:
        """What `SqliteEventLogStorage.store_event` does, with one statement for many rows."""
        rows = [self._event_to_row(event) for event in events]
        for run_id in dict.fromkeys(event.run_id for event in events):
            of_run = [row for row in rows if row["run_id"] == run_id]
            connections[run_id].execute(SqlEventLogStorageTable.insert(), of_run)
        across = [
            (event, row)
            for event, row in zip(events, rows, strict=True)
            if event.dagster_event_type in ACROSS_RUNS
        ]
        if not across:
            return
        index = connections[INDEX_SHARD_NAME]
        numbered = SqlEventLogStorageTable.insert().returning(
            SqlEventLogStorageTable.c.id, sort_by_parameter_order=True
        )
        ids = index.execute(numbered, [row for _, row in across]).scalars().all()
        of_assets = [
            (event, number)
            for (event, _), number in zip(across, ids, strict=True)
            if event.dagster_event_type in ASSET_EVENTS
        ]
        if of_assets:
            self._store_asset_event_tags(
                index, [e for e, _ in of_assets], [n for _, n in of_assets]
            )
        for event, number in of_assets:
            self._store_asset_event(index, event, number)
        for (event, _), number in zip(across, ids, strict=True):
            if event.dagster_event_type in ASSET_CHECK_EVENTS:
                self.store_asset_check_event(event, number)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        if self._joined.connections is not None:
            yield self._joined.connections[shard]
            return
        self._store_kept_back()
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether a table exists; one that does is not asked for again."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def _has_asset_key_col_on_connection(self, conn: sa.Connection, column_name: str) -> bool:
        if column_name not in self._asset_columns and super()._has_asset_key_col_on_connection(
            conn, column_name
        ):
            self._asset_columns.add(column_name)
        return column_name in self._asset_columns

    def _engine(self, shard: str) -> sa.Engine:
        engine = self._engines.get(shard)
        if engine is None:
            engine = sa.create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                pool_size=1,
                connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            sa.event.listen(engine, "connect", _flush_at_checkpoints)
            self._initdb(engine, for_index_shard=shard == INDEX_SHARD_NAME)
            self._engines[shard] = engine
            self._close_oldest()
        self._engines.move_to_end(shard)
        return engine

    def _close_oldest(self) -> None:
        while len(self._engines) > OPEN_SHARDS:
            shard = next(name for name in self._engines if name != INDEX_SHARD_NAME)
            self._engines.pop(shard).dispose()

    def close_all(self) -> None:
        """Close every database."""
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()

    def watch(self, run_id: str, cursor: str | None, callback: Any) -> None:
        """Call back on new events of a run; the UI follows runs this way."""
        observer: Any = self._obs
        if observer is None:
            observer = self._obs = Observer()
            observer.start()
        watchdog = _LogWatchdog(self, run_id, callback, cursor)
        scheduled = observer.schedule(watchdog, self._base_dir, recursive=True)
        self._watchers[run_id][callback] = (watchdog, scheduled)

    def wipe(self) -> None:
        """Delete the log; its files are closed first."""
        self.close_all()
        super().wipe()

    def dispose(self) -> None:
        """Close everything."""
        self.close_all()
        super().dispose()


def events_kept_back(instance: DagsterInstance) -> AbstractContextManager[None]:
    """Keep events back for the block, where the instance's storage can."""
    log = instance.event_log_storage
    return log.events_kept_back() if isinstance(log, KeptOpenEventLogStorage) else nullcontext()


class _LogWatchdog(SqliteEventLogStorageWatchdog):
    """Looks at the write-ahead log as well: while a run is open, events are there."""

    def __init__(
        self,
        event_log_storage: SqliteEventLogStorage,
        run_id: str,
        callback: Any,
        cursor: str | None,
    ) -> None:
        super().__init__(event_log_storage, run_id, callback, cursor)
        self._patterns = [self._log_path, f"{self._log_path}-wal"]

    def on_modified(self, event: FileSystemEvent) -> None:
        """Read what is new."""
        del event
        self._process_log()


class LocalStorage(DagsterSqliteStorage):
    """Runs, schedules and event log of one machine, all under one folder."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = KeptOpenEventLogStorage(_event_logs_directory(base_dir))


def _flush_at_checkpoints(connection: Any, _record: Any) -> None:
    connection.execute("pragma synchronous = normal")
