"""Made-up survey waves: all that a wave's accepted rows may hold, drawn at random.

Who was asked what, who left what out, who answered what he was not asked; several respondents of a
municipality, several versions of an answer, exports that came twice, increments with and without
the export they add to.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from evidence_rows import Row
from made_up_tables import MUNICIPALITIES, RECEIVED, Tables, delivery

from pipelines.contracts.loader import load_source
from pipelines.contracts.model import Field, FieldType

SURVEY = load_source("survey")
RESPONDENT = (
    "respondent_id",
    "municipality_code",
    "response_status",
    "completed_at",
    "modified_at",
)
ASKED = [field for field in SURVEY.loaded_fields if field.field not in RESPONDENT]
OF_COORDINATORS = ("coordinator_unit", "coordinator_time_band", "coordinator_hours_per_week")
SEVERAL_ANSWERS = (("cofinancing_",), ("forum_", "middle_managers", "plan_in_"))
"""How the fields of the two multiple-choice questions begin."""
HOURS = ("0", "0.5", "18.5", "37", "55.5", "120.25")
STATUSES = ("completed",) * 6 + ("new", "distributed", "some_answers", "dropped_out")


def draw_wave(chance: Random, year: int, tables: Tables) -> None:
    """One wave with its code book and its deliveries."""
    wave = str(year)
    asked = [field for field in ASKED if chance.random() < 0.85]
    tables["survey_codebook"] += [_book_row(chance, wave, field, field in asked) for field in ASKED]
    has_times = chance.random() < 0.7
    rows = _respondents(chance, wave, asked, has_times)
    has_export = chance.random() < 0.95
    if has_export:
        _deliver(chance, wave, rows, tables)
    if chance.random() < 0.3:
        again = [_answered_again(chance, row, asked) for row in rows if chance.random() < 0.4]
        name = f"survey-{wave}-more"
        slot = f"survey/{wave}/increment/1"
        tables["deliveries"].append(delivery(chance, name, "survey", wave, slot=slot))
        tables["survey_answers"] += _numbered(again, name)


def _deliver(chance: Random, wave: str, rows: list[Row], tables: Tables) -> None:
    name = f"survey-{wave}"
    if chance.random() < 0.2:
        old = {"state": "superseded", "is_current": False}
        tables["deliveries"].append(delivery(chance, f"{name}-old", "survey", wave, **old))
        tables["survey_answers"] += _numbered(rows[::-1], f"{name}-old")
    tables["deliveries"].append(delivery(chance, name, "survey", wave))
    twice = [row for row in rows if row["modified_at"] is not None and chance.random() < 0.1]
    older = [{**row, "modified_at": row["modified_at"] - timedelta(days=1)} for row in twice]
    tables["survey_answers"] += _numbered([*rows, *older], name)


def _numbered(rows: list[Row], delivery_id: str) -> list[Row]:
    return [
        {**row, "delivery_id": delivery_id, "row_number": number}
        for number, row in enumerate(rows, start=1)
    ]


def _book_row(chance: Random, wave: str, field: Field, is_asked: bool) -> Row:
    breaks = is_asked and chance.random() < 0.1
    told = f"Spurgt på en ny måde: {field.field}." if breaks else None
    return {
        "wave": wave,
        "field": field.field,
        "variable": field.field if is_asked else None,
        "asked": is_asked,
        "series_break": breaks,
        "note_da": told,
        "note_en": told,
    }


def _respondents(chance: Random, wave: str, asked: list[Field], has_times: bool) -> list[Row]:
    invited = chance.sample(MUNICIPALITIES, chance.randint(2, len(MUNICIPALITIES)))
    codes = [code for code in invited for _ in range(chance.choice((1, 1, 1, 2, 3)))]
    return [
        {
            "period": wave,
            "respondent_id": f"{wave}-{number}",
            "municipality_code": code,
            "modified_at": _moment(chance) if has_times else None,
            **_answers(chance, asked),
        }
        for number, code in enumerate(codes)
    ]


def _answered_again(chance: Random, row: Row, asked: list[Field]) -> Row:
    """The same respondent later, or, as exports go, earlier, or at no time that is told."""
    is_dated = row["modified_at"] is not None and chance.random() < 0.8
    changed = _moment(chance) if is_dated else None
    return {**row, "modified_at": changed, **_answers(chance, asked)}


def _moment(chance: Random) -> datetime:
    return RECEIVED - timedelta(minutes=chance.randrange(60 * 24 * 90))


def _answers(chance: Random, asked: list[Field]) -> dict[str, Any]:
    status = chance.choice(STATUSES)
    is_dated = status == "completed" and chance.random() < 0.9
    given: dict[str, Any] = {field.field: None for field in ASKED}
    given |= {"response_status": status, "completed_at": _moment(chance) if is_dated else None}
    if status in ("new", "distributed"):
        return given
    skipped = tuple(s for starts in SEVERAL_ANSWERS if chance.random() < 0.15 for s in starts)
    for field in asked:
        left_out = 0.15
        if field.field in OF_COORDINATORS and not str(given["coordinator_appointed"]).startswith(
            "yes"
        ):
            left_out = 0.8
        if chance.random() >= left_out and not field.field.startswith(skipped):
            given[field.field] = _answer(chance, field)
    return given


def _answer(chance: Random, field: Field) -> Any:
    if field.type is FieldType.BOOLEAN:
        return chance.random() < 0.5
    if field.type is FieldType.DECIMAL:
        return Decimal(chance.choice(HOURS))
    return chance.choice(SURVEY.codes_of(field.codelist)).code
