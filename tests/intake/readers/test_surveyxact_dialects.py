"""The real exports: four dialects of one survey load to identical answers."""

from pathlib import Path

import pytest

from pipelines.intake.readers.surveyxact import SurveyExport, read_surveyxact

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "surveyxact"
FOLDERS = ("skole_semikolon_cp1252", "skole_komma_cp1252", "skole_tab_utf16")
DIALECTS = {
    "skole_semikolon_cp1252": ("text", "cp1252", ";"),
    "skole_komma_cp1252": ("text", "cp1252", ","),
    "skole_tab_utf16": ("text", "utf-16", "\t"),
    "skole.xlsx": ("workbook", None, None),
}

pytestmark = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the SurveyXact samples are not beside this checkout"
)


@pytest.fixture(scope="module")
def school() -> dict[str, SurveyExport]:
    exports = {
        folder: read_surveyxact(
            {f.name: f.read_bytes() for f in (SAMPLES / folder).iterdir()}, folder
        )
        for folder in FOLDERS
    }
    workbook = (SAMPLES / "skole.xlsx").read_bytes()
    return exports | {"skole.xlsx": read_surveyxact({"skole.xlsx": workbook}, "skole.xlsx")}


@pytest.fixture(scope="module")
def incremental() -> dict[str, SurveyExport]:
    folder = SAMPLES / "laravel_incremental"
    both = {n: (folder / n).read_bytes() for n in ("labels_en.csv", "structure_en.csv")}
    return {
        name: read_surveyxact({"dataset.csv": (folder / f"{name}.csv").read_bytes(), **both}, name)
        for name in ("dataset", "update", "import")
    }


def answers(export: SurveyExport, variables: list[str]) -> list[tuple[str, ...]]:
    places = [export.variables.index(v) for v in variables]
    return [tuple(cells[at] for at in places) for _, cells in export.dataset.rows]


@pytest.mark.parametrize("name", DIALECTS)
def test_each_dialect_is_read_whole(school, name):
    export = school[name]
    assert len(export.dataset.rows) == 999
    assert export.dataset.bad_rows == []
    assert export.dataset.findings == ()
    dialect = export.dialect
    assert (dialect.container, dialect.encoding, dialect.delimiter) == DIALECTS[name]


def test_the_dialects_load_to_identical_answers(school):
    first, *others = school.values()
    common = [v for v in first.variables if all(v in other.variables for other in others)]
    assert len(common) == 242
    for other in others:
        assert answers(other, common) == answers(first, common)


def test_the_dialects_agree_on_labels_and_structure(school):
    first, *others = school.values()
    for other in others:
        assert all(other.labels[variable] == first.labels[variable] for variable in first.labels)
        extra = {row for row in other.structure if row not in first.structure}
        assert {row.variable for row in extra} <= {"id", "orgnr"}
        assert set(first.structure) <= set(other.structure)


def test_the_comma_dialect_brings_personal_columns(school):
    extra = set(school["skole_komma_cp1252"].variables) - set(
        school["skole_semikolon_cp1252"].variables
    )
    assert extra == {"id", "orgnr", "forn", "ettern", "email"}


def test_labels_lose_stray_blanks_and_line_breaks(school):
    for export in school.values():
        texts = [text for codes in export.labels.values() for text in codes.values()]
        assert all(text == " ".join(text.split()) for text in texts)
        assert export.labels["s_2"]["1"] == "Idrettsfag"


def test_rows_of_the_structure_with_one_field_too_many_are_kept(school):
    [row] = [r for r in school["skole_komma_cp1252"].structure if r.variable == "v_1_1"]
    assert (row.sub_type, row.choice_value, row.choice_text) == (
        "Multiple",
        "1",
        "Design og redesign",
    )


def test_short_names_are_joined_to_long_ones_through_the_structure(incremental):
    names = incremental["dataset"].long_names
    assert names["responde"] == "respondentid"
    assert names["stato_1"] == "statoverall_1"
    assert names["stat_21"] == "statcreation_7"
    assert names["closetim"] == "closeTime"
    assert names["generated_id"] == "generated_id"


def test_exports_of_one_survey_may_order_their_columns_differently(incremental):
    dataset, update = incremental["dataset"], incremental["update"]
    assert dataset.variables[0] == "x_exclude"
    assert update.variables[0] == "survey"
    assert dataset.long_names["responde"] == update.long_names["responde"]
    [row] = update.dataset.rows
    assert row[1][update.variables.index("responde")] == "841931211"


def test_numbers_get_a_decimal_comma_and_times_and_codes_stay(incremental):
    export = incremental["dataset"]
    row = dict(zip(export.variables, export.dataset.rows[0][1], strict=True))
    assert row["difftime"] == "135,407"
    assert row["closetim"] == "2021-09-02 18:52:40"
    assert row["train_1"] == "1"


def test_trailing_empty_columns_are_no_variables(incremental):
    export = incremental["dataset"]
    assert all(export.variables)
    assert {r.question_type for r in export.structure} == {"Closed", "Open"}
