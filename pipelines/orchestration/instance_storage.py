"""Where Dagster keeps runs, event log and schedules: PostgreSQL if the environment names one.

One `dagster.yaml` serves a laptop and a server alike: which storage it means is decided here, by
`MONITOR_POSTGRES_URL`. Nothing of the pipeline is in it; the ledger and the archive are the truth.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster._config.config_schema import UserConfigSchema
from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log.base import EventLogStorage
from dagster._core.storage.runs.base import RunStorage
from dagster._core.storage.schedules.base import ScheduleStorage
from dagster._serdes import ConfigurableClass, ConfigurableClassData

from pipelines.environment import POSTGRES_ENV
from pipelines.orchestration.local_storage import LocalStorage

MOST_CONNECTIONS = 20
"""Of one process at a time; a run uses one, the web server one for each request under way."""
RECYCLE_SECONDS = 3600


class PostgresSupportMissingError(RuntimeError):
    """PostgreSQL is asked for and its driver is not installed; says what to install."""


class InstanceStorage(DagsterStorage[dg.DagsterInstance], ConfigurableClass):
    """The storage of this installation; `dagster.yaml` names this class."""

    def __init__(
        self,
        chosen: DagsterStorage[dg.DagsterInstance],
        inst_data: ConfigurableClassData | None = None,
    ) -> None:
        self._instance_weakref = None
        self._chosen = chosen
        self._inst_data = inst_data

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """What `dagster.yaml` said; for processes that open the same instance."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        """What `dagster.yaml` may say: the folder of the SQLite files."""
        return {"base_dir": dg.StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> InstanceStorage:
        """Choose by the environment of this process.

        Raises:
            PostgresSupportMissingError: If PostgreSQL is asked for without its driver.
        """
        if url := os.environ.get(POSTGRES_ENV):
            return cls(_postgres(url), inst_data)
        return cls(LocalStorage(config_value["base_dir"]), inst_data)

    @property
    def event_log_storage(self) -> EventLogStorage[dg.DagsterInstance]:
        """The event log."""
        return self._chosen.event_log_storage

    @property
    def run_storage(self) -> RunStorage[dg.DagsterInstance]:
        """The runs."""
        return self._chosen.run_storage

    @property
    def schedule_storage(self) -> ScheduleStorage[dg.DagsterInstance]:
        """The state and ticks of sensors and schedules."""
        return self._chosen.schedule_storage


def _postgres(url: str) -> DagsterStorage[dg.DagsterInstance]:
    try:
        from dagster_postgres import DagsterPostgresStorage
        from dagster_postgres.utils import create_pg_engine
    except ModuleNotFoundError as missing:
        raise PostgresSupportMissingError(
            f"{POSTGRES_ENV} is set, and {missing.name} is not installed: install the extra "
            "`postgres` of this package (deploy/requirements.lock has it), or unset the variable"
        ) from missing
    storage = DagsterPostgresStorage(url)
    # Dagster opens a connection for each of a run's two thousand events, 20 ms each. One is kept,
    # and asked whether it still is one before it is used: the server may have been restarted.
    engine = create_pg_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=1,
        max_overflow=MOST_CONNECTIONS - 1,
        pool_pre_ping=True,
        pool_recycle=RECYCLE_SECONDS,
    )
    for part in (storage._run_storage, storage._event_log_storage, storage._schedule_storage):
        part._engine = engine
    return storage
