"""Small generations of what readers have: every part of one says which it is.

The real swaps of `pipelines.warehouse.store` and `pipelines.publish.service`, over content that
costs nothing: a warehouse of one table, five cells, a dozen files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints
from unittest import mock

import duckdb

from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.in_place import damages
from pipelines.publish import service
from pipelines.publish.model import Release, ReleasedCell, ReleaseInfo
from pipelines.publish.store import write_release
from pipelines.settings import Settings

CELLS = 5
FILES = tuple(f"{folder}/{name}" for folder in ("csv", "site/figurer") for name in "abcdef")
LINES = 2000
"""So that a file takes more than one write."""


def installation(place: Path) -> Settings:
    return Settings(
        root=place,
        data_dir=place / "data",
        dagster_home=place / "dagster",
        shared_drawings_dir=place / "drawings",
    )


def release(number: int) -> Release:
    """A release whose every cell has the number as its value."""
    cells = tuple(
        _filled(ReleasedCell, cell_id=f"c{place}", value=float(number)) for place in range(CELLS)
    )
    info = _filled(ReleaseInfo, release_id=f"generation {number}", version="kandidat")
    return Release(info, cells, (), (), (), ())


def files(number: int) -> dict[str, bytes]:
    """Published files of which every line is the number."""
    return {name: f"{number}\n".encode() * LINES for name in FILES}


def publish(settings: Settings, number: int, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Make and publish a generation."""
    make_cells(settings, number)
    publish_made(settings, number, checkpoint)


def make_cells(settings: Settings, number: int) -> None:
    """Leave the cells of a generation where a run leaves them for its checks."""
    write_release(release(number), service.unpublished_path(settings))


def publish_made(settings: Settings, number: int, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Publish the generation whose cells are made.

    The database is written in this process: one of its own, as `copy_reproducible` has, would take
    ten times as long.
    """
    with (
        mock.patch.object(service, "release_files", lambda *_: files(number)),
        mock.patch.object(service, "copy_reproducible", shutil.copyfile),
    ):
        service.publish_files(settings, checkpoint=checkpoint)


def seen_cells(path: Path) -> int | None:
    """Which generation the released cells are of; None before there are any.

    Raises:
        AssertionError: If they are of more than one, or not all.
    """
    if not path.exists():
        return None
    with duckdb.connect(str(path), read_only=True) as con:
        found = con.execute("select value from released_cells").fetchall()
        [(name,)] = con.execute("select release_id from release_info").fetchall()
    assert len(found) == CELLS and len(set(found)) == 1, found
    assert name == f"generation {found[0][0]:.0f}"
    return int(found[0][0])


def seen_files(folder: Path) -> int | None:
    """Which generation the published files are of; None before there are any.

    The folder is opened once: what a reader meets while it is exchanged is another matter, and is
    looked at file by file (`seen_file`).
    """
    if not folder.exists():
        return None
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == set(FILES), found ^ set(FILES)
    [number] = {seen_file(folder / name) for name in FILES}
    return number


def seen_file(path: Path) -> int:
    """Which generation a file is of, which must be whole."""
    lines = path.read_text("ascii").splitlines()
    assert len(lines) == LINES and len(set(lines)) == 1, path
    return int(lines[0])


def wrongs(settings: Settings, *generations: int | None) -> list[str]:
    """What readers of the published may never see, at any moment."""
    found = [f"{each.output}: {each.message}" for each in damages(settings)]
    looks: tuple[tuple[Path, Callable[[Path], int | None]], ...] = (
        (settings.publish_path, seen_cells),
        (settings.published_dir, seen_files),
    )
    for path, look in looks:
        try:
            if (number := look(path)) not in generations:
                found.append(f"{path.name} is of generation {number}")
        except (AssertionError, OSError, ValueError, duckdb.Error) as error:
            found.append(f"{path.name} is not whole: {type(error).__name__}")
    return found


def read_until(stop: Path, settings: Settings) -> dict[str, Any]:
    """Read all that is published again and again, as readers do, until a file says to stop."""
    order: list[int] = []
    lacking: list[str] = []
    looks = 0
    while True:
        is_last = stop.exists()
        looks += 1
        for name in FILES:
            try:
                number = seen_file(settings.published_dir / name)
            except (FileNotFoundError, AssertionError) as error:
                lacking.append(f"{name}: {type(error).__name__}")
                continue
            if not order or order[-1] != number:
                order.append(number)
        seen_cells(settings.publish_path)
        if is_last:
            return {"order": order, "lacking": lacking, "looks": looks}


def _filled(record: Any, **given: Any) -> Any:
    """A record of a dataclass with nothing in it but what is given."""
    nothing = {"str": "", "float": 0.0, "int": 0, "bool": False}
    hints = get_type_hints(record)
    lacking = {
        each.name: nothing.get(getattr(hints[each.name], "__name__", ""))
        for each in fields(record)
        if each.default is MISSING and each.name not in given
    }
    return record(**lacking, **given)
