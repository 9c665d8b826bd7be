"""What a reader can work out about a number that is not shown: its attainable interval.

A system of whole or other numbers tied by linear relations, some of them known. The interval of an
unknown is found by integer programming (HiGHS through scipy), so it is exact. Which numbers there
are and what ties them together is the business of `facts`; which must be hidden, of `primary`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint

from pipelines.disclosure.partition import Partition
from pipelines.disclosure.solver import solve

Name = tuple[str, ...]
_ALMOST = 1e-7
_ROUNDING = 1e-4


class InconsistentSystemError(ValueError):
    """The relations contradict each other: the caller described data that cannot exist."""


@dataclass(frozen=True)
class Relation:
    """`lower <= sum(coefficient * number) <= upper`; equal bounds make an identity."""

    coefficients: Mapping[Name, float]
    lower: float = 0.0
    upper: float = 0.0


@dataclass(frozen=True)
class Interval:
    """The lowest and highest value an unknown can have."""

    lower: float
    upper: float

    @property
    def width(self) -> float:
        """How far the two are apart."""
        return self.upper - self.lower


@dataclass(frozen=True)
class OwnAnswer:
    """What one of those counted knows beyond the published: that a number is at least so much."""

    name: Name
    least: float = 1.0


class Attack:
    """A reader with pencil and paper, and all the time in the world, facing one set of numbers.

    Numbers that are tied together only through known ones are looked at apart: each system is as
    small as it can be.
    """

    def __init__(
        self,
        values: Mapping[Name, float],
        whole: Collection[Name],
        relations: Sequence[Relation],
        known: Collection[Name],
        systems: Systems | None = None,
    ) -> None:
        """Set up the system.

        Args:
            values: The true value of every number; a reader has those of the known ones only.
            whole: The numbers that count something.
            relations: What ties the numbers together.
            known: The numbers that are shown.
            systems: What was worked out of the same numbers when others were known.
        """
        self._values, self._whole = values, whole
        self._parts = Partition[Name]()
        ties: dict[Name, list[Relation]] = {}
        tied = []
        for relation in relations:
            names = [name for name in relation.coefficients if name not in known]
            for name in names[1:]:
                self._parts.join(names[0], name)
            if names:
                tied.append((names[0], relation))
        for name, relation in tied:
            ties.setdefault(self._parts.root(name), []).append(relation)
        self._known, self._ties = known, ties
        self._of_part: dict[Name, System] = {}
        self._systems: Systems = {} if systems is None else systems

    def are_tied(self, left: Name, right: Name) -> bool:
        """Whether two numbers are unknown, and what is learned of one may tell of the other."""
        if left in self._known or right in self._known:
            return False
        return self._parts.root(left) == self._parts.root(right)

    def interval(
        self, name: Name, own: OwnAnswer | None = None, enough: float = math.inf
    ) -> Interval:
        """Return the attainable interval of one number.

        Args:
            name: The number.
            own: What the reader knows of its own answer.
            enough: How wide an interval is wide enough: then it may be narrower than it could be.

        Raises:
            InconsistentSystemError: No value fits what is known.
        """
        if name in self._known:
            return Interval(self._values[name], self._values[name])
        if own is not None and not self.are_tied(name, own.name):
            own = None
        return self._system(name).interval(name, own, enough)

    def _system(self, name: Name) -> System:
        root = self._parts.root(name)
        if root not in self._of_part:
            ties = self._ties.get(root, [])
            names = {n: None for r in ties for n in r.coefficients if n not in self._known}
            unknown = list(names) or [name]
            key = frozenset(unknown)
            if key not in self._systems:
                self._systems[key] = System(unknown, self._values, self._whole, ties)
            self._of_part[root] = self._systems[key]
        return self._of_part[root]


class System:
    """Unknown numbers that are tied together, directly or through each other."""

    def __init__(
        self,
        names: Sequence[Name],
        values: Mapping[Name, float],
        whole: Collection[Name],
        relations: Sequence[Relation],
    ) -> None:
        self._column = {name: column for column, name in enumerate(names)}
        self._integrality = np.array([int(name in whole) for name in names])
        self._constraints = self._matrix(relations, values)
        self._worlds = [np.array([values[name] for name in names])]  # the first is the true one
        self._found: dict[tuple[Name, OwnAnswer | None], Interval] = {}

    def interval(self, name: Name, own: OwnAnswer | None, enough: float) -> Interval:
        """Return the interval of one number, or a part of it that is wide enough.

        Worlds that were found on the way to other numbers' ends show how far apart this one can be;
        only where they do not is a program solved.
        """
        if (name, own) in self._found:
            return self._found[name, own]
        lower, upper = np.zeros(len(self._column)), np.full(len(self._column), np.inf)
        column = self._column[name]
        if own is not None:
            lower[self._column[own.name]] = own.least
        seen = self._seen(column, own)
        if seen.width >= enough - _ROUNDING:
            return seen
        ends = []
        for direction in (1.0, -1.0):
            end = self._extreme(column, direction, Bounds(lower, upper))
            if end is not None:
                self._worlds.append(end)
            ends.append(-direction * math.inf if end is None else float(end[column]))
            seen = self._seen(column, own)
            if seen.width >= enough - _ROUNDING:
                return seen
        self._found[name, own] = Interval(ends[0], ends[1])
        return self._found[name, own]

    def _seen(self, column: int, own: OwnAnswer | None) -> Interval:
        """Return how far apart a number is in the worlds found so far."""
        possible = [
            world[column]
            for world in self._worlds
            if own is None or world[self._column[own.name]] >= own.least - _ROUNDING
        ]
        return Interval(float(min(possible)), float(max(possible)))

    def _extreme(self, column: int, direction: float, bounds: Bounds) -> NDArray[np.float64] | None:
        """Return the numbers where one is lowest (1) or highest (-1); None: without end."""
        objective = np.zeros(len(self._column))
        objective[column] = direction
        best = self._solve(objective, bounds)
        if best is None and self._solve(np.zeros(len(self._column)), bounds) is None:
            raise InconsistentSystemError("no numbers fit what is known")
        return best

    def _solve(self, objective: NDArray[np.float64], bounds: Bounds) -> NDArray[np.float64] | None:
        """Return numbers with the lowest objective; None if nothing fits, or nothing is lowest."""
        return solve(
            objective,
            integrality=self._integrality,
            bounds=bounds,
            constraints=self._constraints,
        )

    def _matrix(
        self, relations: Sequence[Relation], values: Mapping[Name, float]
    ) -> list[LinearConstraint]:
        if not relations:
            return []
        matrix = np.zeros((len(relations), len(self._column)))
        lower, upper = np.empty(len(relations)), np.empty(len(relations))
        for row, relation in enumerate(relations):
            fixed, size = 0.0, 1.0
            for name, coefficient in relation.coefficients.items():
                size = max(size, abs(values[name]))
                if name in self._column:
                    matrix[row, self._column[name]] = coefficient
                else:
                    fixed += coefficient * values[name]
            # sums of kroner are as exact as floating point, and no more
            lower[row] = relation.lower - fixed - _ALMOST * size
            upper[row] = relation.upper - fixed + _ALMOST * size
        return [LinearConstraint(matrix, lower, upper)]


Systems = dict[frozenset[Name], System]
