"""The release calendar: what is planned for when, whether it reaches far enough, and who may sign.

The plan is data (`releases.yml`); the time in it is the embargo, in Danish time. A line has a year
and no version: which number it goes out with follows from what came before it (`schedule`).
Nothing about a release's content is known here.
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

from pipelines.release.versions import ReleaseError

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
    """A release of a year as the calendar announces it; `at` is aware, in Danish time."""

    year: int
    title_da: str
    title_en: str
    at: datetime


@dataclass(frozen=True)
class Calendar:
    """All planned releases, earliest first, and how many must have looked at one."""

    planned: tuple[Planned, ...]
    four_eyes: bool = True
    """Whether another person than the one who prepared a release must sign it."""

    def of_year(self, year: int) -> tuple[Planned, ...]:
        """The releases planned for a year, earliest first."""
        return tuple(p for p in self.planned if p.year == year)

    def reaches(self, now: datetime) -> bool:
        """Whether releases are announced at least twelve months ahead."""
        return any(p.at >= horizon(now) for p in self.planned)

    def ahead(self, now: datetime) -> tuple[Planned, ...]:
        """What is planned from now on."""
        return tuple(p for p in self.planned if p.at > now)


def load_calendar(path: Path = CALENDAR_FILE) -> Calendar:
    """Read the calendar.

    Raises:
        CalendarError: If it is not of the form described in it.
    """
    return _read(path, path.stat().st_mtime_ns)


def horizon(now: datetime) -> datetime:
    """How far ahead releases are announced: the same time in a year."""
    local = now.astimezone(DANISH_TIME)
    is_leap_day = (local.month, local.day) == (2, 29)
    return local.replace(year=local.year + 1, day=28 if is_leap_day else local.day)


def danish_day(moment: datetime) -> str:
    """Write a day as a Danish reader does: `23. november 2026`."""
    local = moment.astimezone(DANISH_TIME)
    return f"{local.day}. {_MONTHS[local.month - 1]} {local.year}"


def danish_moment(moment: datetime) -> str:
    """Write a time as a Danish reader does: `23. november 2026 kl. 9.00`."""
    local = moment.astimezone(DANISH_TIME)
    return f"{danish_day(local)} kl. {local.hour}.{local.minute:02}"


@lru_cache(maxsize=4)
def _read(path: Path, changed_at: int) -> Calendar:
    del changed_at  # part of the key only
    try:
        declared: Any = yaml.safe_load(path.read_text("utf-8"))
        planned = [_planned(entry) for entry in declared["releases"]]
        four_eyes = declared.get("four_eyes", True)
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise CalendarError(f"{path.name} cannot be read: {error!r}") from error
    if not isinstance(four_eyes, bool):
        raise CalendarError(f"{path.name}: four_eyes is true or false, not {four_eyes!r}")
    _insist_on_order(planned, path)
    return Calendar(tuple(sorted(planned, key=lambda p: (p.at, p.year))), four_eyes)


def _planned(entry: Any) -> Planned:
    return Planned(
        year=int(entry["year"]),
        title_da=str(entry["title_da"]),
        title_en=str(entry["title_en"]),
        at=datetime.strptime(str(entry["planned"]), "%Y-%m-%d %H:%M").replace(tzinfo=DANISH_TIME),
    )


def _insist_on_order(planned: Iterable[Planned], path: Path) -> None:
    """The lines of a year stand in the order they go out: their versions follow from it."""
    for earlier, later in pairwise(sorted(planned, key=lambda p: p.year)):
        is_same_year = earlier.year == later.year
        if is_same_year and later.at.astimezone(UTC) <= earlier.at.astimezone(UTC):
            raise CalendarError(
                f"{path.name}: “{later.title_en}” stands after “{earlier.title_en}” and is planned "
                "before it"
            )
