"""The release calendar as the site shows it."""

from __future__ import annotations

from pipelines.publish.site.content import CalendarEntry
from pipelines.release.calendar import Calendar


def announced(calendar: Calendar) -> tuple[CalendarEntry, ...]:
    """Return the announced releases, earliest first."""
    return tuple(
        CalendarEntry(str(planned.version), planned.title_da, planned.title_en, planned.at)
        for planned in calendar.planned
    )
