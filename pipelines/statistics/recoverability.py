"""Which tables of one indicator and period can stand beside each other without giving a cell away.

Builds what a reader knows when a given set of tables is withheld, and looks for the cheapest set
that leaves no hidden number recoverable. What is hidden in the first place: `disclosure`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from itertools import combinations

from pipelines.statistics.attack import Attack, Interval, Relation, System, Unknown, Zone
from pipelines.statistics.margins import (
    TOTAL,
    Cell,
    Identity,
    base_names,
    is_small,
    relations_of,
)

Table = tuple[str, str, str]
_ANYTHING: tuple[Zone, ...] = ((0.0, math.inf),)


class LinkedTables:
    """The tables of one indicator and period, as someone sees them who wants a hidden number."""

    def __init__(
        self,
        cells: Sequence[Cell],
        identities: Mapping[str, Sequence[Identity]],
        hidden: Collection[int],
        threshold: int,
    ) -> None:
        """Set up the tables.

        Args:
            cells: All cells with a number, of one indicator and period.
            identities: By measure, the sums over categories that hold.
            hidden: Rows of the suppressed cells.
            threshold: The smallest count that is published.
        """
        self._hidden = hidden
        self._threshold = threshold
        by_measure: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            by_measure[cell.measure].append(cell)
        self._families = [
            (family, relations_of(family, identities.get(measure, ())))
            for measure, family in sorted(by_measure.items())
            if any(cell.row in hidden for cell in family)
        ]
        self._sizes: dict[Table, int] = defaultdict(int)
        for cell in cells:
            if cell.is_confidential:
                self._sizes[cell.table] += 1

    def cheapest_safe_withholding(self) -> frozenset[Table]:
        """Return the smallest loss of tables that leaves no hidden number recoverable."""
        return next(tables for tables in self._choices_by_loss() if self.is_safe(tables))

    def is_safe(self, withheld: Collection[Table]) -> bool:
        """Whether no hidden number has only one possible value."""
        if len(withheld) == len(self._sizes):
            return True  # nothing of it is published
        return all(
            Attack(self._system(family, withheld, relations)).first_exact(self._targets(family))
            is None
            for family, relations in self._families
        )

    def intervals(self, withheld: Collection[Table]) -> dict[int, Interval]:
        """Return, by row, what a reader can work out about each hidden cell still shown as such."""
        found = {}
        for family, relations in self._families:
            attack = Attack(self._system(family, withheld, relations))
            for cell in family:
                if cell.row in self._hidden and cell.table not in withheld:
                    found[cell.row] = attack.interval(cell.number_name)
        return found

    def _choices_by_loss(self) -> Iterator[frozenset[Table]]:
        tables = sorted(self._sizes)
        choices = [
            frozenset(choice)
            for size in range(len(tables) + 1)
            for choice in combinations(tables, size)
        ]
        return iter(sorted(choices, key=self._loss))

    def _loss(self, withheld: frozenset[Table]) -> tuple[bool, int, list[Table]]:
        loses_total = any(breakdown == TOTAL for _, _, breakdown in withheld)
        return loses_total, sum(self._sizes[t] for t in withheld), sorted(withheld)

    def _targets(self, family: Sequence[Cell]) -> list[Hashable]:
        bases = base_names(family)
        hidden = [cell for cell in family if cell.row in self._hidden]
        told = self._told_by_total(family)
        small = {bases[c.row]: None for c in hidden if is_small(c.base, self._threshold)}
        return [*(cell.number_name for cell in hidden if cell.category not in told), *small]

    def _told_by_total(self, family: Sequence[Cell]) -> set[str]:
        """Categories nobody, or everybody, of all is in, published as such: true of any group."""
        return {
            cell.category
            for cell in family
            if cell.breakdown == TOTAL
            and cell.row not in self._hidden
            and cell.is_count
            and cell.number in (0, cell.base)
        }

    def _system(
        self, family: Sequence[Cell], withheld: Collection[Table], relations: list[Relation]
    ) -> System:
        system = System(relations=relations)
        bases = base_names(family)
        guarded = {c.table for c in family if self._hides_base(c)} & set(withheld)
        for cell in family:
            is_shown = not cell.is_confidential or cell.table not in withheld
            self._add_number(system, cell, is_shown=is_shown)
            is_guarded = self._hides_base(cell) or (cell.is_confidential and cell.table in guarded)
            self._add_base(system, cell, bases.get(cell.row), is_shown, is_guarded)
        for name in {name for relation in relations for name in relation.coefficients}:
            if name not in system.known and name not in system.unknown:
                system.unknown[name] = Unknown(name, _ANYTHING, integer=False)
        return system

    def _add_number(self, system: System, cell: Cell, *, is_shown: bool) -> None:
        name = cell.number_name
        if is_shown and cell.row not in self._hidden:
            system.known[name] = cell.number
        else:
            zones = self._zones(cell) if is_shown else _ANYTHING
            system.unknown[name] = Unknown(name, zones, integer=cell.is_count)

    def _hides_base(self, cell: Cell) -> bool:
        return cell.is_confidential and is_small(cell.base, self._threshold)

    def _add_base(
        self, system: System, cell: Cell, name: Hashable, is_shown: bool, is_guarded: bool
    ) -> None:
        """Enter a base: known, also where withheld, unless its table has one that is hidden."""
        if cell.base is None:
            return
        if not is_guarded:
            system.known[name] = cell.base
            system.unknown.pop(name, None)
        elif name not in system.known:
            zones = ((1.0, self._threshold - 1.0),) if is_shown else _ANYTHING
            system.unknown[name] = Unknown(name, zones)

    def _zones(self, cell: Cell) -> tuple[Zone, ...]:
        """Return what the mark "suppressed" says of a number to one who knows the rule."""
        if not cell.is_count or is_small(cell.base, self._threshold):
            return _ANYTHING
        edge = 0.0 if cell.is_sensitive else 1.0
        low = (edge, self._threshold - 1.0)
        if cell.base is None:
            zones: tuple[Zone, ...] = (low,)
        else:
            high = (max(edge, cell.base - self._threshold + 1), cell.base - edge)
            overlap = high[0] <= low[1] + 1
            zones = ((low[0], max(low[1], high[1])),) if overlap else (low, high)
        # suppressed for another measure of the same fact: the rule says nothing of this one
        return zones if any(a <= cell.number <= b for a, b in zones) else _ANYTHING
