"""Which number each release has or will have: what went out, what is at hand, what is planned.

A year's releases are numbered in the order they go out. The lines of the calendar are taken in
their order; a correction that cannot wait takes the next number without taking a line, so what is
planned keeps its date and is numbered after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pipelines.release.calendar import (
    CALENDAR_FILE,
    DANISH_TIME,
    Calendar,
    CalendarError,
    danish_moment,
)
from pipelines.release.folder import MANIFEST, release_folder
from pipelines.release.published import published_versions
from pipelines.release.versions import ReleaseError, Version
from pipelines.settings import Settings

_CORRECTED_DA: Final = "rettelse"
_CORRECTED_EN: Final = "correction"


@dataclass(frozen=True)
class Correction:
    """Why published figures cannot wait for the next planned release."""

    reason_da: str
    reason_en: str

    def __post_init__(self) -> None:
        """Insist on a reason that readers of either language can read."""
        if not self.reason_da.strip() or not self.reason_en.strip():
            raise ReleaseError("a correction says why, in Danish and in English")


@dataclass(frozen=True)
class Announcement:
    """A release with its number, title and time.

    Attributes:
        version: The number; of what is planned the one it will have if nothing comes before it.
        title_da: Danish title.
        title_en: English title.
        at: When it may go out; of a correction when it was first prepared.
        correction: Why it goes out beside the calendar; None for what is planned.
        is_expected: Whether it is neither out nor at hand.
    """

    version: Version
    title_da: str
    title_en: str
    at: datetime
    correction: Correction | None = None
    is_expected: bool = False


def announcements_out(settings: Settings) -> tuple[Announcement, ...]:
    """What every published release was announced as, in order of publication."""
    return tuple(announced_as(settings, version) for version in published_versions(settings))


def announced_as(settings: Settings, version: Version) -> Announcement:
    """What a prepared release calls itself.

    Raises:
        NoSuchReleaseError: If it was never prepared.
    """
    manifest: Any = release_folder(settings, version).json(MANIFEST)
    reasons = manifest["correction"]
    return Announcement(
        version=version,
        title_da=manifest["title_da"],
        title_en=manifest["title_en"],
        at=datetime.fromisoformat(manifest["planned_at"]),
        correction=None if reasons is None else Correction(**reasons),
    )


def next_version(year: int, out: Iterable[Announcement]) -> Version:
    """The number of a year that is not published yet."""
    used = (each.version.revision for each in out if each.version.year == year)
    return Version(year, 1 + max(used, default=0))


def next_planned(calendar: Calendar, year: int, out: Iterable[Announcement]) -> Announcement:
    """The first release of a year that the calendar announces and that is not out.

    Raises:
        CalendarError: If none is left, or if a line was changed after its release went out.
    """
    out = tuple(out)
    lines = calendar.of_year(year)
    done = [a for a in out if a.version.year == year and a.correction is None]
    for was, line in zip(done, lines, strict=False):
        if was.at != line.at:
            raise CalendarError(
                f"{CALENDAR_FILE.name} has {danish_moment(line.at)} for {was.version}, which went "
                f"out with the time {danish_moment(was.at)}; the line of what is out stays as it "
                "was, and new lines stand after it"
            )
    if len(done) >= len(lines):
        raise CalendarError(
            f"no release of {year} is planned"
            + (" but what is out" if done else "")
            + f"; announce one in {CALENDAR_FILE.name} with a title and a time"
            + (", or correct an error with `--correction`" if done else "")
        )
    line = lines[len(done)]
    return Announcement(next_version(year, out), line.title_da, line.title_en, line.at)


def next_correction(
    settings: Settings,
    year: int,
    out: Iterable[Announcement],
    correction: Correction,
    now: datetime,
) -> Announcement:
    """The correction of a year: it takes the next number, and need not wait.

    Prepared again for the same reason it keeps its time, so that its bytes are the same.

    Raises:
        CalendarError: If nothing of that year is out.
    """
    of_year = [a for a in out if a.version.year == year]
    planned = [a for a in of_year if a.correction is None]
    if not planned:
        raise CalendarError(f"nothing of {year} is published, so there is nothing to correct")
    version = next_version(year, of_year)
    at = now.astimezone(DANISH_TIME).replace(second=0, microsecond=0)
    if (settings.releases_dir / str(version) / MANIFEST).is_file():
        standing = announced_as(settings, version)
        at = standing.at if standing.correction == correction else at
    return Announcement(
        version=version,
        title_da=f"{planned[-1].title_da}, {_CORRECTED_DA}",
        title_en=f"{planned[-1].title_en}, {_CORRECTED_EN}",
        at=at,
        correction=correction,
    )


def schedule(calendar: Calendar, known: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """Everything that is out, at hand or planned, by time.

    Args:
        calendar: What is planned.
        known: What is published, is being prepared or waits for its sign-off.
    """
    known = tuple(known)
    found = list(known)
    for year in sorted({p.year for p in calendar.planned}):
        of_year = [a for a in known if a.version.year == year]
        first = next_version(year, of_year).revision
        lines = calendar.of_year(year)[sum(a.correction is None for a in of_year) :]
        found += [
            Announcement(
                *(Version(year, first + place), line.title_da, line.title_en, line.at),
                is_expected=True,
            )
            for place, line in enumerate(lines)
        ]
    return tuple(sorted(found, key=lambda a: (a.at, a.version)))
