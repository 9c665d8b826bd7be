"""What readers have been given: the published releases and every cell that was ever in one.

Read by disclosure control, which protects against differences to earlier releases, by the next
release, and by the pages. A release that was withdrawn has been read all the same.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import pandas as pd

from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.store import read_release
from pipelines.release.folder import (
    DATABASE,
    PUBLICATION,
    ReleaseFolder,
    TamperedError,
    prepared_versions,
    release_folder,
)
from pipelines.release.log import LogDamagedError, ReleaseEvent, publications, release_log
from pipelines.release.versions import Version, version_of
from pipelines.settings import Settings

_CELLS: Final = (DATABASE, "SHA256SUMS")
_COLUMNS: Final = ("version", "published_at", *ReleasedCell.__dataclass_fields__)


def published_versions(settings: Settings) -> list[Version]:
    """Every version that was published, in order of publication, withdrawn ones included."""
    return [version_of(event.version) for event in publications(settings)]


def current_version(settings: Settings) -> Version | None:
    """The newest published version that was not withdrawn; None before the first."""
    standing: set[Version] = set()
    for event in release_log(settings).read():
        if event.kind == "published":
            standing.add(version_of(event.version))
        elif event.kind == "withdrawn":
            standing.discard(version_of(event.version))
    return max(standing, default=None)


def publication_of(settings: Settings, version: Version) -> ReleaseEvent | None:
    """The event with which a version went out; None if it is not published."""
    for event in publications(settings):
        if event.version == str(version):
            return event
    return None


def problems_of(settings: Settings, folder: ReleaseFolder) -> list[str]:
    """What is other than it was prepared, and of a published release than it was published.

    The checksums alone would not tell: whoever changes a file can change them too. The release log
    has the hash that was signed and published.
    """
    found = folder.problems()
    event = publication_of(settings, folder.version)
    if event and event.candidate != folder.candidate_hash():
        found.append("SHA256SUMS is not the one that was published")
    return found


def published_release(settings: Settings, version: Version) -> Release:
    """The content of a published release, as readers were given it.

    Raises:
        NoSuchReleaseError: If there is none of that version.
        TamperedError: If its cells are not those that were published.
    """
    folder = release_folder(settings, version)
    touched = [each for each in problems_of(settings, folder) if each.startswith(_CELLS)]
    if touched:
        raise TamperedError(
            f"{version} is not what was published: {'; '.join(touched)}; restore it from a backup"
        )
    return read_release(folder.database)


def insist_log_knows(settings: Settings) -> None:
    """Hold the publications that stand in the folders against the log.

    A log whose last lines are gone is whole by its chain; it would let a published release be made
    again.

    Raises:
        LogDamagedError: If a folder was published and the log does not say so.
    """
    known = {event.version for event in publications(settings)}
    for version in prepared_versions(settings):
        has_gone_out = (settings.releases_dir / str(version) / PUBLICATION).exists()
        if has_gone_out and str(version) not in known:
            raise LogDamagedError(
                f"{version} was published, and the release log does not know of it; restore the "
                "log from a backup"
            )


def published_cells(settings: Settings) -> pd.DataFrame:
    """Every cell of every published release, as readers saw it.

    Returns:
        One row per release and cell: the release's version, when it was published (UTC), and all
        columns of `released_cells`. Empty, with these columns, before the first release.

    Raises:
        TamperedError: If the cells of one are not those that were published.
    """
    rows = [
        {"version": event.version, "published_at": pd.Timestamp(event.at), **asdict(cell)}
        for event in publications(settings)
        for cell in published_release(settings, version_of(event.version)).cells
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))
