"""One daemon an installation; the code server is on a socket, not on a port."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from shipped_installation import settings_in

from pipelines.cli import main
from pipelines.environment import DAGSTER_HOME_ENV, DATA_DIR_ENV
from pipelines.orchestration import services
from pipelines.orchestration.services import DAEMON_LOCK, code_server_command
from pipelines.settings import Settings
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


def test_the_code_server_listens_on_no_port() -> None:
    command = code_server_command(Settings.from_env({}), Path("/run/here/code.sock"))
    assert command[command.index("--socket") + 1] == "/run/here/code.sock"
    assert not {"--port", "--host", "-p", "-h"} & set(command)
