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

from pipelines.release.diff import COLUMNS, Change, change_from, diff_csv, read_diff
from pipelines.release.folder import DIFF, MANIFEST, REVISIONS, ReleaseFolder, release_folder
from pipelines.release.versions import Version
from pipelines.settings import Settings

_HEAD: Final = ("version_old", "version_new")


@dataclass(frozen=True)
class Revision:
    """One figure that a release changed or took out, and the release it was other in."""

    version_old: str
    version_new: str
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
        previous = folder.json(MANIFEST)["previous"]
        if previous is not None:
            changes = read_diff((folder.path / DIFF).read_bytes())
            revisions += revisions_of(changes, previous["version"], str(version))
    return tuple(revisions)


def revisions_of(changes: Iterable[Change], old: str, new: str) -> list[Revision]:
    """Those of the changes that readers must be told of."""
    return [Revision(old, new, change) for change in changes if change.is_revision]


def register_csv(
    earlier: Iterable[Revision],
    version: Version,
    previous: Version | None,
    changes: Iterable[Change],
) -> bytes:
    """Write the register as it stands with one more release."""
    now = revisions_of(changes, str(previous), str(version)) if previous else []
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*_HEAD, *COLUMNS))
    for revision in (*earlier, *now):
        [row] = list(csv.reader(io.StringIO(diff_csv([revision.change]).decode())))[1:]
        writer.writerow((revision.version_old, revision.version_new, *row))
    return out.getvalue().encode()


def read_register(folder: ReleaseFolder) -> tuple[Revision, ...]:
    """Read a release's register."""
    rows = csv.DictReader(io.StringIO((folder.path / REVISIONS).read_text("utf-8")))
    return tuple(Revision(r["version_old"], r["version_new"], change_from(r)) for r in rows)
