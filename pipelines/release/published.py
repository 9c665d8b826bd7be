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
from pipelines.release.folder import release_folder
from pipelines.release.log import publications, release_log
from pipelines.release.versions import Version, version_of
from pipelines.settings import Settings

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


def published_release(settings: Settings, version: Version) -> Release:
    """The content of a release that was prepared.

    Raises:
        NoSuchReleaseError: If there is none of that version.
    """
    return read_release(release_folder(settings, version).database)


def published_cells(settings: Settings) -> pd.DataFrame:
    """Every cell of every published release, as readers saw it.

    Returns:
        One row per release and cell: the release's version, when it was published (UTC), and all
        columns of `released_cells`. Empty, with these columns, before the first release.
    """
    rows = [
        {"version": event.version, "published_at": pd.Timestamp(event.at), **asdict(cell)}
        for event in publications(settings)
        for cell in published_release(settings, version_of(event.version)).cells
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))
