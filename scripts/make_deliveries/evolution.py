"""How the panel answers in 2016 and 2017: last wave's answers, with some change.

Also the two cases a wave must cope with: a municipality with two completed respondents (2016) and
one without a plan that answers all the same (2017). What `printable` changes in the end is there.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from scripts.make_deliveries.answers import (
    COMMENTS,
    Answers,
    Respondent,
    Status,
    from_items,
    respondent,
)
from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.panel import CASES, Member, invited
from scripts.make_deliveries.printable import make_printable
from scripts.make_deliveries.reconstruction import solve
from scripts.make_deliveries.register import active_on, never_had_a_plan

TWICE = "2016"
OUTSIDER = "2017"
REGISTER_DATE = {"2016": date(2016, 6, 30), "2017": date(2016, 12, 31)}
RESPONSE_RATE = 0.82
SURE_ABOVE = 8_000
UNANSWERED: dict[Status, float] = {
    "distributed": 4.0,
    "some_answers": 2.0,
    "dropped_out": 1.5,
    "new": 1.0,
}
# Question -> (how often last year's answer is kept, how likely each answer is otherwise).
CHANGE: dict[str, tuple[float, dict[str, float]]] = {
    "coordinator": (0.93, {"yes_one": 0.7, "yes_several": 0.22, "no": 0.08}),
    "unit": (0.92, {"neutral_unit": 0.52, "specialist_unit": 0.45, "dont_know": 0.03}),
    "leaders": (
        0.75,
        {"satisfactory": 0.55, "to_some_degree": 0.35, "not_satisfactory": 0.07, "dont_know": 0.03},
    ),
    "politicians": (
        0.75,
        {"satisfactory": 0.5, "to_some_degree": 0.36, "not_satisfactory": 0.08, "dont_know": 0.06},
    ),
    "same": (0.88, {"yes": 0.45, "no": 0.52, "dont_know": 0.03}),
    "step": (
        0.75,
        {
            "knowledge_sharing": 0.2,
            "negative_coordination": 0.32,
            "positive_coordination": 0.32,
            "joint_innovation": 0.12,
            "dont_know": 0.04,
        },
    ),
}
FREQUENCY = {
    "yes": {"always": 0.32, "often": 0.45, "rarely": 0.2, "never": 0.03},
    "no": {"always": 0.1, "often": 0.35, "rarely": 0.45, "never": 0.1},
    "dont_know": {"rarely": 0.4, "dont_know": 0.6},
}
TIME_LARGE = {"full_time_or_more": 0.5, "half_to_full_time": 0.32, "half_time_or_less": 0.18}
TIME_SMALL = {"full_time_or_more": 0.13, "half_to_full_time": 0.27, "half_time_or_less": 0.6}
FORUMS = ("strategic", "tactical", "operational", "middle_managers", "in_municipal_plan")
LEFT_OUT = 0.03


def _forms(wave: str, code: str, dice: Dice) -> frozenset[str]:
    """What the register says the municipality gives, seen through the respondent's eyes."""
    plans = active_on(REGISTER_DATE[wave]).get(code, [])
    known = {
        line.source.removeprefix("municipality_")
        for plan in plans
        for line in plan.lines
        if line.source.startswith("municipality_")
    }
    seen = {
        form
        for form in ("staff", "cash", "premises", "other")
        if (form in known) != dice.chance(0.06)
    }
    return frozenset(seen or known or {"staff"})


def _time(before: Answers, *, is_large: bool, dice: Dice) -> tuple[str, float]:
    """The band and the hours; the hours lie within the band, or near last year's."""
    band = before.single.get("time")
    likely = TIME_LARGE if is_large else TIME_SMALL
    if band is None or not dice.chance(0.82):
        band = dice.weighted(likely)
    if before.hours is not None and before.single.get("time") == band and dice.chance(0.7):
        return band, before.hours
    return band, _hours(band, is_large=is_large, dice=dice)


def _hours(band: str, *, is_large: bool, dice: Dice) -> float:
    low, high = {
        "full_time_or_more": (37.0, 74.0 if is_large else 44.0),
        "half_to_full_time": (18.5, 36.5),
        "half_time_or_less": (1.0, 18.0),
    }[band]
    return round(dice.between(low, high) * 2) / 2


