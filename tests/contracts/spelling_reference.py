"""A second, small reading of numbers and dates, written without the macros or their patterns.

Slow and plain on purpose: the properties hold DuckDB's macros against it on arbitrary text, so a
mistake would have to be made twice, in two languages, to stay unseen.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

CONTROL_BLANKS = "\t\n\f\r"
DIGITS = "0123456789"


def is_blank(character: str) -> bool:
    """Any kind of blank, of fixed width or not, and the controls that stand for one."""
    return character in CONTROL_BLANKS or unicodedata.category(character) == "Zs"


def cleaned(text: str) -> str | None:
    """Blanks at the ends gone, runs of them one blank; nothing left is no value."""
    words = "".join(" " if is_blank(c) else c for c in text).split(" ")
    return " ".join(word for word in words if word) or None


def whole_number(text: str) -> int | None:
    """An integer without a sign: digits, or groups of three behind points."""
    found = cleaned(text)
    return None if found is None else _whole(found, most_digits=15, most_groups=4)


def kroner(text: str) -> Decimal | None:
    """Kroner: two decimals where there are points, one or two or none where there are not."""
    return _decimal(text, most_digits=15, most_groups=4, grouped_decimals=(2,))


def decimal(text: str) -> Decimal | None:
    """A number with one or two decimals, or none; with points a comma must follow."""
    return _decimal(text, most_digits=9, most_groups=2, grouped_decimals=(1, 2))


def calendar_day(text: str) -> date | None:
    """Day first with one kind of sign, or ISO with or without a midnight."""
    found = cleaned(text)
    if found is None:
        return None
    iso = found.removesuffix(" 00:00:00")
    if iso == found:
        for sign in "-/":
            parts = found.split(sign)
            if [len(part) for part in parts] == [2, 2, 4]:
                return _day(parts[2], parts[1], parts[0])
    parts = iso.split("-")
    if [len(part) for part in parts] == [4, 2, 2]:
        return _day(*parts)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    if year[0] == "0" or not all(c in DIGITS for c in year + month + day):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _decimal(
    text: str, *, most_digits: int, most_groups: int, grouped_decimals: tuple[int, ...]
) -> Decimal | None:
    found = cleaned(text)
    if found is None:
        return None
    is_negative = found[0] == "-"
    whole_text, comma, decimals = found[is_negative:].partition(",")
    whole = _whole(whole_text, most_digits=most_digits, most_groups=most_groups)
    if whole is None or not all(c in DIGITS for c in decimals):
        return None
    allowed = grouped_decimals if "." in whole_text else (0, 1, 2)
    if len(decimals) not in allowed or bool(comma) != bool(decimals):
        return None
    value = Decimal(whole) + Decimal(int(decimals or 0)) / 10 ** len(decimals)
    return -value if is_negative else value


def _whole(text: str, *, most_digits: int, most_groups: int) -> int | None:
    first, *groups = text.split(".")
    digits = "".join((first, *groups))
    if not first or not all(c in DIGITS for c in digits):
        return None
    if not groups:
        return int(digits) if len(digits) <= most_digits else None
    is_grouped = len(first) <= 3 and first[0] != "0" and all(len(g) == 3 for g in groups)
    return int(digits) if is_grouped and len(groups) <= most_groups else None
