"""Candidates with everything that is known about them before anything else is held back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from pipelines.disclosure.cells import TOTAL, Cell, Table, parse_cells
from pipelines.disclosure.coarsening import Coarsening
from pipelines.disclosure.derived import is_derived
from pipelines.disclosure.earlier import Numbers, changed_too_little, is_known
from pipelines.disclosure.facts import RESPONSE, Facts, Question
from pipelines.disclosure.linked import find_facts
from pipelines.disclosure.primary import Primary, find_primary
from pipelines.disclosure.publication import NOTHING, Ways, find_ways

DEFAULT_THRESHOLD = 3


@dataclass(frozen=True)
class Rules:
    """What is declared about protection.

    Attributes:
        threshold: The smallest confidential count that is published; at least 3, since with 2 the
            mark "under the threshold" would itself tell the count.
        questions: The question of the survey each indicator's measure is about.
        coarsenings: Categories that may be merged before a table is withheld.
        dominated: Ids of cells too much of which comes from one or two.
    """

    threshold: int = DEFAULT_THRESHOLD
    questions: Mapping[tuple[str, str], Question] = field(default_factory=dict)
    coarsenings: Sequence[Coarsening] = ()
    dominated: Collection[str] = ()

    def __post_init__(self) -> None:
        """Refuse a threshold that hides nothing."""
        if self.threshold < 3:
            raise ValueError(f"a threshold of {self.threshold} hides nothing; the lowest is 3")


@dataclass(frozen=True)
class Setting:
    """Candidates, the numbers behind them, and what is hidden for its own sake.

    Attributes:
        frame: The candidates; `is_ghost` marks those merged into others.
        cells: Those with a number.
        cell_ids: The id of each row.
        facts: The numbers.
        primary: What is hidden for its own sake.
        ways: What tells the numbers.
        kept_back: Tables that differ too little from an earlier release.
    """

    frame: pd.DataFrame
    cells: list[Cell]
    cell_ids: dict[int, str]
    facts: Facts
    primary: Primary
    ways: Ways
    kept_back: frozenset[Table]


def unmerged(cells: pd.DataFrame) -> pd.DataFrame:
    """Return candidates as they came, numbered anew and none merged."""
    return cells.reset_index(drop=True).assign(is_ghost=False)


def set_up(frame: pd.DataFrame, rules: Rules, earlier: Mapping[str, Sequence[Numbers]]) -> Setting:
    """Find the numbers behind candidates, and those to protect.

    Args:
        frame: The candidates, with `is_ghost`.
        rules: What is declared about protection.
        earlier: What earlier releases have shown.
    """
    parsed = (c for c in parse_cells(frame) if not is_derived(c.indicator_id, c.measure))
    asked_of_some = {q.question for q in rules.questions.values() if q.asked_of is not None}
    cells = [replace(c, is_confidential=True) if _tells(c, asked_of_some) else c for c in parsed]
    cell_ids = dict(enumerate(map(str, frame["cell_id"])))
    facts = find_facts(cells, rules.questions)
    dominated = _dominated(cells, cell_ids, rules.dominated)
    primary = find_primary(cells, facts, rules.threshold, dominated)
    ghosts = set(frame.index[frame["is_ghost"]])
    ways = find_ways(cells, facts, primary, rules.threshold, ghosts)
    for cell in cells:
        if is_known(cell, earlier.get(cell_ids[cell.row], ())):
            for fact in (facts.number[cell.row], facts.base.get(cell.row)):
                if fact is not None:
                    ways.of[fact].append(NOTHING)
    answers = [c for c in cells if c.indicator_id != RESPONSE]
    kept_back = changed_too_little(answers, cell_ids, earlier, rules.threshold)
    return Setting(frame, cells, cell_ids, facts, primary, ways, frozenset(kept_back))


def _tells(cell: Cell, asked_of_some: Collection[str]) -> bool:
    """Whether the response to a question tells an answer: it went to those who gave that one.

    Such a cell is nothing to hide for its own sake, but may have to be held back for others'.
    """
    return cell.indicator_id == RESPONSE and cell.category in asked_of_some


def _dominated(
    cells: Sequence[Cell], cell_ids: Mapping[int, str], dominated: Collection[str]
) -> set[int]:
    """Return the rows of dominated amounts; one that is the whole public total is no secret."""
    totals = {
        (*c.family, c.category): c.number
        for c in cells
        if c.breakdown == TOTAL and not c.is_confidential
    }
    return {
        c.row
        for c in cells
        if cell_ids[c.row] in dominated and totals.get((*c.family, c.category)) != c.number
    }
