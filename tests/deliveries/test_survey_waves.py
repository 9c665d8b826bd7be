"""The three waves as files: dialects, traps, drift, and the cases a wave must cope with."""

import re
import zipfile
from collections import Counter
from datetime import datetime

import openpyxl
import pytest
from shipped_files import (
    WAVES,
    active,
    canonical,
    codebook,
    completed,
    one_item,
    residents,
    survey_rows,
    survey_tables,
)

SIZE_EXTRACT = {"2015": "2015-06-30", "2016": "2016-06-30", "2017": "2017-12-31"}
SHAPE = {"2015": (44, 41), "2016": (46, 40), "2017": (45, 40)}


def test_2015_is_a_zip_of_semicolon_files_in_windows_1252() -> None:
    with zipfile.ZipFile(one_item("survey", "2015")) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(contents) == ["dataset.csv", "labels.csv", "structure.csv"]
    assert contents["dataset.csv"].startswith(b"respondentid;organization;")
    assert b'"Ja, \xe9n "' in contents["labels.csv"]
    with pytest.raises(UnicodeDecodeError):
        contents["labels.csv"].decode("utf-8")
    assert {"statoverall_1", "closetime", "kommunekode"} <= set(survey_rows("2015")[0])


def test_2016_is_a_folder_of_tab_files_in_utf_16_with_short_names() -> None:
    folder = one_item("survey", "2016")
    for name in ("dataset", "labels", "structure"):
        content = (folder / f"{name}.csv").read_bytes()
        assert content.startswith(b"\xff\xfe")
        assert content.decode("utf-16").count("\t") > 100
        assert content.endswith("\r\n".encode("utf-16-le"))
    names = survey_tables("2016")["dataset"][0]
    assert max(map(len, names)) <= 8
    assert {"responde", "kommunek", "stato_5", "stat_21", "closetim"} <= set(names)


def test_2017_is_one_workbook_with_suffixed_sheets() -> None:
    book = openpyxl.load_workbook(one_item("survey", "2017"))
    assert book.sheetnames == ["Labels(1)", "Dataset(1)", "Structure(1)"]
    cells = list(book["Dataset(1)"].values)
    assert isinstance(cells[1][cells[0].index("kommunekode")], int)


def test_numbers_have_a_comma_in_2015_and_a_point_in_2016() -> None:
    assert any("," in row["difftime"] for row in survey_rows("2015"))
    assert any("." in row["difftime"] for row in survey_rows("2016"))


@pytest.mark.parametrize("wave", WAVES)
def test_structure_names_every_column_and_labels_every_code(wave: str) -> None:
    tables = survey_tables(wave)
    header, *described = tables["structure"]
    assert header[:7] == [
        "questionName", "variableName", "questionType", "subType", "questionText", "choiceValue",
        "choiceText",
    ]  # fmt: skip
    assert [row[1] for row in described] == tables["dataset"][0]
    labelled = {(row[0], row[1]) for row in tables["labels"]}
    closed = [row[1] for row in described if row[2] == "Closed"]
    for answer in survey_rows(wave):
        assert all(
            (name, answer[name]) in labelled for name in closed if answer[name] not in ("", "None")
        )


def test_rows_of_multiple_choices_have_one_field_too_many_in_2015() -> None:
    header, *rows = survey_tables("2015")["structure"]
    width = {row[3]: len(row) for row in rows}
    assert (len(header), width["Multiple"], width["Single"]) == (7, 8, 7)


@pytest.mark.parametrize("wave", WAVES)
def test_labels_have_trailing_blanks(wave: str) -> None:
    assert any(row[2].endswith(" ") for row in survey_tables(wave)["labels"])


@pytest.mark.parametrize("wave", WAVES)
def test_personal_columns_are_there_and_hold_nobody(wave: str) -> None:
    for row in survey_rows(wave):
        assert re.fullmatch(r"(respondent-\d{3}@example\.org)?", row["email"])
        assert row["navn"].endswith("(opdigtet)")
        assert row["s_11"] == "" or "Syntetisk kommentar" in row["s_11"]


