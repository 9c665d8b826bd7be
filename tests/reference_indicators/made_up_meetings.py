"""Made-up styringsdialog meetings: lists and minutes of the same and of other meetings.

Organisations spelt in several ways, meetings in the January after, on the lists of two years, in
minutes only, in the minutes of two deliveries.
"""

from __future__ import annotations

from datetime import date
from random import Random

from evidence_rows import Row
from made_up_tables import MUNICIPALITIES, Tables, delivery

ORGANISATIONS = ("Bolig Nord", "bolig nord", "Bolig Syd ", "BO-VEST", "Bo-Vest")
SOME = MUNICIPALITIES[:6]
"""Few enough that lists and minutes meet."""


def draw_meetings(chance: Random, year: int, topics: list[str], tables: Tables) -> None:
    """The lists and the minutes of a year."""
    period = str(year)
    if chance.random() < 0.9:
        name = f"list-{period}"
        tables["deliveries"].append(delivery(chance, name, "styringsdialog", period))
        listed = {
            (*_meeting(chance, year), chance.choice(topics)) for _ in range(chance.randint(0, 14))
        }
        listed |= {each for each in _listed_before(tables, year) if chance.random() < 0.3}
        tables["styringsdialog_topics"] += [
            {**_row(name, period, number, *each), "meeting_year": year, "municipality_name": ""}
            for number, each in enumerate(sorted(listed), start=1)
        ]
    for minutes in range(chance.randint(0, 4)):
        name = f"minutes-{period}-{minutes}"
        slot = f"styringsdialog/{period}/minutes/{minutes}"
        tables["deliveries"].append(delivery(chance, name, "styringsdialog", period, slot=slot))
        meeting = _meeting(chance, year)
        for number, topic in enumerate(chance.choices(topics, k=chance.randint(1, 5)), start=1):
            row = _row(name, period, number, *meeting, topic)
            score = chance.choice((0.5, 0.7, 0.9))
            tables["styringsdialog_minute_topics"].append({**row, "score": score})


def _listed_before(tables: Tables, year: int) -> list[tuple[str, str, date, str]]:
    """Meetings of this January, with their topics, that last year's list holds already."""
    return [
        (row["municipality_code"], row["housing_organisation"], row["meeting_date"], row["topic"])
        for row in tables["styringsdialog_topics"]
        if row["meeting_year"] == year - 1 and row["meeting_date"].year == year
    ]


def _meeting(chance: Random, year: int) -> tuple[str, str, date]:
    day = chance.choice((date(year, 1, 20), date(year, 11, 11), date(year + 1, 1, 20)))
    return chance.choice(SOME), chance.choice(ORGANISATIONS), day


def _row(
    delivery_id: str,
    period: str,
    number: int,
    municipality_code: str,
    organisation: str,
    day: date,
    topic: str,
) -> Row:
    return {
        "delivery_id": delivery_id,
        "row_number": number,
        "period": period,
        "municipality_code": municipality_code,
        "housing_organisation": organisation,
        "meeting_date": day,
        "topic": topic,
    }
