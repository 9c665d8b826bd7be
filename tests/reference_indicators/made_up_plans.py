"""Made-up extracts: plans that live through the years, drawn at random.

Several plans of a municipality, municipalities just large and just not, grants of nothing, staff
without hours, plans that change, are missing from an extract, or are only prequalified.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from counted_plans import SOURCES
from evidence_rows import Row
from made_up_tables import MUNICIPALITIES, Tables, delivery

PLANS = 24
ENDING = 3
POOLS = ("2006", "2007-10", "2011-14", "2015-18", "2019-26")
RESIDENTS = (0, 500, 1999, 2000, 2001, 3999, 4000, 4001, 9000)
STATUSES = ("active",) * 5 + ("finished", "stopped", "prequalified")
AMOUNTS = ("0", "100", "300", "0.01", "199.95", "800.05", "15075", "80400")
"""The last two are 150 and 800 kroner for each of 100.50 hours: just plausible."""


def draw_plans(chance: Random, years: range, last: date) -> list[dict[str, Any]]:
    """Plans with what stays the same of them; some end on the day of the last extract."""
    plans = []
    for number in range(PLANS):
        start = date(chance.choice(years), chance.randint(1, 12), 1)
        end = start + timedelta(days=chance.randint(364, 6 * 365))
        if number < ENDING:
            start, end = date(last.year - 2, 1, 1), last
        plans.append(
            {
                "case_number": f"{start.year}-{number:04}",
                "plan_name": f"Plan {number}",
                "housing_organisation": "Bolig Nord",
                "lbf_number": "0123",
                "municipality_code": chance.choice(MUNICIPALITIES),
                "municipality_name": "",
                "grant_pool": chance.choice(POOLS),
                "focus_areas": "Sundhed",
                "grant_start": start,
                "grant_end": end,
                "homes": chance.randint(0, 900),
                "residents": chance.choice(RESIDENTS),
            }
        )
    return plans


def draw_extract(chance: Random, day: date, plans: list[dict[str, Any]], tables: Tables) -> None:
    """The state of the plans on a day, those of some years before and after it among them."""
    name = f"extract-{day}"
    rows: list[Row] = []
    for plan in plans:
        near = plan["grant_start"].year - 1 <= day.year <= plan["grant_end"].year + 2
        if not near or chance.random() < 0.1:
            continue
        if chance.random() < 0.2:
            plan["residents"] = chance.choice(RESIDENTS)
        rows += _lines(chance, plan)
    if not rows:
        return
    of_all = {"delivery_id": name, "period": str(day), "extract_date": day}
    tables["deliveries"].append(delivery(chance, name, "driftsstoette", str(day)))
    tables["driftsstoette_lines"] += [
        {**of_all, "row_number": number, **row} for number, row in enumerate(rows, start=1)
    ]


def _lines(chance: Random, plan: dict[str, Any]) -> list[Row]:
    status = chance.choice(STATUSES)
    needs_fund = status != "prequalified" or chance.random() < 0.5
    others = chance.sample(SOURCES[1:], chance.randint(0 if needs_fund else 1, 3))
    is_empty = chance.random() < 0.1
    return [
        {
            **plan,
            "status": status,
            "financing_source": source,
            "amount_kr": Decimal("0" if is_empty else _amount(chance)),
            "staff_hours": _hours(chance) if source == "municipality_staff" else None,
        }
        for source in (("lbf", *others) if needs_fund else others)
    ]


def _amount(chance: Random) -> str:
    """Such that a quarter is hit exactly as well as missed by a little."""
    return chance.choice((*AMOUNTS, f"{chance.randrange(10**10) / 100:.2f}"))


def _hours(chance: Random) -> Decimal | None:
    return chance.choice((None, Decimal("0"), Decimal("100.50"), Decimal("4160.25")))
