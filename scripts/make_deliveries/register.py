"""The made-up content of the driftsstøtte system: every plan from 2006 on, and its state on a date.

Plans come in chains: one area, one plan after the other. The areas with a plan on 30 June 2015 make
up the panel's facts (`panel`). Money is `financing`; files are `register_files`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.financing import Line, draw_lines
from scripts.make_deliveries.forms import forms_2015, forms_before, forms_later
from scripts.make_deliveries.organisations import Organisation, organisations
from scripts.make_deliveries.panel import CASES, Member, panel
from scripts.make_deliveries.reference import focus_areas, municipalities, municipality

REPORT_DATE = date(2015, 6, 30)
HORIZON = date(2018, 6, 30)
LEAVES_ON = {"2015H2": date(2015, 10, 31), "2016H2": date(2016, 9, 30)}
JOINS_ON = {"2015H2": date(2015, 9, 1), "2016H2": date(2016, 9, 1)}
GROWS_ON = date(2016, 2, 1)
SHRINKS_ON = date(2016, 10, 31)
# The one plan the report dates: Køge's for four areas started in 2013 (L492).
KNOWN_STARTS = {"259": (date(2007, 1, 1), date(2013, 1, 1), date(2017, 1, 1))}
MONTHS = {48: 6.0, 36: 1.0, 42: 1.0, 54: 0.7}
FINISHED_ELSEWHERE = 7
FIRST_NAMES = ("Prøve", "Eksempel", "Syntese", "Model", "Øve", "Mønster")
LAST_NAMES = (
    "parken", "gården", "vangen", "lunden", "højen", "bakken", "engen", "toften", "kæret", "marken",
    "haven", "vænget", "skoven", "stien", "torvet", "byen",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """One community plan: a grant for an area over some years."""

    case_number: str
    name: str
    organisation: Organisation
    municipality_code: str
    pool: str
    focus_areas: tuple[str, ...]
    applied: date
    start: date
    end: date
    homes: int
    residents: int
    yearly_drift: float
    lines: tuple[Line, ...]
    stopped: date | None = None
    revised: date | None = None
    revision: float = 1.0

    def status(self, on: date) -> str | None:
        """Its state on a date; None before anyone applied for it."""
        if on < self.applied:
            return None
        if self.stopped and on >= self.stopped:
            return "stopped"
        if on < self.start:
            return "prequalified"
        return "active" if on <= self.end else "finished"

    def residents_on(self, on: date) -> int:
        """Residents as the extract of that date says; no more counting once it has finished."""
        years = (min(on, self.end) - REPORT_DATE).days / 365.25
        return (
            self.residents
            if years <= 0
            else round(self.residents * (1 + self.yearly_drift * years))
        )

    def lines_on(self, on: date) -> tuple[Line, ...]:
        """The financing, with the budget revision where one has been made."""
        if self.revised is None or on < self.revised:
            return self.lines
        return tuple(line.times(self.revision) for line in self.lines)


def pool_of(start: date) -> str:
    """The grant pool a start date falls in."""
    for last, pool in ((2006, "2006"), (2010, "2007-10"), (2014, "2011-14"), (2018, "2015-18")):
        if start.year <= last:
            return pool
    return "2019-26"


def _plus_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def periods(first: date, last: date | None, dice: Dice) -> list[tuple[date, date]]:
    """Grant periods, one after the other, from `first`; the final one ends on `last`, if given."""
    starts = [first]
    until = last or HORIZON
    while (following := _plus_months(starts[-1], dice.weighted(MONTHS))) <= until:
        starts.append(following)
    if last and len(starts) > 1 and (last - starts[-1]).days < 400:
        starts.pop()  # too short for a grant: the plan before it was prolonged
    end = last or _plus_months(starts[-1], 48) - timedelta(days=1)
    return [(a, b - timedelta(days=1)) for a, b in pairwise(starts)] + [(starts[-1], end)]


def _names() -> Iterator[str]:
    number = 1
    while True:
        for last in LAST_NAMES:
            for first in FIRST_NAMES:
                yield f"{first}{last} {number}" if number > 1 else f"{first}{last}"
        number += 1


def _shares(total: int, count: int, dice: Dice) -> list[int]:
    """`total` residents divided over that many areas."""
    weights = sorted((dice.between(0.7, 1.4) for _ in range(count)), reverse=True)
    parts = [int(total * weight / sum(weights)) for weight in weights]
    parts[0] += total - sum(parts)
    return parts


@dataclass(frozen=True)
class Chain:
    """An area and the periods it has had a plan in."""

    code: str
    place: int
    residents: int
    periods: tuple[tuple[date, date], ...]
    stops: bool = False


def _chains_of(member: Member) -> list[Chain]:
    dice = Dice(f"chains/{member.code}")
    parts = _shares(member.residents, member.plans, dice)
    chains = []
    for place, residents in enumerate(parts):
        if member.joined:
            first = JOINS_ON[member.joined]
        elif member.code in CASES:
            first = date(
                member.first_year if place == 0 else dice.whole(member.first_year, 2014), 1, 1
            )
        else:
            year = member.first_year if place == 0 else dice.whole(member.first_year, 2014)
            first = date(year, dice.pick((1, 1, 4, 7, 9)), 1)
        last = LEAVES_ON.get(member.left)
        if member.shrinks and place > 0:
            last = SHRINKS_ON
        known = KNOWN_STARTS.get(member.code)
        spans = (
            [(a, b - timedelta(days=1)) for a, b in pairwise((*known, date(2021, 1, 1)))]
            if known
            else periods(first, last, dice)
        )
        chains.append(Chain(member.code, place, residents, tuple(spans)))
    if member.grows:
        spans = periods(GROWS_ON, None, dice)
        chains.append(Chain(member.code, len(parts), 4_600 - member.residents, tuple(spans)))
    if member.code not in CASES and member.was_in_2015 and dice.chance(0.45):
        chains.append(_finished_chain(member.code, len(parts) + 1))
    return chains


def _finished_chain(code: str, place: int) -> Chain:
    """An area whose only plan is over before the report's date; one in six was stopped."""
    dice = Dice(f"finished/{code}/{place}")
    start = date(dice.whole(2006, 2010), dice.pick((1, 4, 7, 9)), 1)
    end = _plus_months(start, dice.pick((36, 48))) - timedelta(days=1)
    return Chain(code, place, dice.whole(600, 2_400), ((start, end),), stops=dice.chance(0.17))


