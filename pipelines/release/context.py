"""What is told beside a release's cells, for those who make its pages and files."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.release.diff import Change
from pipelines.release.explain import Explainer
from pipelines.release.revisions import Revision
from pipelines.release.schedule import Announcement
from pipelines.release.versions import Version


@dataclass(frozen=True)
class Context:
    """Everything beside the cells that a release's pages may tell of.

    Attributes:
        schedule: Every release that is out, at hand or planned.
        previous: The release before; None for the first.
        changes: What is other than in the release before, with causes.
        revisions: Every revision ever, this release's own last.
        explainer: Explains each cell; it does not know the checks, which come after.
    """

    schedule: tuple[Announcement, ...]
    previous: Version | None
    changes: tuple[Change, ...]
    revisions: tuple[Revision, ...]
    explainer: Explainer
