"""Which cells are hidden for their own sake, and which numbers must stay in doubt for it.

A confidential cell is suppressed when its count, or what is missing up to its base, is 1 to
`threshold` - 1; when its base is; and, for a sensitive question, when everybody of the group gave
that answer, together with the answers that then nobody gave ("don't know" excepted: it tells of no
answer). That nobody gave an answer, where the others divide, tells no one's and is shown. A per
cent of a small group identifies the count, so value and count go together, in every measure that
shows the same fact. Of a group with fewer members than the threshold nothing is shown, nor a mean
or a base that counts something else (its meetings tell which municipality it is). Where an
indicator holds several questions, each is a measure of its own, and is protected by itself.
Register figures (not confidential) are exempt.

The rest of a breakdown (those in no group, whom nobody shows) follows the same rules: what is small
in it must stay in doubt although there is no cell to hide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from pipelines.disclosure.cells import NO_ANSWER, Cell, Place, is_small
from pipelines.disclosure.facts import RESPONSE, Fact, Facts

AMOUNT_DOUBT = 0.1  # of an amount's value, to each side


@dataclass(frozen=True)
class Target:
    """A number that must stay in doubt.

    Attributes:
        fact: Its name.
        doubt: How far apart its lowest and highest attainable value must be.
        base: Name of the number it is a part of, or None.
    """

    fact: Fact
    doubt: float
    base: Fact | None = None


@dataclass(frozen=True)
class Primary:
    """What is hidden for its own sake.

    Attributes:
        rows: Rows of the cells.
        few: Of those, the rows of groups with fewer members than the threshold.
        targets: The numbers that must stay in doubt, each once.
    """

    rows: frozenset[int]
    few: frozenset[int]
    targets: tuple[Target, ...]


def find_primary(
    cells: Sequence[Cell], facts: Facts, threshold: int, dominated: Collection[int] = ()
) -> Primary:
    """Find the cells to hide and the numbers to keep in doubt.

    Args:
        cells: All cells with a number.
        facts: The numbers behind them.
        threshold: The smallest count that is published.
        dominated: Rows of confidential amounts too much of which comes from one or two.
    """
    few = _of_few_members(cells, threshold)
    unsafe = _unsafe_cells(cells, threshold) | {
        c for c in cells if c.row in dominated and c.is_confidential
    }
    positions = {c.position for c in unsafe}
    rows = {c.row for c in cells if c.is_confidential and c.position in positions} | few
    targets: dict[Fact, Target] = {}
    for cell in cells:
        if cell.row in rows and (cell in unsafe or cell.row in few):
            number, base = facts.number[cell.row], facts.base.get(cell.row)
            targets.setdefault(number, _target(facts, number, base, threshold))
            if base is not None and is_small(cell.base, threshold) and cell.group != NO_ANSWER:
                targets.setdefault(base, _target(facts, base, None, threshold))
    for base, rests in facts.rests.items():
        for target in _rest_targets(facts, base, rests, threshold):
            targets.setdefault(target.fact, target)
    return Primary(frozenset(rows), frozenset(few), tuple(targets.values()))


def is_unsafe_count(count: float, base: float | None, threshold: int) -> bool:
    """Whether a count, or what is missing up to its base, or the base itself is small."""
    if is_small(base, threshold) or is_small(count, threshold):
        return True
    return base is not None and count <= base and is_small(base - count, threshold)


def _unsafe_cells(cells: Iterable[Cell], threshold: int) -> set[Cell]:
    confidential = [c for c in cells if c.is_confidential and c.indicator_id != RESPONSE]
    agreed = {c.position[:-1] for c in confidential if c.says_all}
    return {c for c in confidential if _is_unsafe(c, threshold, agreed)}


def _is_unsafe(cell: Cell, threshold: int, agreed: Collection[tuple[str, ...]]) -> bool:
    """Whether a cell may not be shown; `agreed` has the groups that gave one sensitive answer."""
    if not cell.is_count:
        return is_small(cell.base, threshold)
    if is_unsafe_count(cell.number, cell.base, threshold):
        return True
    return cell.says_all or (cell.is_sensitive and not cell.number and cell.position[:-1] in agreed)


def _of_few_members(cells: Iterable[Cell], threshold: int) -> set[int]:
    """Return the rows of groups with too few members, which the bases of their shares count."""
    confidential = [c for c in cells if c.is_confidential and c.indicator_id != RESPONSE]
    members: dict[Place, float] = defaultdict(float)
    for cell in confidential:
        if cell.unit == "pct" and cell.base is not None:
            members[cell.place] = max(members[cell.place], cell.base)
    few = {place for place, count in members.items() if is_small(count, threshold)}
    return {cell.row for cell in confidential if cell.place in few}


def _rest_targets(facts: Facts, base: Fact, rests: Iterable[Fact], threshold: int) -> list[Target]:
    members = facts.values[base]
    found = [Target(base, threshold - 1.0)] if is_small(members, threshold) else []
    for rest in sorted(rests):  # alike in every process: the choice of what to hide follows
        count = facts.values[rest]
        is_count = rest in facts.whole
        unsafe = is_unsafe_count(count, members, threshold) if is_count else bool(found)
        if unsafe:
            found.append(_target(facts, rest, base, threshold))
    return found


def _target(facts: Facts, name: Fact, base: Fact | None, threshold: int) -> Target:
    value = facts.values[name]
    if name not in facts.whole:
        return Target(name, 2 * AMOUNT_DOUBT * abs(value), base)
    members = facts.values[base] if base is not None else value
    doubt = threshold - 1.0
    return Target(name, min(doubt, members) if is_small(members, threshold) else doubt, base)
