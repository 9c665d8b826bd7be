"""What stands between a candidate and its readers: each reason to refuse, in Danish and English.

`signing` asks these before it writes on the log; nothing is written here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pipelines.release.calendar import CALENDAR_FILE, Calendar, danish_moment
from pipelines.release.checks import read_report
from pipelines.release.folder import ReleaseFolder
from pipelines.release.log import events_of, preparers, release_log
from pipelines.release.published import publication_of
from pipelines.release.reach import how_to_reach, shortfall
from pipelines.release.schedule import announced_as, announcements_out, next_planned
from pipelines.release.versions import ReleaseError, Version, both
from pipelines.settings import Settings

_SHOWN: Final = 5


class RefusedError(ReleaseError):
    """The release may not go out, or not yet; the message says what is missing."""

    def __init__(self, danish: str, english: str) -> None:
        """Refuse, and say why in both languages."""
        super().__init__(both(danish, english))


def insist_on_note(note: str) -> None:
    """Refuse a sign-off that does not say what was looked at."""
    if not note.strip():
        raise RefusedError(
            "En godkendelse skal have en note: hvad der er set på.",
            "a sign-off needs a note: what was looked at",
        )


def insist_not_withdrawn(settings: Settings, version: Version) -> None:
    """Refuse what was taken back."""
    if any(e.kind == "withdrawn" for e in events_of(release_log(settings).read(), str(version))):
        how = f"`monitor release prepare {version.year} --correction …`"
        raise RefusedError(
            f"{version} er trukket tilbage for altid. {how} laver det næste nummer.",
            f"{version} is withdrawn for good; {how} makes the next number",
        )


def insist_unpublished(settings: Settings, version: Version) -> None:
    """Refuse what readers have."""
    if publication_of(settings, version):
        how = f"`monitor release prepare {version.year}`"
        raise RefusedError(
            f"{version} er udgivet og bliver aldrig ændret. {how} laver det næste nummer.",
            f"{version} is published and never changes; {how} makes the next number",
        )


def insist_on_checks(folder: ReleaseFolder) -> None:
    """Refuse what was not checked as it is now, or did not pass."""
    version, report = folder.version, read_report(folder)
    if report is None:
        how = f"`monitor release check {version}`"
        raise RefusedError(
            f"Denne kandidat til {version} er ikke kontrolleret. {how} gør det.",
            f"this candidate of {version} was not checked; {how} does it",
        )
    if report.blocking:
        told = "; ".join(f"{r.title_da}: {r.message_da}" for r in report.blocking[:_SHOWN])
        raise RefusedError(
            f"Kontroller står i vejen for {version}: {told}",
            f"checks stand in the way of {version}; `monitor release check {version}` shows them",
        )


def insist_on_four_eyes(
    settings: Settings, folder: ReleaseFolder, calendar: Calendar, by: str
) -> None:
    """Refuse who prepared it; by name alone, for nothing here proves who somebody is."""
    if not calendar.four_eyes:
        return
    version = folder.version
    prepared_by = preparers(release_log(settings).read(), str(version), folder.candidate_hash())
    if not prepared_by:
        how = f"`monitor release prepare {version.year}`"
        raise RefusedError(
            f"Der står ikke, hvem der har gjort denne kandidat til {version} klar, så ingen kan "
            f"være en anden. {how} laver den igen.",
            f"nobody is on record for having prepared this candidate of {version}, so nobody can "
            f"be another; {how} makes it again",
        )
    if by.casefold() in {name.casefold() for name in prepared_by}:
        alone = f"`four_eyes: false` in {CALENDAR_FILE.name}"
        raise RefusedError(
            f"{by} har gjort {version} klar, så en anden skal godkende (`--by NAVN`). Hvor der "
            f"ikke er andre, lader `four_eyes: false` i {CALENDAR_FILE.name} én gøre begge dele.",
            f"{by} prepared {version}, so somebody else must sign it (`--by NAME`); where there is "
            f"nobody else, {alone} lets one person do both",
        )


def insist_on_time(
    settings: Settings, folder: ReleaseFolder, calendar: Calendar, now: datetime
) -> None:
    """Refuse before the calendar's time; a correction is not in it, and may go out at once."""
    version = folder.version
    if announced_as(settings, version).correction is not None:
        return
    planned = next_planned(calendar, version.year, announcements_out(settings))
    if now < planned.at:
        when = danish_moment(planned.at)
        raise RefusedError(
            f"{version} må først udkomme {when} ({CALENDAR_FILE.name}, dansk tid).",
            f"{version} has an embargo until {when} ({CALENDAR_FILE.name}, Danish time)",
        )


def insist_on_calendar(
    settings: Settings, folder: ReleaseFolder, calendar: Calendar, now: datetime
) -> None:
    """Refuse what is planned while readers are not told of releases far enough ahead."""
    version = folder.version
    if announced_as(settings, version).correction is not None:
        return
    if (short := shortfall(calendar, now)) is not None:
        how = how_to_reach(now)
        raise RefusedError(f"{short[0]} {how[0]}", f"{short[1]}; {how[1]}")


def unsigned(settings: Settings, version: Version) -> RefusedError:
    """Why no sign-off fits the candidate."""
    how = f"`monitor release approve {version} --by NAME --note TEXT`"
    events = events_of(release_log(settings).read(), str(version))
    signed = [event for event in events if event.kind == "approved"]
    if not signed:
        return RefusedError(
            f"Ingen har godkendt {version}. {how} gør det.",
            f"nobody has signed {version}; {how} signs it",
        )
    return RefusedError(
        f"Godkendelsen af {version} ved {signed[-1].by} gælder en anden kandidat eller andre "
        f"kontrolresultater end de nuværende. {how} godkender denne.",
        f"the sign-off of {version} by {signed[-1].by} is of another candidate or of other check "
        f"results than the present ones; {how} signs it",
    )
