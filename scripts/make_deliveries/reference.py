"""The official facts the made deliveries lean on: read from the project's dbt seeds.

Municipalities' codes and names, their population, the fund's focus areas, the topic list. Facts
only; what is invented is in the other modules.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
POPULATION_YEAR = "2015"


@dataclass(frozen=True)
class Municipality:
    """One of the 98, its population on 1 January 2015, and whether an area of it was on a list."""

    code: str
    name: str
    kind: str
    population: int
    has_listed_area: bool


@dataclass(frozen=True)
class Topic:
    """A topic of the styringsdialog taxonomy."""

    code: str
    label: str
    is_social: bool


def _seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed, wherever it lies below the seeds folder."""
    found = sorted(SEEDS.rglob(f"{name}.csv"))
    if len(found) != 1:
        raise FileNotFoundError(f"expected one seed {name}.csv below {SEEDS}, found {len(found)}")
    with found[0].open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def municipalities() -> tuple[Municipality, ...]:
    """All 98, by code."""
    population = {
        row["municipality_code"]: int(row["population"])
        for row in _seed("municipality_population")
        if row["year"] == POPULATION_YEAR
    }
    listed = {row["municipality_code"] for row in _seed("listed_areas")}
    return tuple(
        Municipality(
            code=row["municipality_code"],
            name=row["municipality_name"],
            kind=row["municipality_type"],
            population=population[row["municipality_code"]],
            has_listed_area=row["municipality_code"] in listed,
        )
        for row in sorted(_seed("municipalities"), key=lambda row: row["municipality_code"])
    )


@cache
def municipality(code: str) -> Municipality:
    """The municipality with that code."""
    return next(one for one in municipalities() if one.code == code)


@cache
def focus_areas(pool: str) -> tuple[str, ...]:
    """The fund's focus areas of a grant pool; none are published for the two oldest pools."""
    return tuple(row["focus_area"] for row in _seed("lbf_focus_areas") if row["grant_pool"] == pool)


@cache
def topics() -> tuple[Topic, ...]:
    """The styringsdialog topics in the taxonomy's order."""
    rows = sorted(_seed("styringsdialog_topics"), key=lambda row: int(row["position"]))
    return tuple(
        Topic(row["topic"], row["label_da"], row["is_social"].lower() == "true") for row in rows
    )
