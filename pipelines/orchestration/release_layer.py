"""The part of `layers` that makes releases: candidate, checks, publication."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.release.checks import CheckReport
    from pipelines.release.log import ReleaseEvent
    from pipelines.release.prepare import Prepared
    from pipelines.release.schedule import Correction
    from pipelines.release.versions import Version


class ReleaseLayer(ABC):
    """Releases of one installation."""

    settings: Settings

    @abstractmethod
    def build_reason(self) -> str | None:
        """Why the live warehouse is not the one a run would make now; None when it is."""

    def prepare_release(
        self, year: int, *, by: str, correction: Correction | None = None
    ) -> Prepared:
        """Make the candidate of a year's next version from the freshest cells.

        Raises:
            ReleaseError: If the cells are not the freshest, or the version is not planned.
        """
        from pipelines.publish.kept_drawings import KeptDrawings
        from pipelines.publish.service import release_files
        from pipelines.release.calendar import load_calendar
        from pipelines.release.material import NotReadyError, gather
        from pipelines.release.pages import surroundings_of
        from pipelines.release.prepare import prepare
        from pipelines.release.versions import both

        if reason := self.build_reason():
            raise NotReadyError(
                both(
                    "Tallene er ikke de friskeste: en leverance, en udgivelse eller programmet er "
                    "kommet til, siden de blev lavet. Kør `monitor run` først.",
                    f"the cells are not the freshest: {reason}; `monitor run` first",
                )
            )
        return prepare(
            self.settings,
            year,
            gather(self.settings),
            by=by,
            now=datetime.now(UTC),
            calendar=load_calendar(),
            correction=correction,
            render=lambda release, context: release_files(
                release, surroundings_of(context), KeptDrawings(self.settings.drawings_dir)
            ),
        )

    def check_release(self, version: Version) -> CheckReport:
        """Hold a candidate against every check, and keep what they find beside it."""
        from pipelines.release.calendar import load_calendar
        from pipelines.release.checks import run_checks
        from pipelines.release.folder import release_folder

        folder = release_folder(self.settings, version)
        return run_checks(self.settings, folder, calendar=load_calendar(), now=datetime.now(UTC))

    def publish_release(self, version: Version, *, by: str) -> ReleaseEvent:
        """Publish a signed candidate, when its time has come."""
        from pipelines.release.calendar import load_calendar
        from pipelines.release.signing import publish

        return publish(
            self.settings, version, by=by, calendar=load_calendar(), now=datetime.now(UTC)
        )
