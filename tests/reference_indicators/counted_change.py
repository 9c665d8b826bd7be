"""I15: every share between two waves that follow each other, on who answered both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from counted_plans import size_of
from counted_survey import CLOSED, QUESTIONS, SEVERAL, Wave, answer_to, waves_of
from evidence_rows import HOURS_PER_FTE, Cell, Evidence, Figure, Figures, figure, share
from scipy.special import bdtr

CHANCE_FROM = 0.05
"""A mid-p from here on may be chance."""

HOURS = "coordinator_hours_per_week"
BY_HOURS = {("2016", "2017"): "coordinator_time_band"}
"""Pairs of waves in which the bands are read from the hours (the seed survey_bridges)."""
MISSING = Figure(None, None, None, "M")
STOPPED = Figure(None, None, None, "B")


@dataclass(frozen=True)
class Compared:
    """A category in two waves: who answered the question, and whether he is in the category."""

    question: str
    category: str
    before: Mapping[str, bool]
    after: Mapping[str, bool]
    is_broken: bool


def count_i15(evidence: Evidence) -> Figures:
    figures: Figures = {}
    waves = sorted((w for w in waves_of(evidence) if w.answers), key=lambda wave: wave.name)
    for before, after in pairwise(waves):
        for compared in _compared(before, after):
            figures |= _changes(before, after, compared)
    return figures


def _compared(before: Wave, after: Wave) -> Iterator[Compared]:
    for _, _, field, categories in CLOSED:
        read = HOURS if BY_HOURS.get((before.name, after.name)) == field else field
        sides = [_answers(wave, read) for wave in (before, after)]
        if all(sides):
            for category in categories:
                told = [{c: a == category for c, a in side.items()} for side in sides]
                yield Compared(field, category, *told, read in after.breaks)
    for _, question in SEVERAL:
        for field in QUESTIONS[question]:
            told = [_choices(wave, question, field) for wave in (before, after)]
            if all(told):
                category = field.removeprefix("cofinancing_")
                yield Compared(question, category, *told, field in after.breaks)


def _answers(wave: Wave, field: str) -> dict[str, object]:
    """What each municipality answered, hours as bands; nothing where it was not asked."""
    if field not in wave.asked:
        return {}
    given = {code: answer_to(field, row) for code, row in wave.answers.items()}
    answered = {code: answer for code, answer in given.items() if answer is not None}
    return {c: _band(float(a)) for c, a in answered.items()} if field == HOURS else answered


def _band(hours: float) -> str:
    if hours >= HOURS_PER_FTE:
        return "full_time_or_more"
    return "half_to_full_time" if 2 * hours > HOURS_PER_FTE else "half_time_or_less"


def _choices(wave: Wave, question: str, field: str) -> dict[str, bool]:
    """Whether each municipality that answered the question chose this; nothing if not asked."""
    asked = [each for each in QUESTIONS[question] if each in wave.asked]
    return {
        code: row[field] is True
        for code, row in wave.answers.items()
        if field in asked and any(row[each] is not None for each in asked)
    }


def _size(before: Wave, after: Wave, code: str, told: Compared) -> str:
    was, its = (size_of(wave.residents.get(code)) for wave in (before, after))
    if code not in told.before:
        return its
    if code not in told.after:
        return was
    if "unknown" in (was, its):
        return "unknown"
    return its if was == its else "moved"


def _changes(before: Wave, after: Wave, told: Compared) -> Figures:
    everyone = told.before.keys() | told.after.keys()
    sizes = {code: _size(before, after, code, told) for code in everyone}
    groups = [("all", "all", set(everyone))]
    groups += [
        ("size", size, {code for code, its in sizes.items() if its == size})
        for size in set(sizes.values())
    ]
    figures: Figures = {}
    for breakdown, group, members in groups:
        panel = members & told.before.keys() & told.after.keys()
        about = ("I15", f"{before.name}/{after.name}", breakdown, group)
        counts = {
            "panel": len(panel),
            "joiners": len(members - told.before.keys()),
            "leavers": len(members - told.after.keys()),
            "size_movers": sum(sizes[code] == "moved" for code in panel),
        }
        if breakdown == "size":
            del counts["size_movers"]
        for measure, count in counts.items():
            figures[Cell(*about, told.question, measure)] = figure(count, None, count)
        category = f"{told.question}__{told.category}"
        for measure, found in _measured(told, panel).items():
            figures[Cell(*about, category, measure)] = found
    return figures


def _measured(told: Compared, panel: set[str]) -> dict[str, Figure]:
    pairs = [(told.before[code], told.after[code]) for code in panel]
    n, both = len(pairs), pairs.count((True, True))
    gained, lost = pairs.count((False, True)), pairs.count((True, False))
    exact, mid = mcnemar(gained, lost)
    measured = {
        "share_before_pct": share(both + lost, n),
        "share_after_pct": share(both + gained, n),
        "change_pct_points": share(gained - lost, n),
        "gained": figure(gained, n, gained),
        "lost": figure(lost, n, lost),
        "mcnemar_exact_p": figure(None, n, exact),
        "mcnemar_mid_p": figure(None, n, mid),
        "may_be_chance": figure(None, n, round(mid, 12) >= CHANCE_FROM),
    }
    if told.is_broken:
        return dict.fromkeys(measured, STOPPED)
    return measured if n else dict.fromkeys(measured, MISSING)


def mcnemar(gained: int, lost: int) -> tuple[float, float]:
    """The exact p and the mid-p of a fair coin, two-sided: what is seen counts whole, or half."""
    if not gained + lost:
        return 1.0, 1.0
    fewer, changed = min(gained, lost), gained + lost
    tail = bdtr(fewer, changed, 0.5)
    beyond = bdtr(fewer - 1, changed, 0.5) if fewer else 0.0
    return min(1.0, 2 * tail), min(1.0, beyond + tail)
