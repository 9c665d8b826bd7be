"""Things that belong together, directly or through others (disjoint sets)."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing", bound=Hashable)


class Partition(Generic[Thing]):
    """Things parted into groups; whatever was never joined stands by itself."""

    def __init__(self) -> None:
        """Begin with nothing joined."""
        self._parent: dict[Thing, Thing] = {}

    def root(self, thing: Thing) -> Thing:
        """Return the thing that stands for the group."""
        self._parent.setdefault(thing, thing)
        while self._parent[thing] != thing:
            self._parent[thing] = self._parent[self._parent[thing]]
            thing = self._parent[thing]
        return thing

    def join(self, left: Thing, right: Thing) -> None:
        """Make one group of two."""
        self._parent[self.root(left)] = self.root(right)
