"""`monitor release prepare`: the candidate of a version, in a folder of its own, whole or not.

Everything is written beside the place it will have, under a hidden name, and moved there by one
rename; what a kill leaves has a hidden name, counts for nothing and is swept by the next prepare.
The same material gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.disclosure.status import FREE
from pipelines.durable import (
    Checkpoint,
    fsync_dir,
    make_durable_dir,
    no_checkpoint,
    sha256_of,
)
from pipelines.publish.model import Release
from pipelines.publish.store import read_release
from pipelines.release.calendar import Calendar, Planned
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
from pipelines.release.material import Material
from pipelines.release.published import published_versions
from pipelines.release.revisions import register, register_csv, revisions_of
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
    release: Release
    changes: tuple[Change, ...]
    previous: Version | None
    is_new: bool


def prepare(
    settings: Settings,
    year: int,
    material: Material,
    *,
    calendar: Calendar,
    render: Render,
    checkpoint: Checkpoint = no_checkpoint,
) -> Prepared:
    """Make the candidate of a year's next version.

    Args:
        settings: Where releases are.
        year: The year the release is for.
        material: What it is made from.
        calendar: The release calendar: it has the title, and must have the version.
        render: Makes the files.
        checkpoint: Called between the steps, for fault-injection tests.

    Returns:
        The candidate; the folder that stood there is left alone if it has the same bytes.

    Raises:
        ReleaseError: If the version is not planned, or nothing is in it.
    """
    make_durable_dir(settings.releases_dir)
    with release_lock(settings):
        sweep(settings)
        published = published_versions(settings)
        version = next_version(year, published)
        planned = calendar.of(version)
        before = max((v for v in published if v < version), default=None)
        old = release_folder(settings, before) if before else None
        previous = read_release(old.database) if old else None
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
        own = revisions_of(changes, str(before), str(version), planned.at.isoformat())
        context = Context(
            calendar=calendar,
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
                MANIFEST: canonical_json(_manifest(release, planned, version, material, old)),
                DIFF: diff_csv(changes),
                REVISIONS: register_csv(context.revisions),
            },
        )
        write_sums(building)
        _flush(building)
        checkpoint("release.written")
        is_new = _move_in(settings, building, version, checkpoint)
        folder = release_folder(settings, version)
        return Prepared(folder, release, changes, before, is_new)


def release_lock(settings: Settings) -> AbstractContextManager[None]:
    """Be the one process that changes anything among the releases."""
    return kernel_lock(
        settings.releases_dir / ".lock", wait_seconds=LOCK_SECONDS, purpose="release"
    )


def next_version(year: int, published: list[Version]) -> Version:
    """The version of a year that is not published yet."""
    return Version(year, 1 + max((v.revision for v in published if v.year == year), default=0))


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


def _is_same(place: Path, building: Path) -> bool:
    sums = place / SUMS
    return sums.is_file() and sums.read_bytes() == (building / SUMS).read_bytes()


def _manifest(
    release: Release,
    planned: Planned,
    version: Version,
    material: Material,
    old: ReleaseFolder | None,
) -> dict[str, Any]:
    behind = material.lineage.of(cell.cell_id for cell in release.cells).deliveries
    return {
        "version": str(version),
        "title_da": planned.title_da,
        "title_en": planned.title_en,
        "planned_at": planned.at.isoformat(),
        "release_id": release.info.release_id,
        "is_synthetic": release.info.is_synthetic,
        "threshold": release.info.threshold,
        "code": asdict(material.code),
        "data": {
            "ledger_head": material.ledger_head,
            "build_fingerprint": material.build_fingerprint,
            "deliveries": [
                {
                    "delivery_id": each.delivery_id,
                    "source": each.source,
                    "period": each.period,
                    "version": each.version,
                    "contract_fingerprint": each.contract_fingerprint,
                    "corrections": list(each.corrections),
                    "files": [asdict(part) for part in each.files],
                }
                for _, each in sorted(behind.items())
            ],
        },
        "previous": None
        if old is None
        else {"version": str(old.version), "sha256sums": sha256_of(old.path / SUMS)},
        "periods": sorted({(c.indicator_id, c.period) for c in release.cells}),
        "counts": {
            "cells": len(release.cells),
            "suppressed": sum(c.conf_status != FREE for c in release.cells),
            "withheld_tables": len(release.withheld),
            "indicators": len(release.published_indicators()),
        },
    }


def _flush(building: Path) -> None:
    for path in (building, *building.rglob("*")):
        if path.is_dir():
            fsync_dir(path)
