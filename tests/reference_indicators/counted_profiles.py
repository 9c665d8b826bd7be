"""Bilag 1's table for every municipality (I14), from registers only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from counted_dialogue import meetings_of
from counted_plans import Plan, active, plans_by_extract
from evidence_rows import Cell, Evidence, Figures, figure, wave_extract


def count_i14(evidence: Evidence) -> Figures:
    """A profile a municipality for every wave with an extract of its year."""
    extracts = plans_by_extract(evidence)
    meetings = meetings_of(evidence)
    lists = {row["list_date"].year for row in evidence.listed_areas}
    figures: Figures = {}
    for wave in evidence.waves:
        day, year = wave_extract(wave, extracts), int(wave["wave"])
        if day is None or day.year != year:
            continue
        for code in evidence.municipalities:
            plans = [plan for plan in extracts[day] if plan.municipality_code == code]
            met = {
                m.organisation for m in meetings if (m.municipality_code, m.year) == (code, year)
            }
            areas = {
                row["area_name"]
                for row in evidence.listed_areas
                if (row["municipality_code"], row["list_date"].year) == (code, year)
            }
            told = {
                "inhabitants": evidence.population.get((code, year)),
                "housing_organisations": len(met) or None,
                "plans": len(active(plans)),
                "years_with_plans": years_with_plans(plans, day),
                "residents": sum(plan.residents for plan in active(plans)),
                "listed_areas": len(areas) if year in lists else None,
                "plan_areas": None,
            }
            for measure, number in told.items():
                cell = Cell("I14", wave["wave"], "municipality", code, "all", measure)
                figures[cell] = figure(number, None, number)
    return figures


def years_with_plans(plans: Iterable[Plan], until: date) -> int:
    """Calendar years with a running grant, up to a day; a prequalified plan has none yet."""
    years: set[int] = set()
    for plan in plans:
        if plan.status != "prequalified" and plan.start <= until:
            years |= set(range(plan.start.year, min(plan.end, until).year + 1))
    return len(years)
