"""One installation that has taken in everything the repository ships, as `make run` does.

Made once for all tests, whichever process runs them, and only read. A test that changes an
installation takes a copy.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
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

    def copied_to(self, place: Path) -> Installation:
        """The same installation elsewhere, to be changed."""
        for folder in (self.settings.data_dir, self.settings.dagster_home):
            shutil.copytree(folder, place / folder.name)
        return Installation(settings_in(place), self.delivered, self.said)


def settings_in(place: Path) -> Settings:
    """The settings of an installation that lies in a folder."""
    return Settings.from_env(
        {"MONITOR_DATA_DIR": str(place / "data"), "DAGSTER_HOME": str(place / "dagster")}
    )


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


def of_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test run that its processes share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _said(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The installation of all tests; the first process that wants it makes it, others wait."""
    place = of_all_workers(tmp_path_factory) / "shipped"
    settings, told = settings_in(place), place / "told.json"
    place.mkdir(exist_ok=True)
    with (place / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            sent = monitor(settings, "deliver", "--all", str(PROJECT_ROOT / "deliveries"))
            told.write_text(json.dumps([_said(sent), _said(monitor(settings, "run"))]))
    delivered, said = json.loads(told.read_text())
    return Installation(settings, delivered, said)


@pytest.fixture(scope="module")
def shipped_copy(shipped: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A copy for the tests of one module that change it."""
    return shipped.copied_to(tmp_path_factory.mktemp("shipped"))
