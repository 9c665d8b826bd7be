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
    Position,
    base_names,
    is_small,
    relations_of,
)

Table = tuple[str, str, str]
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


@dataclass(frozen=True)
class _Family:
    """The cells of one measure, and what ties them together."""

    cells: list[Cell]
    relations: list[Relation]

    @property
    def question(self) -> str:
        """The question they show."""
        return self.cells[0].question

    @property
    def sensitive_groups(self) -> list[list[Cell]]:
        """The cells of sensitive answers, by group."""
        groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
        for cell in self.cells:
            if cell.is_sensitive and cell.is_confidential:
                groups[cell.breakdown, cell.group].append(cell)
        return list(groups.values())


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
            _Family(family, relations_of(family, identities.get(measure, ())))
            for measure, family in sorted(by_measure.items())
            if any(cell.row in hidden for cell in family)
        ]
        self._questions = sorted({family.question for family in self._families})
        self._sizes: dict[Table, int] = defaultdict(int)
        self._categories = list(dict.fromkeys(c.category for c in sorted(cells, key=_row)))
        self._positions: dict[Position, list[Cell]] = defaultdict(list)
        for cell in cells:
            if cell.is_confidential:
                self._sizes[cell.table] += 1
                self._positions[cell.position].append(cell)

    def smallest_safe_loss(self) -> Loss:
        """Return the smallest loss that leaves no suppressed number recoverable.

        First the cells that the total loses even where no breakdown is published. Then, in this
        order: a few cells of breakdowns; breakdowns whole. Of as many cells, those of categories
        that come last in the table. Questions have nothing to do with each other but the tables
        they share; the cells are looked for in each.
        """
        breakdowns = sorted(table for table in self._sizes if table[2] != TOTAL)
        total = self._with_extra(Loss(frozenset(breakdowns)), is_total=True)
        if total is None:
            return Loss(frozenset(self._sizes))
        some = self._with_extra(Loss(rows=total.rows), is_total=False)
        if some is not None:
            return some
        choices = [
            frozenset(choice)
            for size in range(1, len(breakdowns) + 1)
            for choice in combinations(breakdowns, size)
        ]
        choices.sort(key=lambda c: (sum(self._sizes[t] for t in c), sorted(c)))
        return next(loss for loss in (Loss(c, total.rows) for c in choices) if self.is_safe(loss))

    def is_safe(self, loss: Loss) -> bool:
        """Whether no suppressed number has only one possible value."""
        return all(self._is_question_safe(question, loss) for question in self._questions)

    def intervals(self, loss: Loss) -> dict[int, Interval]:
        """Return, by row, what a reader can work out about each cell shown as suppressed."""
        found = {}
        for family in self._families:
            attack = Attack(self._system(family, loss))
            for cell in family.cells:
                if self._is_hidden(cell, loss) and cell.table not in loss.tables:
                    found[cell.row] = attack.interval(cell.number_name)
        return found

    def _is_question_safe(self, question: str, loss: Loss) -> bool:
        if len(loss.tables) == len(self._sizes):
            return True  # nothing of it is published
        return all(
            Attack(self._system(family, loss)).first_exact(self._targets(family.cells)) is None
            for family in self._families
            if family.question == question
        )

    def _with_extra(self, loss: Loss, *, is_total: bool) -> Loss | None:
        """Add the fewest cells of each question that make it safe; None if there are none."""
        rows = loss.rows
        for question in self._questions:
            candidates = (Loss(loss.tables, rows | r) for r in self._extra(question, is_total))
            found = next((c for c in candidates if self._is_question_safe(question, c)), None)
            if found is None:
                return None
            rows = found.rows
        return Loss(loss.tables, rows)

    def _extra(self, question: str, is_total: bool) -> Iterator[frozenset[int]]:
        """List the sets of a question's cells to suppress in addition, smallest loss first."""
        yield frozenset()
        ranks = {category: -rank for rank, category in enumerate(self._categories)}
        candidates = {
            position: ranks[position[-1]]
            for position, cells in sorted(self._positions.items())
            if cells[0].question == question
            and (cells[0].breakdown == TOTAL) == is_total
            and self._can_be_extra(cells)
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

    def _system(self, family: _Family, loss: Loss) -> System:
        system = System(relations=[*family.relations])
        bases = base_names(family.cells)
        guarded = {c.table for c in family.cells if self._hides_base(c)} & loss.tables
        for cell in family.cells:
            is_shown = not cell.is_confidential or cell.table not in loss.tables
            self._add_number(system, cell, loss, is_shown=is_shown)
            is_guarded = self._hides_base(cell) or (cell.is_confidential and cell.table in guarded)
            self._add_base(system, cell, bases.get(cell.row), is_shown, is_guarded)
        for group in family.sensitive_groups:
            if group[0].table not in loss.tables:
                self._add_agreement(system, group)
        for name in {name for relation in family.relations for name in relation.coefficients}:
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
        edge = 0.0 if cell.is_sensitive else 1.0  # `_add_agreement` has more on the sensitive ones
        low = (edge, self._threshold - 1.0)
        if cell.base is None:
            zones: tuple[Zone, ...] = (low,)
        else:
            high = (max(edge, cell.base - self._threshold + 1), cell.base - edge)
            overlap = high[0] <= low[1] + 1
            zones = ((low[0], max(low[1], high[1])),) if overlap else (low, high)
        # suppressed for another measure of the same fact: the rule says nothing of this one
        return zones if any(a <= cell.number <= b for a, b in zones) else _ANYTHING

    def _add_agreement(self, system: System, cells: Sequence[Cell]) -> None:
        """Enter that nobody or everybody is hidden only where a group agrees on a sensitive answer.

        Args:
            system: Where to enter it.
            cells: The sensitive cells of one measure and group, all of them shown or marked.
        """
        marked = [
            c
            for c in cells
            if c.row in self._hidden and c.base is not None and self._zones(c) != _ANYTHING
        ]
        if not marked:
            return
        agree = "agree", marked[0].breakdown, marked[0].group
        if any(c.row not in self._hidden and not c.number for c in cells):
            system.known[agree] = 0.0  # or that nobody gave this answer would be hidden too
        else:
            system.unknown[agree] = Unknown(agree, ((0.0, 1.0),))
        chosen: dict[Hashable, float] = {}
        for cell in marked:
            number, answer = cell.number_name, ("agree on", *cell.position)
            system.unknown[answer] = Unknown(answer, ((0.0, 1.0),))
            chosen[answer] = 1.0
            base = float(cell.base or 0)
            system.relations += [
                Relation({number: 1.0, agree: 1.0}, 1.0, math.inf),
                Relation({number: 1.0, agree: -1.0}, -math.inf, base - 1.0),
                Relation({number: 1.0, answer: -base}, 0.0, math.inf),
            ]
        system.relations.append(Relation({**chosen, agree: -1.0}, 0.0, math.inf))

    def _safe_zone(self, cell: Cell) -> tuple[Zone, ...]:
        if not cell.is_count or cell.base is None:
            return _ANYTHING
        return ((float(self._threshold), cell.base - self._threshold),)


def _row(cell: Cell) -> int:
    return cell.row
