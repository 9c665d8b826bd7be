"""What disclosure control needs to know of a release candidate: one small record a cell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

TOTAL = "all"
NO_ANSWER = "dont_know"
COUNT_UNITS = frozenset({"pct", "count"})
TOPIC_MARK = "__"
Table = tuple[str, str, str]
Family = tuple[str, str, str, str]
Place = tuple[str, str, str, str]
Position = tuple[str, str, str, str, str, str]
BEFORE, AFTER = "share_before_pct", "share_after_pct"
_SHOWN_AS = ("share_pct", "municipalities", "amount_kr")  # how the same facts may be shown
_TEXTS = ("indicator_id", "period", "breakdown", "breakdown_value", "category", "measure", "unit")
_NUMBERS = ("numerator", "base", "value", "population")
_FLAGS = ("is_confidential", "is_sensitive")
_MOST_NAMES = 4096  # of categories and measures, each of which many cells have
_FACTS_APART = frozenset({BEFORE, AFTER})  # two facts about the same members


@dataclass(frozen=True)
class Cell:
    """One release candidate with a number.

    Attributes:
        row: Its place in the frame it came from.
        number: The numerator; of a cell without one the value.
        base: What the number is a part of, or None.
        population: How many could have answered, which the bounds of a share would tell.
        is_confidential: Whether it comes from answers, rather than from a public register.
        is_sensitive: Whether "everybody of the group" may not be told either.
    """

    row: int
    indicator_id: str
    period: str
    breakdown: str
    group: str
    category: str
    measure: str
    unit: str
    number: float
    base: float | None
    population: float | None
    is_confidential: bool
    is_sensitive: bool

    @property
    def topic(self) -> str:
        """Which question an answer belongs to: 'forums' of the category 'forums__tactical'."""
        return _topic(self.category)

    @cached_property
    def family(self) -> Family:
        """Cells whose numbers can be added."""
        return self.indicator_id, self.period, self.measure, self.topic

    @property
    def table(self) -> Table:
        """What is published or withheld as one."""
        return self.indicator_id, self.period, self.breakdown

    @property
    def place(self) -> Place:
        """The group, in one indicator and period."""
        return *self.table, self.group

    @property
    def question(self) -> str:
        """Which question of the indicator: 'leaders_' of 'leaders_share_pct'; '' for the only one.

        Questions have answers, sums and suppressed cells of their own; a table holds them all.
        """
        return _question(self.measure)

    @property
    def aspect(self) -> str:
        """Which facts of its group the cell is about: those of a question, in one of two waves."""
        return self.measure if self.measure in _FACTS_APART else self.question

    @cached_property
    def position(self) -> Position:
        """Cells that show one fact in several measures share it (count, per cent)."""
        return *self.place, self.aspect, self.category

    @property
    def says_all(self) -> bool:
        """Whether it tells a sensitive answer that everybody of the group gave."""
        return self.is_sensitive and self.is_count and 0 < self.number == self.base

    @cached_property
    def is_count(self) -> bool:
        """Whether the number counts units out of the base, rather than measuring an amount."""
        return self.unit in COUNT_UNITS and float(self.number).is_integer()


@lru_cache(_MOST_NAMES)
def _topic(category: str) -> str:
    head, mark, _ = category.partition(TOPIC_MARK)
    return head if mark else ""


@lru_cache(_MOST_NAMES)
def _question(measure: str) -> str:
    kinds = (kind for kind in _SHOWN_AS if measure.endswith(kind))
    return next(map(measure.removesuffix, kinds), "")


def parse_cells(frame: pd.DataFrame) -> list[Cell]:
    """Read the cells that have a number.

    Args:
        frame: Release candidates, one row per cell; `is_sensitive` (then False) and `population`
            may be missing.

    Returns:
        The cells, in the frame's order.
    """
    size = len(frame)
    texts = {name: list(map(str, frame[name].tolist())) for name in _TEXTS}
    numbers = {n: _numbers(frame[n]) if n in frame else [None] * size for n in _NUMBERS}
    flags = {n: frame[n].tolist() if n in frame else [False] * size for n in _FLAGS}
    cells = []
    for row in range(size):
        number = _number(
            numbers["numerator"][row],
            numbers["value"][row],
            numbers["base"][row],
            texts["unit"][row],
        )
        if number is None:
            continue
        category = texts["category"][row]
        cells.append(
            Cell(
                row=row,
                indicator_id=texts["indicator_id"][row],
                period=texts["period"][row],
                breakdown=texts["breakdown"][row],
                group=texts["breakdown_value"][row],
                category=category,
                measure=texts["measure"][row],
                unit=texts["unit"][row],
                number=number,
                base=numbers["base"][row],
                population=numbers["population"][row],
                is_confidential=bool(flags["is_confidential"][row]),
                is_sensitive=bool(flags["is_sensitive"][row]) and category != NO_ANSWER,
            )
        )
    return cells


def _numbers(column: pd.Series) -> list[float | None]:
    return [float_or_none(value) for value in column.tolist()]


def float_or_none(value: object) -> float | None:
    """Read a number of a frame; missing ones of every kind are None."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    number = value if isinstance(value, float) else float(str(value))
    return None if math.isnan(number) else number


def is_small(count: float | None, threshold: int) -> bool:
    """Whether a count is one that may not be published: 1 to `threshold` - 1."""
    return count is not None and 0 < count < threshold


def _number(
    numerator: float | None, value: float | None, base: float | None, unit: str
) -> float | None:
    if numerator is not None or value is None:
        return numerator
    return value * base / 100 if unit == "pct" and base is not None else value
