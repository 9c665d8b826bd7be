"""The survey's figures: I02 to I06, I08, I11 and I12, from the answers of each wave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counted_plans import plans_by_extract, residents_by_municipality, size_of
from evidence_rows import (
    HOURS_PER_FTE,
    Cell,
    Evidence,
    Figures,
    Row,
    figure,
    share,
    wave_extract,
)

DONT_KNOW = "dont_know"
PRIORITY = ("satisfactory", "to_some_degree", "not_satisfactory", DONT_KNOW)
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "cofinancing": (
        "cofinancing_staff",
        "cofinancing_cash",
        "cofinancing_premises",
        "cofinancing_other",
    ),
    "forums": (
        "forum_strategic",
        "forum_tactical",
        "forum_operational",
        "middle_managers_take_part",
        "plan_in_municipal_plan",
    ),
} | {
    field: (field,)
    for field in (
        "coordinator_appointed",
        "coordinator_unit",
        "coordinator_time_band",
        "coordinator_hours_per_week",
        "leaders_priority",
        "politicians_priority",
        "same_person_coordinates",
        "social_topics_frequency",
        "collaboration_step",
    )
}
"""Each question with its fields; one that allows several answers has several."""
CLOSED = (
    ("I03", "share_pct", "coordinator_appointed", ("yes", "no", DONT_KNOW)),
    ("I04", "share_pct", "coordinator_unit", ("neutral_unit", "specialist_unit", DONT_KNOW)),
    (
        "I05",
        "share_pct",
        "coordinator_time_band",
        ("full_time_or_more", "half_to_full_time", "half_time_or_less", DONT_KNOW),
    ),
    ("I08", "leaders_share_pct", "leaders_priority", PRIORITY),
    ("I08", "politicians_share_pct", "politicians_priority", PRIORITY),
    (
        "I11",
        "share_pct",
        "collaboration_step",
        (
            "knowledge_sharing",
            "negative_coordination",
            "positive_coordination",
            "joint_innovation",
            DONT_KNOW,
        ),
    ),
)
"""Indicator, measure, field and answers of the questions with one answer."""
SEVERAL = (("I06", "cofinancing"), ("I12", "forums"))
TIME = ("coordinator_time_band", "coordinator_hours_per_week")


@dataclass(frozen=True)
class Wave:
    """A survey wave: who was invited, who answered what, what was asked."""

    name: str
    invited: frozenset[str]
    answers: Mapping[str, Row]
    """The answer that counts of every municipality that answered."""
    residents: Mapping[str, int]
    """In areas with an active plan, at the wave's extract."""
    asked: frozenset[str]
    breaks: frozenset[str]
    """Fields that cannot be compared with the wave before."""

    def status(self, fields: Iterable[str]) -> str:
        return "B" if self.breaks & set(fields) else "A"

    def groups(self) -> Iterator[tuple[str, str, set[str]]]:
        """All invited municipalities, and those of each size."""
        yield "all", "all", set(self.invited)
        sizes = {code: size_of(self.residents.get(code)) for code in self.invited}
        for size in set(sizes.values()):
            yield "size", size, {code for code, its in sizes.items() if its == size}


def has_coordinator(row: Row) -> bool:
    return row["coordinator_appointed"] in ("yes_one", "yes_several")


def answer_to(field: str, row: Row) -> Any:
    """An answer; where a coordinator sits is none where there is no coordinator."""
    if field == "coordinator_unit" and not has_coordinator(row):
        return None
    answer = row[field]
    if field == "coordinator_appointed" and has_coordinator(row):
        return "yes"
    return answer


def is_put_to(question: str, row: Row) -> bool:
    """Whether a municipality is to answer: on time also one that has, without a coordinator."""
    if question == "coordinator_unit" or question in TIME:
        return has_coordinator(row) or (question in TIME and row[question] is not None)
    return True


def waves_of(evidence: Evidence) -> Iterator[Wave]:
    extracts = plans_by_extract(evidence)
    calendar = {wave["wave"]: wave_extract(wave, extracts) for wave in evidence.waves}
    for name in {row["period"] for row in evidence.answers}:
        of_wave = [row for row in evidence.answers if row["period"] == name]
        book = [row for row in evidence.code_book if row["wave"] == name]
        day = calendar.get(name)
        yield Wave(
            name,
            frozenset(row["municipality_code"] for row in of_wave),
            _last_finished(of_wave),
            residents_by_municipality(extracts[day]) if day else {},
            frozenset(row["field"] for row in book if row["asked"]),
            frozenset(row["field"] for row in book if row["series_break"]),
        )


