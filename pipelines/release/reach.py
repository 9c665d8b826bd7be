"""Whether readers are told of releases twelve months ahead, and what to do where they are not.

What is planned goes out only when they are: the check of a candidate fails, and so does publishing,
for time passes between the two. A correction that cannot wait is not held back by a calendar that
somebody forgot; it is remarked on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pipelines.release.calendar import (
    CALENDAR_FILE,
    MONTHS_AHEAD,
    Calendar,
    danish_day,
    danish_moment,
    horizon,
)

TIME_TO_ACT: Final = timedelta(days=90)
"""So long before it is too short a calendar is warned of."""
_LINE: Final = "`year`, `title_da`, `title_en`, `planned`"


def shortfall(calendar: Calendar, now: datetime) -> tuple[str, str] | None:
    """How far the calendar reaches where that is too short, in Danish and English; else None.

    The same words until the calendar is another one: they are among what a sign-off is bound to.
    """
    if calendar.reaches(now):
        return None
    if not calendar.planned:
        return "Kalenderen er tom.", "the calendar is empty"
    last = danish_moment(calendar.planned[-1].at)
    return (
        f"Kalenderen skal nå {MONTHS_AHEAD} måneder frem, men når kun til {last}.",
        f"the calendar has to reach {MONTHS_AHEAD} months ahead, and ends {last}",
    )


def warning(calendar: Calendar, now: datetime) -> str | None:
    """What to say of a calendar that is too short, or soon will be; None of one that is not."""
    if short := shortfall(calendar, now):
        return f"{short[0]} {how_to_reach(now)[0]}"
    if soon := shortfall(calendar, now + TIME_TO_ACT):
        return f"{soon[0]} Om højst {TIME_TO_ACT.days} dage udkommer intet planlagt."
    return None


def how_to_reach(now: datetime) -> tuple[str, str]:
    """What to write into the calendar, in Danish and English."""
    day = danish_day(horizon(now))
    return (
        f"Tilføj en udgivelse efter {day} sidst i {CALENDAR_FILE.name} ({_LINE}).",
        f"add a release after {day} at the end of {CALENDAR_FILE.name} ({_LINE})",
    )
