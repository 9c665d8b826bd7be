"""Pushing an installation to the lake, and holding the lake against what was pushed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from pipelines.intake.delivery import utc_text
from pipelines.lake.archive_mirror import mirror_archive, mirror_ledger
from pipelines.lake.generation import CURRENT, FOLDER, Generation, read_current, write_current
from pipelines.lake.place import LakeError, Place
from pipelines.lake.raw_export import export_raw
from pipelines.privacy.work_folder import work_folder
from pipelines.settings import Settings

PUSHED_FOLDERS = ("raw", "archive", "ledger", FOLDER)


@dataclass(frozen=True)
class Pushed:
    """What a push did."""

    generation: Generation
    name: str
    new_files: int
    new_bytes: int
    removed: int


def push(settings: Settings, place: Place) -> Pushed:
    """Bring the lake to the state of the live warehouse, archive and ledger.

    What is new is written first, then the generation that names it, then what no generation
    names any more is removed: a push that is cut off leaves the one before as it was.

    Raises:
        LakeError: If there is no warehouse yet, or the place cannot be used.
    """
    if not settings.live_path.is_file() or not settings.ledger_path.is_file():
        raise LakeError("there is no warehouse yet; `monitor run` makes it")
    before = read_current(place)
    known = {file.name: file for file in before.files()} if before else {}
    with (
        duckdb.connect(str(settings.live_path), read_only=True) as con,
        work_folder(settings.work_dir, 0) as work,
    ):
        raw = export_raw(con, place, before.raw_files() if before else {}, work)
    archive = mirror_archive(settings, place, known)
    generation = Generation(
        utc_text(datetime.now(UTC)), raw, archive, mirror_ledger(settings, place)
    )
    new = [file for file in generation.files() if file.name not in known]
    name = write_current(place, generation)
    removed = _remove_others(place, generation, name)
    return Pushed(generation, name, len(new), sum(file.bytes for file in new), removed)


def problems(place: Place, *, quick: bool = False) -> list[str]:
    """Hold every object against the current generation.

    Args:
        place: The lake.
        quick: Look at sizes only; else every byte is read.

    Returns:
        What is wrong, in words.
    """
    generation = read_current(place)
    if generation is None:
        return [f"nothing was pushed yet: there is no {CURRENT}"]
    found = []
    for file in generation.files():
        size = place.size(file.name)
        if size is None:
            found.append(f"{file.name} is missing")
        elif size != file.bytes:
            found.append(f"{file.name} has {size} bytes, pushed were {file.bytes}")
        elif not quick and place.sha256(file.name) != file.sha256:
            found.append(f"{file.name} has other content than was pushed")
    return found


def _remove_others(place: Place, generation: Generation, name: str) -> int:
    """Remove what the generation does not name: rows of an erased delivery must not stay."""
    wanted = {file.name for file in generation.files()} | {f"{FOLDER}/{name}.json"}
    others = [
        each for folder in PUSHED_FOLDERS for each in place.names(folder) if each not in wanted
    ]
    for each in others:
        place.remove(each)
    return len(others)
