"""The numbers behind the cells: each has one name wherever it is shown, a value, and ties.

What the names are is decided in `names`; what ties numbers together, in `ties`, `questions` and
`panels`; `linked.find_facts` brings them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.disclosure.attack import Name, Relation
from pipelines.disclosure.sums import is_equal

REST = "(rest)"
RESPONSE = "I02"
Fact = Name


@dataclass(frozen=True)
class Question:
    """Which question of the survey a measure's shares are about.

    Attributes:
        question: Its name, as in I02's categories.
        asked_of: Indicator and category that say who was asked; None where everybody was.
    """

    question: str
    asked_of: tuple[str, str] | None = None


@dataclass
class Facts:
    """All numbers a reader may be after.

    Attributes:
        values: The true value of each.
        whole: Those that count something.
        relations: What ties them together.
        number: The numerator's name, by row.
        base: The base's name, by row.
        asked: By row, the name of what the cell's bounds tell.
        rests: Groups that nobody shows: the base's name, and the numbers'.
    """

    values: dict[Fact, float] = field(default_factory=dict)
    whole: set[Fact] = field(default_factory=set)
    relations: list[Relation] = field(default_factory=list)
    number: dict[int, Fact] = field(default_factory=dict)
    base: dict[int, Fact] = field(default_factory=dict)
    asked: dict[int, Fact] = field(default_factory=dict)
    rests: dict[Fact, set[Fact]] = field(default_factory=dict)
    _tied: set[object] = field(default_factory=set)

    def add(self, name: Fact, value: float, *, is_whole: bool) -> Fact:
        """Enter a number; one that is there already must have the same value."""
        known = self.values.setdefault(name, value)
        if not is_equal(known, value):
            raise ValueError(f"two cells show {name} differently")
        if is_whole:
            self.whole.add(name)
        return name

    def tie(self, terms: Mapping[Fact, float], lower: float = 0.0, upper: float = 0.0) -> None:
        """Enter a relation, once."""
        tie = (frozenset(terms.items()), lower, upper)
        if tie not in self._tied:
            self._tied.add(tie)
            self.relations.append(Relation(dict(terms), lower, upper))


def breakdown_of(fact: Fact) -> str:
    """Return the breakdown whose groups a number belongs to."""
    return fact[_place(fact)]


def in_group(fact: Fact, breakdown: str, group: str) -> Fact:
    """Return the name of the same number in another group."""
    place = _place(fact)
    return *fact[:place], breakdown, group, *fact[place + 2 :]


def _place(fact: Fact) -> int:
    return 3 if fact[0] in ("answered", "asked") else 4
