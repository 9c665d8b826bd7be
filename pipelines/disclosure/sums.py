"""Which categories add up: found in the numbers rather than declared, so that no sum is forgotten.

Whatever adds up in every group and period of an indicator is taken to be known to a reader.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from pipelines.disclosure.cells import TOTAL, Cell

_MOST_CATEGORIES_SEARCHED = 8


@dataclass(frozen=True)
class Identity:
    """`parts` add up to category `whole`, or to the base where `whole` is None."""

    parts: tuple[str, ...]
    whole: str | None

    @property
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
    return [i for i in candidates if _holds_everywhere(i, groups.values())]


def is_equal(left: float, right: float) -> bool:
    """Whether two sums are the same but for the last digits of floating point."""
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)


def _candidate_parts(names: list[str]) -> list[tuple[str, ...]]:
    leaves = [n for n in names if n != TOTAL]
    if len(leaves) > _MOST_CATEGORIES_SEARCHED:
        return [tuple(leaves)]
    return [parts for size in range(2, len(leaves) + 1) for parts in combinations(leaves, size)]


def _holds_everywhere(identity: Identity, groups: Iterable[Mapping[str, Cell]]) -> bool:
    parts, whole = identity.parts, identity.whole
    complete = [group for group in groups if identity.categories <= group.keys()]
    if not any(group[part].number for group in complete for part in parts):
        return False
    for group in complete:
        goal = group[whole].number if whole else group[parts[0]].base
        if goal is None or not is_equal(math.fsum(group[p].number for p in parts), goal):
            return False
    return True
