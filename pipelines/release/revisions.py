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

from pipelines.release.diff import COLUMNS, Change, change_from, read_diff, texts_of
from pipelines.release.folder import DIFF, MANIFEST, REVISIONS, ReleaseFolder, release_folder
from pipelines.release.versions import Version
from pipelines.settings import Settings

_HEAD: Final = ("version_old", "version_new", "planned_at")


@dataclass(frozen=True)
class Revision:
    """One figure that a release changed or took out, and the release it was other in."""

    version_old: str
    version_new: str
    planned_at: str
    """When the new release went out by the calendar."""
    change: Change


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
            revisions += revisions_of(changes, old, str(version), manifest["planned_at"])
    return tuple(revisions)


def revisions_of(changes: Iterable[Change], old: str, new: str, planned_at: str) -> list[Revision]:
    """Those of the changes that readers must be told of."""
    return [Revision(old, new, planned_at, each) for each in changes if each.is_revision]


def register_csv(revisions: Iterable[Revision]) -> bytes:
    """Write the register, in the form of `diff.csv` with the two releases before it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_HEAD, *COLUMNS))
    for revision in revisions:
        head = (revision.version_old, revision.version_new, revision.planned_at)
        writer.writerow((*head, *texts_of(revision.change)))
    return out.getvalue().encode()


def read_register(folder: ReleaseFolder) -> tuple[Revision, ...]:
    """Read a release's register."""
    rows = csv.DictReader(io.StringIO((folder.path / REVISIONS).read_text("utf-8")))
    return tuple(
        Revision(row["version_old"], row["version_new"], row["planned_at"], change_from(row))
        for row in rows
    )
