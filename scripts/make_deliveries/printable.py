"""Makes a later wave printable: by size, no answer that only one or two municipalities give.

Our assumption, as for 2015 (`report_figures.NO_FEW`): otherwise disclosure control would rightly
hide most of the figures. An answer that one municipality of a size class gives becomes the class's
commonest one; where two give it, one that gave the commonest joins them. What the wave answers
before that is `evolution`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from scripts.make_deliveries.answers import Respondent
from scripts.make_deliveries.constraints import FEWEST
from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.panel import LARGE_FROM
from scripts.make_deliveries.register import active_on

SIZE_DATE = {"2016": date(2016, 6, 30)}
"""The extract that gives the size class, of the waves that are made printable."""
QUESTIONS = ("time", "leaders", "politicians")

Change = Callable[[Respondent, str, str], None]


def make_printable(wave: str, respondents: Iterable[Respondent], change: Change) -> None:
    """Change answers where a size class has an answer of one or two.

    Args:
        wave: The wave; one without a size date is left as it is.
        respondents: All of the wave; of one municipality, the later counts.
        change: Gives a respondent another answer to a question.
    """
    on = SIZE_DATE.get(wave)
    if on is None:
        return
    counted = {r.code: r for r in respondents if r.status == "completed"}
    large = {
        code
        for code, plans in active_on(on).items()
        if sum(plan.residents_on(on) for plan in plans) >= LARGE_FROM
    }
    for question in QUESTIONS:
        for size, is_large in (("large", True), ("small", False)):
            group = [
                r
                for code, r in sorted(counted.items())
                if (code in large) == is_large and question in r.answers.single
            ]
            _settle(group, question, change, Dice(f"printable/{wave}/{question}/{size}"))


def _settle(group: list[Respondent], question: str, change: Change, dice: Dice) -> None:
    count = Counter(r.answers.single[question] for r in group)
    (commonest, _), *others = count.most_common()
    for answer, number in others:
        if number == FEWEST - 1:
            givers = [r for r in group if r.answers.single[question] == commonest]
            change(dice.pick(givers), question, answer)
        elif number < FEWEST:
            for one in [r for r in group if r.answers.single[question] == answer]:
                change(one, question, commonest)
