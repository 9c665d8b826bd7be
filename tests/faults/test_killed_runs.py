"""Kill -9 of a whole run, at named points and at any moment: the next run finishes without a hand.

Readers have the generation before or the one after, whole, of each of the three things they have:
warehouse, released cells, published files. A run that was killed does not stay "started". What is
done is in `killed_runs.py`, a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from small_disk import CannotMountError

from pipelines.settings import PROJECT_ROOT

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SHORT = ("stages", "moments", "live_file_written_over", "run_left_started", "disk_full")
LONG = ("points", "many_moments")


def found(folder: Path, *names: str) -> Mapping[str, list[str]]:
    """What was wrong in each scenario."""
    places = (HERE, HERE.parent, PROJECT_ROOT)
    done = subprocess.run(
        [sys.executable, str(HERE / "killed_runs.py"), str(folder), *names],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    return found(tmp_path_factory.mktemp("runs"), *SHORT)


@pytest.mark.parametrize("scenario", ["stages", "moments"])
def test_killed_the_next_run_finishes(short: Mapping[str, list[str]], scenario: str) -> None:
    assert short[scenario] == []


def test_a_full_disk_is_told_and_the_next_run_finishes(short: Mapping[str, list[str]]) -> None:
    wrong = short["disk_full"]
    if wrong and wrong[0].startswith(CannotMountError.__name__):
        pytest.skip(f"no disk can be mounted here: {wrong[0]}")
    assert wrong == []


@pytest.mark.parametrize("scenario", ["live_file_written_over", "run_left_started"])
def test_what_is_broken_on_purpose_is_caught(short: Mapping[str, list[str]], scenario: str) -> None:
    assert short[scenario]


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", LONG)
def test_killed_anywhere(tmp_path: Path, scenario: str) -> None:
    assert found(tmp_path, scenario)[scenario] == []
