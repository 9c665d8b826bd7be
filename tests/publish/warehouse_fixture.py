"""A small finished warehouse in the shape dbt leaves it: the repo's seeds, made-up cells."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd

from pipelines.disclosure.protect import BOUNDS, WEIGHTED
from pipelines.publish.candidates import Candidates
from pipelines.publish.model import Release
from pipelines.publish.released import make_release

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
SEED_TABLES = (
    "cell_labels",
    "coarsenings",
    "confidentiality_exceptions",
    "indicator_catalogue",
    "indicator_questions",
    "municipalities",
    "notes",
    "styringsdialog_topics",
)
CONFIDENTIAL = {"I03", "I05", "I06", "I08"}
WAVES = ("2015", "2016", "2017")
BANDS = ("full_time_or_more", "half_to_full_time", "half_time_or_less", "dont_know")
FORMS = ("staff", "cash", "premises", "other")
PRIORITY = ("satisfactory", "to_some_degree", "not_satisfactory", "dont_know")

# (period, group) -> counts; 2015's full-time counts are the report's (L180: 7 of 16, 3 of 22)
TIME = {
    ("2015", "large"): (7, 5, 4, 0),
    ("2015", "small"): (3, 5, 14, 0),
    ("2016", "large"): (8, 4, 4, 0),
    ("2016", "small"): (4, 6, 13, 0),
}
# large municipalities without a coordinator: 1, so the table by size of 2015 gives it away
APPOINTED = {
    ("2015", "large"): (15, 1, 0),
    ("2015", "small"): (22, 3, 0),
    ("2016", "large"): (12, 4, 0),
    ("2016", "small"): (21, 4, 0),
    ("2017", "large"): (13, 3, 0),
    ("2017", "small"): (20, 4, 0),
}
COFINANCING = {
    "2015": ((15, 6, 9, 4), 16, (22, 7, 11, 5), 25),
    "2016": ((13, 7, 9, 5), 16, (21, 8, 12, 6), 25),
    "2017": ((13, 6, 10, 2), 16, (20, 9, 13, 1), 24),  # 2 + 1 = 3: which is which, nobody can tell
}
LEADERS = {
    ("2015", "large"): (9, 4, 3, 0),
    ("2015", "small"): (10, 8, 4, 0),
    ("2016", "large"): (8, 5, 3, 0),
    ("2016", "small"): (12, 6, 5, 0),
    ("2017", "large"): (10, 3, 3, 0),
    ("2017", "small"): (13, 7, 4, 0),
}
# not asked in 2017; one municipality fewer than judged the leaders in 2016
POLITICIANS = {
    ("2015", "large"): (8, 5, 3, 0),
    ("2015", "small"): (11, 7, 4, 0),
    ("2016", "large"): (7, 6, 3, 0),
    ("2016", "small"): (11, 7, 4, 0),
}

BREAK = (
    "break_2017_coordinator_hours_per_week",
    "Databrud 2017: Tiden er spurgt i timer og ikke i trin.",
    "Break in series 2017: time is asked in hours, not in bands.",
)
TITLES = {
    "survey": ("Spørgeskema til kommunerne", "Survey of municipalities"),
    "driftsstoette": ("Udtræk fra driftsstøttesystemet", "Extract from the operations system"),
    "styringsdialog": ("Emner i styringsdialogen", "Topics of the styringsdialog"),
}


def release_of(candidates: Candidates) -> Release:
    return make_release(
        candidates,
        rules=candidates.rules(),
        created_from="0" * 64,
        code_version="0.1.0",
        source_titles=TITLES,
    )


def build_warehouse(path: Path, *, synthetic: bool = True) -> Path:
    """Write the warehouse and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        for schema in ("reference", "intermediate", "marts", "published", "raw"):
            connection.execute(f"create schema {schema}")
        for table in SEED_TABLES:
            source = str(SEEDS / f"{table}.csv").replace("'", "''")
            connection.execute(
                f"create table reference.{table} as from read_csv('{source}', all_varchar = true)"
            )
            columns = connection.execute(f"describe reference.{table}").df()["column_name"]
            if "position" in set(columns):
                connection.execute(
                    f"alter table reference.{table} alter position set data type integer"
                )
        connection.execute(
            "create table marts.dim_note as select * from ("
            "select note_id, text_da, text_en, position as sort_order from reference.notes "
            "union all select $1, $2, $3, 0)",
            BREAK,
        )
        connection.execute(
            "create table marts.dim_cell_label as "
            "select dimension, code, label_da, label_en from reference.cell_labels "
            "union all select 'breakdown_value', municipality_code, municipality_name, "
            "municipality_name from reference.municipalities"
        )
        connection.execute(
            "alter table reference.confidentiality_exceptions "
            "alter is_released set data type boolean"
        )
        connection.execute(
            "create table intermediate.int_survey__fields as select question, "
            "question in ('coordinator_unit', 'coordinator_time_band') as is_for_coordinators "
            "from reference.indicator_questions"
        )
        connection.execute(
            "create table intermediate.int_disclosure__contributions (cell_id varchar, "
            "contributor_kind varchar, contributors bigint, largest_kr double, "
            "second_largest_kr double, total_kr double)"
        )
        cells = pd.DataFrame(_cells(synthetic))
        deliveries = pd.DataFrame(_deliveries(synthetic))
        connection.register("cells", cells)
        connection.register("deliveries", deliveries)
        connection.execute(
            "create table published.pub_indicator_cells as select * replace ("
            "numerator::double as numerator, base::double as base, value::double as value, "
            "delivery_ids::varchar[] as delivery_ids), "
            + ", ".join(f"null::double as {name}" for name in (*BOUNDS, WEIGHTED))
            + " from cells"
        )
        connection.execute("create table raw.deliveries as select * from deliveries")
    return path


