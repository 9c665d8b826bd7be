"""SurveyXact sets made here: parts by name, what does not fit, what is decimal."""

import pytest
from openpyxl import Workbook
from workbook_files import saved

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.surveyxact import read_surveyxact
from pipelines.intake.readers.surveyxact_parts import part_of

DATASET = "respondentid;s_1;s_11;s_12\n1;1;1.5;37.5\n2;;a, b;\n3;2;x;1.500.5\n"
LABELS = 's_1;1;"Ja, én "\ns_1;2;Nej\n'
STRUCTURE = (
    "questionName;variableName;questionType;subType;questionText;choiceValue;choiceText\n"
    "respondentid;respondentid;Open;Double;Id;;\n"
    "s_1;s_1;Closed;Single;Er der ansat;1;Ja, én\n"
    "s_11;s_11;Open;String;Bemærkning;;\n"
    "s_12;s_12;Open;Double;Timer;;\n"
)


def files(**changed: str | None) -> dict[str, bytes]:
    parts = {"dataset": DATASET, "labels": LABELS, "structure": STRUCTURE, **changed}
    return {f"{name}.csv": text.encode() for name, text in parts.items() if text is not None}


def rule_of(delivered: dict[str, bytes]) -> str:
    with pytest.raises(DeliveryRejected) as refusal:
        read_surveyxact(delivered, "sæt")
    return refusal.value.rule


def test_decimal_points_change_only_in_number_variables():
    export = read_surveyxact(files(), "sæt")
    assert [cells[3] for _, cells in export.dataset.rows] == ["37,5", "", "1.500.5"]
    assert export.dataset.rows[0][1][2] == "1.5"
    assert export.labels == {"s_1": {"1": "Ja, én", "2": "Nej"}}


def test_each_part_may_have_its_own_separator_and_encoding():
    delivered = files()
    delivered["labels.csv"] = LABELS.replace(";", "\t").encode("utf-16")
    delivered["structure.csv"] = (
        STRUCTURE.replace("Ja, én", "Ja").replace(";", ",").encode("cp1252")
    )
    export = read_surveyxact(delivered, "sæt")
    assert export.labels["s_1"]["2"] == "Nej"
    assert len(export.structure) == 4


def test_a_workbook_is_the_same_as_a_set():
    book = Workbook()
    book.active.title = "Labels(1)"
    for name, text in (("Dataset(1)", DATASET), ("Structure(1)", STRUCTURE), ("Info", "a;b\n")):
        sheet = book.create_sheet(name)
        for line in text.splitlines():
            sheet.append(line.split(";"))
    for line in LABELS.replace('"', "").splitlines():
        book.active.append(line.split(";"))
    export = read_surveyxact({"a.xlsx": saved(book)}, "a.xlsx")
    text = read_surveyxact(files(), "sæt")
    assert export.labels == text.labels
    assert export.structure == text.structure
    assert export.dataset.rows == text.dataset.rows
    assert [(f.sheet, f.rule) for f in export.dataset.findings] == [("Info", "W06_sheet_set_aside")]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("dataset.csv", "dataset"),
        ("Dataset(1)", "dataset"),
        ("2016_Structure.csv", "structure"),
        ("labels_en.csv", "labels"),
        ("LABELS.TXT", "labels"),
        ("complete.csv", None),
        ("variables.csv", None),
        ("mydatasets.csv", None),
    ],
)
def test_parts_are_known_by_name(name, part):
    assert part_of(name) == part


def test_other_files_are_set_aside_with_a_warning():
    delivered = files(complete="a;b\n") | {"laes_mig.pdf": b"%PDF-"}
    export = read_surveyxact(delivered, "sæt")
    assert [(f.file, f.rule) for f in export.dataset.findings] == [
        ("complete.csv", "W07_file_set_aside"),
        ("laes_mig.pdf", "W07_file_set_aside"),
    ]


def test_of_several_languages_the_plain_then_the_danish_file_counts():
    delivered = files(labels=None)
    delivered["labels_en.csv"] = b"s_1;1;yes\n"
    delivered["labels_da.csv"] = b"s_1;1;ja\n"
    assert read_surveyxact(delivered, "sæt").labels["s_1"]["1"] == "ja"


def test_long_names_in_the_structure_fit_short_ones_in_the_dataset():
    structure = STRUCTURE.replace("respondentid;respondentid", "respondentid;responde")
    export = read_surveyxact(files(structure=structure), "sæt")
    assert export.long_names["respondentid"] == "respondentid"
    dataset = DATASET.replace("respondentid", "responde")
    export = read_surveyxact(files(dataset=dataset), "sæt")
    assert export.long_names["responde"] == "respondentid"
    assert export.variables[0] == "responde"


def test_a_shortened_name_never_takes_another_variables_column():
    dataset = "response;s_1\n5;1\n"
    structure = (
        STRUCTURE.splitlines()[0] + "\nresponsecollect;responseX;Open;Double;a;;\n"
        "response;response;Open;Double;b;;\ns_1;s_1;Closed;Single;c;1;Ja\n"
    )
    export = read_surveyxact(files(dataset=dataset, structure=structure), "sæt")
    assert export.long_names == {"response": "response", "s_1": "s_1"}


def test_an_answer_that_breaks_its_row_costs_only_that_row():
    dataset = DATASET.replace("2;;a, b;\n", "2;;a; b;\n")
    export = read_surveyxact(files(dataset=dataset), "sæt")
    assert [n for n, _ in export.dataset.rows] == [2, 4]
    assert [(f.row, f.rule) for f in export.dataset.findings] == [(3, "R01_field_count")]


@pytest.mark.parametrize(
    ("delivered", "rule"),
    [
        (files(structure=None), "F18_survey_set_incomplete"),
        (files(labels=None, structure=None), "F18_survey_set_incomplete"),
        (files(labels="", structure=STRUCTURE), "F02_empty_file"),
        (files(structure="a;b\n1;2\n"), "F03_columns_missing"),
        (files(dataset="x;y\n1;2\n"), "F19_survey_set_inconsistent"),
        (files(labels="q_1;1;ja\n"), "F19_survey_set_inconsistent"),
        (files(dataset="s_1;S_1\n1;2\n"), "F04_ambiguous_columns"),
        (files() | {"dataset2/dataset_2.csv": b"s_1\n1\n"}, "F15_several_data_sets"),
        ({"data.sav": b"$FL2"}, "F22_unsupported_format"),
        ({"a.xlsx": b"<html>"}, "F05_wrong_container"),
        ({}, "F22_unsupported_format"),
    ],
)
def test_sets_that_do_not_fit_are_rejected(delivered, rule):
    assert rule_of(delivered) == rule
