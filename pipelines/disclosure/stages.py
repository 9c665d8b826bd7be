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


def told_before(ways: Ways, stage: int) -> set[Fact]:
    """Return the numbers that are told by things decided before a stage, if these are shown."""
    return {
        fact
        for fact, told in ways.of.items()
        if any(all(stage_of_unit(unit) < stage for unit in way) for way in told)
    }


def _stage(is_change: bool, breakdown: str) -> int:
    return 2 * is_change + (breakdown != TOTAL)
