"""Whether every number that must stay in doubt does, given everything that is published.

Two kinds of readers are tried: one who knows what is published and nothing else, and each
municipality that also knows its own answer. The first must be left with the doubt the target asks
for, the second with two possible values. Doubt that no withholding could give (public figures and
published totals fix the number) is not asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from pipelines.disclosure.attack import Attack, Interval, OwnAnswer, Systems
from pipelines.disclosure.facts import Fact, Facts
from pipelines.disclosure.primary import Target
from pipelines.disclosure.publication import Cluster

_ALMOST = 1e-3


@dataclass(frozen=True)
class TooTight:
    """A number that somebody can work out too closely.

    Attributes:
        target: The number.
        interval: What can be worked out about it.
        doubt: The doubt there should be.
        own: What the reader knows of its own answer, or None.
    """

    target: Target
    interval: Interval
    doubt: float
    own: OwnAnswer | None = None


class Audit:
    """The numbers of one cluster, as readers see them."""

    def __init__(self, cluster: Cluster, facts: Facts) -> None:
        self._cluster = cluster
        self._values = {fact: facts.values[fact] for fact in cluster.facts}
        self._whole = facts.whole & self._values.keys()
        self._ties: dict[Fact, set[Fact]] = defaultdict(set)
        for relation in cluster.relations:
            for fact in relation.coefficients:
                self._ties[fact].update(relation.coefficients)
        self._systems: Systems = {}
        self._attacks: dict[frozenset[Fact], Attack] = {}

    def interval(self, fact: Fact, known: AbstractSet[Fact]) -> Interval:
        """Return what a reader can work out about a number."""
        return self._attack(known).interval(fact)

    def failures(
        self,
        known: AbstractSet[Fact],
        unavoidable: AbstractSet[Fact],
        targets: Iterable[Target] | None = None,
    ) -> Iterator[TooTight]:
        """List the numbers that are too tight.

        Args:
            known: The numbers that are shown.
            unavoidable: Those of them that would be shown whatever is held back: more doubt than
                they leave is not asked for.
            targets: The numbers to look at; all by default.
        """
        attack = self._attack(known)
        least = self._unavoidable(unavoidable)
        for target in self._cluster.targets if targets is None else targets:
            interval = attack.interval(target.fact, enough=target.doubt)
            if interval.width < target.doubt - _ALMOST:
                doubt = self._doubt(target, target.doubt, least)
                if interval.width < doubt - _ALMOST:
                    yield TooTight(target, interval, doubt)
                    continue
            for own in self._own_answers(target):
                if not attack.are_tied(target.fact, own.name):
                    continue
                wanted = min(1.0, target.doubt)
                seen = attack.interval(target.fact, own, enough=wanted)
                if seen.width < wanted - _ALMOST:
                    wanted = self._doubt(target, wanted, least, own)
                    if seen.width < wanted - _ALMOST:
                        yield TooTight(target, seen, wanted, own)
                        break

    def _unavoidable(self, known: AbstractSet[Fact]) -> frozenset[Fact]:
        return frozenset(known & self._values.keys())

    def _doubt(
        self,
        target: Target,
        wanted: float,
        unavoidable: frozenset[Fact],
        own: OwnAnswer | None = None,
    ) -> float:
        """Return the doubt that can be asked for: no more than what cannot be held back leaves."""
        possible = self._attack(unavoidable).interval(target.fact, own, enough=wanted)
        return min(wanted, possible.width)

    def _own_answers(self, target: Target) -> Iterator[OwnAnswer]:
        """List what a municipality may know of its answer to the same question.

        It is counted in one of the numbers that are summed with the target. Where several answers
        are allowed each is a question of its own.
        """
        if target.base is None or target.fact[0] != "number" or target.fact not in self._whole:
            return
        if self._values[target.base] <= 1:
            return  # whoever is alone learns of nobody else
        for fact in sorted(self._ties[target.fact]):
            is_same = fact[:5] == target.fact[:5] and fact in self._whole
            if is_same and self._values[fact] >= 1:
                yield OwnAnswer(fact)

    def _attack(self, known: AbstractSet[Fact]) -> Attack:
        shown = frozenset(known & self._values.keys())
        if shown not in self._attacks:
            self._attacks[shown] = Attack(
                self._values, self._whole, self._cluster.relations, shown, self._systems
            )
        return self._attacks[shown]
