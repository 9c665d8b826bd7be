"""A tiny warehouse as the intake would leave it: raw rows of six made-up municipality histories.

Rows only, chosen so that every rule of the models shows in at least one cell; what the cells must
be is said in the tests. Municipality codes are real, everything told about them is invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.contracts.tables import raw_ddl
from pipelines.warehouse.schema import own_ddl

Row = Mapping[str, object]

LARGE = ("101", "461", "751")
SMALL = ("165", "259", "540")
RECEIVED = datetime(2015, 9, 1, 12, 0)


def build_tiny_warehouse(path: Path) -> None:
    """Create the file with its raw schema and rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    config = {"storage_compatibility_version": "v1.4.0"}
    with duckdb.connect(str(path), config=config) as connection:
        for statement in (*own_ddl(), *raw_ddl()):
            connection.execute(statement)
        for table, rows in _tables().items():
            _insert(connection, table, rows)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Row]) -> None:
    for row in rows:
        columns = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        connection.execute(
            f"insert into raw.{table} ({columns}) values ({marks})", list(row.values())
        )


def _tables() -> dict[str, list[Row]]:
    return {
        "deliveries": _deliveries(),
        "findings": [
            {
                "delivery_id": "refused",
                "source": "survey",
                "period": "2016",
                "file_name": "refused.zip",
                "rule": "file_unreadable",
                "severity": "error",
                "message_da": "Filen kan ikke læses.",
                "message_en": "The file cannot be read.",
            }
        ],
        "survey_codebook": _code_book(),
        "survey_answers": [*_answers_2015(), *_answers_2015_superseded(), *_answers_2017()],
        "driftsstoette_lines": [*_extract_2015(), *_extract_2016()],
        "styringsdialog_topics": _listed_topics(),
        "styringsdialog_minute_topics": _minute_topics(),
    }


def _deliveries() -> list[Row]:
    def delivery(delivery_id: str, source: str, period: str, **more: object) -> Row:
        return {
            "delivery_id": delivery_id,
            "source": source,
            "period": period,
            "slot": f"{source}/{period}",
            "version": 1,
            "file_name": f"{delivery_id}.csv",
            "bytes": 100,
            "received_at": RECEIVED,
            "decided_at": RECEIVED,
            "state": "accepted",
            "is_current": True,
            "is_synthetic": True,
            "provider": "test",
            "rows_read": 10,
            "rows_accepted": 10,
            "rows_quarantined": 0,
            "reason": None,
        } | more

    return [
        delivery("survey-2015-v1", "survey", "2015", state="superseded", is_current=False),
        delivery("survey-2015", "survey", "2015", version=2),
        delivery("survey-2017", "survey", "2017"),
        delivery("refused", "survey", "2016", state="rejected", is_current=False),
        delivery("extract-2015", "driftsstoette", "2015-06-30", is_synthetic=False),
        delivery(
            "extract-2016", "driftsstoette", "2016-12-31", state="quarantined", rows_quarantined=2
        ),
        delivery("list-2015", "styringsdialog", "2015", slot="styringsdialog/2015/list"),
        delivery(
            "minutes-2015",
            "styringsdialog",
            "2015",
            slot="styringsdialog/2015/minutes/461-2015-11-11-bolig-nord",
        ),
    ]


def _code_book() -> list[Row]:
    asked = {
        "2015": (
            "coordinator_appointed",
            "coordinator_time_band",
            "coordinator_unit",
            "leaders_priority",
            "politicians_priority",
            "same_person_coordinates",
            "collaboration_step",
            "forum_strategic",
            "forum_operational",
        ),
        "2017": ("coordinator_appointed", "coordinator_hours_per_week", "leaders_priority"),
    }
    forms = ("cofinancing_staff", "cofinancing_cash", "cofinancing_premises", "cofinancing_other")
    rows: list[Row] = [
        {
            "wave": wave,
            "field": field,
            "variable": field,
            "asked": True,
            "series_break": field == "coordinator_hours_per_week",
            "note_da": "Spurgt i timer." if field == "coordinator_hours_per_week" else None,
            "note_en": "Asked in hours." if field == "coordinator_hours_per_week" else None,
        }
        for wave, fields in asked.items()
        for field in (*fields, *forms)
    ]
    rows.append(
        {"wave": "2017", "field": "coordinator_time_band", "asked": False, "series_break": False}
    )
    return rows


def _answer(wave: str, number: int, municipality_code: str, **answers: object) -> Row:
    forms = {
        f"cofinancing_{form}": form == "staff"
        for form in ("staff", "cash", "premises", "other")
        if answers
    }
    return {
        "delivery_id": f"survey-{wave}",
        "row_number": number,
        "period": wave,
        "respondent_id": f"{wave}-{number}",
        "municipality_code": municipality_code,
        "response_status": "completed" if answers else "distributed",
        "completed_at": datetime(int(wave), 5, number) if answers else None,
        **forms,
        **answers,
    }


def _answers_2015() -> list[Row]:
    """Seven respondents, six municipalities, five answers: 461's second one counts."""
    full, half, less = "full_time_or_more", "half_to_full_time", "half_time_or_less"
    well, partly, badly = "satisfactory", "to_some_degree", "not_satisfactory"
    return [
        _answer("2015", 1, "101", coordinator_appointed="yes_several", coordinator_time_band=full,
                leaders_priority=well, politicians_priority=partly, same_person_coordinates="no",
                coordinator_unit="neutral_unit", collaboration_step="knowledge_sharing",
                forum_strategic=True, forum_operational=False),
        _answer("2015", 2, "461", coordinator_appointed="no", leaders_priority=badly),
        _answer("2015", 3, "461", coordinator_appointed="yes_one", coordinator_time_band=half,
                leaders_priority=well, politicians_priority="dont_know",
                same_person_coordinates="yes", cofinancing_cash=True,
                coordinator_unit="specialist_unit", forum_operational=True),
        _answer("2015", 4, "751", coordinator_appointed="yes_one", coordinator_time_band=full,
                leaders_priority=partly, same_person_coordinates="no",
                collaboration_step="dont_know"),
        # Answers the time question without having a coordinator: kept, and counted as observed.
        _answer("2015", 5, "165", coordinator_appointed="no", coordinator_time_band=less,
                leaders_priority=badly, politicians_priority=well),
        _answer("2015", 6, "259", coordinator_appointed="dont_know",
                same_person_coordinates="yes"),
        _answer("2015", 7, "540"),
    ]  # fmt: skip


