"""Which tables of one indicator and period can stand beside each other without giving a cell away.

Builds what a reader knows when cells and tables are held back besides the suppressed ones, and
looks for the smallest loss that leaves no suppressed number recoverable. What is suppressed in the
first place: `disclosure`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
Position = tuple[str, str, str, str, str]
_ANYTHING: tuple[Zone, ...] = ((0.0, math.inf),)
_MOST_EXTRA_CELLS = 4
_MOST_CANDIDATES = 16  # beyond, searching every set of cells takes too long: tables are withheld


@dataclass(frozen=True)
class Loss:
    """What is held back to protect the suppressed cells.

    Attributes:
        tables: Tables that are withheld whole.
        rows: Rows of further cells that are suppressed.
    """

    tables: frozenset[Table] = frozenset()
    rows: frozenset[int] = frozenset()


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
        self._categories = list(dict.fromkeys(c.category for c in sorted(cells, key=_row)))
        self._positions: dict[Position, list[Cell]] = defaultdict(list)
        for cell in cells:
            if cell.is_confidential:
                self._sizes[cell.table] += 1
                self._positions[cell.position].append(cell)

    def smallest_safe_loss(self) -> Loss:
        """Return the smallest loss that leaves no suppressed number recoverable.

        In this order: a few cells of breakdowns; breakdowns whole; all breakdowns and a few cells
        of the total; everything. Of as many cells, those of categories that come last in the table.
        """
        return next(loss for loss in self._losses() if self.is_safe(loss))

    def is_safe(self, loss: Loss) -> bool:
        """Whether no suppressed number has only one possible value."""
        if len(loss.tables) == len(self._sizes):
            return True  # nothing of it is published
        return all(
            Attack(self._system(family, loss, relations)).first_exact(self._targets(family)) is None
            for family, relations in self._families
        )

    def intervals(self, loss: Loss) -> dict[int, Interval]:
        """Return, by row, what a reader can work out about each cell shown as suppressed."""
        found = {}
        for family, relations in self._families:
            attack = Attack(self._system(family, loss, relations))
            for cell in family:
                if self._is_hidden(cell, loss) and cell.table not in loss.tables:
                    found[cell.row] = attack.interval(cell.number_name)
        return found

    def _losses(self) -> Iterator[Loss]:
        breakdowns = sorted(table for table in self._sizes if table[2] != TOTAL)
        yield Loss()
        for rows in self._extra_rows(is_total=False):
            yield Loss(rows=rows)
        choices = [
            frozenset(choice)
            for size in range(1, len(breakdowns) + 1)
            for choice in combinations(breakdowns, size)
        ]
        for tables in sorted(choices, key=lambda c: (sum(self._sizes[t] for t in c), sorted(c))):
            yield Loss(tables)
        for rows in self._extra_rows(is_total=True):
            yield Loss(frozenset(breakdowns), rows)
        yield Loss(frozenset(self._sizes))

    def _extra_rows(self, *, is_total: bool) -> Iterator[frozenset[int]]:
        """List the sets of cells that could be suppressed in addition, smallest loss first."""
        ranks = {category: -rank for rank, category in enumerate(self._categories)}
        candidates = {
            position: ranks[position[-1]]
            for position, cells in sorted(self._positions.items())
            if (position[2] == TOTAL) == is_total and self._can_be_extra(cells)
        }
        if len(candidates) > _MOST_CANDIDATES:
            return
        for size in range(1, _MOST_EXTRA_CELLS + 1):
            chosen = list(combinations(candidates, size))
            for positions in sorted(chosen, key=lambda c: (sum(candidates[p] for p in c), c)):
                yield frozenset(cell.row for p in positions for cell in self._positions[p])

    def _can_be_extra(self, cells: Sequence[Cell]) -> bool:
        counts = [cell for cell in cells if cell.is_count]
        return bool(counts) and all(
            cell.row not in self._hidden
            and cell.base is not None
            and self._threshold <= cell.number <= cell.base - self._threshold
            for cell in counts
        )

    def _is_hidden(self, cell: Cell, loss: Loss) -> bool:
        return cell.row in self._hidden or cell.row in loss.rows

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

    def _system(self, family: Sequence[Cell], loss: Loss, relations: list[Relation]) -> System:
        system = System(relations=relations)
        bases = base_names(family)
        guarded = {c.table for c in family if self._hides_base(c)} & loss.tables
        for cell in family:
            is_shown = not cell.is_confidential or cell.table not in loss.tables
            self._add_number(system, cell, loss, is_shown=is_shown)
            is_guarded = self._hides_base(cell) or (cell.is_confidential and cell.table in guarded)
            self._add_base(system, cell, bases.get(cell.row), is_shown, is_guarded)
        for name in {name for relation in relations for name in relation.coefficients}:
            if name not in system.known and name not in system.unknown:
                system.unknown[name] = Unknown(name, _ANYTHING, integer=False)
        return system

    def _add_number(self, system: System, cell: Cell, loss: Loss, *, is_shown: bool) -> None:
        name = cell.number_name
        if is_shown and not self._is_hidden(cell, loss):
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
        """Return what the mark of a hidden number says of it to one who knows the rule."""
        if cell.row not in self._hidden:  # hidden to protect another: it is itself no small count
            return self._safe_zone(cell)
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

    def _safe_zone(self, cell: Cell) -> tuple[Zone, ...]:
        if not cell.is_count or cell.base is None:
            return _ANYTHING
        return ((float(self._threshold), cell.base - self._threshold),)


def _row(cell: Cell) -> int:
    return cell.row
