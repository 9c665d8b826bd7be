"""Every release and where it stands, for a list on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pipelines.intake.delivery import utc_time
from pipelines.release.calendar import Calendar
from pipelines.release.checks import read_report
from pipelines.release.folder import prepared_versions, release_folder
from pipelines.release.log import ReleaseEvent, events_of, preparers, release_log
from pipelines.release.published import current_version, problems_of
from pipelines.release.schedule import Announcement, announced_as, announcements_out, schedule
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
    correction_da: str | None
    """Why it goes out beside the calendar; None for what is planned."""
    correction_en: str | None
    published_at: datetime | None
    prepared_by: tuple[str, ...]
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
    out = announcements_out(settings)
    published = {each.version for each in out}
    waiting = [v for v in prepared_versions(settings) if v not in published]
    known = (*out, *(announced_as(settings, version) for version in waiting))
    found = [
        _prepared(settings, each, events, is_current=each.version == current, verify=verify)
        for each in known
    ]
    found += [_planned(each) for each in schedule(calendar, known) if each.is_expected]
    return sorted(found, key=lambda one: one.version)


def people(one: Listed) -> str:
    """Who prepared it and who signed it, to stand after its title."""
    prepared = f", klargjort af {' og '.join(dict.fromkeys(one.prepared_by))}"
    signed = f", godkendt af {one.approved_by}"
    return (prepared if one.prepared_by else "") + (signed if one.approved_by else "")


def _planned(announced: Announcement) -> Listed:
    return Listed(
        *(announced.version, announced.title_da, announced.title_en, "planned", announced.at),
        correction_da=None,
        correction_en=None,
        published_at=None,
        prepared_by=(),
        approved_by=None,
        is_current=False,
        candidate=None,
    )


def _prepared(
    settings: Settings,
    announced: Announcement,
    events: list[ReleaseEvent],
    *,
    is_current: bool,
    verify: bool,
) -> Listed:
    folder = release_folder(settings, announced.version)
    candidate = folder.candidate_hash()
    its = events_of(events, str(announced.version))
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
    return Listed(
        version=announced.version,
        title_da=announced.title_da,
        title_en=announced.title_en,
        state=state,
        planned_at=announced.at,
        correction_da=announced.correction.reason_da if announced.correction else None,
        correction_en=announced.correction.reason_en if announced.correction else None,
        published_at=utc_time(published.at) if published else None,
        prepared_by=tuple(preparers(its, str(announced.version), candidate)),
        approved_by=signature.by if signature else None,
        is_current=is_current,
        candidate=candidate,
        problems=tuple(problems_of(settings, folder)) if verify else (),
    )
