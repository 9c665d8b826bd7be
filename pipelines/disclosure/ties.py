"""How the numbers of one measure are tied together: sums over categories and over groups.

* categories add up to the base, or to another category (`sums`), and where each municipality gives
  one answer never exceed it together;
* groups add up to the total; where they do not, the rest is a group of its own that nobody shows
  (municipalities of unknown size, say), and a reader can work it out;
* a part is never larger than its base.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipelines.disclosure.cells import TOTAL, Cell
from pipelines.disclosure.facts import REST, Fact, Facts, in_group
from pipelines.disclosure.sums import Identity, is_equal


def tie_family(facts: Facts, family: Sequence[Cell], identities: Sequence[Identity]) -> None:
    """Tie the numbers of one measure, in one period.

    Args:
        facts: Where to enter it.
        family: The measure's cells.
        identities: The sums over categories that hold.
    """
    groups: dict[tuple[str, str], dict[str, Cell]] = defaultdict(dict)
    for cell in family:
        groups[cell.breakdown, cell.group][cell.category] = cell
        if cell.is_count and cell.base is not None and cell.number <= cell.base:
            facts.tie({facts.number[cell.row]: 1.0, facts.base[cell.row]: -1.0}, lower=-math.inf)
    for group in groups.values():
        for identity in identities:
            if identity.categories <= group.keys():
                parts = {facts.number[group[p].row]: 1.0 for p in identity.parts}
                whole = (
                    facts.number[group[identity.whole].row]
                    if identity.whole
                    else facts.base[group[identity.parts[0]].row]
                )
                facts.tie({**parts, whole: -1.0})
    _tie_exclusive(facts, groups.values())
    _tie_groups(facts, family)


def _tie_exclusive(facts: Facts, groups: Iterable[Mapping[str, Cell]]) -> None:
    """Where answers never exceed the base together, each municipality gave one at most."""
    sums = []
    for group in groups:
        leaves = [cell for category, cell in group.items() if category != TOTAL]
        bases = {facts.base.get(cell.row) for cell in leaves}
        if len(leaves) < 2 or len(bases) != 1 or None in bases:
            continue
        base = leaves[0].base
        if base is None or math.fsum(cell.number for cell in leaves) > base:
            return  # several answers allowed
        sums.append({**{facts.number[c.row]: 1.0 for c in leaves}, facts.base[leaves[0].row]: -1.0})
    for terms in sums:
        facts.tie(terms, lower=-math.inf)


def _tie_groups(facts: Facts, family: Sequence[Cell]) -> None:
    """Groups and the rest add up to the total; a total that is not shown is a number too."""
    numbers: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    bases: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for cell in family:
        numbers[cell.category][cell.breakdown].append(facts.number[cell.row])
        if cell.row in facts.base:
            bases[cell.category][cell.breakdown].append(facts.base[cell.row])
    is_register = any(c.breakdown == TOTAL and not c.is_confidential for c in family)
    for category, by_breakdown in numbers.items():
        rest_bases = _sum_up(facts, bases[category])
        for breakdown, rest in _sum_up(facts, by_breakdown).items():
            base = rest_bases.get(breakdown)
            if base is not None:
                facts.tie({rest: 1.0, base: -1.0}, lower=-math.inf)
                if not is_register:
                    facts.rests.setdefault(base, set()).add(rest)


def _sum_up(facts: Facts, by_breakdown: Mapping[str, Sequence[Fact]]) -> dict[str, Fact]:
    """Tie the groups of each breakdown to the total; return the rests, by breakdown."""
    groups = {b: names for b, names in by_breakdown.items() if b != TOTAL}
    if not groups:
        return {}
    added = {b: math.fsum(facts.values[n] for n in names) for b, names in groups.items()}
    whole = all(name in facts.whole for names in groups.values() for name in names)
    total = next(iter(by_breakdown.get(TOTAL, ())), None)
    if total is None:
        some = next(iter(groups.values()))[0]
        total = facts.add(in_group(some, TOTAL, TOTAL), max(added.values()), is_whole=whole)
    rests = {}
    for breakdown, names in groups.items():
        terms: dict[Fact, float] = {**dict.fromkeys(names, 1.0), total: -1.0}
        left = facts.values[total] - added[breakdown]
        if is_equal(left, 0.0):
            facts.tie(terms)
        elif left > 0:
            rest = facts.add(in_group(names[0], breakdown, REST), left, is_whole=whole)
            facts.tie({**terms, rest: 1.0})
            rests[breakdown] = rest
    return rests
