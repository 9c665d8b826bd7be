"""What else is held back, so that the numbers hidden for their own sake stay in doubt.

The least loss is found by integer programming (Fischetti and Salazar 2001, Management Science
47:1008): a choice of what to hold back is safe for a number if two worlds, both in agreement with
everything shown, differ in it by the doubt it needs. One variable for each thing that could be held
back, two worlds for each number that would otherwise be too tight; the numbers are added one by one
as the audit finds them, so few worlds are enough. Tables are decided in `stages`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint
from scipy.sparse import csr_array

from pipelines.disclosure.attack import OwnAnswer, Relation
from pipelines.disclosure.audit import Audit, TooTight
from pipelines.disclosure.facts import Fact, Facts
from pipelines.disclosure.partition import Partition
from pipelines.disclosure.primary import Target
from pipelines.disclosure.publication import NOTHING, Cluster, Loss, Unit, Ways
from pipelines.disclosure.solver import solve
from pipelines.disclosure.stages import STAGES, stage_of_fact, stage_of_unit

_LARGEST = 1000.0
_RANGE = 3.0  # worlds are looked for up to so many times the largest number of the cluster


class NoSafeChoiceError(RuntimeError):
    """Not even holding everything back leaves the doubt that is needed: a fault of ours."""


def least_loss(
    cluster: Cluster,
    facts: Facts,
    ways: Ways,
    costs: Mapping[Unit, float],
    held: Loss = NOTHING,
) -> Loss:
    """Return what to hold back of one cluster, stage by stage.

    Args:
        cluster: The numbers.
        facts: Their values.
        ways: What tells them.
        costs: What it costs to hold a thing back; what has no price can't be.
        held: What is held back in any case.
    """
    priced = cluster.units & costs.keys()
    search = _Search(cluster, facts, ways, Audit(cluster, facts), costs)
    loss = held
    for stage in STAGES:
        free = frozenset(u for u in priced if stage_of_unit(u) == stage)
        later = frozenset(u for u in priced if stage_of_unit(u) > stage)
        targets = [t for t in cluster.targets if stage_of_fact(t.fact) <= stage]
        if targets:
            loss |= search.least(free, held=loss | later, most=loss | free | later, targets=targets)
    return loss


@dataclass(frozen=True)
class _Doubted:
    """A number for which two worlds are wanted."""

    target: Target
    doubt: float
    own: OwnAnswer | None


class _Search:
    """The search for the least loss in one cluster."""

    def __init__(
        self, cluster: Cluster, facts: Facts, ways: Ways, audit: Audit, costs: Mapping[Unit, float]
    ) -> None:
        self._cluster, self._ways, self._audit, self._costs = cluster, ways, audit, costs
        self._facts = facts
        # millions of kroner are as well found as counts if they are no larger than those
        largest = max(facts.values[f] for f in cluster.facts)
        has_counts = bool(facts.whole & set(cluster.facts))
        self._unit = 1.0 if has_counts else max(1.0, largest / _LARGEST)

    def least(self, free: Loss, *, held: Loss, most: Loss, targets: Sequence[Target]) -> Loss:
        """Return the cheapest part of `free` that, with `held`, leaves every doubt needed."""
        doubted: list[_Doubted] = []
        unsafe: list[Loss] = []
        chosen = NOTHING
        while True:
            failed = list(self._failures(chosen | held, most, targets))
            if not failed:
                return self._without_needless(chosen, held, most, targets)
            new = [d for d in map(_doubted, failed) if d not in doubted]
            if new:
                doubted += new
            else:  # the worlds found are no whole numbers
                unsafe.append(chosen)
            chosen = self._cheapest(free, held, doubted, unsafe)

    def _failures(self, loss: Loss, most: Loss, targets: Sequence[Target]) -> Iterator[TooTight]:
        facts = self._cluster.facts
        known, unavoidable = self._ways.known(loss, facts), self._ways.known(most, facts)
        return self._audit.failures(known, unavoidable, targets)

    def _without_needless(
        self, chosen: Loss, held: Loss, most: Loss, targets: Sequence[Target]
    ) -> Loss:
        for unit in sorted(chosen, key=lambda u: (-self._costs[u], u)):
            fewer = chosen - {unit}
            if next(self._failures(fewer | held, most, targets), None) is None:
                chosen = fewer
        return chosen

    def _cheapest(
        self, free: Loss, held: Loss, doubted: Sequence[_Doubted], unsafe: Sequence[Loss]
    ) -> Loss:
        units = sorted(free)
        program = _Program(len(units))
        column = {unit: i for i, unit in enumerate(units)}
        for loss in unsafe:  # neither this again nor less
            program.row({column[u]: 1.0 for u in units if u not in loss}, 1.0, math.inf)
        for one in doubted:
            self._add_worlds(program, column, held, one)
        result = program.solve([self._costs[unit] for unit in units])
        if result is None:
            raise NoSafeChoiceError("nothing that can be held back leaves enough doubt")
        return frozenset(unit for unit, x in zip(units, result, strict=False) if x > 0.5)

    def _add_worlds(
        self, program: _Program, column: Mapping[Unit, int], held: Loss, one: _Doubted
    ) -> None:
        """Enter two worlds that agree with what is shown and differ in the number."""
        highest = _RANGE * max(1.0, *(self._value(f) for f in self._cluster.facts))
        worlds = []
        open_facts, ties = self._tied_to(one.target.fact, column, held)
        for _ in range(2):
            world: dict[Fact, int] = {}
            for fact in open_facts:
                least = one.own.least if one.own is not None and one.own.name == fact else 0.0
                world[fact] = program.column(least, highest)
                self._agree(program, world[fact], fact, column, held, highest)
            for relation in ties:
                self._tie(program, world, relation)
            worlds.append(world)
        low, high = worlds
        doubt = one.doubt / self._unit
        program.row({high[one.target.fact]: 1.0, low[one.target.fact]: -1.0}, doubt, math.inf)

    def _tie(self, program: _Program, world: Mapping[Fact, int], relation: Relation) -> None:
        terms = {world[n]: c for n, c in relation.coefficients.items() if n in world}
        fixed = math.fsum(
            c * self._value(n) for n, c in relation.coefficients.items() if n not in world
        )
        lower, upper = (bound / self._unit - fixed for bound in (relation.lower, relation.upper))
        program.row(terms, lower, upper)

    def _tied_to(
        self, target: Fact, column: Mapping[Unit, int], held: Loss
    ) -> tuple[list[Fact], list[Relation]]:
        """Return the numbers that may come to be in doubt together with one, and their ties."""
        can_be_held = held | column.keys()
        of = self._ways.of
        shown = {
            fact
            for fact in self._cluster.facts
            if any(way.isdisjoint(can_be_held) for way in of.get(fact, ()))
        }
        parts = Partition[Fact]()
        for relation in self._cluster.relations:
            names = [name for name in relation.coefficients if name not in shown]
            for name in names[1:]:
                parts.join(names[0], name)
        root = parts.root(target)
        facts = [f for f in self._cluster.facts if f not in shown and parts.root(f) == root]
        inside = set(facts)
        ties = [r for r in self._cluster.relations if not inside.isdisjoint(r.coefficients)]
        return facts, ties

    def _value(self, fact: Fact) -> float:
        return self._facts.values[fact] / self._unit

    def _agree(
        self,
        program: _Program,
        x: int,
        fact: Fact,
        column: Mapping[Unit, int],
        held: Collection[Unit],
        highest: float,
    ) -> None:
        """A number is what it is, unless everything that tells it is held back."""
        value = self._value(fact)
        for way in self._ways.of.get(fact, ()):
            if way & frozenset(held):
                continue
            free = [column[unit] for unit in way if unit in column]
            program.row({x: 1.0, **dict.fromkeys(free, value - highest)}, -math.inf, value)
            program.row({x: 1.0, **dict.fromkeys(free, value)}, value, math.inf)


def _doubted(failed: TooTight) -> _Doubted:
    return _Doubted(failed.target, failed.doubt, failed.own)


class _Program:
    """An integer program under construction: choices first, then the numbers of worlds."""

    def __init__(self, choices: int) -> None:
        self._choices = choices
        self._lower: list[float] = [0.0] * choices
        self._upper: list[float] = [1.0] * choices
        self._rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, lower: float, upper: float) -> int:
        """Add a number and return its column."""
        self._lower.append(lower)
        self._upper.append(upper)
        return len(self._lower) - 1

    def row(self, terms: dict[int, float], lower: float, upper: float) -> None:
        """Add `lower <= sum(terms) <= upper`."""
        self._rows.append((terms, lower, upper))

    def solve(self, costs: Sequence[float]) -> NDArray[np.float64] | None:
        """Return the values of all columns at the lowest cost; None if nothing fits."""
        size = len(self._lower)
        objective = np.zeros(size)
        objective[: self._choices] = costs
        entries = [
            (r, c, v) for r, (terms, _, _) in enumerate(self._rows) for c, v in terms.items()
        ]
        rows, columns, coefficients = zip(*entries, strict=True)
        matrix = csr_array((coefficients, (rows, columns)), shape=(len(self._rows), size))
        bounds = [np.array([row[side] for row in self._rows]) for side in (1, 2)]
        return solve(
            objective,
            integrality=np.array([1] * self._choices + [0] * (size - self._choices)),
            bounds=Bounds(np.array(self._lower), np.array(self._upper)),
            constraints=[LinearConstraint(matrix, *bounds)],
        )