def _next(wave: str, member: Member, before: Answers, dice: Dice) -> Answers:
    """This wave's answers, from the last ones."""
    single: dict[str, str] = {}
    for question, (kept, likely) in CHANGE.items():
        last = before.single.get(question)
        single[question] = last if last and dice.chance(kept) else dice.weighted(likely)
    last = before.single.get("frequency")
    often = FREQUENCY[single["same"]]
    single["frequency"] = last if last in often and dice.chance(0.7) else dice.weighted(often)
    hours: float | None = None
    if single["coordinator"] == "no":
        del single["unit"]
    else:
        single["time"], hours = _time(before, is_large=member.is_large, dice=dice)
    for question in ("leaders", "politicians", "step", "frequency"):
        if dice.chance(LEFT_OUT):
            del single[question]
    forums = {
        forum
        for forum in FORUMS
        if ((forum in before.forums) != dice.chance(0.12) if before.forums else dice.chance(0.5))
    }
    comment = dice.pick(COMMENTS) if dice.chance(0.12) else ""
    return Answers(single, _forms(wave, member.code, dice), frozenset(forums), hours, comment)


@cache
def latest(wave: str) -> dict[str, Answers]:
    """Each municipality's newest answers up to and including a wave."""
    if wave == "2015":
        return {code: from_items(items) for code, items in solve().chosen.items() if items}
    known = dict(latest(str(int(wave) - 1)))
    for one in respondents(wave):
        if one.status == "completed":  # a second respondent comes after the first
            known[one.code] = one.answers
    return known


def _started_only(answers: Answers) -> Answers:
    """What somebody answered who gave up after the fourth question."""
    single = {q: a for q, a in answers.single.items() if q in ("coordinator", "unit")}
    return Answers(single, answers.forms)


@cache
def respondents(wave: str) -> tuple[Respondent, ...]:
    """Every row of a later wave, by municipality; a second respondent follows the first."""
    before = latest(str(int(wave) - 1))
    members = invited(wave)
    found: list[Respondent] = []
    for member in members:
        dice = Dice(f"respondent/{wave}/{member.code}")
        answers = _next(wave, member, before.get(member.code, Answers()), dice)
        is_sure = member.code in CASES or member.residents > SURE_ABOVE
        is_in = is_sure or dice.chance(RESPONSE_RATE)
        status: Status = "completed" if is_in else dice.weighted(UNANSWERED)
        if status == "some_answers":
            answers = _started_only(answers)
        elif status != "completed":
            answers = Answers()
        found.append(respondent(wave, len(found), member.code, status, answers, dice))
    if wave == TWICE:
        _add_second(wave, members, found)
    if wave == OUTSIDER:
        _add_outsider(wave, found)
    sizes = {member.code: member.is_large for member in members}

    def change(one: Respondent, question: str, answer: str) -> None:
        one.answers.single[question] = answer
        if question == "time":
            dice = Dice(f"hours again/{wave}/{one.code}")
            one.answers.hours = _hours(answer, is_large=sizes[one.code], dice=dice)

    make_printable(wave, found, change)
    return tuple(found)


def _add_second(wave: str, members: tuple[Member, ...], found: list[Respondent]) -> None:
    """Two people of one municipality complete the survey; the later one counts."""
    dice = Dice(f"second/{wave}")
    first = dice.pick([r for r in found if r.status == "completed" and r.code not in CASES])
    member = next(m for m in members if m.code == first.code)
    answers = replace(_next(wave, member, first.answers, dice), comment="")
    second = respondent(wave, len(found) + 1, first.code, "completed", answers, dice)
    second.started = (first.closed or first.created) + timedelta(days=dice.whole(2, 9))
    second.closed = second.started + timedelta(seconds=dice.whole(300, 1_500))
    found.insert(found.index(first) + 1, second)


def _add_outsider(wave: str, found: list[Respondent]) -> None:
    """A municipality without a plan answers through an open link."""
    dice = Dice(f"outsider/{wave}")
    answers = Answers(
        {"coordinator": "no", "same": "no", "frequency": "rarely"}, frozenset({"cash"})
    )
    found.append(respondent(wave, len(found) + 1, never_had_a_plan(), "completed", answers, dice))
