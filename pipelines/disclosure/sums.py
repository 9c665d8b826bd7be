"""Which categories add up: found in the numbers rather than declared, so that no sum is forgotten.

Whatever adds up in every group and period of an indicator is taken to be known to a reader.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pipelines.disclosure.cells import TOTAL, Cell

_MOST_CATEGORIES_SEARCHED = 8


@dataclass(frozen=True)
class Identity:
    """`parts` add up to category `whole`, or to the base where `whole` is None."""

    parts: tuple[str, ...]
    whole: str | None

    @cached_property
    def categories(self) -> frozenset[str]:
        """All categories it names."""
        return frozenset({*self.parts, *([self.whole] if self.whole else [])})


def find_identities(cells: Iterable[Cell]) -> list[Identity]:
    """Find the sums over categories that hold in every group and period of one measure.

    Args:
        cells: All cells of one indicator and measure, every period.

    Returns:
        The identities, those over more categories last.
    """
    groups: dict[tuple[str, str, str], dict[str, Cell]] = defaultdict(dict)
    for cell in cells:
        groups[cell.period, cell.breakdown, cell.group][cell.category] = cell
    names = sorted({category for group in groups.values() for category in group})
    candidates = (
        Identity(parts, whole)
        for parts in _candidate_parts(names)
        for whole in (None, *(n for n in names if n not in parts))
    )
    sums = _Sums(groups.values())
    return [i for i in candidates if sums.hold_everywhere(i)]


def is_equal(left: float, right: float) -> bool:
    """Whether two sums are the same but for the last digits of floating point."""
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)


def _candidate_parts(names: list[str]) -> list[tuple[str, ...]]:
    leaves = [n for n in names if n != TOTAL]
    if len(leaves) > _MOST_CATEGORIES_SEARCHED:
        return [tuple(leaves)]
    return [parts for size in range(2, len(leaves) + 1) for parts in combinations(leaves, size)]


class _Sums:
    """The groups of one measure, in which sums over categories hold or do not."""

    def __init__(self, groups: Iterable[Mapping[str, Cell]]) -> None:
        self._numbers = [{name: cell.number for name, cell in g.items()} for g in groups]
        self._bases = [{name: cell.base for name, cell in g.items()} for g in groups]

    def hold_everywhere(self, identity: Identity) -> bool:
        """Whether a sum holds wherever all its categories are, and is not of zeros alone."""
        parts, whole = identity.parts, identity.whole
        has_number = False
        for numbers, bases in zip(self._numbers, self._bases, strict=True):
            if not identity.categories <= numbers.keys():
                continue
            goal = numbers[whole] if whole else bases[parts[0]]
            if goal is None or not is_equal(math.fsum(numbers[p] for p in parts), goal):
                return False
            has_number = has_number or any(numbers[p] for p in parts)
        return has_number
