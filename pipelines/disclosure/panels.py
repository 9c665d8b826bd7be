"""What ties the change between waves (I15) to the waves: nobody may be found by subtraction.

The panel of two waves is a part of either. Whoever answered one of them only (or has moved to
another size class) is in the wave's table and not in the panel's: the difference is a group that
nobody shows, and follows the rules of any other (`primary`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from pipelines.disclosure.cells import AFTER, BEFORE, TOPIC_MARK, Cell
from pipelines.disclosure.facts import Fact, Facts, Question

CHANGE = "I15"
ASKED = "coordinator_appointed"
PANEL = "panel"
_Answer = tuple[str, str, str, str]


def tie_panels(
    facts: Facts, cells: Sequence[Cell], questions: Mapping[tuple[str, str], Question]
) -> None:
    """Tie the panels' numbers to each other and to those of the waves.

    Args:
        facts: Where to enter it.
        cells: All cells with a number.
        questions: The question of each indicator's measure.
    """
    shown_by = {q.question: measure for measure, q in questions.items()}
    waves = {
        (c.indicator_id, c.measure, c.period, c.breakdown, c.group, c.category): c for c in cells
    }
    panels: dict[_Answer, dict[str, Cell]] = defaultdict(dict)
    groups: dict[_Answer, list[_Answer]] = defaultdict(list)
    panel_sizes: dict[_Answer, Cell] = {}
    for cell in cells:
        if cell.indicator_id == CHANGE and cell.measure == PANEL:
            panel_sizes[cell.period, cell.breakdown, cell.group, cell.category] = cell
        if cell.indicator_id == CHANGE and cell.topic:
            answer = (cell.period, cell.breakdown, cell.group, cell.category)
            panels[answer][cell.measure] = cell
            group = (cell.period, cell.breakdown, cell.group, cell.topic)
            if answer not in groups[group]:
                groups[group].append(answer)
    for answer, panel in panels.items():
        size = panel_sizes.get((*answer[:3], answer[3].partition(TOPIC_MARK)[0]))
        if size is not None and BEFORE in panel:
            members = facts.base[panel[BEFORE].row]
            facts.tie({members: 1.0, facts.number[size.row]: -1.0})
    for (period, breakdown, place, topic), answers in groups.items():
        measure = shown_by.get(topic)
        if measure is None:
            continue
        _tie_asked(facts, panels, (period, breakdown, place), answers[0], questions[measure])
        for wave, kind, side in zip(
            period.split("/"), (BEFORE, AFTER), ("left", "joined"), strict=True
        ):
            pairs = []
            for answer in answers:
                category = answer[3].removeprefix(f"{topic}{TOPIC_MARK}")
                whole = waves.get((*measure, wave, breakdown, place, category))
                part = panels[answer].get(kind)
                if whole is not None and part is not None:
                    pairs.append((whole, part))
            name = (CHANGE, period, f"{side}:{topic}", breakdown, place)
            _tie_rest(facts, pairs, name)


def _tie_asked(
    facts: Facts,
    panels: Mapping[_Answer, Mapping[str, Cell]],
    place: tuple[str, str, str],
    answer: _Answer,
    question: Question,
) -> None:
    """Whoever answered a question on the coordinator in both waves had one in both."""
    members = panels[answer].get(BEFORE)
    if question.asked_of is None or members is None or members.base is None:
        return
    named = f"{TOPIC_MARK}{question.asked_of[1]}"
    for other, panel in panels.items():
        if other[:3] != place or not other[3].endswith(f"{ASKED}{named}"):
            continue
        for side in (BEFORE, AFTER):
            cell = panel.get(side)
            if cell is not None and members.base <= cell.number:
                facts.tie(
                    {facts.base[members.row]: 1.0, facts.number[cell.row]: -1.0}, lower=-math.inf
                )


def _tie_rest(
    facts: Facts, pairs: Sequence[tuple[Cell, Cell]], name: tuple[str, str, str, str, str]
) -> None:
    """Enter those of a wave who are not in the panel, answer by answer."""
    if not pairs or any(
        whole.base is None
        or part.base is None
        or not 0 <= whole.number - part.number <= whole.base - part.base
        for whole, part in pairs
    ):
        return  # the panel counts something else than the wave (a bridge)
    base: Fact = ("base", *name)
    for whole, part in pairs:
        members, of_panel = facts.base[whole.row], facts.base[part.row]
        left = facts.add(base, facts.values[members] - facts.values[of_panel], is_whole=True)
        facts.tie({members: 1.0, of_panel: -1.0, left: -1.0})
        number, of_part = facts.number[whole.row], facts.number[part.row]
        rest = facts.add(
            ("number", *name, whole.category),
            facts.values[number] - facts.values[of_part],
            is_whole=True,
        )
        facts.tie({number: 1.0, of_part: -1.0, rest: -1.0})
        facts.tie({rest: 1.0, left: -1.0}, lower=-math.inf)
        facts.rests.setdefault(left, set()).add(rest)
