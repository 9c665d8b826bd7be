"""Every release and where it stands, for a list on the screen, the pages and Dagster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pipelines.intake.delivery import utc_time
from pipelines.release.calendar import Calendar
from pipelines.release.checks import read_report
from pipelines.release.folder import MANIFEST, prepared_versions, release_folder
from pipelines.release.log import events_of, release_log
from pipelines.release.published import current_version
from pipelines.release.signing import signature_of
from pipelines.release.versions import Version
from pipelines.settings import Settings

State = Literal["planned", "candidate", "checked", "approved", "published", "withdrawn"]
STATES_DA: Final[dict[State, str]] = {
    "planned": "planlagt",
    "candidate": "kandidat",
    "checked": "kontrolleret",
    "approved": "godkendt",
    "published": "udgivet",
    "withdrawn": "trukket tilbage",
}


@dataclass(frozen=True)
class Listed:
    """One release, planned or prepared."""

    version: Version
    title_da: str
    title_en: str
    state: State
    planned_at: datetime
    published_at: datetime | None
    approved_by: str | None
    is_current: bool
    candidate: str | None
    problems: tuple[str, ...] = ()
    """Files that are not as prepared; only looked for when asked."""


def listing(settings: Settings, calendar: Calendar, *, verify: bool = False) -> list[Listed]:
    """List every release that is planned or was prepared, by version.

    Args:
        settings: Where releases are.
        calendar: What is planned.
        verify: Also hold every file against its checksum.
    """
    events = release_log(settings).read()
    current = current_version(settings)
    prepared = prepared_versions(settings)
    versions = sorted({*prepared, *(p.version for p in calendar.planned)})
    found = []
    for version in versions:
        planned = calendar.of(version)
        if version not in prepared:
            found.append(
                Listed(
                    *(version, planned.title_da, planned.title_en, "planned", planned.at),
                    published_at=None,
                    approved_by=None,
                    is_current=False,
                    candidate=None,
                )
            )
            continue
        folder = release_folder(settings, version)
        manifest = folder.json(MANIFEST)
        its = events_of(events, str(version))
        published = next((e for e in its if e.kind == "published"), None)
        signature = signature_of(settings, folder)
        state: State = "candidate"
        if any(e.kind == "withdrawn" for e in its):
            state = "withdrawn"
        elif published:
            state = "published"
        elif signature:
            state = "approved"
        elif (report := read_report(folder)) and not report.blocking:
            state = "checked"
        found.append(
            Listed(
                version=version,
                title_da=manifest["title_da"],
                title_en=manifest["title_en"],
                state=state,
                planned_at=planned.at,
                published_at=utc_time(published.at) if published else None,
                approved_by=signature.by if signature else None,
                is_current=version == current,
                candidate=folder.candidate_hash(),
                problems=tuple(folder.problems()) if verify else (),
            )
        )
    return found
