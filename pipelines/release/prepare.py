"""`monitor release prepare`: the candidate of a version, in a folder of its own, whole or not.

Everything is written beside the place it will have, under a hidden name, and moved there by one
rename; what a kill leaves has a hidden name, counts for nothing and is swept by the next prepare.
The same material gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines.durable import Checkpoint, fsync_dir, make_durable_dir, no_checkpoint
from pipelines.intake.delivery import utc_text
from pipelines.publish.model import Release
from pipelines.release.calendar import Calendar
from pipelines.release.causes import MadeOf, made_of, with_causes
from pipelines.release.contents import contents_of
from pipelines.release.context import Context
from pipelines.release.database import write_reproducible
from pipelines.release.diff import Change, compare, diff_csv
from pipelines.release.explanations import explainer_of_material
from pipelines.release.folder import (
    DATABASE,
    DIFF,
    FILES,
    LINEAGE,
    MANIFEST,
    MODELS,
    REVISIONS,
    SUMS,
    ReleaseFolder,
    canonical_json,
    release_folder,
    remove_folder,
    write_files,
    write_sums,
)
from pipelines.release.log import ReleaseEvent, preparers, release_log
from pipelines.release.manifest import manifest_of
from pipelines.release.material import Material
from pipelines.release.published import insist_log_knows, published_release
from pipelines.release.revisions import register, register_csv, revisions_of
from pipelines.release.schedule import (
    Announcement,
    Correction,
    announcements_out,
    next_correction,
    next_planned,
    schedule,
)
from pipelines.release.versions import ReleaseError, Version
from pipelines.settings import Settings
from pipelines.warehouse.lock import kernel_lock

Render = Callable[[Release, Context], Mapping[str, bytes]]
"""Makes the files that readers download, of a release and what is to be told beside it."""
BUILDING: Final = ".building"
REPLACED: Final = ".replaced"
LOCK_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Prepared:
    """A candidate, whether it is another than the one that was there, and what it changes."""

    folder: ReleaseFolder
    announced: Announcement
    release: Release
    changes: tuple[Change, ...]
    previous: Version | None
    is_new: bool


def prepare(
    settings: Settings,
    year: int,
    material: Material,
    *,
    by: str,
    now: datetime,
    calendar: Calendar,
    render: Render,
    correction: Correction | None = None,
    checkpoint: Checkpoint = no_checkpoint,
) -> Prepared:
    """Make the candidate of a year's next version, and write down who did.

    Args:
        settings: Where releases are.
        year: The year the release is for.
        material: What it is made from.
        by: Who makes it; somebody else signs it.
        now: The present, for the release log and for a correction's date; of what is planned
            nothing in the candidate depends on it.
        calendar: The release calendar: it has the title, and must have a line for it.
        render: Makes the files.
        correction: Why it goes out beside the calendar; None for what is planned.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        The candidate; the folder that stood there is left alone if it has the same bytes.

    Raises:
        ReleaseError: If the version is not planned, or nothing is in it.
    """
    make_durable_dir(settings.releases_dir)
    with release_lock(settings):
        sweep(settings)
        insist_log_knows(settings)
        out = announcements_out(settings)
        announced = (
            next_planned(calendar, year, out)
            if correction is None
            else next_correction(settings, year, out, correction, now)
        )
        version, published = announced.version, [each.version for each in out]
        before = max((v for v in published if v < version), default=None)
        old = release_folder(settings, before) if before else None
        previous = published_release(settings, before) if before else None
        release = contents_of(
            material.fresh,
            version,
            deliveries_of=material.lineage.cells,
            previous=previous,
            revised_note=material.revised_note,
        )
        if not release.cells:
            raise ReleaseError(f"there is no figure up to {year}; nothing to release")
        lineage = material.lineage.of(cell.cell_id for cell in release.cells)
        made = MadeOf(
            lineage,
            material.models.chains,
            material.code.fingerprint,
            frozenset((cell.indicator_id, cell.period) for cell in release.cells),
        )
        changes: tuple[Change, ...] = ()
        if old and previous:
            changes = with_causes(compare(previous, release), made_of(old), made)
        own = revisions_of(changes, str(before), announced)
        context = Context(
            schedule=schedule(calendar, (*out, announced)),
            previous=before,
            changes=changes,
            revisions=(*register(settings, published), *own),
            explainer=explainer_of_material(settings, material, release, changes),
        )
        building = settings.releases_dir / f"{BUILDING}-{version}"
        building.mkdir()
        write_reproducible(release, building / DATABASE)
        write_files(building / FILES, render(release, context))
        checkpoint("release.files_written")
        write_files(
            building,
            {
                LINEAGE: canonical_json(lineage.to_dict()),
                MODELS: canonical_json(material.models.to_dict()),
                MANIFEST: canonical_json(manifest_of(release, announced, material, lineage, old)),
                DIFF: diff_csv(changes),
                REVISIONS: register_csv(context.revisions),
            },
        )
        write_sums(building)
        _flush(building)
        checkpoint("release.written")
        is_new = _move_in(settings, building, version, checkpoint)
        folder = release_folder(settings, version)
        _write_down(settings, folder, announced, by=by, now=now, is_new=is_new)
        return Prepared(folder, announced, release, changes, before, is_new)


def release_lock(settings: Settings) -> AbstractContextManager[None]:
    """Be the one process that changes anything among the releases."""
    return kernel_lock(
        settings.releases_dir / ".lock", wait_seconds=LOCK_SECONDS, purpose="release"
    )


def sweep(settings: Settings) -> None:
    """Remove what a kill left; the caller holds the lock.

    A candidate that was moved aside for one that never came takes its place again.
    """
    for path in sorted(settings.releases_dir.glob(f"{REPLACED}-*")):
        place = settings.releases_dir / path.name.removeprefix(f"{REPLACED}-")
        if place.exists():
            remove_folder(path)
        else:
            path.rename(place)
    for path in sorted(settings.releases_dir.glob(f"{BUILDING}-*")):
        remove_folder(path)


def _move_in(settings: Settings, building: Path, version: Version, checkpoint: Checkpoint) -> bool:
    place = settings.releases_dir / str(version)
    aside = settings.releases_dir / f"{REPLACED}-{version}"
    if place.exists():
        if _is_same(place, building) and not ReleaseFolder(place, version).problems():
            remove_folder(building)
            return False
        place.rename(aside)
        checkpoint("release.moved_aside")
    building.rename(place)
    fsync_dir(settings.releases_dir)
    checkpoint("release.in_place")
    remove_folder(aside)
    return True


def _write_down(
    settings: Settings,
    folder: ReleaseFolder,
    announced: Announcement,
    *,
    by: str,
    now: datetime,
    is_new: bool,
) -> None:
    """Say on the log who prepared it; made again with the same bytes it has been said."""
    candidate = folder.candidate_hash()
    log = release_log(settings)
    if not is_new and preparers(log.read(), str(folder.version), candidate):
        return
    event = ReleaseEvent(
        kind="prepared",
        at=utc_text(now.astimezone(UTC)),
        by=by,
        version=str(folder.version),
        candidate=candidate,
        checks="",
        note=announced.correction.reason_da if announced.correction else announced.title_da,
    )
    log.append(event)


def _is_same(place: Path, building: Path) -> bool:
    sums = place / SUMS
    return sums.is_file() and sums.read_bytes() == (building / SUMS).read_bytes()


def _flush(building: Path) -> None:
    for path in (building, *building.rglob("*")):
        if path.is_dir():
            fsync_dir(path)
