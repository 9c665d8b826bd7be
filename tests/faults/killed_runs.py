"""Whole runs that are killed, or meet a full disk, in a process that has done nothing else.

`killed_runs.py <folder> <scenario>…` prints what was wrong in each, as JSON. Runs are forked from
this process, which has the pipeline loaded and no thread and no database: forked from one that has,
as pytest's own may by then, a child can wait for ever for a lock that nobody holds.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from unittest import mock

from in_memory import remove
from kills import Work, die, forked, in_child, is_named, killed_at_first_of, named_in_code
from small_disk import MEBI, CannotMountError, error_of, full_from, make_room, with_small_disk
from small_run import SmallLayers, installation, run, wrongs

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.orchestration.home import opened_instance
from pipelines.settings import Settings

SEED = 20261123
OLD, NEW = 1, 2
STAGES = (
    "check.arriving",
    "dbt.built",
    "promote.replaced",
    "publish.files_swapped",
)
"""In order; `points` has all of them."""
FULL_AT = ("build.copied", "dbt.before_build")
SIZE = 64 * MEBI


def running(settings: Settings) -> Work:
    def work(checkpoint: Checkpoint) -> None:
        outcome = run(settings, NEW, checkpoint)
        assert outcome.success, outcome.messages

    return work


def seen(settings: Settings, *generations: int) -> list[str]:
    """What readers see that they may not."""
    return forked(lambda: wrongs(settings, *generations))


def finished(settings: Settings) -> list[str]:
    """What is wrong once the next run has been; no run of before may count as started then."""

    def finish() -> list[str]:
        outcome = run(settings, NEW)
        with opened_instance(settings) as instance:
            left = [each.status.value for each in instance.get_runs() if not each.is_finished]
        # it may tell of those that were killed
        failed = [] if outcome.success else outcome.messages
        return [*failed, *wrongs(settings, NEW), *(f"a run is {each}" for each in left)]

    return forked(finish)


def stages(old: Path, place: Path) -> list[str]:
    """Each run dies at the next stage."""
    settings = installation(place / "it", old)
    found: list[str] = []
    left = set(STAGES)
    for stage in STAGES:
        if (here := killed_at_first_of(running(settings), left)) != stage:
            found.append(f"died at {here}, not at {stage}")
        left.discard(stage)
        found += [f"{stage}: {each}" for each in seen(settings, OLD, NEW)]
    return [*found, *finished(settings)]


def points(old: Path, place: Path) -> list[str]:
    """A run dies at every point, and the one after it finishes."""

    def live() -> list[str]:
        passed: list[str] = []
        running(installation(place / "whole", old))(passed.append)
        return list(dict.fromkeys(passed))

    passed = forked(live)
    of_runs = {p for p in named_in_code() if p.startswith(("dbt.", "check.", "publish."))}
    of_runs -= {"publish.before_stamp", "publish.stamped"}  # of layers that are not small
    found = [f"{p} is not passed" for p in of_runs if not any(is_named(p, q) for q in passed)]
    for point in passed:
        settings = installation(place / point, old)
        killed_at_first_of(running(settings), {point})
        found += [f"{point}: {e}" for e in (*seen(settings, OLD, NEW), *finished(settings))]
    return found


def moments(old: Path, place: Path, seed: int = SEED, deaths: int = 2) -> list[str]:
    """By the clock: also within SQL, Dagster's own events, and DuckDB's writing."""
    dice = random.Random(seed)
    settings = installation(place / "it", old)
    begun = time.monotonic()
    found = finished(installation(place / "whole", old))
    seconds = time.monotonic() - begun
    for _ in range(deaths):
        child = os.fork()
        if child == 0:
            try:
                running(settings)(no_checkpoint)
            finally:
                os._exit(0)
        time.sleep(dice.uniform(0, seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found += seen(settings, OLD, NEW)
    return [*found, *finished(settings)]


def many_moments(old: Path, place: Path) -> list[str]:
    """The long form."""
    return moments(old, place, SEED + 1, 100)


def live_file_written_over(old: Path, place: Path) -> list[str]:
    """Broken on purpose: what is built is written over the live file."""

    def wrong(layers: SmallLayers) -> None:
        data = layers.settings.build_path.read_bytes()
        layers.settings.live_path.chmod(0o644)
        with layers.settings.live_path.open("r+b") as live:
            live.write(data[: len(data) // 2])
            live.flush()
            die()

    settings = installation(place / "it", old)
    with mock.patch.object(SmallLayers, "promote", wrong):
        assert in_child(lambda: running(settings)(no_checkpoint)) == -signal.SIGKILL
    return seen(settings, OLD, NEW)


def run_left_started(old: Path, place: Path) -> list[str]:
    """Broken on purpose: nobody ends the runs whose process is gone."""
    settings = installation(place / "it", old)
    killed_at_first_of(running(settings), {"dbt.built"})
    with mock.patch("pipelines.orchestration.runs.end_dead_runs", lambda _: []):
        return finished(settings)


def disk_full(old: Path, place: Path) -> list[str]:
    """The run says so, with what to do; with room the next one finishes."""
    disk = place / "disk"

    def every_stage() -> list[str]:
        found: list[str] = []
        for point in FULL_AT:
            settings = installation(disk / point, old)
            if point != FULL_AT[0]:  # there Dagster's own records have no room either
                elsewhere = place / f"home {point}"
                shutil.move(settings.dagster_home, elsewhere)
                settings = replace(settings, dagster_home=elsewhere)
            said = forked(lambda s=settings, p=point: _said(s, disk, p))
            told = ("disk is full", f"MiB free in {disk}", "`monitor run` goes on")
            found += [f"{point}: not told: {said[-300:]}" for each in told if each not in said]
            found += [f"{point}: {each}" for each in seen(settings, OLD, NEW)]
            make_room(disk)
            found += [f"{point}: {each}" for each in finished(settings)]
            remove(disk / point)
        return found

    answer = with_small_disk(disk, SIZE, every_stage)
    if isinstance(answer, CannotMountError):
        return [f"{CannotMountError.__name__}: {answer.strerror}"]
    return list(answer)


def _said(settings: Settings, disk: Path, point: str) -> str:
    messages: list[str] = []
    error = error_of(
        lambda checkpoint: messages.extend(run(settings, NEW, checkpoint).messages),
        full_from(disk, point),
    )
    return str(error or "\n".join(messages))


SCENARIOS: Mapping[str, Callable[[Path, Path], list[str]]] = {
    each.__name__: each
    for each in (
        *(stages, points, moments, many_moments),
        *(live_file_written_over, run_left_started, disk_full),
    )
}


def main(folder: Path, *names: str) -> None:
    old = folder / "old"
    with mock.patch.dict(os.environ, {"DAGSTER_HOME": "set by prepare_dagster_home"}):
        import_module("pipelines.definitions")
        settings = installation(old)
        assert forked(lambda: run(settings, OLD).success)
        found = {name: SCENARIOS[name](old, folder / name) for name in names}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
