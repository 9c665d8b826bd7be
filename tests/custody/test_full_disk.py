"""The disk is full from any point on: nothing lost or half, and with room the next run finishes.

A real one (`small_disk`): DuckDB and the system itself say that there is no room.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from custody_support import installation
from in_memory import remove
from kills import forked
from looks import wrongs_after_a_kill, wrongs_at_rest
from small_disk import MEBI, error_of, fill, full_from, make_room, on_small_disk
from story import STEPS, Story, prepared

from pipelines.disk_full import DiskFullError, disk_full_told, is_disk_full
from pipelines.durable import no_checkpoint
from pipelines.intake.placing import deliver

pytestmark = pytest.mark.slow

SIZE = 48 * MEBI
"""Six times what the story's installation takes."""
SHORT = (
    ("sent", "deliver.copied"),
    ("first", "archive.payload_copied"),
    ("first", "ledger.before_write"),
    ("first", "build.copied"),
    ("second", "load.rows_loaded"),
    ("second", "promote.put_down"),
)
"""Step and point from which there is no room, one a stage; all of them in the long form."""
STAGES = ("sent", "first", "second", "withdrawn", "erased")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with prepared():
        yield Story(tmp_path_factory.mktemp("story")).live_through()


def wrongs(story: Story, disk: Path, step: str, point: str) -> list[str]:
    """What is wrong when the disk is full from a point on; to be asked with a small disk."""
    place = disk / "it"
    settings = story.before(step, place)

    def with_full_disk() -> list[str]:
        error = error_of(
            lambda checkpoint: STEPS[step].work(settings, checkpoint), full_from(disk, point)
        )
        return [] if error is None or is_disk_full(error) else [f"{type(error).__name__}: {error}"]

    found = forked(with_full_disk)
    found += forked(lambda: wrongs_after_a_kill(settings, story.generations[step]))
    make_room(disk)

    def finish() -> list[str]:
        STEPS[step].work(settings, no_checkpoint)
        erased = list(STEPS).index(step) >= list(STEPS).index("erased")
        return wrongs_at_rest(settings, story.sights[step], erased=erased)

    found += forked(finish)
    remove(place)
    return [f"{step}, full from {point}: {each}" for each in found]


@pytest.mark.parametrize("step", sorted({step for step, _ in SHORT}))
def test_full_from_a_point_on(story: Story, tmp_path: Path, step: str) -> None:
    disk, points = tmp_path / "disk", [point for of, point in SHORT if of == step]
    assert set(points) <= set(story.passed[step])

    def every_point() -> list[str]:
        return [each for point in points for each in wrongs(story, disk, step, point)]

    assert on_small_disk(disk, SIZE, every_point) == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("step", STAGES)
def test_full_from_every_point_on(story: Story, tmp_path: Path, step: str) -> None:
    disk = tmp_path / "disk"

    def every_point() -> list[str]:
        return [
            each
            for point in dict.fromkeys(story.passed[step])
            for each in wrongs(story, disk, step, point)
        ]

    assert on_small_disk(disk, SIZE, every_point) == []


def test_a_sender_is_told_what_to_do(tmp_path: Path) -> None:
    disk = tmp_path / "disk"

    def told() -> str:
        settings = installation(disk)
        sent = tmp_path / "a.csv"
        sent.write_text("a;b\n1;2\n")
        fill(disk)
        with pytest.raises(DiskFullError) as raised, disk_full_told(settings):
            deliver(settings, sent, "styringsdialog", "2015")
        return str(raised.value)

    message = str(on_small_disk(disk, MEBI, told))
    assert f"0 MiB free in {disk}" in message
    assert "needs 1024 MiB free" in message
    assert "`monitor run` goes on" in message
