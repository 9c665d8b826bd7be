"""What ties the questions of a survey together: who answered, who was asked.

The answers to a question never exceed those asked it, nor those asked the municipalities that
answered at all (I02). Who was asked a question on the coordinator follows from another answer: the
bounds of its shares, which tell how many were asked, tell that one too, and so do the bases of
means and sums over the same municipalities. Groups made by an answer hold all who gave one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipelines.disclosure.cells import NO_ANSWER, TOTAL, Cell
from pipelines.disclosure.facts import RESPONSE, Fact, Facts, Question
from pipelines.disclosure.sums import is_equal

GROUPED_BY = {"same_person": "same_person_coordinates"}
"""Breakdowns by an answer, and the question."""


def tie_questions(
    facts: Facts, cells: Sequence[Cell], questions: Mapping[tuple[str, str], Question]
) -> None:
    """Tie answers, those asked and those that answered at all, group by group."""
    response = {
        (c.period, c.breakdown, c.group, c.measure): facts.number[c.row]
        for c in cells
        if c.indicator_id == RESPONSE and c.category == TOTAL
    }
    by_category = {
        (c.indicator_id, c.period, c.breakdown, c.group, c.category): facts.number[c.row]
        for c in cells
    }
    done: set[Fact] = set()
    for cell in cells:
        question = questions.get((cell.indicator_id, cell.measure))
        base = facts.base.get(cell.row)
        if question is None or base is None or base[0] != "answered":
            continue
        group = (cell.period, cell.breakdown, cell.group)
        asked: Fact = ("asked", cell.period, question.question, cell.breakdown, cell.group)
        answered = response.get((*group, "answered"))
        invited = response.get((*group, "invited"))
        if cell.population is None or answered is None or invited is None:
            continue
        silent = facts.values[invited] - facts.values[answered]
        facts.asked[cell.row] = facts.add(asked, cell.population - silent, is_whole=True)
        if asked in done:
            continue
        done.add(asked)
        facts.tie({base: 1.0, asked: -1.0}, lower=-math.inf)
        if question.asked_of is None:
            facts.tie({asked: 1.0, answered: -1.0})
            continue
        facts.tie({asked: 1.0, answered: -1.0}, lower=-math.inf)
        indicator_id, category = question.asked_of
        named = by_category.get((indicator_id, *group, category))
        if named is not None:
            _tie_asked(facts, asked, named)
    _tie_asked_groups(facts, done)
    _tie_means(facts, cells, questions, by_category)
    _tie_answer_groups(facts, cells)


def _tie_means(
    facts: Facts,
    cells: Sequence[Cell],
    questions: Mapping[tuple[str, str], Question],
    by_category: Mapping[tuple[str, str, str, str, str], Fact],
) -> None:
    """Tie the bases of an indicator's means and sums to who was asked, as those of its shares are.

    Where somebody answered unasked they may be larger, and tell nothing.
    """
    asked_of = {i: q.asked_of for (i, _), q in questions.items() if q.asked_of is not None}
    for cell in cells:
        base, asked = facts.base.get(cell.row), asked_of.get(cell.indicator_id)
        if base is None or asked is None or (cell.indicator_id, cell.measure) in questions:
            continue
        named = by_category.get((asked[0], cell.period, cell.breakdown, cell.group, asked[1]))
        if named is not None and facts.values[base] <= facts.values[named]:
            facts.tie({base: 1.0, named: -1.0}, lower=-math.inf)


def _tie_answer_groups(facts: Facts, cells: Iterable[Cell]) -> None:
    """Groups made by an answer add up to the answers, but for those of whom nothing else is known.

    How many these are is public: whose minutes there are. How many don't know is no secret by
    itself, but leaves doubt about the others.
    """
    groups: dict[tuple[str, str, str], dict[str, set[Fact]]] = defaultdict(lambda: defaultdict(set))
    for cell in cells:
        if cell.breakdown in GROUPED_BY and cell.unit == "pct" and cell.row in facts.base:
            table = (cell.indicator_id, cell.period, cell.breakdown)
            groups[table][cell.group].add(facts.base[cell.row])
    for (_, period, breakdown), bases in groups.items():
        total: Fact = ("answered", period, GROUPED_BY[breakdown], TOTAL, TOTAL)
        if total not in facts.values or any(len(names) > 1 for names in bases.values()):
            continue
        counts = {name: 1.0 for names in bases.values() for name in names}
        left = math.fsum(facts.values[n] for n in counts) - facts.values[total]
        undecided = bases.get(NO_ANSWER, set())
        for name in undecided:
            del counts[name]
        facts.tie(
            {**counts, total: -1.0},
            lower=-math.inf if undecided else left,
            upper=left - len(undecided),
        )


def _tie_asked(facts: Facts, asked: Fact, named: Fact) -> None:
    """Those asked are those of the category, and perhaps some who answered unasked."""
    is_same = is_equal(facts.values[asked], facts.values[named])
    facts.tie({asked: 1.0, named: -1.0}, upper=0.0 if is_same else math.inf)


def _tie_asked_groups(facts: Facts, asked: Iterable[Fact]) -> None:
    groups: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for name in sorted(asked):
        groups[name[1], name[2], name[3]].append(name)
    for (period, question, breakdown), names in groups.items():
        total: Fact = ("asked", period, question, TOTAL, TOTAL)
        if breakdown == TOTAL or total not in facts.values:
            continue
        left = facts.values[total] - math.fsum(facts.values[n] for n in names)
        if left >= 0:
            facts.tie({**dict.fromkeys(names, 1.0), total: -1.0}, lower=-math.inf if left else 0.0)
