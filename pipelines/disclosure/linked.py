"""All tables side by side: every number behind them, and everything that ties numbers together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipelines.disclosure.cells import Cell, Family
from pipelines.disclosure.facts import Facts, Question
from pipelines.disclosure.names import Names
from pipelines.disclosure.panels import tie_panels
from pipelines.disclosure.questions import tie_questions
from pipelines.disclosure.sums import find_identities
from pipelines.disclosure.ties import tie_family


def find_facts(
    cells: Sequence[Cell], questions: Mapping[tuple[str, str], Question] | None = None
) -> Facts:
    """Name the numbers behind the cells and find what ties them together.

    Args:
        cells: All cells with a number.
        questions: The question of each indicator's measure, where it is about one.
    """
    facts = Facts()
    asked = questions or {}
    names = Names(cells, asked)
    families: dict[Family, None] = {}
    measures: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        facts.number[cell.row] = facts.add(
            names.number(cell), cell.number, is_whole=names.is_whole(cell)
        )
        if cell.base is not None:
            is_whole = float(cell.base).is_integer()
            facts.base[cell.row] = facts.add(names.base(cell), cell.base, is_whole=is_whole)
        if cell.is_confidential:
            families[cell.family] = None
        measures[cell.indicator_id, cell.measure, cell.topic].append(cell)
    identities = {
        measure: find_identities(group) if any(c.is_confidential for c in group) else []
        for measure, group in measures.items()
    }
    for indicator_id, period, measure, topic in families:
        whole = [c for c in measures[indicator_id, measure, topic] if c.period == period]
        tie_family(facts, whole, identities[indicator_id, measure, topic])
    tie_questions(facts, cells, asked)
    tie_panels(facts, cells, asked)
    return facts
