"""How the numbers of a table are tied together: the sums a reader can set up.

Found in the data rather than declared, so that no sum is forgotten: whatever adds up is taken to
be known to a reader. Three kinds of relation:

* categories: a set of categories adds up to the base, or to another category ("yes" = "one" +
  "several"), in every group and period of the indicator; if not, but all together never exceed
  the base, that inequality is known;
* groups: over the groups of a breakdown a category adds up to the same category of "all" (or stays
  below it, when some municipality is in no group); the same for bases;
* a part is never larger than its base.

What must stay hidden is decided in `disclosure`; whether it does, in `attack`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pipelines.statistics.attack import Relation

TOTAL = "all"
COUNT_UNITS = frozenset({"pct", "count"})
Position = tuple[str, str, str, str, str, str]
_SHOWN_AS = ("share_pct", "municipalities")  # how the same answers to a question may be shown
_MOST_CATEGORIES_SEARCHED = 8


@dataclass(frozen=True)
class Cell:
    """What disclosure control needs to know of one release candidate."""

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
    is_confidential: bool
    is_sensitive: bool

    @property
    def family(self) -> tuple[str, str, str]:
        """Cells whose numbers can be added: one indicator, period and measure."""
        return self.indicator_id, self.period, self.measure

    @property
    def table(self) -> tuple[str, str, str]:
        """What is published or withheld as one."""
        return self.indicator_id, self.period, self.breakdown

    @property
    def place(self) -> tuple[str, str, str, str]:
        """The group, in one indicator and period."""
        return self.indicator_id, self.period, self.breakdown, self.group

    @property
    def question(self) -> str:
        """Which question of the indicator: 'leaders_' of 'leaders_share_pct'; '' for the only one.

        Questions have answers, sums and suppressed cells of their own; a table holds them all.
        """
        kinds = (kind for kind in _SHOWN_AS if self.measure.endswith(kind))
        return next(map(self.measure.removesuffix, kinds), "")

    @property
    def position(self) -> Position:
        """Cells that show one fact in several measures share it (count, per cent)."""
        return *self.place, self.question, self.category

    @property
    def says_all(self) -> bool:
        """Whether it tells a sensitive answer that everybody of the group gave."""
        return self.is_sensitive and self.is_count and 0 < self.number == self.base

    @property
    def number_name(self) -> Hashable:
        """Name of the numerator among the unknowns of its family."""
        return "number", self.breakdown, self.group, self.category

    @property
    def is_count(self) -> bool:
        """Whether the number counts units out of the base, rather than measuring an amount."""
        return self.unit in COUNT_UNITS and float(self.number).is_integer()


@dataclass(frozen=True)
class Identity:
    """`parts` add up to category `whole`, or to the base where `whole` is None."""

    parts: tuple[str, ...]
    whole: str | None


def is_small(count: float | None, threshold: int) -> bool:
    """Whether a count is one that may not be published: 1 to `threshold` - 1."""
    return count is not None and 0 < count < threshold


def base_names(cells: Sequence[Cell]) -> dict[int, Hashable]:
    """Name the base of each cell (by row): one per group where its categories share it."""
    by_group: dict[tuple[str, str], set[float]] = defaultdict(set)
    for cell in cells:
        if cell.base is not None:
            by_group[cell.breakdown, cell.group].add(cell.base)
    return {
        cell.row: ("base", cell.breakdown, cell.group)
        if len(by_group[cell.breakdown, cell.group]) == 1
        else ("base", cell.breakdown, cell.group, cell.category)
        for cell in cells
        if cell.base is not None
    }


def find_identities(cells: Iterable[Cell]) -> list[Identity]:
    """Find the sums over categories that hold in every group and period of one indicator's measure.

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


def relations_of(cells: Sequence[Cell], identities: Iterable[Identity]) -> list[Relation]:
    """Set up every relation among the numbers and bases of one family."""
    bases = base_names(cells)
    return [
        *_parts_of_base(cells, bases),
        *_category_sums(cells, bases, identities),
        *_group_sums(
            "number",
            {(c.breakdown, c.group, c.category): (c.number_name, c.number) for c in cells},
        ),
        *_group_sums(
            "base",
            {
                (c.breakdown, c.group, c.category): (bases[c.row], c.base)
                for c in cells
                if c.base is not None
            },
        ),
    ]


