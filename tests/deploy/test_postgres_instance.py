"""An instance on a real PostgreSQL runs the whole pipeline: run, events, ticks, dead runs ended."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa
from dagster._core.scheduler.instigation import SensorInstigatorData
from instance_support import monitored, sensor_state, started, status, ticked
from postgres_cluster import cluster, programs
from shipped_installation import settings_in

from pipelines.environment import DAGSTER_HOME_ENV, KEY_FILE_ENV, POSTGRES_ENV
from pipelines.orchestration.clock import mend_ticks
from pipelines.orchestration.home import opened_instance
from pipelines.orchestration.instance_storage import InstanceStorage, PostgresSupportMissingError
from pipelines.orchestration.run import run_process_inbox
from pipelines.orchestration.run_locks import run_lock
from pipelines.settings import PROJECT_ROOT, Settings

SMALL = "styringsdialog/2017/styringsdialog_emner_2017_SYNTETISK.csv"
"""The smallest that a table is published from."""

installed = programs()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        installed is None,
        reason="NOT TESTED: no PostgreSQL server on this machine (Debian: apt install postgresql)",
    ),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    assert installed is not None
    with cluster(installed) as made:
        yield made


@pytest.fixture
def settings(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(POSTGRES_ENV, url)
    monkeypatch.setenv(DAGSTER_HOME_ENV, "set by prepare_dagster_home, undone after the test")
    monkeypatch.setenv(KEY_FILE_ENV, str(tmp_path / "key"))
    return settings_in(tmp_path)


@pytest.mark.exhaustive
def test_the_whole_pipeline_runs_on_it(settings: Settings) -> None:
    waiting = settings.inbox_dir / SMALL
    waiting.parent.mkdir(parents=True)
    for end in ("", ".meta.json"):  # with their old times, so that they have long settled
        shutil.copy2(PROJECT_ROOT / "deliveries" / f"{SMALL}{end}", f"{waiting}{end}")
    outcome = run_process_inbox(settings)
    assert outcome.success, outcome.messages
    assert settings.publish_path.is_file()
    with opened_instance(settings) as instance:
        [run] = instance.get_runs()
        assert (run.run_id, run.status) == (outcome.run_id, dg.DagsterRunStatus.SUCCESS)
        checks = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        assert len(checks) == outcome.checks_passed + outcome.checks_warned
        key = dg.AssetKey(["published", "pub_indicator_cells"])
        assert instance.get_latest_materialization_event(key) is not None
        assert "2017" in instance.get_dynamic_partitions("styringsdialog_periods")
    files = {path.name for path in settings.dagster_home.rglob("*") if path.suffix == ".db"}
    assert files == set(), "nothing of it lies in SQLite"


def test_dead_runs_are_ended_in_it(settings: Settings) -> None:
    with opened_instance(settings) as instance:
        run = started(instance, time.time() - 3600)
        with run_lock(Path(instance.root_directory), run.run_id):
            monitored(instance)
            assert status(instance, run) == "STARTED"
        monitored(instance)
        assert status(instance, run) == "FAILURE"


def test_it_keeps_the_state_of_sensors(settings: Settings) -> None:
    with opened_instance(settings) as instance:
        ticked(instance, time.time() + 3600)
        assert mend_ticks(instance) == ["a_sensor"]
    with opened_instance(settings) as instance:
        data = sensor_state(instance).instigator_data
        assert isinstance(data, SensorInstigatorData)
        assert (data.last_tick_timestamp, data.cursor) == (None, "kept")


def test_a_connection_that_the_server_closed_is_opened_again(settings: Settings, url: str) -> None:
    with opened_instance(settings) as instance:
        run = started(instance, time.time())
        before = len(instance.all_logs(run.run_id))
        with sa.create_engine(url, isolation_level="AUTOCOMMIT").connect() as con:
            others = "from pg_stat_activity where pid <> pg_backend_pid()"
            con.execute(sa.text(f"select pg_terminate_backend(pid) {others}"))
        instance.report_engine_event("after the server was restarted", run)
        assert len(instance.all_logs(run.run_id)) == before + 1


def test_without_its_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(POSTGRES_ENV, "postgresql://nobody@/nowhere")
    monkeypatch.setitem(sys.modules, "dagster_postgres", None)
    with pytest.raises(PostgresSupportMissingError, match="install the extra `postgres`"):
        InstanceStorage.from_config_value(None, {"base_dir": "unused"})