def _deliveries(synthetic: bool) -> list[dict[str, object]]:
    items = [
        *(("survey", wave, f"svar_{wave}_syntetisk.zip") for wave in WAVES),
        ("driftsstoette", "2015-06-30", "udtraek_20150630_syntetisk.csv"),
        ("driftsstoette", "2016-12-31", "udtraek_20161231_syntetisk.xlsx"),
        ("styringsdialog", "2015", "emner_2015_syntetisk.csv"),
    ]
    return [
        {
            "delivery_id": f"{source}-{period}",
            "source": source,
            "period": period,
            "file_name": name if synthetic else name.replace("_syntetisk", ""),
            "received_at": datetime(2026, 11, 23, 9, 30),
            "is_synthetic": synthetic,
        }
        for source, period, name in items
    ]


def _cells(synthetic: bool) -> list[dict[str, object]]:
    make = _Maker(synthetic)
    _register_cells(make)
    for wave in WAVES:
        _survey_cells(make, wave)
    return make.rows


def _survey_cells(make: _Maker, wave: str) -> None:
    delivery = [f"survey-{wave}"]
    answered = {"2015": 41, "2016": 41, "2017": 40}[wave]
    make("I02", wave, "invited", "count", 44, 44, 44, deliveries=delivery)
    make("I02", wave, "answered", "count", answered, 44, answered, deliveries=delivery)
    make("I02", wave, "unit_response_pct", "pct", answered, 44, deliveries=delivery)
    for question, count in (("cofinancing", answered), ("coordinator_appointed", answered)):
        make(
            "I02",
            wave,
            "item_response_pct",
            "pct",
            count,
            answered,
            category=question,
            deliveries=delivery,
        )
    tables = [
        ("I03", "share_pct", APPOINTED, ("yes", "no", "dont_know"), "dont_know_counts"),
        ("I05", "share_pct", TIME, BANDS, "dont_know_counts|skip_logic"),
        ("I08", "leaders_share_pct", LEADERS, PRIORITY, "dont_know_counts"),
        ("I08", "politicians_share_pct", POLITICIANS, PRIORITY, "dont_know_counts"),
    ]
    for indicator_id, measure, counts, categories, note_ids in tables:
        if (wave, "large") in counts:
            large, small = counts[wave, "large"], counts[wave, "small"]
            make.by_size(
                indicator_id,
                wave,
                categories,
                large,
                sum(large),
                small,
                sum(small),
                note_ids,
                measure=measure,
            )
    large, n_large, small, n_small = COFINANCING[wave]
    make.by_size("I06", wave, FORMS, large, n_large, small, n_small, "multiple_choice")
    if wave == "2017":
        for breakdown, group, n, fte in (
            ("all", "all", 36, 21.5),
            ("size", "large", 15, 13.25),
            ("size", "small", 21, 8.25),
        ):
            place = {"breakdown": breakdown, "group": group, "deliveries": delivery}
            note = {"note_ids": f"skip_logic|{BREAK[0]}", "obs_status": "B"}
            make("I05", wave, "fte_mean", "fte", fte, n, fte / n, **place, **note)
            make("I05", wave, "fte_total", "fte", fte, n, fte, **place, **note)