def _elsewhere() -> list[Chain]:
    """Municipalities whose plans were all over by 2015."""
    here = {member.code for member in panel()}
    others = [m.code for m in municipalities() if m.code not in here and m.population > 25_000]
    return [
        _finished_chain(code, 0) for code in Dice("elsewhere").sample(others, FINISHED_ELSEWHERE)
    ]


def _plans_of(chain: Chain, name: str) -> Iterator[Plan]:
    here = organisations()[chain.code]
    for number, (start, end) in enumerate(chain.periods):
        dice = Dice(f"plan/{chain.code}/{chain.place}/{number}")
        if start <= REPORT_DATE <= end:
            forms = forms_2015(chain.code, chain.place)
        elif end < REPORT_DATE:
            forms = forms_before(dice)
        else:
            forms = forms_later(chain.code, chain.place, dice)
        pool = pool_of(start)
        themes = focus_areas(pool)
        past = end < REPORT_DATE
        residents = round(chain.residents * dice.between(0.9, 1.05)) if past else chain.residents
        years = (end - start).days / 365.25
        is_revised = dice.chance(0.07) and end > date(2016, 6, 1)
        yield Plan(
            case_number="",
            name=name,
            organisation=here[chain.place % len(here)],
            municipality_code=chain.code,
            pool=pool,
            focus_areas=tuple(sorted(dice.sample(themes, dice.whole(1, 3)), key=themes.index))
            if themes
            else (),
            applied=start - timedelta(days=dice.whole(75, 260)),
            start=start,
            end=end,
            homes=round(residents / dice.between(1.85, 2.35)),
            residents=residents,
            yearly_drift=dice.between(-0.008, 0.012),
            lines=draw_lines(residents, years, forms, dice),
            stopped=start + timedelta(days=dice.whole(300, 800)) if chain.stops else None,
            revised=date(2016, dice.whole(7, 11), 15) if is_revised else None,
            revision=round(dice.between(1.02, 1.12), 3) if is_revised else 1.0,
        )


@cache
def plans() -> tuple[Plan, ...]:
    """Every plan ever applied for, by case number."""
    names = _names()
    chains = [chain for member in panel() for chain in _chains_of(member)] + _elsewhere()
    drawn = [plan for chain in chains for plan in _plans_of(chain, next(names))]
    numbered = []
    count: dict[int, int] = {}
    for plan in sorted(drawn, key=lambda p: (p.applied, p.municipality_code, p.name)):
        year = plan.applied.year
        count[year] = count.get(year, 0) + 1
        numbered.append(replace(plan, case_number=f"{year}-{100 + 3 * count[year]:04d}"))
    return tuple(numbered)


def active_on(on: date) -> dict[str, list[Plan]]:
    """The active plans on a date, by municipality code."""
    found: dict[str, list[Plan]] = {}
    for plan in plans():
        if plan.status(on) == "active":
            found.setdefault(plan.municipality_code, []).append(plan)
    return found


def never_had_a_plan() -> str:
    """The code of a municipality that is in no extract at all."""
    seen = {plan.municipality_code for plan in plans()}
    return Dice("outsider").pick([m.code for m in municipalities() if m.code not in seen])


def municipality_name(plan: Plan) -> str:
    """The official name of the plan's municipality."""
    return municipality(plan.municipality_code).name
