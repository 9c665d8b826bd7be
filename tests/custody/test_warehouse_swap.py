"""Readers have a whole generation at every moment: a writer promotes, or is killed."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from custody_support import installation
from warehouse_builder import ROWS, build

from pipelines.settings import Settings
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.store import begin_build, connect, promote

HERE = Path(__file__).parent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


def reader(mode: str, settings: Settings, stop: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "warehouse_reader.py"), mode]
    return subprocess.Popen(
        [*command, str(settings.live_path), str(stop)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_readers_see_whole_generations_while_a_writer_promotes(
    settings: Settings, tmp_path: Path
) -> None:
    build(settings, 1)
    stop = tmp_path / "stop"
    readers = [reader("reopen", settings, stop), reader("keep", settings, stop)]
    time.sleep(1.0)
    for generation in range(2, 12):
        build(settings, generation)
        time.sleep(0.1)
    stop.touch()
    answers = []
    for each in readers:
        out, err = each.communicate(timeout=60)
        assert each.returncode == 0, err
        answers.append(json.loads(out))
    reopened, kept = answers
    assert len(reopened["seen"]) >= 3
    assert reopened["seen"] == sorted(reopened["seen"])
    assert reopened["seen"][-1] == 11
    assert reopened["opened"] >= 10
    assert len(kept["seen"]) == 1


def test_kill_9_during_builds_leaves_a_whole_live_file(settings: Settings) -> None:
    build(settings, 0)
    dice = random.Random(20261123)
    for _ in range(6):
        builder = subprocess.Popen(
            [sys.executable, str(HERE / "warehouse_builder.py"), str(settings.root)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert builder.stdout is not None
        builder.stdout.readline()
        time.sleep(dice.uniform(0.0, 0.3))
        builder.kill()
        last_told = max((int(line) for line in builder.stdout.read().split()), default=1)
        builder.wait()
        assert _generation(settings) in (last_told, last_told + 1)
    with writer_lock(settings):
        begin_build(settings)
        promote(settings)
    assert _generation(settings) >= 1


@pytest.mark.parametrize("point", ["build.copied", "promote.flushed", "promote.replaced"])
def test_stopped_at_a_point_the_next_run_goes_on(settings: Settings, point: str) -> None:
    build(settings, 1)

    def stop(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin_build(settings, checkpoint=stop)
        promote(settings, checkpoint=stop)
    assert _generation(settings) == 1
    build(settings, 2)
    assert _generation(settings) == 2


def _generation(settings: Settings) -> int:
    """Read the live file's generation; an error if it is not whole."""
    with connect(settings.live_path, read_only=True) as con:
        rows = [
            con.execute(
                f"select count(*), min(generation), max(generation) from raw.{table}"
            ).fetchone()
            for table in ("left_half", "right_half")
        ]
    assert rows[0] == rows[1]
    count, low, high = rows[0]
    assert (count, low) == (ROWS, high)
    return int(low)
