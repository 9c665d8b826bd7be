"""A respondent and what it answers, in canonical words; and the 2015 respondents.

The words are those of `constraints`' items. How an answer is coded in a wave is `questionnaire`;
later waves are `evolution`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.panel import invited
from scripts.make_deliveries.reconstruction import solve

Status = Literal["new", "distributed", "some_answers", "completed", "dropped_out"]
SENT_OUT = {
    "2015": datetime(2015, 3, 9, 9),
    "2016": datetime(2016, 3, 7, 9),
    "2017": datetime(2017, 3, 6, 9),
}
FIRST_NUMBER = {"2015": 301_204_411, "2016": 388_530_127, "2017": 471_906_350}
COMMENTS = (
    "Syntetisk kommentar: Vi drøfter helhedsplanen hvert kvartal; det fungerer godt.",
    'Syntetisk kommentar: Ordet "koordinator" bruges ikke hos os.',
    "Syntetisk kommentar: Flere forvaltninger deltager – særligt i de store områder.",
    "Syntetisk kommentar: Timetallet er et skøn.",
)
LINE_BREAK_COMMENT = "Syntetisk kommentar i to linjer:\nden anden linje; med semikolon."

SINGLE = (
    "coordinator",
    "unit",
    "time",
    "leaders",
    "politicians",
    "same",
    "frequency",
    "step",
)


@dataclass
class Answers:
    """One questionnaire: single answers by question, ticked boxes, hours, a comment."""

    single: dict[str, str] = field(default_factory=dict)
    forms: frozenset[str] = frozenset()
    forums: frozenset[str] = frozenset()
    hours: float | None = None
    comment: str = ""


@dataclass
class Respondent:
    """One row of a wave's data set."""

    number: int
    code: str
    status: Status
    created: datetime
    started: datetime | None
    closed: datetime | None
    answers: Answers

    @property
    def modified(self) -> datetime:
        """When the row last changed."""
        return self.closed or self.started or self.created


def moment(wave: str, dice: Dice, first_day: int = 1, last_day: int = 60) -> datetime:
    """A time in office hours while the wave was out."""
    at = SENT_OUT[wave] + timedelta(days=dice.whole(first_day, last_day))
    while at.weekday() >= 5:
        at += timedelta(days=1)
    return at.replace(hour=8) + timedelta(seconds=dice.whole(0, 28_800))


def respondent(
    wave: str, place: int, code: str, status: Status, answers: Answers, dice: Dice
) -> Respondent:
    """Give a respondent its number and times."""
    started = closed = None
    if status in ("completed", "some_answers", "dropped_out"):
        started = moment(wave, dice)
    if status == "completed" and started:
        closed = started + timedelta(seconds=dice.whole(280, 2_900))
    number = FIRST_NUMBER[wave] + 37 * place + dice.whole(0, 30)
    created = SENT_OUT[wave] + timedelta(seconds=place)
    return Respondent(number, code, status, created, started, closed, answers)


def from_items(items: frozenset[str]) -> Answers:
    """The answers the solver chose for a municipality."""
    answers = Answers()
    for item in sorted(items):
        question, _, answer = item.partition(".")
        if question == "dialogue":
            same, _, often = answer.partition("/")
            answers.single |= {"same": same, "frequency": often}
        elif question in SINGLE:
            answers.single[question] = answer
    answers.forms = frozenset(
        i.removeprefix("form.") for i in items if i.startswith("form.") and i != "form.at_least_two"
    )
    answers.forums = frozenset(i.removeprefix("forum.") for i in items if i.startswith("forum."))
    return answers


def respondents_2015() -> list[Respondent]:
    """All 44 of 2015: who did not answer is exported too."""
    chosen = solve().chosen
    missing: list[Status] = ["distributed", "dropped_out", "distributed"]
    found = []
    for place, member in enumerate(invited("2015")):
        dice = Dice(f"respondent/2015/{member.code}")
        answers = from_items(chosen[member.code])
        status: Status = "completed" if "completed" in chosen[member.code] else missing.pop()
        if status == "completed" and dice.chance(0.15):
            answers.comment = dice.pick(COMMENTS)
        found.append(respondent("2015", place, member.code, status, answers, dice))
    [r for r in found if r.answers.comment][-1].answers.comment = LINE_BREAK_COMMENT
    return found
