"""The release calendar: which version is planned for when, and whether it reaches far enough.

The plan is data (`releases.yml`); the time in it is the embargo, in Danish time. Nothing about a
release's content is known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from pipelines.release.versions import ReleaseError, Version, version_of

CALENDAR_FILE: Final = Path(__file__).with_name("releases.yml")
DANISH_TIME: Final = ZoneInfo("Europe/Copenhagen")
MONTHS_AHEAD: Final = 12
_MONTHS: Final = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


class CalendarError(ReleaseError):
    """The calendar cannot be used, or does not have what was asked for."""


@dataclass(frozen=True)
class Planned:
    """A release as the calendar announces it; `at` is aware, in Danish time."""

    version: Version
    title_da: str
    title_en: str
    at: datetime


@dataclass(frozen=True)
class Calendar:
    """All planned releases, earliest first."""

    planned: tuple[Planned, ...]

    def of(self, version: Version) -> Planned:
        """The announcement a version goes out under.

        A revision without a line of its own corrects an error, and must not wait: its embargo is
        the one of the last planned version of its year before it.

        Raises:
            CalendarError: If no release of that year is planned.
        """
        same_year = [p for p in self.planned if p.version.year == version.year]
        before = [p for p in same_year if p.version <= version]
        if not before:
            raise CalendarError(
                f"{version} is not in the release calendar ({CALENDAR_FILE.name}); announce it "
                "there with a title and a time"
            )
        return max(before, key=lambda p: p.version)

    def reaches(self, now: datetime) -> bool:
        """Whether releases are announced at least twelve months ahead."""
        local = now.astimezone(DANISH_TIME)
        last_day = 29 if (local.month, local.day) == (2, 29) else None
        horizon = local.replace(year=local.year + 1, day=28 if last_day else local.day)
        return any(p.at >= horizon for p in self.planned)

    def ahead(self, now: datetime) -> tuple[Planned, ...]:
        """What is planned from now on."""
        return tuple(p for p in self.planned if p.at > now)


def load_calendar(path: Path = CALENDAR_FILE) -> Calendar:
    """Read the calendar.

    Raises:
        CalendarError: If it is not of the form described in it.
    """
    return _read(path, path.stat().st_mtime_ns)


def danish_moment(moment: datetime) -> str:
    """Write a time as a Danish reader does: `23. november 2026 kl. 9.00`."""
    local = moment.astimezone(DANISH_TIME)
    return (
        f"{local.day}. {_MONTHS[local.month - 1]} {local.year} kl. {local.hour}.{local.minute:02}"
    )


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int) -> Calendar:
    del changed_at  # part of the key only
    try:
        declared: Any = yaml.safe_load(path.read_text("utf-8"))
        planned = [_planned(entry) for entry in declared["releases"]]
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise CalendarError(f"{path.name} cannot be read: {error}") from error
    _insist_on_order(planned, path)
    return Calendar(tuple(sorted(planned, key=lambda p: (p.at, p.version))))


def _planned(entry: Any) -> Planned:
    return Planned(
        version=version_of(entry["version"]),
        title_da=str(entry["title_da"]),
        title_en=str(entry["title_en"]),
        at=datetime.strptime(str(entry["planned"]), "%Y-%m-%d %H:%M").replace(tzinfo=DANISH_TIME),
    )


def _insist_on_order(planned: Iterable[Planned], path: Path) -> None:
    by_version = sorted(planned, key=lambda p: p.version)
    versions = [p.version for p in by_version]
    if twice := sorted({str(v) for v in versions if versions.count(v) > 1}):
        raise CalendarError(f"{path.name} plans {', '.join(twice)} twice")
    for earlier, later in pairwise(by_version):
        is_same_year = earlier.version.year == later.version.year
        if is_same_year and later.at.astimezone(UTC) <= earlier.at.astimezone(UTC):
            raise CalendarError(f"{path.name}: {later.version} is planned before {earlier.version}")
