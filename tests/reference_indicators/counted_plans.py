"""The registers' figures: I01, I10 and I13, from the lines of the extracts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from evidence_rows import LARGE_FROM, Cell, Evidence, Figures, Row, figure, share, wave_extract

SOURCES = (
    "lbf",
    "municipality_cash",
    "municipality_staff",
    "municipality_premises",
    "municipality_other",
    "housing_organisation",
    "other",
)


@dataclass(frozen=True)
class Plan:
    """A plan as an extract tells of it."""

    case_number: str
    municipality_code: str
    grant_pool: str
    start: date
    end: date
    status: str
    homes: int
    residents: int
    amounts: Mapping[str, Decimal]
    hours: Decimal | None
    """Of municipal staff; none without a staff line, unknown where that tells no hours."""

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), Decimal())

    @property
    def local(self) -> Decimal:
        return self.total - self.amounts.get("lbf", Decimal())


def plans_by_extract(evidence: Evidence) -> dict[date, list[Plan]]:
    """The plans of every extract, oldest extract first."""
    ordered = sorted(evidence.lines, key=lambda r: (r["extract_date"], r["case_number"]))
    found: dict[date, list[Plan]] = {}
    for (day, case), lines in groupby(ordered, lambda r: (r["extract_date"], r["case_number"])):
        found.setdefault(day, []).append(_plan(case, list(lines)))
    return found


def _plan(case: str, lines: list[Row]) -> Plan:
    first = lines[0]
    staff = [line["staff_hours"] for line in lines if line["financing_source"] == SOURCES[2]]
    return Plan(
        case,
        first["municipality_code"],
        first["grant_pool"],
        first["grant_start"],
        first["grant_end"],
        first["status"],
        first["homes"],
        first["residents"],
        {line["financing_source"]: line["amount_kr"] for line in lines},
        staff[0] if staff else Decimal(),
    )


def active(plans: Iterable[Plan]) -> list[Plan]:
    return [plan for plan in plans if plan.status == "active"]


def residents_by_municipality(plans: Iterable[Plan]) -> dict[str, int]:
    """Residents of areas with an active plan; a municipality without one is not in it."""
    found: dict[str, int] = {}
    for plan in active(plans):
        code = plan.municipality_code
        found[code] = found.get(code, 0) + plan.residents
    return found


def size_of(residents: int | None) -> str:
    if residents is None:
        return "unknown"
    return "large" if residents >= LARGE_FROM else "small"


def count_i01(evidence: Evidence) -> Figures:
    """Municipalities with an active plan, at the extract of each wave's own year."""
    extracts = plans_by_extract(evidence)
    figures: Figures = {}
    for wave in evidence.waves:
        day = wave_extract(wave, extracts)
        if day is None or str(day.year) != wave["wave"]:
            continue
        for breakdown, group, members in _groups_of_municipalities(evidence):
            plans = [plan for plan in active(extracts[day]) if plan.municipality_code in members]
            having = len({plan.municipality_code for plan in plans})
            told = {
                "municipalities": having,
                "plans": len(plans),
                "homes": sum(plan.homes for plan in plans),
                "residents": sum(plan.residents for plan in plans),
            }
            about = ("I01", wave["wave"], breakdown, group, "all")
            for measure, number in told.items():
                # no base of what is no part of the municipalities
                base = len(members) if measure == "municipalities" else None
                figures[Cell(*about, measure)] = figure(number, base, number)
            figures[Cell(*about, "share_pct")] = share(having, len(members))
            if breakdown == "all":
                figures[Cell(*about, "plan_areas")] = figure(None, None, None)
    return figures


def _groups_of_municipalities(evidence: Evidence) -> Iterator[tuple[str, str, set[str]]]:
    everywhere = evidence.municipalities
    yield "all", "all", set(everywhere)
    for breakdown in ("region", "municipality_type"):
        for group in {row[breakdown] for row in everywhere.values()}:
            yield breakdown, group, {c for c, r in everywhere.items() if r[breakdown] == group}


def count_i10(evidence: Evidence) -> Figures:
    """Residents of areas with an active plan, of all inhabitants on 1 January of that year."""
    figures: Figures = {}
    groups = [g for g in _groups_of_municipalities(evidence) if g[0] != "municipality_type"]
    groups += [("municipality", code, {code}) for code in evidence.municipalities]
    for day, plans in plans_by_extract(evidence).items():
        residents = residents_by_municipality(plans)
        for breakdown, group, members in groups:
            living = [evidence.population.get((code, day.year)) for code in members]
            base = None if None in living else sum(n for n in living if n is not None)
            number = sum(residents.get(code, 0) for code in members)
            about = ("I10", str(day), breakdown, group, "all")
            figures[Cell(*about, "residents")] = figure(number, base, number)
            figures[Cell(*about, "share_pct")] = share(number, base)
    return figures


def count_i13(evidence: Evidence) -> Figures:
    """Plans by calendar year, by the grants of the newest extract that tells of each."""
    extracts = plans_by_extract(evidence)
    if not extracts:
        return {}
    newest = max(extracts)
    latest = {plan.case_number: plan for plans in extracts.values() for plan in plans}
    granted = [plan for plan in latest.values() if plan.status != "prequalified"]
    groups: dict[tuple[str, str], list[Plan]] = {}
    for plan in granted:
        if plan.start <= newest:
            groups.setdefault(("all", "all"), []).append(plan)
            groups.setdefault(("grant_pool", plan.grant_pool), []).append(plan)
    first = min((plan.start.year for plan in granted), default=newest.year + 1)
    figures: Figures = {}
    for (breakdown, group), plans in groups.items():
        years_with_plans = 0
        for year in range(first, newest.year + 1):
            told: dict[str, Any] = {
                "plans_started": sum(p.start.year == year for p in plans),
                "plans_ended": sum(p.end.year == year and p.end <= newest for p in plans),
                "plans_continued": sum(p.start.year < year < p.end.year for p in plans),
                "plans_running": sum(p.start.year <= year <= p.end.year for p in plans),
            }
            years_with_plans += told["plans_running"] > 0
            told["years_with_plans"] = years_with_plans
            status = "P" if newest < date(year, 12, 31) else "A"
            for measure, number in told.items():
                cell = Cell("I13", str(year), breakdown, group, "all", measure)
                figures[cell] = figure(number, None, number, status)
    return figures
