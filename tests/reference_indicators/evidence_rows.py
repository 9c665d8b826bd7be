"""What the indicators are counted from: the raw accepted rows and the seeds, as plain Python.

Which rows count is decided here anew (the delivery of each slot that is current; of a respondent's
answers the newest), not read from what dbt made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import duckdb

Row = Mapping[str, Any]

LARGE_FROM = 4_001
"""Residents in plan areas of a large municipality: more than 4,000 (the report, note 3)."""
HOURS_PER_FTE = 37


class Cell(NamedTuple):
    """What a published figure is about."""

    indicator: str
    period: str
    breakdown: str
    breakdown_value: str
    category: str
    measure: str


class Figure(NamedTuple):
    """A figure, what it is made of, and whether it is one (SDMX: A, B, M or P)."""

    numerator: float | None
    base: float | None
    value: float | None
    status: str


Figures = dict[Cell, Figure]


def figure(numerator: Any, base: Any, value: Any, status: str = "A") -> Figure:
    """A figure of plain numbers; without a value it is missing."""
    plain = (None if number is None else float(number) for number in (numerator, base, value))
    return Figure(*plain, status="M" if value is None else status)


def share(numerator: Any, base: Any, status: str = "A") -> Figure:
    """A share in per cent; of nothing there is none."""
    return figure(numerator, base, 100 * numerator / base if base else None, status)


@dataclass(frozen=True)
class Evidence:
    """Rows that count."""

    answers: list[Row]
    """One a wave and respondent: the newest."""
    code_book: list[Row]
    lines: list[Row]
    listed_topics: list[Row]
    minute_topics: list[Row]
    waves: list[Row]
    municipalities: dict[str, Row]
    population: dict[tuple[str, int], int]
    is_social: dict[str, bool]
    listed_areas: list[Row]


def read_evidence(con: duckdb.DuckDBPyConnection) -> Evidence:
    """Read the raw and the reference tables of a warehouse, and nothing else."""
    current = {row["delivery_id"]: row for row in rows(con, "raw.deliveries") if row["is_current"]}

    def accepted(table: str) -> list[Row]:
        return [row for row in rows(con, f"raw.{table}") if row["delivery_id"] in current]

    return Evidence(
        answers=newest_answers(accepted("survey_answers"), current),
        code_book=rows(con, "raw.survey_codebook"),
        lines=accepted("driftsstoette_lines"),
        listed_topics=accepted("styringsdialog_topics"),
        minute_topics=accepted("styringsdialog_minute_topics"),
        waves=rows(con, "reference.survey_waves"),
        municipalities={r["municipality_code"]: r for r in rows(con, "reference.municipalities")},
        population={
            (row["municipality_code"], int(row["year"])): row["population"]
            for row in rows(con, "reference.municipality_population")
        },
        is_social={
            r["topic"]: r["is_social"] for r in rows(con, "reference.styringsdialog_topics")
        },
        listed_areas=rows(con, "reference.listed_areas"),
    )


def rows(con: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    """A table's rows by column name."""
    found = con.execute(f"select * from {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, values, strict=True)) for values in found.fetchall()]


def newest_answers(answers: Iterable[Row], current: Mapping[str, Row]) -> list[Row]:
    """Each respondent's newest answer of the waves whose full export has come."""
    whole = {
        delivery["period"]
        for delivery in current.values()
        if delivery["source"] == "survey" and "/increment/" not in delivery["slot"]
    }
    newest: dict[tuple[str, str], Row] = {}

    def age(row: Row) -> tuple[bool, datetime, datetime, int]:
        changed = row["modified_at"]
        return changed is not None, changed or datetime.min, row["received_at"], row["row_number"]

    for each in answers:
        row = {**each, "received_at": current[each["delivery_id"]]["received_at"]}
        key = (row["period"], row["respondent_id"])
        if row["period"] in whole and (key not in newest or age(row) > age(newest[key])):
            newest[key] = row
    return list(newest.values())


def wave_extract(wave: Row, dates: Iterable[date]) -> date | None:
    """The extract that belongs to a wave: its own, else the newest before it."""
    return max((day for day in dates if day <= wave["size_extract_date"]), default=None)
