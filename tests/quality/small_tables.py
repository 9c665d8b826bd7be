"""Small good tables for the suites: the raw layer by the contracts' DDL, and both published layers.

Everything in them is made up; a test plants one error at a time.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.contracts.loader import load_source
from pipelines.contracts.tables import raw_ddl

DELIVERIES_DDL = """
create table raw.deliveries (
    delivery_id varchar, source varchar, period varchar, slot varchar, is_current boolean,
    rows_accepted bigint
)
"""
CODES = [c.code for c in load_source("survey").codes_of("municipality")][:12]
WAVE, EXTRACT, LIST, MINUTES = "wave2015", "extract2015", "list2015", "minutes2015"
OLD_WAVE = "wave2015old"

CELL_COLUMNS = """
    cell_id varchar, indicator_id varchar, period varchar, breakdown varchar,
    breakdown_value varchar, category varchar, measure varchar, unit varchar, numerator double,
    base double, value double, obs_status varchar, note_ids varchar, is_confidential boolean,
    is_synthetic boolean, delivery_ids varchar[], sort_order integer
"""


def raw_database() -> duckdb.DuckDBPyConnection:
    """The raw layer with one current delivery a table and one superseded, broken wave."""
    con = duckdb.connect()
    for statement in raw_ddl():
        con.execute(statement)
    con.execute(DELIVERIES_DDL)
    _insert(con, "raw.survey_answers", [_answer(WAVE, i) for i in range(1, 13)])
    _insert(con, "raw.survey_answers", [_answer(OLD_WAVE, 1) | {"municipality_code": None}])
    _insert(con, "raw.driftsstoette_lines", [_line(i) for i in range(1, 25)])
    _insert(con, "raw.styringsdialog_topics", [_topic(i) for i in range(1, 25)])
    _insert(con, "raw.styringsdialog_minute_topics", [_tag(i) for i in range(1, 4)])
    con.executemany(
        "insert into raw.deliveries values (?, ?, ?, ?, ?, ?)",
        [
            (WAVE, "survey", "2015", "survey/2015", True, 12),
            (OLD_WAVE, "survey", "2015", "survey/2015", False, 1),
            (EXTRACT, "driftsstoette", "2015-06-30", "driftsstoette/2015-06-30", True, 24),
            (LIST, "styringsdialog", "2015", "styringsdialog/2015/list", True, 24),
            (
                MINUTES,
                "styringsdialog",
                "2015",
                "styringsdialog/2015/minutes/461-2015-11-11-eksempel-bolig",
                True,
                3,
            ),
        ],
    )
    return con


def published_database(con: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyConnection:
    """The candidates of some indicators; the models of the others stand empty."""
    con = con or duckdb.connect()
    con.execute("create schema published")
    con.execute(f"create table published.pub_indicator_cells ({CELL_COLUMNS})")
    _insert(con, "published.pub_indicator_cells", candidate_cells())
    return con


def released_database() -> duckdb.DuckDBPyConnection:
    """The released layer of the same cells: I03's small group is suppressed."""
    con = duckdb.connect()
    con.execute(
        f"""
        create table released_cells as
        select * exclude (delivery_ids) from (select {_columns_of_cells()} from (values (1)))
        where false
        """
    )
    for extra in ("conf_status", "symbol", "display_da", "sources_da", *_labels()):
        con.execute(f"alter table released_cells add column {extra} varchar")
    con.execute("create table release_info (threshold integer, is_synthetic boolean)")
    con.execute("insert into release_info values (3, true)")
    con.execute(
        "create table withheld_tables (indicator_id varchar, period varchar, breakdown varchar)"
    )
    con.execute("insert into withheld_tables values ('I05', '2016', 'size')")
    _insert(con, "released_cells", [_released(cell) for cell in candidate_cells()])
    return con


def candidate_cells() -> list[dict[str, Any]]:
    """Cells that meet every rule."""
    cells = []
    for group, yes, no, dont_know, base in (
        ("all", 30, 6, 5, 41),
        ("large", 16, 3, 1, 20),
        ("small", 14, 3, 4, 21),
    ):
        for category, count in (("yes", yes), ("no", no), ("dont_know", dont_know)):
            breakdown = "all" if group == "all" else "size"
            cells.append(_share("I03", "2015", breakdown, group, category, count, base))
    cells.append(_share("I01", "2015", "all", "all", "all", 44, 98) | {"is_confidential": False})
    cells.append(
        _cell("I01", "2015", "all", "all", "all", "plan_areas", "count", None, None, None)
        | {"obs_status": "M", "is_confidential": False}
    )
    cells.append(
        _cell("I14", "2015", "municipality", "461", "all", "inhabitants", "persons", 9, None, 9)
        | {"is_confidential": False, "is_synthetic": False, "delivery_ids": []}
    )
    cells.append(_share("I09", "2015", "same_person", "yes", "any_social", 5, 10))
    for category, kroner in (("lbf", 6), ("other", 2), ("local", 2)):
        cells.append(
            _share("I07", "2015-06-30", "all", "all", category, kroner, 8)
            | {"is_confidential": False}
        )
    cells += _priority("leaders_share_pct", (20, 10, 5, 3)) + _priority(
        "politicians_share_pct", (15, 12, 6, 4)
    )
    cells.append(_cell("I05", "2017", "all", "all", "all", "fte_mean", "fte", 20.5, 41, 0.5))
    change = ("I15", "2015/2016", "all", "all", "forums__forum_tactical")
    cells.append(_cell(*change, "change_pct_points", "pct_points", -4, 40, -10))
    # a break between the two waves: no figure, and the status says why
    cells.append(_cell(*change, "gained", "count", None, None, None) | {"obs_status": "B"})
    return cells


