"""The order in which tables are decided: what comes first loses only what it must lose by itself.

First the totals of the waves, then their breakdowns, then the change between waves (which is made
of both), again its total first. What a later stage shows must not undo the protection of an earlier
one; what an earlier one shows is there whatever a later one holds back.
"""

from __future__ import annotations

from pipelines.disclosure.cells import TOTAL
from pipelines.disclosure.facts import Fact, breakdown_of
from pipelines.disclosure.panels import CHANGE
from pipelines.disclosure.publication import Unit, Ways

STAGES = range(4)


def stage_of_fact(fact: Fact) -> int:
    """Return the stage at which a number's own table is decided."""
    return _stage(CHANGE in fact[1:2], breakdown_of(fact))


def stage_of_unit(unit: Unit) -> int:
    """Return the stage at which it is decided whether a thing is held back."""
    indicator_id, _, breakdown = unit[1][:3]
    return _stage(indicator_id == CHANGE, breakdown)


def told_before(ways: Ways) -> dict[int, set[Fact]]:
    """Return by stage the numbers told by things decided before it, if these are shown."""
    decided = {
        unit: stage_of_unit(unit) for told in ways.of.values() for way in told for unit in way
    }
    last = {
        fact: min(max((decided[unit] for unit in way), default=-1) for way in told)
        for fact, told in ways.of.items()
        if told
    }
    return {stage: {fact for fact, at in last.items() if at < stage} for stage in STAGES}


def _stage(is_change: bool, breakdown: str) -> int:
    return 2 * is_change + (breakdown != TOTAL)
