"""The yearly styringsdialog meetings: who met when, and what they talked about.

Every housing organisation meets its municipality about once a year. How often a topic comes up is
set so that the share of municipalities is near the evaluation the report cites (L689); where one
person coordinates both, social topics come up more often (L695). Minutes: `minutes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.evolution import latest
from scripts.make_deliveries.files import MARK, Cell, Delivery, Sheet, csv_text, single, workbook
from scripts.make_deliveries.organisations import Organisation, organisations
from scripts.make_deliveries.panel import CASES, panel
from scripts.make_deliveries.reference import Topic, municipalities, municipality, topics

YEARS = (2014, 2015, 2016, 2017)
WITHOUT_PLANS = 30
HEADINGS = (
    "År",
    "Kommunekode",
    "Kommune",
    "Boligorganisation",
    "LBF-nr",
    "Mødedato",
    "Emne",
    "Aftale",
)
# Share of municipalities that touch the topic at least once a year; the first three are L689's.
SHARE = {
    "resident_safety": 0.65,
    "resident_composition": 0.84,
    "letting_rules": 0.83,
    "accounts_economy": 0.96,
    "letting_key_figures": 0.75,
    "maintenance": 0.7,
    "efficiency": 0.4,
    "physical_condition": 0.55,
    "physical_plan": 0.5,
    "new_building": 0.45,
    "rent_level": 0.4,
    "administration": 0.35,
    "resident_democracy": 0.45,
    "follow_up": 0.8,
    "municipal_allocation": 0.5,
    "social_effort": 0.45,
    "vulnerable_areas": 0.25,
    "evictions": 0.3,
}
SHARE_UNLISTED = 0.4
MORE_SOCIAL = 1.35
NOTE = (
    "Syntetisk liste over emner i styringsdialogen; møder, organisationer og aftaler er opdigtede."
)


@dataclass(frozen=True)
class Item:
    """A topic of a meeting and whether something was agreed."""

    topic: Topic
    has_agreement: bool


@dataclass(frozen=True)
class Meeting:
    """One meeting of a municipality and a housing organisation."""

    year: int
    code: str
    organisation: Organisation
    held: date
    items: tuple[Item, ...]

    @property
    def municipality_name(self) -> str:
        """The official name."""
        return municipality(self.code).name


@cache
def reporting() -> tuple[str, ...]:
    """The municipalities that report: all with plans, and some without."""
    with_plans = {member.code for member in panel()}
    others = [one.code for one in municipalities() if one.code not in with_plans]
    return tuple(sorted(with_plans | set(Dice("reporting").sample(others, WITHOUT_PLANS))))


def _same_person(year: int, code: str) -> bool:
    wave = str(min(max(year, 2015), 2017))
    answers = latest(wave).get(code)
    return answers is not None and answers.single.get("same") == "yes"


def _topics_of(year: int, code: str) -> list[Topic]:
    """What the municipality's meetings of the year touch: mostly the same as the year before."""
    found = []
    for topic in topics():
        leaning = Dice(f"leaning/{code}/{topic.code}").unit()
        this_year = Dice(f"leaning/{code}/{topic.code}/{year}")
        place = leaning if this_year.chance(0.8) else this_year.unit()
        if place < SHARE.get(topic.code, SHARE_UNLISTED):
            found.append(topic)
    return found or [topics()[0]]


def _held(year: int, dice: Dice) -> date:
    """Mostly in the autumn; never at a weekend."""
    first = date(year, 9, 1) if dice.chance(0.75) else date(year, 3, 1)
    held = first + timedelta(days=dice.whole(0, 95))
    return held - timedelta(days=max(0, held.weekday() - 4))


def _meetings_of(year: int, code: str) -> list[Meeting]:
    dice = Dice(f"meetings/{year}/{code}")
    everyone = organisations()[code]
    all_meet = code in CASES and year == 2015  # Bilag 1 counts the organisations of 2015
    here = [one for one in everyone if all_meet or dice.chance(0.92)] or [everyone[0]]
    chosen: dict[Organisation, list[Topic]] = {one: [] for one in here}
    more = MORE_SOCIAL if _same_person(year, code) else 1.0
    for topic in _topics_of(year, code):
        likely = 0.42 * (more if topic.is_social else 1.0)
        takes = [one for one in here if dice.chance(likely)] or [dice.pick(here)]
        for one in takes:
            chosen[one].append(topic)
    return [
        Meeting(
            year,
            code,
            one,
            _held(year, dice),
            tuple(Item(topic, dice.chance(0.4)) for topic in touched or [topics()[0]]),
        )
        for one, touched in chosen.items()
    ]


@cache
def meetings(year: int) -> tuple[Meeting, ...]:
    """All meetings of a year, by municipality and organisation."""
    return tuple(meeting for code in reporting() for meeting in _meetings_of(year, code))


def rows(year: int) -> list[list[str]]:
    """The list of a year: a row a meeting and topic."""
    return [
        [
            str(year),
            meeting.code,
            meeting.municipality_name,
            meeting.organisation.name,
            meeting.organisation.lbf_number,
            meeting.held.strftime("%d-%m-%Y"),
            item.topic.label,
            "ja" if item.has_agreement else "nej",
        ]
        for meeting in meetings(year)
        for item in meeting.items
    ]


def title(year: int) -> str:
    """The line above the table."""
    return f"Styringsdialog {year}: drøftede emner – SYNTETISKE DATA"


def list_csv(year: int, body: list[list[str]], encoding: str) -> bytes:
    """A list as semicolon text."""
    text = f"{title(year)}\r\n" + csv_text([list(HEADINGS), *body])
    return text.encode(encoding)


def list_workbook(year: int) -> bytes:
    """A list as a workbook with true years and dates."""
    table: list[list[Cell]] = [[title(year)], list(HEADINGS)]
    for row in rows(year):
        held = date(int(row[5][6:]), int(row[5][3:5]), int(row[5][:2]))
        table.append([year, *row[1:5], held, *row[6:]])
    return workbook([Sheet("Emner", table)], f"Styringsdialog {year}")


def list_name(year: int, suffix: str) -> str:
    """The name of a year's list."""
    return f"styringsdialog_emner_{year}_{MARK}.{suffix}"


def deliveries() -> list[Delivery]:
    """The four lists."""
    encodings = {2014: "cp1252", 2015: "utf-8-sig", 2017: "utf-8"}
    found = [
        single(
            "styringsdialog",
            str(year),
            list_name(year, "csv"),
            list_csv(year, rows(year), encoding),
            NOTE,
        )
        for year, encoding in encodings.items()
    ]
    found.append(
        single("styringsdialog", "2016", list_name(2016, "xlsx"), list_workbook(2016), NOTE)
    )
    return found
