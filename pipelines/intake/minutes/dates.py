"""Dates as Danish minutes write them."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
    "november", "december",
)  # fmt: skip
_WRITTEN = re.compile(rf"(?<!\d)(\d{{1,2}})\.?\s*({'|'.join(MONTHS)})\s*,?\s*(\d{{4}})(?!\d)", re.I)
_SHORT_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})\.?\s*(jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)\.\s*(\d{4})(?!\d)", re.I
)
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})\s?[./-]\s?(\d{1,2})(?:\s?[./-]\s?|\s)(\d{4})(?![\d])")
_ISO = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?!\d)")


def find_dates(text: str) -> list[date]:
    """Return the dates in a text in the order they stand, written out or in numbers.

    Only full dates with a four-digit year count, day before month; impossible ones are left out.
    """
    found: list[tuple[int, date]] = []
    for match in _WRITTEN.finditer(text):
        day, month, year = match.groups()
        _add(found, match.start(), int(year), MONTHS.index(month.casefold()) + 1, int(day))
    for match in _SHORT_MONTH.finditer(text):
        day, month, year = match.groups()
        number = next(i for i, m in enumerate(MONTHS, 1) if m.startswith(month[:3].casefold()))
        _add(found, match.start(), int(year), number, int(day))
    for match in _NUMBERS.finditer(text):
        day, month, year = match.groups()
        _add(found, match.start(), int(year), int(month), int(day))
    for match in _ISO.finditer(text):
        year, month, day = match.groups()
        _add(found, match.start(), int(year), int(month), int(day))
    return [day_found for _, day_found in sorted(found)]


def _add(found: list[tuple[int, date]], at: int, year: int, month: int, day: int) -> None:
    try:
        found.append((at, date(year, month, day)))
    except ValueError:
        return
