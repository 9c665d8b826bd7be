"""Kill -9 while released cells and files are put in place: readers have the old or the new whole.

The kills of custody, from file to live warehouse, are in `custody/test_kills.py`; those of releases
in `release/`; those of a whole run, with dbt and checks in it, in `test_killed_runs.py`.
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest
from generations import (
    FILES,
    installation,
    publish,
    read_until,
    seen_cells,
    seen_files,
    wrongs,
)
from kills import Work, calls_of, die, forked, killed_at, killed_at_call, killed_at_first_of

from pipelines import in_place
from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.publish import service
from pipelines.settings import Settings

pytestmark = pytest.mark.slow

SEED = 20261123
OLD, NEW = 1, 2
LONG = (pytest.mark.exhaustive, pytest.mark.timeout(3600))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Generation 1 is published."""
    settings = installation(tmp_path_factory.mktemp("published"))
    forked(lambda: publish(settings, OLD))
    return settings


def copy_of(published: Settings, place: Path) -> Settings:
    shutil.copytree(published.root, place)
    return installation(place)


def publishing(settings: Settings, number: int = NEW) -> Work:
    return lambda checkpoint: publish(settings, number, checkpoint)


def wrongs_at_rest(settings: Settings, number: int = NEW) -> list[str]:
    """What is wrong once a fresh process has published."""

    def finish() -> list[str]:
        publish(settings, number)
        left = [
            path.name
            for path in (*settings.data_dir.iterdir(), *settings.build_path.parent.iterdir())
            if path.name.endswith((".part", ".new", ".old")) or ".building" in path.name
        ]
        return [*wrongs(settings, number), *(f"left: {name}" for name in left)]

    return forked(finish)


def passed(settings: Settings) -> list[str]:
    def live() -> list[str]:
        seen: list[str] = []
        publish(settings, NEW, seen.append)
        return seen

    return forked(live)


def test_killed_again_and_again_at_every_point(published: Settings, tmp_path: Path) -> None:
    left = set(passed(copy_of(published, tmp_path / "whole")))
    assert len(left) >= 5
    settings = copy_of(published, tmp_path / "it")
    while left and (here := killed_at_first_of(publishing(settings), left)):
        left.remove(here)
        assert forked(lambda: wrongs(settings, OLD, NEW)) == [], here
    assert left == set()
    assert wrongs_at_rest(settings) == []


@pytest.mark.parametrize(("seed", "deaths"), [(SEED, 4), pytest.param(SEED + 1, 80, marks=LONG)])
def test_killed_at_any_system_call(
    published: Settings, tmp_path: Path, seed: int, deaths: int
) -> None:
    dice = random.Random(seed)
    whole = copy_of(published, tmp_path / "whole")
    calls = len(forked(lambda: calls_of(publishing(whole))))
    settings = copy_of(published, tmp_path / "it")
    for number in dice.choices(range(1, calls), k=deaths):
        killed_at_call(publishing(settings), number)
        assert forked(lambda: wrongs(settings, OLD, NEW)) == [], number
    assert wrongs_at_rest(settings) == []


def test_readers_lack_nothing_and_never_see_an_older_one_again(
    published: Settings, tmp_path: Path
) -> None:
    """A reader reads all the time while publishers publish and die."""
    settings, stop = copy_of(published, tmp_path / "it"), tmp_path / "stop"
    points = ("publish.files_swapped", "publish.database_replaced", "publish.files_written")

    def publish_and_die() -> None:
        for number in range(2, 5):
            killed_at(publishing(settings, number), points[number % 3])
            forked(lambda number=number: publish(settings, number))
        stop.touch()

    publisher = os.fork()
    if publisher == 0:
        try:
            publish_and_die()
        finally:
            stop.touch()
            os._exit(0)
    seen = forked(lambda: read_until(stop, settings))
    assert os.waitpid(publisher, 0)[1] == 0
    assert seen["lacking"] == []
    assert seen["order"] == sorted(seen["order"])
    assert seen["order"][-1] == 4
    assert forked(lambda: seen_cells(settings.publish_path)) == 4


def files_written_over(stack: ExitStack) -> None:
    """The published files are written over one by one."""

    def wrong(
        made: dict[str, bytes], folder: Path, new: Path, old: Path, checkpoint: Checkpoint
    ) -> None:
        for number, (name, data) in enumerate(made.items()):
            (folder / name).write_bytes(data)
            if number == len(made) // 2:
                checkpoint("publish.files_swapped")

    stack.enter_context(mock.patch.object(service, "_replace_folder", wrong))


def folder_moved_away_first(stack: ExitStack) -> None:
    """The old folder is moved away before the new one is moved in."""

    def wrong(new: Path, folder: Path) -> bool:
        folder.rename(folder.with_name("away"))
        die()

    stack.enter_context(mock.patch.object(service, "exchange", wrong))


def database_written_in_place(stack: ExitStack) -> None:
    """The new cells are written to the very file that readers have."""

    def wrong(settings: Settings, release: object, checkpoint: Checkpoint) -> bool:
        data = service.unpublished_path(settings).read_bytes()
        with settings.publish_path.open("r+b") as live:
            live.write(data[: len(data) // 2])
            live.flush()
            checkpoint("publish.database_replaced")
            live.write(data[len(data) // 2 :])
        return True

    stack.enter_context(mock.patch.object(service, "_publish_database", wrong))


BROKEN: tuple[tuple[Callable[[ExitStack], None], str], ...] = (
    (files_written_over, "publish.files_swapped"),
    (folder_moved_away_first, "publish.files_swapped"),
    (database_written_in_place, "publish.database_replaced"),
)


@pytest.mark.parametrize(("broken", "point"), BROKEN, ids=[b.__name__ for b, _ in BROKEN])
def test_what_is_broken_on_purpose_is_caught(
    published: Settings, tmp_path: Path, broken: Callable[[ExitStack], None], point: str
) -> None:
    settings = copy_of(published, tmp_path / "it")
    with ExitStack() as stack:
        broken(stack)
        assert killed_at(publishing(settings), point)
        assert forked(lambda: wrongs(settings, OLD, NEW))


def test_damage_is_found_and_mended_by_publishing_again(
    published: Settings, tmp_path: Path
) -> None:
    """One byte anywhere, in the file that readers have or in what it is made of."""
    dice = random.Random(SEED)
    settings = copy_of(published, tmp_path / "it")
    outputs = [settings.publish_path, settings.published_dir / FILES[3]]
    for path in (*outputs, service.unpublished_path(settings)):
        data = bytearray(path.read_bytes())
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        path.write_bytes(data)
        if path in outputs:
            assert path.name in str(forked(lambda: in_place.damages(settings)))
        assert wrongs_at_rest(settings, OLD) == []
    (settings.published_dir / FILES[0]).unlink()
    (settings.published_dir / "stray.csv").write_text("1\n")
    told = {each.message for each in in_place.damages(settings)}
    assert told == {f"{FILES[0]} is gone", "stray.csv was added"}
    assert wrongs_at_rest(settings, OLD) == []
    assert forked(lambda: seen_files(settings.published_dir)) == OLD


def test_without_an_exchange_of_names_the_swap_is_still_mended(
    published: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a network file system: a kill in between leaves no folder, the next run makes it."""
    settings = copy_of(published, tmp_path / "it")
    monkeypatch.setattr(service, "exchange", lambda *_: False)
    forked(lambda: publish(settings, NEW, no_checkpoint))
    assert wrongs_at_rest(settings) == []