def _register_cells(make: _Maker) -> None:
    for period, with_plans in (("2015", 44), ("2016", 45)):
        delivery = ["driftsstoette-2015-06-30"]
        make(
            "I01",
            period,
            "municipalities",
            "count",
            with_plans,
            98,
            with_plans,
            deliveries=delivery,
        )
        make("I01", period, "share_pct", "pct", with_plans, 98, deliveries=delivery)
        make(
            "I01",
            period,
            "plan_areas",
            "count",
            None,
            98,
            None,
            obs_status="M",
            note_ids="plan_areas_not_delivered",
            deliveries=delivery,
        )
    for period, lbf, local in (
        ("2015-06-30", 600_000_000.0, 200_000_000.5),
        ("2016-12-31", 750_000_000.0, 260_000_000.0),
    ):
        delivery = [f"driftsstoette-{period}"]
        for pool, part in (("all", 1.0), ("2011-14", 0.75), ("2015-18", 0.25)):
            place = {
                "breakdown": "all" if pool == "all" else "grant_pool",
                "group": pool,
                "deliveries": delivery,
                "note_ids": "active_plans",
            }
            total = part * (lbf + local)
            make("I07", period, "amount_kr", "kr", total, 60, total, **place)
            for source, amount in (("lbf", part * lbf), ("municipality_staff", part * local)):
                make("I07", period, "amount_kr", "kr", amount, 60, amount, category=source, **place)
                make("I07", period, "share_pct", "pct", amount, total, category=source, **place)
    for breakdown, group, base, counts in (
        ("all", "all", 98, (64, 82, 81, 90)),
        ("same_person", "yes", 20, (14, 17, 16, 17)),
        ("same_person", "no", 18, (11, 14, 15, 15)),
    ):
        topics = ("resident_safety", "resident_composition", "letting_rules", "any_social")
        for topic, count in zip(topics, counts, strict=True):
            make(
                "I09",
                "2015",
                "share_pct",
                "pct",
                count,
                base,
                category=topic,
                breakdown=breakdown,
                group=group,
                deliveries=["styringsdialog-2015"],
            )
        make(
            "I09",
            "2015",
            "topics_per_meeting",
            "count",
            90,
            40,
            category="social",
            breakdown=breakdown,
            group=group,
            deliveries=["styringsdialog-2015"],
        )
    profiles = (("461", 195_797, 9), ("259", 59_285, 3), ("165", 27_833, 4), ("540", 74_801, 2))
    for code, inhabitants, plans in profiles:
        place = {"breakdown": "municipality", "group": code}
        make("I14", "2015", "inhabitants", "persons", inhabitants, None, inhabitants, **place)
        make("I14", "2015", "plans", "count", plans, None, plans, **place)
        make("I14", "2015", "listed_areas", "count", 0, None, 0, **place)


class _Maker:
    """Collects cells; the value follows from numerator and base where it is a share."""

    def __init__(self, synthetic: bool) -> None:
        self.rows: list[dict[str, object]] = []
        self._synthetic = synthetic

    def __call__(
        self,
        indicator_id: str,
        period: str,
        measure: str,
        unit: str,
        numerator: float | None,
        base: float | None,
        value: float | None = None,
        *,
        category: str = "all",
        breakdown: str = "all",
        group: str = "all",
        obs_status: str = "A",
        note_ids: str = "",
        deliveries: list[str] | None = None,
    ) -> None:
        if value is None and numerator is not None and base:
            value = numerator / base * (100 if unit == "pct" else 1)
        cell = [indicator_id, period, breakdown, group, category, measure]
        self.rows.append(
            {
                "cell_id": ".".join(cell),
                "indicator_id": indicator_id,
                "period": period,
                "breakdown": breakdown,
                "breakdown_value": group,
                "category": category,
                "measure": measure,
                "unit": unit,
                "numerator": numerator,
                "base": base,
                "value": value,
                "obs_status": obs_status,
                "note_ids": note_ids,
                "is_confidential": indicator_id in CONFIDENTIAL or breakdown == "same_person",
                "is_synthetic": self._synthetic and bool(deliveries),
                "delivery_ids": deliveries or [],
                "sort_order": len(self.rows),
            }
        )

    def by_size(
        self,
        indicator_id: str,
        wave: str,
        categories: tuple[str, ...],
        large: tuple[int, ...],
        n_large: int,
        small: tuple[int, ...],
        n_small: int,
        note_ids: str,
        *,
        measure: str = "share_pct",
    ) -> None:
        total = tuple(a + b for a, b in zip(large, small, strict=True))
        for breakdown, group, base, counts in (
            ("all", "all", n_large + n_small, total),
            ("size", "large", n_large, large),
            ("size", "small", n_small, small),
        ):
            for category, count in zip(categories, counts, strict=True):
                self(
                    indicator_id,
                    wave,
                    measure,
                    "pct",
                    count,
                    base,
                    category=category,
                    breakdown=breakdown,
                    group=group,
                    note_ids=note_ids + ("|size_class" if breakdown == "size" else ""),
                    deliveries=[f"survey-{wave}"],
                )
