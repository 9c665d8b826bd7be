"""Topics, indicators, labels, notes and the calendar: complete, unique, and the same everywhere."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml

SEEDS_DIR = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


def test_social_topics_are_those_about_residents(seeds: duckdb.DuckDBPyConnection) -> None:
    social = seeds.sql(
        "select topic from styringsdialog_topics where is_social = 'true'"
    ).fetchall()
    assert {topic for (topic,) in social} == {
        "letting_rules",
        "municipal_allocation",
        "resident_composition",
        "resident_safety",
        "social_effort",
        "vulnerable_areas",
        "evictions",
    }


def test_a_physical_plan_is_kept_out_of_the_social_effort(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    words = dict(seeds.sql("select topic, keywords from styringsdialog_topics").fetchall())
    assert "!fysisk helhedsplan" in words["social_effort"].split("|")
    assert "fysisk helhedsplan" in words["physical_plan"].split("|")


def test_key_words_are_well_formed(seeds: duckdb.DuckDBPyConnection) -> None:
    for topic, keywords in seeds.sql(
        "select topic, keywords from styringsdialog_topics"
    ).fetchall():
        entries = keywords.split("|")
        assert len(entries) == len(set(entries)), topic
        assert any(not entry.startswith("!") for entry in entries), topic
        assert all(re.fullmatch(r"!?[A-Za-zæøåÆØÅ]+( [A-Za-zæøå]+)*", e) for e in entries), topic


def test_topics_have_the_same_labels_in_both_seeds(seeds: duckdb.DuckDBPyConnection) -> None:
    differing = seeds.sql(
        "select topic from styringsdialog_topics t anti join cell_labels l "
        "on l.dimension = 'category' and l.code = t.topic "
        "and l.label_da = t.label_da and l.label_en = t.label_en"
    ).fetchall()
    assert differing == []


def test_topics_cite_a_subject_of_kle(seeds: duckdb.DuckDBPyConnection) -> None:
    unknown = seeds.sql(
        "select topic from styringsdialog_topics anti join kle_topics "
        "on subject_number = kle_number"
    ).fetchall()
    assert unknown == []


def test_catalogue_holds_fifteen_indicators_all_of_them_built(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    rows = seeds.sql("select indicator_id, is_built from indicator_catalogue").fetchall()
    assert rows == [(f"I{n:02}", "true") for n in range(1, 16)]


GIVE_NOTES = ("indicator_questions", "indicator_answers", "survey_waves")
PARTS = (
    "title_da", "title_en", "definition_da", "definition_en", "unit", "base_da", "base_en",
    "breakdowns", "measures", "sources", "since_wave", "breaks_da", "breaks_en", "owner",
    "confidentiality", "is_sensitive",
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_no_indicator_lacks_a_part(seeds: duckdb.DuckDBPyConnection, part: str) -> None:
    lacking = seeds.sql(
        "select indicator_id from indicator_catalogue "
        f"where trim(coalesce({part}, '')) in ('', '|')"
    ).fetchall()
    assert lacking == []


def test_an_indicator_names_its_report_line_unless_the_report_cannot_have_it(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    """The report of 2015 knows one wave: it has nothing on change between two (I15)."""
    without = seeds.sql(
        "select indicator_id from indicator_catalogue where report_lines is null "
        "or not regexp_full_match(report_lines, 'L[0-9]+([|]L[0-9]+)*')"
    ).fetchall()
    assert without == [("I15",)]


def test_codes_of_the_catalogue_are_declared(seeds: duckdb.DuckDBPyConnection) -> None:
    for column, known in (
        ("measures", "select code from cell_labels where dimension = 'measure'"),
        ("sources", "select source as code from expected_deliveries union select 'reference'"),
        ("unit", "select code from cell_labels where dimension = 'unit'"),
        ("owner", "select owner as code from indicator_owners"),
    ):
        unknown = seeds.sql(
            f"select code from (select unnest(string_split({column}, '|')) as code "
            f"from indicator_catalogue) anti join ({known}) using (code)"
        ).fetchall()
        assert unknown == [], column


def test_indicators_of_survey_answers_are_confidential(seeds: duckdb.DuckDBPyConnection) -> None:
    """Response counts (I02) tell no answer; I09 uses the survey only to break down a register."""
    public = seeds.sql(
        "select indicator_id from indicator_catalogue "
        "where sources like '%survey%' and confidentiality = 'public'"
    ).fetchall()
    assert {indicator for (indicator,) in public} == {"I02", "I09"}


def test_catalogue_breakdowns_have_labels(seeds: duckdb.DuckDBPyConnection) -> None:
    unknown = seeds.sql(
        "select breakdown from (select unnest(string_split(breakdowns, '|')) as breakdown "
        "from indicator_catalogue) anti join cell_labels "
        "on dimension = 'breakdown' and code = breakdown"
    ).fetchall()
    assert unknown == []


def test_codes_and_labels_are_unique_in_their_dimension(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    for column in ("code", "label_da", "label_en", "position"):
        twice = seeds.sql(
            f"select dimension, {column} from cell_labels group by all having count(*) > 1"
        ).fetchall()
        assert twice == [], column


def test_regions_types_and_pools_of_the_registers_have_labels(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    unlabelled = seeds.sql(
        "select code from (select region as code from municipalities "
        "union select municipality_type from municipalities "
        "union select grant_pool from lbf_frames) used "
        "anti join (select code from cell_labels where dimension = 'breakdown_value') using (code)"
    ).fetchall()
    assert unlabelled == []


def test_labels_and_notes_are_written_in_both_languages(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    for table, danish, english in (
        ("cell_labels", "label_da", "label_en"),
        ("notes", "text_da", "text_en"),
    ):
        empty = seeds.sql(
            f"select * from {table} where {danish} is null or {english} is null "
            f"or trim({danish}) <> {danish} or trim({english}) <> {english}"
        ).fetchall()
        assert empty == [], table


def test_deliveries_are_expected_once_and_after_their_period(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    rows = seeds.sql("select source, period, expected_by from expected_deliveries").fetchall()
    assert len(rows) == len({(source, period) for source, period, _ in rows}) == 17
    for source, period, expected_by in rows:
        ends = period if len(period) == 10 else f"{period}-01-01"
        assert date.fromisoformat(expected_by) > date.fromisoformat(ends), (source, period)


def test_waves_take_their_size_from_an_expected_extract(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    unplanned = seeds.sql(
        "select wave from survey_waves anti join expected_deliveries e "
        "on e.source = 'driftsstoette' and e.period = size_extract_date"
    ).fetchall()
    assert unplanned == []
    disagreeing = seeds.sql(
        "select wave from survey_waves w anti join expected_deliveries e "
        "on e.source = 'survey' and e.period = w.wave and e.expected_by = w.expected_by"
    ).fetchall()
    assert disagreeing == []


def test_every_seed_and_column_is_described_and_typed(seeds: duckdb.DuckDBPyConnection) -> None:
    described = {}
    for path in sorted(SEEDS_DIR.glob("_*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            described[seed["name"]] = seed
    assert set(described) == {path.stem for path in SEEDS_DIR.glob("*.csv")}
    for name, seed in described.items():
        header = [column for column, *_ in seeds.sql(f"describe {name}").fetchall()]
        assert [column["name"] for column in seed["columns"]] == header
        assert list(seed["config"]["column_types"]) == header
        assert seed["description"].strip()
        assert all(column["description"].strip() for column in seed["columns"])


def test_every_note_is_put_on_cells_by_some_rule(seeds: duckdb.DuckDBPyConnection) -> None:
    """A note stands in a model, in a seed that gives it to figures, or in what makes a release."""
    places = [
        *(SEEDS_DIR.parent / "models").rglob("*.sql"),
        *(SEEDS_DIR.parent / "macros").glob("*.sql"),
        *(SEEDS_DIR / f"{name}.csv" for name in GIVE_NOTES),
        *(SEEDS_DIR.parents[1] / "pipelines").rglob("*.py"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in places)
    notes = [note for (note,) in seeds.sql("select note_id from notes").fetchall()]
    assert [n for n in notes if not re.search(rf"['\",|]{n}['\",|\n]", text)] == []
