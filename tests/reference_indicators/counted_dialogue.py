"""The styringsdialog's figures (I09), from the lists and the minutes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import comb

from counted_survey import waves_of
from evidence_rows import Cell, Evidence, Figures, Row, figure, share

ANY_SOCIAL = "any_social"
Key = tuple[str, str, date]


@dataclass
class Meeting:
    """A municipality and a housing organisation on a day."""

    municipality_code: str
    organisation: str
    year: int
    topics: set[str] = field(default_factory=set)


def meetings_of(evidence: Evidence) -> list[Meeting]:
    """Every registered meeting; the lists say to which year it belongs, else its minutes."""
    found: dict[Key, Meeting] = {}
    for row in sorted(evidence.listed_topics, key=lambda r: r["meeting_year"]):
        _note(found, row, row["meeting_year"])
    for row in sorted(evidence.minute_topics, key=lambda r: r["period"]):
        _note(found, row, int(row["period"]))
    return list(found.values())


def _note(found: dict[Key, Meeting], row: Row, year: int) -> None:
    organisation = row["housing_organisation"].strip().lower()
    key = (row["municipality_code"], organisation, row["meeting_date"])
    meeting = found.setdefault(key, Meeting(row["municipality_code"], organisation, year))
    meeting.topics.add(row["topic"])


def count_i09(evidence: Evidence) -> Figures:
    """Topics by year, and by whether one person coordinates both."""
    meetings = meetings_of(evidence)
    same_person = {
        (wave.name, code): row["same_person_coordinates"]
        for wave in waves_of(evidence)
        if "same_person_coordinates" in wave.asked
        for code, row in wave.answers.items()
    }
    breaks = {w.name for w in waves_of(evidence) if "same_person_coordinates" in w.breaks}
    figures: Figures = {}
    for year in {meeting.year for meeting in meetings}:
        groups: dict[tuple[str, str], list[Meeting]] = {}
        for meeting in meetings:
            if meeting.year != year:
                continue
            groups.setdefault(("all", "all"), []).append(meeting)
            answer = same_person.get((str(year), meeting.municipality_code))
            if answer is not None:
                groups.setdefault(("same_person", answer), []).append(meeting)
        broken = "B" if str(year) in breaks else "A"
        for (breakdown, group), those in groups.items():
            status = broken if breakdown == "same_person" else "A"
            figures |= _of_group(evidence, those, ("I09", str(year), breakdown, group), status)
        one, two = (
            discussed_by(evidence, groups.get(("same_person", g), ())) for g in ("yes", "no")
        )
        if one and two:
            figures |= _compared(evidence, one, two, str(year), broken)
    return figures


def discussed_by(evidence: Evidence, meetings: Iterable[Meeting]) -> dict[str, set[str]]:
    """What each municipality discussed; any social topic is one more."""
    discussed: dict[str, set[str]] = {}
    for meeting in meetings:
        topics = discussed.setdefault(meeting.municipality_code, set())
        topics |= meeting.topics
        if any(evidence.is_social[topic] for topic in meeting.topics):
            topics.add(ANY_SOCIAL)
    return discussed


def _compared(
    evidence: Evidence,
    one: Mapping[str, set[str]],
    two: Mapping[str, set[str]],
    period: str,
    status: str,
) -> Figures:
    """Municipalities where one person coordinates both, against those where two do."""
    figures: Figures = {}
    base = len(one) + len(two)
    for category in (*evidence.is_social, ANY_SOCIAL):
        yes = sum(category in topics for topics in one.values())
        no = sum(category in topics for topics in two.values())
        against = no * (len(one) - yes)
        p = fisher_exact(yes, len(one), no, len(two))
        told = {
            "difference_pct_points": 100 * (Fraction(yes, len(one)) - Fraction(no, len(two))),
            "odds_ratio": Fraction(yes * (len(two) - no), against) if against else None,
            "fisher_exact_p": p,
            "may_be_chance": p >= Fraction(5, 100),
        }
        for measure, value in told.items():
            cell = Cell("I09", period, "same_person", "yes_against_no", category, measure)
            figures[cell] = figure(None, base, value, status)
    return figures


def fisher_exact(yes: int, ones: int, no: int, twos: int) -> Fraction:
    """How likely a table with these margins is that is no likelier than this one."""
    found = yes + no
    ways = {
        k: comb(ones, k) * comb(twos, found - k)
        for k in range(max(0, found - twos), min(ones, found) + 1)
    }
    return Fraction(sum(n for n in ways.values() if n <= ways[yes]), comb(ones + twos, found))


def _of_group(
    evidence: Evidence, meetings: Iterable[Meeting], about: tuple[str, str, str, str], status: str
) -> Figures:
    meetings = list(meetings)
    discussed = discussed_by(evidence, meetings)
    per_meeting = [sum(evidence.is_social[topic] for topic in m.topics) for m in meetings]
    figures = {
        Cell(*about, topic, "share_pct"): share(
            sum(topic in topics for topics in discussed.values()), len(discussed), status
        )
        for topic in (*evidence.is_social, ANY_SOCIAL)
    }
    total = sum(per_meeting)
    mean = figure(total, len(per_meeting), total / len(per_meeting), status)
    figures[Cell(*about, "social", "topics_per_meeting")] = mean
    return figures
