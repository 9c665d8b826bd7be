"""The register of revisions: every published figure that a later release changed or took out.

It grows with each release: what the published ones changed, in the order they were published, and
then what the release at hand does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipelines.publish.tidy_csv import as_written, harmless
from pipelines.release.diff import COLUMNS, Change, change_from, read_diff, texts_of
from pipelines.release.folder import DIFF, MANIFEST, REVISIONS, ReleaseFolder, release_folder
from pipelines.release.schedule import Announcement, announced_as
from pipelines.release.versions import Version
from pipelines.settings import Settings

_HEAD: Final = ("version_old", "version_new", "planned_at", "reason_da", "reason_en")


@dataclass(frozen=True)
class Revision:
    """One figure that a release changed or took out, and the release it was other in."""

    version_old: str
    version_new: str
    planned_at: str
    """When the new release went out by the calendar; of a correction when it was prepared."""
    change: Change
    reason_da: str = ""
    """Why the new release could not wait for the calendar; empty where it was planned."""
    reason_en: str = ""


def register(settings: Settings, published: Iterable[Version]) -> tuple[Revision, ...]:
    """The revisions that published releases brought.

    Args:
        settings: Where releases are.
        published: The versions, in order of publication.
    """
    revisions: list[Revision] = []
    for version in published:
        folder = release_folder(settings, version)
        manifest = folder.json(MANIFEST)
        if manifest["previous"] is not None:
            changes = read_diff((folder.path / DIFF).read_bytes())
            old = manifest["previous"]["version"]
            revisions += revisions_of(changes, old, announced_as(settings, version))
    return tuple(revisions)


def revisions_of(changes: Iterable[Change], old: str, new: Announcement) -> list[Revision]:
    """Those of the changes that readers must be told of.

    Args:
        changes: All that is other.
        old: The release before.
        new: The release that has the changes.
    """
    why = new.correction
    reasons = (why.reason_da, why.reason_en) if why else ("", "")
    return [
        Revision(old, str(new.version), new.at.isoformat(), each, *reasons)
        for each in changes
        if each.is_revision
    ]


def register_csv(revisions: Iterable[Revision]) -> bytes:
    """Write the register, in the form of `diff.csv` with the two releases before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_HEAD, *COLUMNS))
    for revision in revisions:
        head = [harmless(str(getattr(revision, name))) for name in _HEAD]
        writer.writerow((*head, *texts_of(revision.change)))
    return out.getvalue().encode()


def read_register(folder: ReleaseFolder) -> tuple[Revision, ...]:
    """Read a release's register."""
    # as bytes: reading as text would make one line end of another inside a title
    rows = csv.DictReader(io.StringIO((folder.path / REVISIONS).read_bytes().decode()))
    return tuple(
        Revision(change=change_from(row), **{name: as_written(row[name]) for name in _HEAD})
        for row in rows
    )