def _priority(measure: str, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """One of two questions with the same answers and bases of their own."""
    answers = ("satisfactory", "to_some_degree", "not_satisfactory", "dont_know")
    base = sum(counts)
    return [
        _cell("I08", "2015", "all", "all", a, measure, "pct", n, base, 100 * n / base)
        for a, n in zip(answers, counts, strict=True)
    ]


def _share(*place: Any) -> dict[str, Any]:
    indicator, period, breakdown, group, category, count, base = place
    value = 100 * count / base
    return _cell(
        indicator, period, breakdown, group, category, "share_pct", "pct", count, base, value
    )


def _cell(*parts: Any) -> dict[str, Any]:
    indicator, period, breakdown, group, category, measure, unit, numerator, base, value = parts
    return {
        "cell_id": f"{indicator}.{period}.{breakdown}.{group}.{category}.{measure}",
        "indicator_id": indicator,
        "period": period,
        "breakdown": breakdown,
        "breakdown_value": group,
        "category": category,
        "measure": measure,
        "unit": unit,
        "numerator": numerator,
        "base": base,
        "value": value,
        "obs_status": "A",
        "note_ids": "",
        "is_confidential": True,
        "is_synthetic": True,
        "delivery_ids": [WAVE],
        "sort_order": 1,
    }


def _released(cell: dict[str, Any]) -> dict[str, Any]:
    cell = {key: value for key, value in cell.items() if key != "delivery_ids"}
    hidden = cell["breakdown_value"] == "large" and cell["category"] in ("no", "dont_know")
    if hidden:
        cell |= {"value": None, "numerator": None}
    shown = ".." if hidden else "…" if cell["value"] is None else f"{cell['value']:.1f}"
    return cell | {
        "conf_status": "C" if hidden else "F",
        "symbol": shown if cell["value"] is None else "",
        "display_da": shown.replace(".", ",") if not hidden else shown,
        "sources_da": "Syntetisk prøve",
        **dict.fromkeys(_labels(), "Betegnelse"),
    }


def _labels() -> tuple[str, ...]:
    return (
        "indicator_title_da",
        "breakdown_label_da",
        "breakdown_value_label_da",
        "category_label_da",
        "measure_label_da",
        "unit_label_da",
    )


def _columns_of_cells() -> str:
    pairs = [part.strip().split(" ", 1) for part in CELL_COLUMNS.replace("\n", " ").split(",")]
    return ", ".join(f"cast(null as {sql_type}) as {name}" for name, sql_type in pairs)


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" for _ in names)
    con.executemany(
        f"insert into {table} ({', '.join(names)}) values ({marks})",
        [tuple(row[name] for name in names) for row in rows],
    )


def _answer(delivery: str, i: int) -> dict[str, Any]:
    return {
        "delivery_id": delivery,
        "row_number": i,
        "period": "2015",
        "respondent_id": str(1000 + i),
        "municipality_code": CODES[i - 1],
        "response_status": "completed",
        "completed_at": datetime(2015, 10, i),
        "coordinator_appointed": "yes_one",
        "coordinator_unit": "neutral_unit",
        "cofinancing_staff": True,
        "leaders_priority": "satisfactory" if i > 4 else "dont_know",
        "coordinator_hours_per_week": 18.5,
    }


def _line(i: int) -> dict[str, Any]:
    plan = (i + 1) // 2
    is_fund = i % 2 == 1
    return {
        "delivery_id": EXTRACT,
        "row_number": i,
        "period": "2015-06-30",
        "extract_date": date(2015, 6, 30),
        "case_number": f"2011-{plan:04}",
        "plan_name": "Eksempelparken",
        "housing_organisation": "Eksempel Bolig",
        "lbf_number": "0123",
        "municipality_code": CODES[plan - 1],
        "municipality_name": "Eksempelby",
        "grant_pool": "2011-14",
        "focus_areas": None,
        "grant_start": date(2013, 1, 1),
        "grant_end": date(2016, 12, 31),
        "status": "active",
        "homes": 1000,
        "residents": 2400,
        "financing_source": "lbf" if is_fund else "municipality_cash",
        "amount_kr": 6_000_000 if is_fund else 2_000_000,
    }


def _topic(i: int) -> dict[str, Any]:
    meeting = (i + 1) // 2
    topics = [c.code for c in load_source("styringsdialog").codes_of("topic")]
    return {
        "delivery_id": LIST,
        "row_number": i,
        "period": "2015",
        "meeting_year": 2015,
        "municipality_code": CODES[meeting - 1],
        "municipality_name": "Eksempelby",
        "housing_organisation": "Eksempel Bolig",
        "meeting_date": date(2015, 11, 11),
        "topic": topics[i % 2],
        "has_agreement": True,
    }


def _tag(i: int) -> dict[str, Any]:
    return {
        "delivery_id": MINUTES,
        "row_number": i,
        "period": "2015",
        "municipality_code": "461",
        "housing_organisation": "Eksempel Bolig",
        "meeting_date": date(2015, 11, 11),
        "topic": [c.code for c in load_source("styringsdialog").codes_of("topic")][i],
        "score": 0.8,
        "page": 1,
        "char_offset": 100 * i,
        "matched_in": "heading",
        "tagged_by": "machine",
    }