@pytest.mark.parametrize("wave", WAVES)
def test_the_code_book_describes_every_answer(wave: str) -> None:
    """`canonical` fails on a code the book does not know; variables must exist."""
    rows = canonical(wave)
    assert (len(rows), len(completed(wave))) == SHAPE[wave]
    variables = {entry["variable"] for entry in codebook(wave)} - {"-"}
    assert variables <= set(survey_rows(wave)[0])
    assert all(one["response_status"] for one in rows)
    for one in completed(wave):
        assert datetime.strptime(one["completed_at"], "%Y-%m-%d %H:%M:%S").year == int(wave)


@pytest.mark.parametrize("wave", WAVES)
def test_the_invited_are_the_municipalities_with_active_plans(wave: str) -> None:
    codes = {one["municipality_code"] for one in canonical(wave)}
    outside = codes - set(active(SIZE_EXTRACT[wave]))
    assert set(active(SIZE_EXTRACT[wave])) <= codes
    assert len(outside) == (1 if wave == "2017" else 0)


def test_one_municipality_has_two_completed_respondents_in_2016() -> None:
    counted = Counter(one["municipality_code"] for one in completed("2016"))
    (twice,) = [code for code, count in counted.items() if count > 1]
    first, second = (one for one in completed("2016") if one["municipality_code"] == twice)
    assert first["completed_at"] < second["completed_at"]
    assert first["respondent_id"] != second["respondent_id"]


def test_the_outsider_of_2017_has_never_had_a_plan() -> None:
    codes = {one["municipality_code"] for one in completed("2017")}
    (outsider,) = codes - set(active("2017-12-31"))
    for period in ("2015-06-30", "2017-12-31"):
        assert outsider not in active(period)


def test_drift_between_the_waves() -> None:
    names = {wave: set(survey_rows(wave)[0]) for wave in WAVES}
    assert "s_5" in names["2015"] and "s_5a" in names["2016"] and "s_5" not in names["2016"]
    assert {"s_3", "s_12"} <= names["2016"]
    assert names["2017"].isdisjoint({"s_3", "s_12", "s_6", "s_8"})
    assert {"s_3h", "s_8_ny", "s_13"} <= names["2017"]
    yes = {
        wave: next(
            row[1] for row in survey_tables(wave)["labels"] if row[0] == "s_7" and row[2] == "Ja"
        )
        for wave in WAVES
    }
    assert yes == {"2015": "1", "2016": "2", "2017": "1"}


def test_hours_lie_within_the_band_in_2016() -> None:
    limits = {
        "full_time_or_more": (37, 370),
        "half_to_full_time": (18.5, 37),
        "half_time_or_less": (0, 18.5),
    }
    stated = [one for one in completed("2016") if "coordinator_time_band" in one]
    assert len(stated) > 30
    for one in stated:
        low, high = limits[one["coordinator_time_band"]]
        assert low <= float(one["coordinator_hours_per_week"]) <= high


def test_the_figures_by_size_of_2016_can_be_printed_whole() -> None:
    """No answer of a size class is given by one or two; the later respondent of two counts."""
    counting = {one["municipality_code"]: one for one in completed("2016")}
    large = {code for code, count in residents(SIZE_EXTRACT["2016"]).items() if count > 4_000}
    assert len(large & set(counting)) > 10
    for field in ("coordinator_time_band", "leaders_priority", "politicians_priority"):
        for group in (large, set(counting) - large):
            given = Counter(counting[code].get(field) for code in group & set(counting))
            del given[None]  # left out, or not asked
            assert min(given.values()) >= 3, (field, given)


def test_answers_persist_on_the_panel() -> None:
    """A second wave resembles the first; were it drawn anew, about half would agree."""
    before = {one["municipality_code"]: one for one in completed("2015")}
    pairs = [
        (before[one["municipality_code"]], one)
        for one in completed("2016")
        if one["municipality_code"] in before
    ]
    same = [a["same_person_coordinates"] == b["same_person_coordinates"] for a, b in pairs]
    assert sum(same) / len(same) > 0.75
