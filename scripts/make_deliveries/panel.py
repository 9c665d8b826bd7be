"""Which municipalities have plans, when, how many, and how many people live there.

Which 44 had plans in 2015 was never published, so they are drawn; the five case municipalities of
the report (Bilag 1, L1190-) are among them with their published facts. What the plans are is
`register`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.reference import Municipality, municipalities, municipality

INVITED_2015 = 44
LARGE_2015 = 16
LARGE_FROM = 4_001
LEFT_IN = {"2015H2": 2, "2016H2": 3}
JOINED_IN = {"2015H2": 3, "2016H2": 2}
CITIES = ("Storby", "Provinsby")
COPENHAGEN = "101"
SMALLEST_WITH_PLANS = 20_000
LISTED_WEIGHT = 8.0


@dataclass(frozen=True)
class Member:
    """A municipality with plans at some time between 2015 and 2017."""

    municipality: Municipality
    residents: int
    plans: int
    first_year: int
    organisations: int
    joined: str = ""
    left: str = ""
    grows: bool = False
    shrinks: bool = False

    @property
    def code(self) -> str:
        """The official code."""
        return self.municipality.code

    @property
    def was_in_2015(self) -> bool:
        """Whether it was one of the 44."""
        return not self.joined

    @property
    def is_large(self) -> bool:
        """The report's size class in 2015 (L180, note 3)."""
        return self.residents >= LARGE_FROM


# Bilag 1: residents in plan areas, active plans, first calendar year with a plan, organisations.
CASES: dict[str, tuple[int, int, int, int]] = {
    "461": (14_472, 6, 2007, 15),
    "259": (5_219, 1, 2007, 5),
    "165": (3_228, 1, 2007, 3),
    "540": (3_008, 1, 2010, 7),
    "657": (2_159, 2, 2007, 4),
}


def organisations_of(one: Municipality) -> int:
    """How many housing organisations a municipality has: Bilag 1's count, or by population."""
    if one.code in CASES:
        return CASES[one.code][3]
    dice = Dice(f"organisations/{one.code}")
    return min(12, max(1, round(one.population / 22_000) + dice.whole(0, 2)))


def _drawn(dice: Dice, taken: set[str], count: int) -> list[Municipality]:
    """More municipalities: the larger the likelier, those with a listed area above all."""
    weights = {
        one.code: one.population * (LISTED_WEIGHT if one.has_listed_area else 1.0)
        for one in municipalities()
        if one.code not in taken and one.population >= SMALLEST_WITH_PLANS
    }
    drawn = []
    for _ in range(count):
        code = dice.weighted(weights)
        del weights[code]
        drawn.append(municipality(code))
    return drawn


def _member(one: Municipality, *, is_large: bool, joined: str = "") -> Member:
    dice = Dice(f"member/{one.code}")
    if one.code in CASES:
        residents, plans, first_year, organisations = CASES[one.code]
        return Member(one, residents, plans, first_year, organisations)
    if is_large:
        residents = int(max(4_350 + dice.whole(0, 900), one.population * dice.between(0.035, 0.06)))
    else:
        residents = int(
            min(3_700 - dice.whole(0, 400), max(650, one.population * dice.between(0.02, 0.07)))
        )
    plans = max(1, min(11, round(residents / dice.between(2_300, 3_400))))
    first_year = int(joined[:4]) if joined else dice.whole(2006, 2013)
    return Member(one, residents, plans, first_year, organisations_of(one), joined=joined)


def _by_population(members: list[Member]) -> list[Member]:
    return sorted(members, key=lambda member: (-member.municipality.population, member.code))


@cache
def panel() -> tuple[Member, ...]:
    """Everyone with plans between 2015 and 2017, by code; 44 of them in 2015, 16 of these large."""
    dice = Dice("panel")
    chosen = [
        one
        for one in municipalities()
        if one.code in CASES or one.code == COPENHAGEN or one.kind in CITIES
    ]
    chosen += _drawn(dice, {one.code for one in chosen}, INVITED_2015 - len(chosen))
    large_cases = {code for code, facts in CASES.items() if facts[0] >= LARGE_FROM}
    by_population = sorted(
        (one for one in chosen if one.code not in CASES), key=lambda one: -one.population
    )
    large = large_cases | {one.code for one in by_population[: LARGE_2015 - len(large_cases)]}
    members = {one.code: _member(one, is_large=one.code in large) for one in chosen}

    small = [m for m in members.values() if not m.is_large and m.code not in CASES]
    leavers = dice.sample(_by_population(small)[5:], sum(LEFT_IN.values()))
    halves = [half for half, count in LEFT_IN.items() for _ in range(count)]
    for member, half in zip(leavers, halves, strict=True):
        members[member.code] = replace(member, left=half, plans=1)
    stayers = [m for m in _by_population(small) if not members[m.code].left]
    grower = next(m for m in stayers if 2_300 <= m.residents <= 3_500)
    members[grower.code] = replace(grower, grows=True)
    shrinker = min(
        (m for m in members.values() if m.is_large and m.code not in CASES),
        key=lambda m: (m.residents, m.code),
    )
    members[shrinker.code] = replace(shrinker, plans=2, shrinks=True)

    joiners = _drawn(dice, set(members), sum(JOINED_IN.values()))
    halves = [half for half, count in JOINED_IN.items() for _ in range(count)]
    for one, half in zip(joiners, halves, strict=True):
        members[one.code] = _member(one, is_large=False, joined=half)
    return tuple(members[code] for code in sorted(members))


def invited(wave: str) -> tuple[Member, ...]:
    """The municipalities with an active plan when the wave was sent out (every spring)."""
    gone = {"2015": (), "2016": ("2015H2",), "2017": ("2015H2", "2016H2")}[wave]
    return tuple(m for m in panel() if m.left not in gone and (not m.joined or m.joined in gone))
