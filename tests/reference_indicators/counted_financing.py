"""The financing of plans (I07): by extract, and spread over the grants' calendar years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from counted_plans import (
    SOURCES,
    Plan,
    active,
    plans_by_extract,
    residents_by_municipality,
    size_of,
)
from evidence_rows import Cell, Evidence, Figures, figure, share

Group = tuple[str, str]
OF_ONE_MUNICIPALITY = ("lbf", "local", "all")
"""What is published of a single municipality's kroner."""
PLAUSIBLE_HOUR_KR = (150, 800)
STAFF = "municipality_staff"


def count_i07(evidence: Evidence) -> Figures:
    """Kroner, shares, hours and their price."""
    extracts = plans_by_extract(evidence)
    figures: Figures = {}
    for day, everything in extracts.items():
        for group, plans in _grouped(evidence, everything, active(everything)).items():
            about = ("I07", str(day), *group)
            figures |= _kroner(about, _by_source(plan.amounts for plan in plans), len(plans))
            figures |= _plans(about, plans)
    return figures | _by_year(evidence, extracts)


def _grouped(
    evidence: Evidence, everything: Iterable[Plan], plans: Iterable[Plan]
) -> dict[Group, list[Plan]]:
    """The plans by all they are broken down by; sizes are those of the whole extract."""
    residents = residents_by_municipality(everything)
    groups: dict[Group, list[Plan]] = {}
    for plan in plans:
        code = plan.municipality_code
        municipality = evidence.municipalities[code]
        for group in (
            ("all", "all"),
            ("grant_pool", plan.grant_pool),
            ("region", municipality["region"]),
            ("municipality_type", municipality["municipality_type"]),
            ("size", size_of(residents.get(code))),
            ("municipality", code),
        ):
            groups.setdefault(group, []).append(plan)
    return groups


def _by_source(amounts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Kroner by who pays, with the local part and all."""
    kroner = dict.fromkeys(SOURCES, Decimal())
    for of_plan in amounts:
        for source, amount in of_plan.items():
            kroner[source] += amount
    total = sum(kroner.values(), Decimal())
    return kroner | {"local": total - kroner["lbf"], "all": total}


def _kroner(
    about: tuple[str, str, str, str],
    kroner: Mapping[str, Decimal],
    plans: int,
    measures: tuple[str, str] = ("amount_kr", "share_pct"),
    status: str = "A",
) -> Figures:
    figures: Figures = {}
    for source, amount in kroner.items():
        if about[2] == "municipality" and source not in OF_ONE_MUNICIPALITY:
            continue
        figures[Cell(*about, source, measures[0])] = figure(amount, plans, amount, status)
        if source != "all":
            figures[Cell(*about, source, measures[1])] = share(amount, kroner["all"], status)
    return figures


def _plans(about: tuple[str, str, str, str], plans: list[Plan]) -> Figures:
    number = len(plans)
    # a plan without kroner has no local share
    shared = [plan for plan in plans if plan.total]
    at_floor = sum(4 * plan.local >= plan.total for plan in shared)
    told: dict[tuple[str, str], Any] = {
        ("all", "plans"): figure(number, number, number),
        ("all", "plans_local_25_pct"): share(at_floor, number),
        ("all", "plans_below_25_pct"): share(len(shared) - at_floor, number),
    }
    known = [plan.hours for plan in plans if plan.hours is not None]
    hours = sum(known, Decimal()) if known else None
    told[STAFF, "staff_hours"] = figure(hours, number, hours)
    # a price has both: kroner that are told and hours that are told
    staffed = [(plan.amounts[STAFF], plan.hours) for plan in plans if STAFF in plan.amounts]
    priced = [(kroner, its) for kroner, its in staffed if its is not None]
    paid = sum((kroner for kroner, _ in priced), Decimal()) if priced else None
    worked = sum(its for _, its in priced)
    price = paid / worked if paid is not None and worked else None
    told[STAFF, "staff_hour_kr"] = figure(paid, len(priced), price)
    odd = sum(_is_implausible(kroner, its) for kroner, its in priced)
    told[STAFF, "plans_staff_hour_implausible"] = figure(odd, len(staffed), odd)
    return {Cell(*about, *of): its for of, its in told.items()}


def _is_implausible(kroner: Decimal, hours: Decimal) -> bool:
    lowest, highest = PLAUSIBLE_HOUR_KR
    return kroner < lowest * hours or kroner > highest * hours


def _by_year(evidence: Evidence, extracts: Mapping[date, list[Plan]]) -> Figures:
    """Each grant spread over its days, as the newest extract that holds the plan tells it."""
    seen = {plan.case_number: day for day, plans in extracts.items() for plan in plans}
    years: dict[tuple[int, Group], list[Mapping[str, Decimal]]] = {}
    for day, everything in extracts.items():
        granted = [
            plan
            for plan in everything
            if seen[plan.case_number] == day and plan.status != "prequalified"
        ]
        for group, plans in _grouped(evidence, everything, granted).items():
            if group[0] == "municipality":
                continue
            for plan in plans:
                for year, amounts in _spread(plan):
                    years.setdefault((year, group), []).append(amounts)
    figures: Figures = {}
    for (year, group), parts in years.items():
        status = "P" if date(year, 12, 31) > max(extracts) else "A"
        figures |= _kroner(
            ("I07", str(year), *group),
            _by_source(parts),
            len(parts),
            ("year_amount_kr", "year_share_pct"),
            status,
        )
    return figures


def _spread(plan: Plan) -> Iterator[tuple[int, dict[str, Decimal]]]:
    """What is due by the end of a year, less what was due before, each to the øre."""
    days = (plan.end - plan.start).days + 1
    before = dict.fromkeys(plan.amounts, Decimal())
    for year in range(plan.start.year, plan.end.year + 1):
        passed = (min(plan.end, date(year, 12, 31)) - plan.start).days + 1
        due = {s: _to_the_oere(Fraction(a) * passed / days) for s, a in plan.amounts.items()}
        yield year, {source: amount - before[source] for source, amount in due.items()}
        before = due


def _to_the_oere(kroner: Fraction) -> Decimal:
    oere = Decimal(kroner.numerator * 100) / Decimal(kroner.denominator)
    return oere.quantize(Decimal(1), ROUND_HALF_UP) / 100
