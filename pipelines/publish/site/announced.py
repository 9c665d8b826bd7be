"""The release calendar as the site shows it."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.publish.site.content import CalendarEntry
from pipelines.release.schedule import Announcement


def announced(schedule: Iterable[Announcement]) -> tuple[CalendarEntry, ...]:
    """Return every release that is out, at hand or planned, earliest first."""
    return tuple(
        CalendarEntry(
            version=str(each.version),
            title_da=each.title_da,
            title_en=each.title_en,
            at=each.at,
            is_expected=each.is_expected,
            reason_da=each.correction.reason_da if each.correction else "",
            reason_en=each.correction.reason_en if each.correction else "",
        )
        for each in schedule
    )
