"""In which forms a municipality co-finances each of its plans.

The plans running on 30 June 2015 use exactly the forms the municipality names in the 2015 survey,
so that the register and the survey tell one story; earlier and later plans are drawn around that.
"""

from __future__ import annotations

from functools import cache

from scripts.make_deliveries.constraints import FORMS
from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.panel import panel
from scripts.make_deliveries.reconstruction import solve

NAMES = tuple(form.removeprefix("form.") for form in FORMS)
USUAL = {"staff": 0.65, "cash": 0.5, "premises": 0.35, "other": 0.12}


def _not_empty(forms: set[str]) -> frozenset[str]:
    return frozenset(forms or {"cash"})


@cache
def named_in_2015(code: str) -> frozenset[str]:
    """The forms of the survey; where nobody answered, staff hours and what is usual.

    With staff hours in the three that did not answer, 40 of the 44 municipalities have them in the
    register: the 91 per cent "of the 44" of L341, which the survey alone cannot give.
    """
    answers = solve().chosen.get(code, frozenset())
    if answers:
        return frozenset(name for name in NAMES if f"form.{name}" in answers)
    dice = Dice(f"forms/{code}")
    return frozenset({"staff"} | {name for name in NAMES if dice.chance(USUAL[name] / 2)})


@cache
def _all_2015(code: str) -> tuple[frozenset[str], ...]:
    """The forms of each plan of 2015: together all that were named."""
    count = next((member.plans for member in panel() if member.code == code), 1)
    named = sorted(named_in_2015(code))
    dice = Dice(f"forms/2015/{code}")
    plans: list[set[str]] = [set() for _ in range(count)]
    for number, form in enumerate(named):
        plans[number % count].add(form)
    for plan in plans:
        likely = {form: 0.85 if form == "staff" else 0.4 for form in named}
        plan |= {form for form, chance in likely.items() if dice.chance(chance)}
        if not plan:
            plan.add(dice.pick(named))
    return tuple(frozenset(plan) for plan in plans)


def forms_2015(code: str, place: int) -> frozenset[str]:
    """The forms of the plan running in that area on 30 June 2015."""
    return _all_2015(code)[place]


def forms_before(dice: Dice) -> frozenset[str]:
    """The forms of a plan that is over by 2015."""
    return _not_empty({name for name in NAMES if dice.chance(USUAL[name])})


def forms_later(code: str, place: int, dice: Dice) -> frozenset[str]:
    """The forms of a plan that starts after the report: mostly those of the one before."""
    known = _all_2015(code)
    before = known[place] if place < len(known) else known[0]
    kept = {form for form in NAMES if form in before and not dice.chance(0.15)}
    return _not_empty(kept | ({"staff"} if dice.chance(0.2) else set()))
