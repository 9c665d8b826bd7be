"""The two kinds of period a figure can be of: a day, as an extract is, or a year.

They do not compare, so no table has both as columns. How a period is printed is in `tables`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PeriodKind:
    """What a title says of figures of the kind, where an indicator has both."""

    label_da: str
    label_en: str


ON_A_DATE = PeriodKind("på udtrækkets dato", "on the date of the extract")
IN_A_YEAR = PeriodKind("pr. kalenderår", "by calendar year")


def period_kind(period: str) -> PeriodKind:
    """Tell a date from a year."""
    return ON_A_DATE if "-" in period else IN_A_YEAR
