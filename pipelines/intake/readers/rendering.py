"""How a workbook's numbers and dates are written as text: lossless, in the Danish manner.

A table of text is what all readers hand over, so a number in a cell becomes the text a Danish
sender would have written in a CSV file: decimal comma, no thousands points, no exponent. Nothing
is rounded: the shortest text that names the same stored number.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal


def render_number(stored: str) -> str:
    """Render a number as it stands in a workbook's XML.

    Integers keep every digit; others are what their double-precision value is called shortest,
    since Excel itself writes 1.1 as 1.1000000000000001.
    """
    stored = stored.strip()
    if "." in stored or "e" in stored.lower():
        value = float(stored)
        exact = Decimal(repr(value))
        if exact.is_finite() and exact == exact.to_integral_value():
            exact = exact.quantize(Decimal(1)) if abs(exact) < Decimal(10) ** 27 else exact
    else:
        exact = Decimal(stored)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace(".", ",")


def render_moment(moment: date | datetime | time | timedelta | None) -> str:
    """Render a date, a point in time, a time of day or a duration as ISO text."""
    match moment:
        case None:
            return ""
        case datetime():
            if moment.time() == time():
                return moment.date().isoformat()
            return _to_second(moment).isoformat(sep=" ", timespec="seconds")
        case date():
            return moment.isoformat()
        case time():
            return moment.isoformat(timespec="seconds")
        case timedelta():
            seconds = round(moment.total_seconds())
            minutes, rest = divmod(abs(seconds), 60)
            sign = "-" if seconds < 0 else ""
            return f"{sign}{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _to_second(moment: datetime) -> datetime:
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
