"""How much two released figures bear: is one higher, may the difference be chance, or neither.

The only place that decides it; sentences and drawings follow. Each figure has an interval: the
95 per cent interval that comes with a share of the survey, the figure itself where a register was
counted in full. One is called higher only if the intervals do not overlap. Whatever the dependence
between the two, a wrong claim then needs one interval to miss on its own side, which happens in at
most 2.5 + 2.5 per cent of the cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.model import ReleasedCell
from pipelines.statistics.finite_population import CONFIDENCE

_INCOMPLETE = "partial_quarantine"
"""Note of figures some of whose rows were set aside: a register is then not counted in full."""
_TOLERANCE = 1e-9
_ERROR = float(1 - CONFIDENCE)


class Verdict(Enum):
    """What can be said of a figure beside another."""

    HIGHER = "higher"
    LOWER = "lower"
    EQUAL = "equal"
    CHANCE = "chance"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Interval:
    """Where the true figure lies, both ends included."""

    lower: float
    upper: float

    @property
    def is_point(self) -> bool:
        """Whether nothing is uncertain."""
        return self.upper - self.lower < _TOLERANCE


def interval_of(cell: ReleasedCell, *, is_full_count: bool = False) -> Interval | None:
    """Return the interval of a released figure, or None if it has none or is hidden.

    Args:
        cell: The figure.
        is_full_count: Whether figures without an interval of their own were counted in full.
    """
    if cell.value is None:
        return None
    if cell.lower_bound is not None and cell.upper_bound is not None:
        return Interval(cell.lower_bound, cell.upper_bound)
    if is_full_count and not cell.is_confidential and _INCOMPLETE not in cell.notes:
        return Interval(cell.value, cell.value)
    return None


def compare(
    cell: ReleasedCell,
    other: ReleasedCell,
    *,
    is_full_count: bool = False,
    is_over_time: bool = False,
) -> Verdict:
    """Say what `cell` is beside `other`.

    Args:
        cell: The figure spoken of; over time the later one.
        other: What it is held against.
        is_full_count: Whether figures without an interval were counted in full.
        is_over_time: Whether a break in series at `cell` forbids the comparison.
    """
    if is_over_time and cell.obs_status == BREAK_STATUS:
        return Verdict.BROKEN
    here = interval_of(cell, is_full_count=is_full_count)
    there = interval_of(other, is_full_count=is_full_count)
    if here is None or there is None:
        return Verdict.UNKNOWN
    if cell.display_da == other.display_da and here.is_point and there.is_point:
        return Verdict.EQUAL  # what differs behind the last printed decimal is not told
    if here.lower > there.upper + _TOLERANCE:
        return Verdict.HIGHER
    if here.upper < there.lower - _TOLERANCE:
        return Verdict.LOWER
    return Verdict.CHANCE


def stand_together(p_values: Mapping[str, float]) -> frozenset[str]:
    """Return which of many tests stand when all are looked at together (Holm 1979).

    Of tests at five per cent each, one in twenty calls chance a change; over all of them taken
    together the error is at most five per cent here.

    Args:
        p_values: By the name of each test.
    """
    standing = set()
    for place, name in enumerate(sorted(p_values, key=p_values.__getitem__)):
        if p_values[name] > _ERROR / (len(p_values) - place):
            break
        standing.add(name)
    return frozenset(standing)
