"""What a reader can work out about a suppressed number: its attainable interval.

A small system of unknowns, each within one or two zones, tied by linear relations. The interval
of an unknown is found by integer programming (HiGHS through scipy), so it is exact: if both ends
are equal, the number is disclosed. Which relations exist between cells is the business of
`margins`; which numbers must be hidden, that of `disclosure`.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Zone = tuple[float, float]


class InconsistentSystemError(ValueError):
    """The relations contradict each other: the caller described data that cannot exist."""


@dataclass(frozen=True)
class Unknown:
    """A number a reader does not see.

    Attributes:
        name: Its key in relations.
        zones: One or two ranges (inclusive) it is known to lie in, in ascending order.
        integer: Whether it counts something.
    """

    name: Hashable
    zones: tuple[Zone, ...]
    integer: bool = True


@dataclass(frozen=True)
class Relation:
    """`lower <= sum(coefficient * number) <= upper`; equal bounds make an identity."""

    coefficients: Mapping[Hashable, float]
    lower: float = 0.0
    upper: float = 0.0


@dataclass
class System:
    """All a reader knows: published numbers, bounds of the others, and what ties them together."""

    known: dict[Hashable, float] = field(default_factory=dict)
    unknown: dict[Hashable, Unknown] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)


@dataclass(frozen=True)
class Interval:
    """The lowest and highest value an unknown can have."""

    lower: float
    upper: float

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return math.isclose(self.lower, self.upper, rel_tol=1e-9, abs_tol=1e-6)


class Attack:
    """A reader with pencil and paper, and all the time in the world, facing one system."""

    def __init__(self, system: System) -> None:
        names = list(system.unknown)
        self._column = {name: i for i, name in enumerate(names)}
        self._switch = {
            name: len(names) + i
            for i, name in enumerate(n for n in names if len(system.unknown[n].zones) == 2)
        }
        self._size = len(names) + len(self._switch)
        self._integrality = np.array(
            [int(system.unknown[n].integer) for n in names] + [1] * len(self._switch)
        )
        self._lower, self._upper = np.zeros(self._size), np.ones(self._size)
        self._rows: list[dict[int, float]] = []
        self._row_lower: list[float] = []
        self._row_upper: list[float] = []
        for name, unknown in system.unknown.items():
            self._add_zones(name, unknown.zones)
        for relation in system.relations:
            self._add_relation(relation, system.known)

    def interval(self, name: Hashable) -> Interval:
        """Return the attainable interval of one unknown.

        Raises:
            InconsistentSystemError: No value fits what is known.
        """
        return Interval(self._extreme(name, 1.0), -self._extreme(name, -1.0))

    def first_exact(self, names: Iterable[Hashable]) -> Hashable | None:
        """Return the first of `names` whose value is disclosed, or None."""
        return next((n for n in names if self.interval(n).is_exact), None)

    def _add_zones(self, name: Hashable, zones: Sequence[Zone]) -> None:
        column = self._column[name]
        self._lower[column] = zones[0][0]
        self._upper[column] = zones[-1][1]
        if len(zones) == 1:
            return
        (low_1, high_1), (low_2, high_2) = zones
        switch = self._switch[name]  # 0: lower zone, 1: upper zone
        self._add_row({column: 1.0, switch: low_1 - low_2}, low_1, np.inf)
        self._add_row({column: 1.0, switch: high_1 - high_2}, -np.inf, high_1)

    def _add_relation(self, relation: Relation, known: Mapping[Hashable, float]) -> None:
        fixed = math.fsum(c * known[n] for n, c in relation.coefficients.items() if n in known)
        free = {self._column[n]: c for n, c in relation.coefficients.items() if n not in known}
        if free:
            self._add_row(free, relation.lower - fixed, relation.upper - fixed)

    def _add_row(self, row: dict[int, float], lower: float, upper: float) -> None:
        self._rows.append(row)
        self._row_lower.append(lower)
        self._row_upper.append(upper)

    def _extreme(self, name: Hashable, direction: float) -> float:
        objective = np.zeros(self._size)
        objective[self._column[name]] = direction
        best = self._solve(objective)
        if best is not None:
            return best
        if self._solve(np.zeros(self._size)) is None:
            raise InconsistentSystemError(f"no value of {name} fits what is known")
        return -math.inf

    def _solve(self, objective: NDArray[np.float64]) -> float | None:
        """Return the minimum; None if there is none (nothing fits, or no bound)."""
        result = milp(
            objective,
            integrality=self._integrality,
            bounds=Bounds(self._lower, self._upper),
            constraints=self._constraints(),
        )
        return None if result.fun is None else float(result.fun)

    def _constraints(self) -> list[LinearConstraint]:
        if not self._rows:
            return []
        entries = [(r, c, v) for r, row in enumerate(self._rows) for c, v in row.items()]
        rows, columns, values = zip(*entries, strict=True)
        shape = (len(self._rows), self._size)
        matrix = csr_array((values, (rows, columns)), shape=shape)
        return [LinearConstraint(matrix, np.array(self._row_lower), np.array(self._row_upper))]
