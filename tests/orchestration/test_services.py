"""One daemon an installation; a code server on no port; a project that nobody writes to."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from shipped_installation import settings_in

from pipelines.cli import main
from pipelines.environment import DAGSTER_HOME_ENV, DATA_DIR_ENV
from pipelines.orchestration import services
from pipelines.orchestration.column_lineage import FILE_NAME
from pipelines.orchestration.dbt_models import _lineage_file
from pipelines.orchestration.services import DAEMON_LOCK
from pipelines.warehouse.lock import kernel_lock


def test_a_second_daemon_is_refused_and_told_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path)
    monkeypatch.setenv(DATA_DIR_ENV, str(settings.data_dir))
    monkeypatch.setenv(DAGSTER_HOME_ENV, str(settings.dagster_home))
    monkeypatch.setattr(services, "TAKE_OVER_SECONDS", 0.0)
    with kernel_lock(settings.data_dir / DAEMON_LOCK, wait_seconds=0.0, purpose="daemon"):
        told = CliRunner().invoke(main, ["daemon"])
    assert told.exit_code == 1
    assert "a daemon is at work on this data already: process" in told.output
    assert not settings.dagster_home.exists(), "nothing was begun"


def test_a_second_code_server_does_not_take_the_socket_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, socket = settings_in(tmp_path), tmp_path / "run" / "code.sock"
    monkeypatch.setenv(DATA_DIR_ENV, str(settings.data_dir))
    monkeypatch.setenv(DAGSTER_HOME_ENV, str(settings.dagster_home))
    monkeypatch.setattr(services, "TAKE_OVER_SECONDS", 0.0)
    socket.parent.mkdir()
    socket.touch()
    with kernel_lock(socket.with_name(".code.sock.lock"), wait_seconds=0.0, purpose="code server"):
        told = CliRunner().invoke(main, ["code-server", "--socket", str(socket)])
    assert told.exit_code == 1
    assert "a code server is at work on this socket: process" in told.output
    assert socket.exists()


def test_what_runs_keep_of_the_project_lies_with_the_data_where_it_is_read_only(
    tmp_path: Path,
) -> None:
    (tmp_path / "project" / "target").mkdir(parents=True)
    database = tmp_path / "build" / "monitor.duckdb"
    at_home = tmp_path / "project" / "target" / FILE_NAME
    assert _lineage_file(tmp_path / "project", database) == at_home
    assert _lineage_file(Path("/proc/self"), database) == tmp_path / "build" / FILE_NAME
