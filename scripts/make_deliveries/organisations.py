"""The housing organisations of every municipality: invented, and they look it.

Names start with a word for "made up"; the numbers are longer than Landsbyggefonden's four digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from scripts.make_deliveries.panel import organisations_of
from scripts.make_deliveries.reference import municipalities

STEMS = (
    "Syntetisk Bolig",
    "Prøveboligselskabet",
    "Eksempel Almen",
    "Modelbo",
    "Øveboligforeningen",
)


@dataclass(frozen=True)
class Organisation:
    """An invented landlord."""

    name: str
    lbf_number: str


@cache
def organisations() -> dict[str, tuple[Organisation, ...]]:
    """Each municipality's housing organisations, by municipality code."""
    found: dict[str, tuple[Organisation, ...]] = {}
    number = 0
    for one in municipalities():
        here = []
        for _ in range(organisations_of(one)):
            number += 1
            here.append(Organisation(f"{STEMS[number % len(STEMS)]} {number}", f"09{number:03d}"))
        found[one.code] = tuple(here)
    return found