def _answers_2015_superseded() -> list[Row]:
    wrong = _answer("2015", 1, "540", coordinator_appointed="yes_one")
    return [{**wrong, "delivery_id": "survey-2015-v1"}]


def _answers_2017() -> list[Row]:
    """Two of two answered: 55.5 and 18.5 hours a week, 1.5 and 0.5 full-time equivalents."""
    return [
        _answer("2017", 1, "101", coordinator_appointed="yes_one", coordinator_hours_per_week=55.5,
                leaders_priority="satisfactory"),
        _answer("2017", 2, "165", coordinator_appointed="yes_one", coordinator_hours_per_week=18.5),
    ]  # fmt: skip


def _plan(
    extract: date, case_number: str, municipality_code: str, residents: int, **more: object
) -> Row:
    return {
        "delivery_id": f"extract-{extract.year}",
        "period": extract.isoformat(),
        "extract_date": extract,
        "case_number": case_number,
        "plan_name": f"Plan {case_number}",
        "housing_organisation": "Bolig Nord",
        "lbf_number": "0123",
        "municipality_code": municipality_code,
        "municipality_name": "",
        "grant_pool": "2011-14",
        "focus_areas": "Beskæftigelse|Sundhed",
        "grant_start": date(2013, 1, 1),
        "grant_end": date(2017, 12, 31),
        "status": "active",
        "homes": residents // 2,
        "residents": residents,
    } | more


def _lines(plan: Row, first_row: int, **amounts: str) -> list[Row]:
    rows: list[Row] = []
    for number, (source, amount) in enumerate(amounts.items(), start=first_row):
        hours = {"staff_hours": Decimal("100.50")} if source == "municipality_staff" else {}
        rows.append(
            {
                **plan,
                "row_number": number,
                "financing_source": source,
                "amount_kr": Decimal(amount),
                **hours,
            }
        )
    return rows


def _extract_2015() -> list[Row]:
    """101 large by two plans together, 165 just not large (4,000), and a finished plan of 461."""
    day = date(2015, 6, 30)
    old = {"grant_start": date(2009, 7, 1), "grant_end": date(2012, 6, 30), "status": "finished"}
    return [
        *_lines(_plan(day, "A", "101", 2_500), 1, lbf="750.00", municipality_staff="250.00"),
        *_lines(_plan(day, "B", "101", 1_501), 3, lbf="800.05", housing_organisation="199.95"),
        *_lines(_plan(day, "C", "461", 9_000), 5, lbf="100.00", municipality_cash="100.00"),
        *_lines(_plan(day, "D", "461", 5_000, **old), 7, lbf="900.00"),
        *_lines(_plan(day, "E", "751", 8_000), 8, lbf="300.00", other="100.00"),
        *_lines(_plan(day, "F", "165", 4_000), 10, lbf="300.00", other="100.00"),
        *_lines(_plan(day, "G", "259", 1_000), 12, lbf="300.00", other="100.00"),
        *_lines(_plan(day, "H", "540", 1_000, grant_pool="2015-18"), 14, lbf="100.00"),
    ]


def _extract_2016() -> list[Row]:
    """The newest extract before the one that wave 2017 is to use."""
    day = date(2016, 12, 31)
    return [
        *_lines(_plan(day, "A", "101", 4_500), 1, lbf="750.00", municipality_staff="250.00"),
        *_lines(_plan(day, "F", "165", 500), 3, lbf="300.00", other="100.00"),
    ]


def _topic(municipality_code: str, organisation: str, day: date, topic: str) -> Row:
    return {
        "period": "2015",
        "municipality_code": municipality_code,
        "housing_organisation": organisation,
        "meeting_date": day,
        "topic": topic,
    }


def _listed_topics() -> list[Row]:
    listed = (
        ("461", "Bolig Nord", date(2015, 11, 11), "accounts_economy"),
        ("461", "Bolig Nord", date(2015, 11, 11), "resident_safety"),
        ("101", "Bolig Øst", date(2015, 10, 1), "accounts_economy"),
        # A meeting in January that belongs to the year before.
        ("751", "Bolig Vest", date(2016, 1, 20), "letting_rules"),
    )
    return [
        {
            "delivery_id": "list-2015",
            "row_number": number,
            "meeting_year": 2015,
            "municipality_name": "",
            "has_agreement": True,
            **_topic(*each),
        }
        for number, each in enumerate(listed, start=1)
    ]


def _minute_topics() -> list[Row]:
    """Minutes of a listed meeting: one topic the list has too (found twice), one it lacks."""
    found = (
        ("resident_safety", 0.6, 900),
        ("resident_safety", 0.9, 400),
        ("resident_composition", 0.8, 700),
    )
    return [
        {
            "delivery_id": "minutes-2015",
            "row_number": number,
            **_topic("461", "Bolig nord", date(2015, 11, 11), topic),
            "score": score,
            "page": 1,
            "char_offset": offset,
            "matched_in": "text",
            "tagged_by": "machine",
        }
        for number, (topic, score, offset) in enumerate(found, start=1)
    ]