def _last_finished(answers: Iterable[Row]) -> dict[str, Row]:
    """Of several respondents of a municipality the one who finished last."""
    last: dict[str, Row] = {}

    def when(row: Row) -> tuple[bool, datetime, datetime, int]:
        finished = row["completed_at"]
        received = row["received_at"]
        return finished is not None, finished or datetime.min, received, row["row_number"]

    for row in answers:
        code = row["municipality_code"]
        if row["response_status"] == "completed" and (
            code not in last or when(row) > when(last[code])
        ):
            last[code] = row
    return last


def count_survey(evidence: Evidence) -> Figures:
    """All the survey's figures."""
    figures: Figures = {}
    counters: tuple[Callable[[Wave], Figures], ...] = (_closed, _several, _hours)
    for wave in waves_of(evidence):
        figures |= _response(wave, evidence)
        for count in counters:
            figures |= count(wave)
    return figures


def _response(wave: Wave, evidence: Evidence) -> Figures:
    figures: Figures = {}
    for breakdown, group, members in _groups_and_regions(wave, evidence):
        invited, answered = len(members), len(members & wave.answers.keys())
        about = ("I02", wave.name, breakdown, group, "all")
        figures[Cell(*about, "invited")] = figure(invited, invited, invited)
        figures[Cell(*about, "answered")] = figure(answered, invited, answered)
        figures[Cell(*about, "unit_response_pct")] = share(answered, invited)
        figures |= _items(wave, breakdown, group, members)
    return figures


def _groups_and_regions(wave: Wave, evidence: Evidence) -> Iterator[tuple[str, str, set[str]]]:
    yield from wave.groups()
    regions = {code: evidence.municipalities[code]["region"] for code in wave.invited}
    for name in set(regions.values()):
        yield "region", name, {code for code, its in regions.items() if its == name}


def _items(wave: Wave, breakdown: str, group: str, members: set[str]) -> Figures:
    figures: Figures = {}
    rows = [row for code, row in wave.answers.items() if code in members]
    for question, fields in QUESTIONS.items():
        asked = [field for field in fields if field in wave.asked]
        put_to = [row for row in rows if asked and is_put_to(question, row)]
        if not put_to:
            continue
        answered = sum(any(answer_to(f, row) is not None for f in asked) for row in put_to)
        status = wave.status(asked)
        about = ("I02", wave.name, breakdown, group, question)
        figures[Cell(*about, "item_answered")] = figure(answered, len(put_to), answered, status)
        figures[Cell(*about, "item_response_pct")] = share(answered, len(put_to), status)
    return figures


def _closed(wave: Wave) -> Figures:
    figures: Figures = {}
    for indicator, measure, field, categories in CLOSED:
        if field not in wave.asked:
            continue
        for breakdown, group, members in wave.groups():
            given = [answer_to(field, row) for c, row in wave.answers.items() if c in members]
            base = sum(answer is not None for answer in given)
            for category in categories if base else ():
                cell = Cell(indicator, wave.name, breakdown, group, category, measure)
                figures[cell] = share(given.count(category), base, wave.status([field]))
    return figures


def _several(wave: Wave) -> Figures:
    figures: Figures = {}
    for indicator, question in SEVERAL:
        asked = [field for field in QUESTIONS[question] if field in wave.asked]
        for breakdown, group, members in wave.groups():
            given = [
                row
                for code, row in wave.answers.items()
                if code in members and any(row[field] is not None for field in asked)
            ]
            about = (indicator, wave.name, breakdown, group)
            for field in asked if given else ():
                cell = Cell(*about, field.removeprefix("cofinancing_"), "share_pct")
                chosen = sum(row[field] is True for row in given)
                figures[cell] = share(chosen, len(given), wave.status([field]))
            if indicator == "I12" and given and breakdown == "all":
                figures[Cell(*about, "written_agreement", "share_pct")] = figure(None, None, None)
    return figures


def _hours(wave: Wave) -> Figures:
    field = "coordinator_hours_per_week"
    figures: Figures = {}
    if field not in wave.asked:
        return figures
    status = wave.status([field])
    for breakdown, group, members in wave.groups():
        fte = {
            code: float(row[field]) / HOURS_PER_FTE
            for code, row in wave.answers.items()
            if code in members and row[field] is not None
        }
        if not fte:
            continue
        total = sum(fte.values())
        about = ("I05", wave.name, breakdown, group, "all")
        figures[Cell(*about, "fte_total")] = figure(total, len(fte), total, status)
        figures[Cell(*about, "fte_mean")] = figure(total, len(fte), total / len(fte), status)
        # per resident: of municipalities whose residents are known
        known = {code: number for code, number in fte.items() if code in wave.residents}
        residents = sum(wave.residents[code] for code in known)
        part = sum(known.values()) if known else None
        rate = 1000 * part / residents if part is not None and residents else None
        figures[Cell(*about, "fte_per_1000_residents")] = figure(part, len(known), rate, status)
    return figures
