"""Seeded chance that never changes: the only source of randomness of the made deliveries.

Python promises the same sequence across versions for `Random.random` alone, so everything here
is built on that. Each subject has its own stream: a draw more in one leaves the others alone.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

SEED = "boligsocial-monitor/deliveries/1"

T = TypeVar("T")


class Dice:
    """A stream of chance with a name; the same name gives the same draws."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(f"{SEED}/{name}")

    def unit(self) -> float:
        """A number from 0 up to, not including, 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True that often."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """A number from `low` up to `high`."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self.unit())

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all as likely."""
        return items[int(len(items) * self.unit())]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as likely as its weight says."""
        mark = self.unit() * sum(weights.values())
        last = None
        for last, weight in weights.items():
            mark -= weight
            if mark < 0:
                return last
        if last is None:
            raise ValueError("nothing to draw from")
        return last

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """That many different items, in the order drawn."""
        left = list(items)
        if count > len(left):
            raise ValueError(f"cannot draw {count} of {len(left)}")
        return [left.pop(int(len(left) * self.unit())) for _ in range(count)]

    def gumbel(self) -> float:
        """Noise that turns 'take the largest log-probability' into a draw by probability."""
        return -math.log(-math.log(max(self.unit(), 1e-12)))
