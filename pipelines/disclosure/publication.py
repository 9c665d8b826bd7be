"""What a reader is shown, given what is held back.

Three kinds of things can be held back: the cells of one fact (`cell`), a whole table (`table`), and
the bounds of a group's shares to one question (`bounds`), which would tell how many were asked. A
number is known as soon as one thing that tells it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from pipelines.disclosure.attack import Relation
from pipelines.disclosure.cells import Cell, Position, is_small
from pipelines.disclosure.facts import RESPONSE, Fact, Facts
from pipelines.disclosure.partition import Partition
from pipelines.disclosure.primary import Primary, Target

Unit = tuple[str, tuple[str, ...]]
Loss = frozenset[Unit]
NOTHING: Loss = frozenset()


def cell_unit(position: Position) -> Unit:
    """Name the cells of one fact."""
    return "cell", position


def table_unit(cell: Cell) -> Unit:
    """Name the whole table a cell stands in; of one of several questions, the question's part."""
    return "table", (*cell.table, cell.topic)


def bounds_unit(cell: Cell) -> Unit:
    """Name the bounds of the shares of a cell's group and question."""
    return "bounds", (*cell.place, cell.question)


@dataclass(frozen=True)
class Ways:
    """How numbers become known.

    Attributes:
        of: For every number, what tells it: each a set of units any one of which, held back, stops
            it. An empty set is public. A number without any is never shown.
        rows: The rows a unit's cells stand in.
    """

    of: dict[Fact, list[Loss]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[Unit, set[int]] = field(default_factory=lambda: defaultdict(set))

    def known(self, loss: Collection[Unit], among: Iterable[Fact] | None = None) -> set[Fact]:
        """Return the numbers a reader is told, of all or of some."""
        held = frozenset(loss)
        facts = self.of if among is None else (fact for fact in among if fact in self.of)
        return {fact for fact in facts if any(way.isdisjoint(held) for way in self.of[fact])}

    def public(self) -> set[Fact]:
        """Return the numbers that nothing can hide."""
        return {fact for fact, ways in self.of.items() if NOTHING in ways}


def find_ways(
    cells: Iterable[Cell], facts: Facts, primary: Primary, threshold: int, ghosts: Collection[int]
) -> Ways:
    """Find what tells each number, the cells that are hidden for their own sake left out.

    Args:
        cells: All cells with a number.
        facts: The numbers behind them.
        primary: What is hidden for its own sake.
        threshold: The smallest count that is published.
        ghosts: Rows of cells that are not shown at all (merged into others).
    """
    ways = Ways()
    for cell in cells:
        if cell.row in ghosts:
            continue
        number, base = facts.number[cell.row], facts.base.get(cell.row)
        asked = facts.asked.get(cell.row)
        if not cell.is_confidential:
            for fact in (number, base):
                if fact is not None:
                    ways.of[fact].append(NOTHING)
            continue
        table, of_fact = table_unit(cell), cell_unit(cell.position)
        bounds = bounds_unit(cell)
        for unit in (table, of_fact, bounds):
            ways.rows[unit].add(cell.row)
        is_hidden = cell.row in primary.rows
        is_telling = cell.row in primary.few or is_small(cell.base, threshold)
        if not is_hidden:
            ways.of[number].append(frozenset({table, of_fact}))
            if asked is not None:
                ways.of[asked].append(frozenset({table, of_fact, bounds}))
        if base is not None and not (is_hidden and is_telling):
            # the base of a response is no group's size, and goes with the cell
            with_cell = {of_fact} if cell.indicator_id == RESPONSE else set()
            ways.of[base].append(frozenset({table, *with_cell}))
    return ways


@dataclass(frozen=True)
class Cluster:
    """Numbers that have to do with each other, and so must be protected together.

    Attributes:
        facts: Their names, and those of the public numbers they are tied to.
        relations: What ties them together.
        targets: Those that must stay in doubt.
        units: What can be held back to that end.
    """

    facts: tuple[Fact, ...]
    relations: tuple[Relation, ...]
    targets: tuple[Target, ...]
    units: frozenset[Unit]


def find_clusters(facts: Facts, ways: Ways, targets: Sequence[Target]) -> list[Cluster]:
    """Part the numbers into groups without ties, and keep those with something to protect.

    Public numbers tie nothing together: whoever knows them already learns nothing through them.
    """
    public = ways.public()
    union = Partition[Hashable]()
    for fact in facts.values:
        if fact not in public:
            for way in ways.of.get(fact, ()):
                for unit in way:
                    union.join(("fact", fact), ("unit", unit))
    for relation in facts.relations:
        hidden = [name for name in relation.coefficients if name not in public]
        for name in hidden[1:]:
            union.join(("fact", hidden[0]), ("fact", name))
    members: dict[Hashable, list[Target]] = defaultdict(list)
    for target in targets:
        if target.fact not in public:
            members[union.root(("fact", target.fact))].append(target)
    of_root: dict[Hashable, set[Fact]] = defaultdict(set)
    for fact in facts.values:
        if fact not in public:
            of_root[union.root(("fact", fact))].add(fact)
    clusters = []
    for root, wanted in members.items():
        own = of_root[root]
        relations = [r for r in facts.relations if not own.isdisjoint(r.coefficients)]
        tied = {name for r in relations for name in r.coefficients}
        units = {u for f in own for way in ways.of.get(f, ()) for u in way}
        clusters.append(
            Cluster(
                facts=tuple(f for f in facts.values if f in own or f in tied),
                relations=tuple(relations),
                targets=tuple(wanted),
                units=frozenset(units),
            )
        )
    return clusters
