"""What the numbers behind the cells are called: alike wherever the same number is shown.

The base of a question's shares is the count of its answers in I02; count and per cent of the same
answers share their numerator; the categories of a group share their base.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter

from pipelines.disclosure.cells import TOPIC_MARK, TOTAL, Cell, Family
from pipelines.disclosure.facts import RESPONSE, Fact, Question


class Names:
    """The names of the numbers: alike wherever the same number is shown."""

    def __init__(
        self, cells: Sequence[Cell], questions: Mapping[tuple[str, str], Question]
    ) -> None:
        self._questions = questions
        self._number_kinds = _kinds(cells, attrgetter("number"), attrgetter("aspect"))
        self._base_kinds = _kinds(cells, attrgetter("base"), attrgetter("question"))
        self._amounts = {
            (*cell.family[:2], self._number_kinds[cell.family])
            for cell in cells
            if not cell.is_count
        }
        bases: dict[tuple[object, ...], set[float]] = defaultdict(set)
        for cell in cells:
            if cell.base is not None:
                bases[cell.family, cell.breakdown, cell.group].add(cell.base)
        self._shared = {place for place, values in bases.items() if len(values) == 1}

    def number(self, cell: Cell) -> Fact:
        """Name a numerator."""
        group = (cell.breakdown, cell.group)
        if cell.indicator_id == RESPONSE and cell.category != TOTAL:  # to one question
            return "answered", cell.period, cell.category, *group
        kind = self._number_kinds[cell.family]
        return "number", cell.indicator_id, cell.period, kind, *group, cell.category

    def base(self, cell: Cell) -> Fact:
        """Name a base; a group whose categories share it has one name for it."""
        group = (cell.breakdown, cell.group)
        if cell.indicator_id == RESPONSE and cell.category != TOTAL:
            return "asked", cell.period, cell.category, *group
        kind = self._base_kinds[cell.family]
        if (cell.family, *group) not in self._shared:
            return "base", cell.indicator_id, cell.period, kind, *group, cell.category
        question = self._questions.get((cell.indicator_id, cell.measure))
        if question is not None:
            return "answered", cell.period, question.question, *group
        return "base", cell.indicator_id, cell.period, kind, *group

    def is_whole(self, cell: Cell) -> bool:
        """Whether a numerator counts something, in every measure that shows it."""
        return (*cell.family[:2], self._number_kinds[cell.family]) not in self._amounts


def _kinds(
    cells: Iterable[Cell], number: Callable[[Cell], float | None], about: Callable[[Cell], str]
) -> dict[Family, str]:
    """Name measures alike that are about the same, and show the same, in an indicator's period."""
    numbers: dict[Family, dict[tuple[str, str, str], float | None]] = defaultdict(dict)
    subjects: dict[Family, str] = {}
    for cell in cells:
        numbers[cell.family][cell.breakdown, cell.group, cell.category] = number(cell)
        subjects[cell.family] = about(cell)
    kinds: dict[Family, str] = {}
    for family in sorted(numbers):
        same = (
            kind
            for other, kind in kinds.items()
            if (other[0], other[1], other[3]) == (family[0], family[1], family[3])
            and subjects[other] == subjects[family]
            and _agree(numbers[other], numbers[family])
        )
        kinds[family] = next(
            same, f"{family[2]}{TOPIC_MARK}{family[3]}" if family[3] else family[2]
        )
    return kinds


def _agree(
    left: Mapping[tuple[str, str, str], float | None],
    right: Mapping[tuple[str, str, str], float | None],
) -> bool:
    """Whether two measures show the same number wherever both show one."""
    common = left.keys() & right.keys()
    return len(common) == min(len(left), len(right)) and all(left[k] == right[k] for k in common)