def _candidate_parts(names: list[str]) -> list[tuple[str, ...]]:
    leaves = [n for n in names if n != TOTAL]
    if len(leaves) > _MOST_CATEGORIES_SEARCHED:
        return [tuple(leaves)]
    return [parts for size in range(2, len(leaves) + 1) for parts in combinations(leaves, size)]


def _holds_everywhere(identity: Identity, groups: Iterable[Mapping[str, Cell]]) -> bool:
    parts, whole = identity.parts, identity.whole
    complete = [group for group in groups if _is_complete(identity, group)]
    if not any(group[part].number for group in complete for part in parts):
        return False
    for group in complete:
        goal = group[whole].number if whole else group[parts[0]].base
        if goal is None or not _equal(math.fsum(group[p].number for p in parts), goal):
            return False
    return True


def _is_complete(identity: Identity, group: Mapping[str, Cell]) -> bool:
    return {*identity.parts, *([identity.whole] if identity.whole else [])} <= group.keys()


def _parts_of_base(cells: Sequence[Cell], bases: Mapping[int, Hashable]) -> list[Relation]:
    return [
        Relation({cell.number_name: 1.0, bases[cell.row]: -1.0}, -math.inf, 0.0)
        for cell in cells
        if cell.is_count and cell.base is not None and cell.number <= cell.base
    ]


def _category_sums(
    cells: Sequence[Cell], bases: Mapping[int, Hashable], identities: Iterable[Identity]
) -> list[Relation]:
    groups: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
    for cell in cells:
        groups[cell.breakdown, cell.group][cell.category] = cell
    relations = []
    for identity in identities:
        for group in groups.values():
            if not _is_complete(identity, group):
                continue
            whole = (
                group[identity.whole].number_name
                if identity.whole
                else bases[group[identity.parts[0]].row]
            )
            terms: dict[Hashable, float] = {group[p].number_name: 1.0 for p in identity.parts}
            relations.append(Relation({**terms, whole: -1.0}))
    relations += _exclusive_upper_bounds(groups.values(), bases)
    return relations


def _exclusive_upper_bounds(
    groups: Iterable[Mapping[str, Cell]], bases: Mapping[int, Hashable]
) -> list[Relation]:
    relations = []
    for group in groups:
        leaves = [cell for category, cell in group.items() if category != TOTAL]
        if len(leaves) < 2 or len({bases.get(cell.row) for cell in leaves}) != 1:
            continue
        base = leaves[0].base
        if base is None or math.fsum(cell.number for cell in leaves) > base:
            return []  # several answers allowed
        terms: dict[Hashable, float] = {cell.number_name: 1.0 for cell in leaves}
        relations.append(Relation({**terms, bases[leaves[0].row]: -1.0}, -math.inf, 0.0))
    return relations


def _group_sums(
    kind: str,
    numbers: Mapping[tuple[str, str, str], tuple[Hashable, float]],
) -> list[Relation]:
    sums: dict[tuple[str, str], dict[Hashable, float]] = defaultdict(dict)
    totals: dict[str, tuple[Hashable, float]] = {}
    for (breakdown, _, category), (name, value) in numbers.items():
        if breakdown == TOTAL:
            totals[category] = (name, value)
        else:
            sums[breakdown, category][name] = value
    relations = []
    for (_, category), parts in sums.items():
        added = math.fsum(parts.values())
        # without a row for all, breakdowns are tied to each other through the total they share
        name, total = totals.setdefault(category, (("total", category, kind), added))
        terms: dict[Hashable, float] = {**dict.fromkeys(parts, 1.0), name: -1.0}
        if _equal(added, total):
            relations.append(Relation(terms))
        elif added < total:
            relations.append(Relation(terms, -math.inf, 0.0))
    return relations


def _equal(left: float, right: float) -> bool:
    return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-6)
