"""One installation that has taken in everything the repository ships, as `make run` does."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, Settings


@dataclass(frozen=True)
class Installation:
    """Where it is, what the commands said, and how to run another one."""

    settings: Settings
    delivered: str
    said: str

    def monitor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return monitor(self.settings, *arguments)


def monitor(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "MONITOR_DATA_DIR": str(settings.data_dir),
        "DAGSTER_HOME": str(settings.dagster_home),
    }
    command = [str(Path(sys.executable).with_name("monitor")), *arguments]
    return subprocess.run(
        command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    root = tmp_path_factory.mktemp("installation")
    settings = Settings.from_env(
        {"MONITOR_DATA_DIR": str(root / "data"), "DAGSTER_HOME": str(root / "dagster")}
    )
    delivered = monitor(settings, "deliver", "--all", str(PROJECT_ROOT / "deliveries"))
    assert delivered.returncode == 0, delivered.stderr
    ran = monitor(settings, "run")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return Installation(settings, delivered.stdout, ran.stdout)
