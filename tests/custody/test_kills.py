"""Kill -9 anywhere between file and live warehouse: nothing lost, doubled, half or left over."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from broken_on_purpose import BROKEN, Broken
from kills import (
    Work,
    calls_of,
    forked,
    is_named,
    killed_at,
    killed_at_call,
    killed_at_first_of,
    named_in_code,
)
from looks import wrongs_after_a_kill, wrongs_at_rest, wrongs_of_erasures
from story import STEPS, Story, no_dbt, prepared, run

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.orchestration.rebuild import FILE_NAME, rebuild_into
from pipelines.pipeline import build_needed
from pipelines.settings import Settings
from pipelines.warehouse.hashes import table_hashes

SEED = 20261123
AGAIN_AND_AGAIN = {
    "sent": "",
    "first": "",
    "withdrawn": "withdrawn reinstated ledger",
    "rebuilt": "rebuild replay",
}
"""Step to the kinds of points at which its runs die, one after the other; all of them if none."""
ONCE = (
    ("second", "load.rows_loaded"),
    ("second", "ledger.written"),
    ("second", "load.books_kept"),
    ("second", "promote.flushed"),
    ("second", "promote.replaced"),
)
ELSEWHERE = (
    *("release.", "release_log."),
    *("promote.stamped", "dbt.", "check.", "publish.", "alert.", "status."),
)
"""Points of releases (tests/release) and of what a run does beside custody (tests/faults)."""
LONG = (pytest.mark.exhaustive, pytest.mark.timeout(3600))
ERASING = (
    "erase.tombstone",
    "erase.overwritten",
    "erase.key_gone",
    "erase.plain_files_gone",
    "erase.on_ledger",
    "promote.rewritten",
    "promote.replaced",
    "erase.done",
)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with prepared():
        yield Story(tmp_path_factory.mktemp("story")).live_through()


def work(step: str, settings: Settings) -> Work:
    return lambda checkpoint: STEPS[step].work(settings, checkpoint)


def points(story: Story, step: str) -> set[str]:
    kinds = AGAIN_AND_AGAIN[step].split()
    return {name for name in story.passed[step] if not kinds or name.split(".")[0] in kinds}


def after_a_kill(story: Story, step: str, settings: Settings) -> list[str]:
    return forked(lambda: wrongs_after_a_kill(settings, story.generations[step]))


def done_again(story: Story, step: str, settings: Settings) -> list[str]:
    """What is wrong once a fresh process has done the step again."""
    erased = list(STEPS).index(step) >= list(STEPS).index("erased")

    def finish() -> list[str]:
        STEPS[step].work(settings, no_checkpoint)
        return wrongs_at_rest(settings, story.sights[step], erased=erased)

    return forked(finish)


def test_every_point_of_the_code_is_one_to_be_killed_at(story: Story) -> None:
    killed = {name for step in AGAIN_AND_AGAIN for name in points(story, step)}
    killed |= {name for _, name in ONCE} | set(ERASING)
    in_code = {point for point in named_in_code() if not point.startswith(ELSEWHERE)}
    assert len(in_code) >= 40
    assert [p for p in sorted(in_code) if not any(is_named(p, name) for name in killed)] == []


@pytest.mark.parametrize("step", AGAIN_AND_AGAIN)
def test_killed_again_and_again_at_every_point(story: Story, tmp_path: Path, step: str) -> None:
    """Each run dies at the first point at which none has died yet."""
    settings = story.before(step, tmp_path / "it")
    left = points(story, step)
    while left and (here := killed_at_first_of(work(step, settings), left)):
        left.remove(here)
        assert after_a_kill(story, step, settings) == [], here
    assert done_again(story, step, settings) == []
    for name in left:  # no run comes here when one has died just before
        settings = story.before(step, tmp_path / name)
        assert killed_at(work(step, settings), name)
        assert after_a_kill(story, step, settings) == [], name
        assert done_again(story, step, settings) == [], name


@pytest.mark.parametrize(("step", "name"), ONCE)
def test_killed_once(story: Story, tmp_path: Path, step: str, name: str) -> None:
    settings = story.before(step, tmp_path / "it")
    time = story.passed[step].count(name)
    assert killed_at(work(step, settings), name, time)
    assert after_a_kill(story, step, settings) == []
    assert done_again(story, step, settings) == []


@pytest.mark.parametrize("name", ERASING)
def test_a_killed_erasure_is_finished_by_the_next_run(
    story: Story, tmp_path: Path, name: str
) -> None:
    """Also when nobody gives the command again."""
    settings = story.before("erased", tmp_path / "it")
    assert killed_at(work("erased", settings), name)
    assert after_a_kill(story, "erased", settings) == []
    assert build_needed(settings) is not None

    def finish() -> list[str]:
        run(settings, 4, no_checkpoint)
        return wrongs_of_erasures(settings)

    assert forked(finish) == []


def test_killed_in_the_middle_of_writing_decisions(story: Story, tmp_path: Path) -> None:
    """That write holds a decision and what follows from it for the version before."""
    whole = story.before("second", tmp_path / "whole")
    made = forked(lambda: calls_of(work("second", whole), until="load.on_ledger"))
    number = max(place for place, name in enumerate(made, start=1) if name == "write")
    settings = story.before("second", tmp_path / "it")
    assert killed_at_call(work("second", settings), number)
    assert after_a_kill(story, "second", settings) == []
    assert done_again(story, "second", settings) == []


@pytest.mark.parametrize(("seed", "deaths"), [(SEED, 6), pytest.param(SEED + 1, 220, marks=LONG)])
def test_killed_at_any_system_call(story: Story, tmp_path: Path, seed: int, deaths: int) -> None:
    """Deaths between named points, or in the middle of writing, before it is done."""
    dice = random.Random(seed)
    whole = story.before("first", tmp_path / "whole")
    calls = len(forked(lambda: calls_of(work("first", whole))))
    settings = story.before("first", tmp_path / "it")
    for number in sorted(dice.choices(range(1, calls), k=deaths)):
        killed_at_call(work("first", settings), number)
        assert after_a_kill(story, "first", settings) == [], number
    assert done_again(story, "first", settings) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda each: each.name)
def test_what_is_broken_on_purpose_is_caught(story: Story, tmp_path: Path, broken: Broken) -> None:
    step = broken.step
    settings = story.before(step, tmp_path / "it")
    with ExitStack() as stack:
        broken.apply(stack)
        assert killed_at(work(step, settings), broken.point)
        assert after_a_kill(story, step, settings) or done_again(story, step, settings)


def test_a_rebuild_elsewhere_is_there_whole_or_not_at_all(story: Story, tmp_path: Path) -> None:
    settings = story.before("rebuilt", tmp_path / "it")
    place = tmp_path / "elsewhere"

    def rebuild(checkpoint: Checkpoint) -> None:
        with no_dbt():
            rebuild_into(settings, place, checkpoint=checkpoint)

    assert killed_at(rebuild, "rebuild.filled")
    assert not (place / FILE_NAME).exists()
    forked(lambda: rebuild(no_checkpoint))
    assert [path.name for path in place.iterdir()] == [FILE_NAME]
    assert forked(lambda: table_hashes(place / FILE_NAME)) == story.sights["rebuilt"].tables
