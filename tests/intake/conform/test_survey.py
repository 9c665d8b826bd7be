"""A code book applied to an export: names, codes, what is cut off, what the sender hears."""

from __future__ import annotations

import pytest

from pipelines.contracts.loader import load_code_book, load_source
from pipelines.contracts.model import CodeBook, CodeBookEntry
from pipelines.intake.conform.survey import apply_code_book
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.tables import TextTable

SOURCE = load_source("survey")


def book(*entries: tuple[str, str, str, str]) -> CodeBook:
    return CodeBook(
        wave="2099",
        entries=tuple(
            CodeBookEntry(field=f, variable=v, code=c, canonical_code=k) for f, v, c, k in entries
        ),
    )


def dataset(header: str, *rows: str) -> TextTable:
    return TextTable(
        file="dataset.csv",
        sheet=None,
        titles=(),
        header=tuple(header.split(";")),
        header_row=1,
        rows=[(at, tuple(row.split(";"))) for at, row in enumerate(rows, start=2)],
    )


BOOK = book(
    ("respondent_id", "respondentid", "", ""),
    ("response_status", "stato_3", "1", "some_answers"),
    ("response_status", "stato_4", "1", "completed"),
    ("coordinator_appointed", "s_1", "1", "yes_one"),
    ("coordinator_appointed", "s_1", "3", "no"),
    ("coordinator_unit", "-", "", ""),
    ("comment", "s_11", "", ""),
)
HEADER = "responde;stato_3;stato_4;s_1;s_11;email;created;s_99"
LONG = {"responde": "respondentid", "created": "created"}


def test_both_names_of_a_variable_are_found_and_codes_become_canonical() -> None:
    survey = apply_code_book(
        SOURCE, BOOK, dataset(HEADER, "17;0;1;3;tekst;a@example.org;2016;5"), LONG
    )
    assert survey.table.header == ("respondentid", "status", "coordinator_appointed")
    assert survey.table.rows == [(2, ("17", "completed", "no"))]


def test_an_unknown_answer_code_is_left_for_the_contract_to_find() -> None:
    survey = apply_code_book(SOURCE, BOOK, dataset(HEADER, "17;1;0;7;;;2016;5"), LONG)
    assert survey.table.rows == [(2, ("17", "some_answers", "7"))]


def test_a_status_that_is_not_set_is_empty() -> None:
    survey = apply_code_book(SOURCE, BOOK, dataset(HEADER, "17;0;0;;;;2016;5"), LONG)
    assert survey.table.rows == [(2, ("17", "", ""))]


def test_personal_columns_and_free_text_are_cut_and_only_surprises_are_told() -> None:
    survey = apply_code_book(
        SOURCE, BOOK, dataset(HEADER, "17;0;1;3;hemmelig tekst;a@example.org;2016;5"), LONG
    )
    assert "hemmelig tekst" not in str(survey.table.rows)
    assert "a@example.org" not in str(survey.table.rows)
    assert {(f.column, f.rule, f.severity) for f in survey.table.findings} == {
        ("email", "C08_personal_column_cut", "warning"),
        ("s_99", "C07_unknown_column", "warning"),
    }


def test_a_missing_variable_rejects_the_export_and_names_it() -> None:
    with pytest.raises(DeliveryRejected) as refusal:
        apply_code_book(SOURCE, BOOK, dataset("respondentid;stato_3;stato_4;s_11", "1;0;1;x"), {})
    assert refusal.value.rule == "K05_variable_missing"
    assert "s_1 (Har kommunen udpeget" in refusal.value.message_da
    assert "s_1 (Coordinator appointed)" in refusal.value.message_en


def test_the_recoded_answer_of_2016_is_turned_round() -> None:
    codes = {}
    for wave in ("2015", "2016"):
        found = load_code_book("survey", wave)
        assert found is not None
        codes[wave] = {e.code: e.canonical_code for e in found.of_field("same_person_coordinates")}
    assert codes["2015"]["1"] == codes["2016"]["2"] == "yes"


def test_a_question_the_code_book_leaves_out_is_not_told_as_unknown() -> None:
    rows = dataset(HEADER, "17;0;1;3;;;2016;5")
    told = [f.column for f in apply_code_book(SOURCE, BOOK, rows, LONG).table.findings]
    known = CodeBook(
        wave=BOOK.wave, entries=(*BOOK.entries, CodeBookEntry(field="-", variable="s_99"))
    )
    left = [f.column for f in apply_code_book(SOURCE, known, rows, LONG).table.findings]
    assert "s_99" in told
    assert left == [column for column in told if column != "s_99"]
