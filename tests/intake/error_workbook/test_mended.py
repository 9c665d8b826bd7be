"""What is mended where it is marked is accepted; what is sent back as it is, is not."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sent_and_mended import (
    HEADING,
    LIST_HEADING,
    TITLE,
    comment,
    plan,
    send,
    send_back,
    sound,
    text,
)

GUARD = "◄ Ret rækken, og slet så denne celle"


def with_bad(bad: str, *more: str) -> bytes:
    return text(TITLE, HEADING, bad, *more, *sound(2, 3, 4))


CASES: dict[str, tuple[bytes, list[str], dict[str, Any]]] = {
    "a number typed as a number": (
        with_bad(plan(1, "1,500.00"), plan(1, "600,00", "Andre")),
        ["C02_not_a_number"],
        {"O3": 1500.0},
    ),
    "a number typed as text": (
        with_bad(plan(1, "1,500.00"), plan(1, "600,00", "Andre")),
        ["C02_not_a_number"],
        {"O3": "1.500,00"},
    ),
    "a date typed as a date": (
        with_bad(plan(1).replace("01-01-2013", "31-02-2013"), plan(1, "600,00", "Andre")),
        ["C03_not_a_date"],
        {"I3": datetime(2013, 1, 1)},
    ),
    "a code and an empty cell": (
        with_bad(plan(1, source="Fonden").replace("Parken 1", ""), plan(1, "600,00", "Andre")),
        ["C01_required_missing", "C04_unknown_code"],
        {"N3": "Landsbyggefonden", "B3": "Parken 1"},
    ),
    "a repeated row taken out": (
        with_bad(plan(1), plan(1), plan(1, "600,00", "Andre")),
        ["D01_row_repeated", "D01_row_repeated"],
        {f"{column}4": None for column in "ABCDEFGHIJKLMNOP"},
    ),
    "a field too many": (
        with_bad(plan(1).replace("Parken 1", "Par;ken"), plan(1, "600,00", "Andre")),
        ["R01_field_count"],
        dict(
            zip(
                [f"{column}3" for column in "BCDEFGHIJKLMNOPQR"],
                [*plan(1).split(";")[1:], None, None],
                strict=True,
            )
        ),
    ),
    "a field too few": (
        with_bad(plan(1)[:-1], plan(1, "600,00", "Andre")),
        ["R01_field_count"],
        {"Q3": None},
    ),
    "broken quoting": (
        with_bad(plan(1).replace("Parken 1", '"Parken" 1'), plan(1, "600,00", "Andre")),
        ["R02_broken_quoting"],
        {"B3": "Parken 1", "Q3": None},
    ),
    "a sum that is wrong": (
        text(TITLE, HEADING, *sound(1), f"I alt{';' * 14}99,00;"),
        ["K03_totals_disagree"],
        {"O5": "2.100,00"},
    ),
    "another date in the file": (
        text(TITLE.replace("2015", "2014"), HEADING, *sound(1)),
        ["K02_other_period"],
        {"A1": TITLE},
    ),
    "a date that is none": (
        text("Udtræksdato: igår", HEADING, *sound(1)),
        ["K02_other_period"],
        {"A1": TITLE},
    ),
    "personal data in a name": (
        with_bad(
            plan(1).replace("Parken 1", "jens@example.org"),
            plan(1, "600,00", "Andre").replace("Parken 1", "jens@example.org"),
        ),
        ["C09_personal_data_in_cell", "C09_personal_data_in_cell"],
        {"B3": "Parken 1", "B4": "Parken 1"},
    ),
    "a column that is missing": (
        text(HEADING.replace("Pulje;", ""), *(r.replace("2011-14;", "", 1) for r in sound(1, 2))),
        ["F03_columns_missing"],
        {f"P{row}": "2011-14" for row in range(2, 6)},
    ),
    "a column that stands there twice": (
        text(
            HEADING.replace("Pulje;", "Pulje;Pulje;"),
            *(r.replace("2011-14;", "2011-14;;") for r in sound(1)),
        ),
        ["F04_ambiguous_columns"],
        {"H1": None},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_mended_where_it_is_marked_is_accepted(tmp_path: Path, name: str) -> None:
    data, rules, changes = CASES[name]
    sent = send(tmp_path, data)
    assert sorted(r for r in sent.rules if not r.startswith("C06")) == rules
    marked = {cell.coordinate for row in sent.data for cell in row if cell.comment}
    if "repeated" not in name and "column" not in name:
        assert marked & set(changes), "the cells to mend are marked"
    again = send_back(tmp_path, sent, changes)
    assert (again.decision.state, again.rules) == ("accepted", [])
    assert again.workbook is None or not again.rules


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_what_is_sent_back_as_it_is_is_not_taken_for_mended(tmp_path: Path, name: str) -> None:
    sent = send(tmp_path, CASES[name][0])
    again = send_back(tmp_path, sent, {})
    assert again.decision.state != "accepted"
    assert again.decision.rows_accepted <= max(sent.decision.rows_accepted, 0)


@pytest.mark.slow
def test_formulas_without_values_and_merged_cells_cannot_slip_through(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADING.split(";"))
    for line in [plan(1), plan(1, "600,00", "Andre"), *sound(2, 3, 4)]:
        sheet.append(line.split(";"))
    sheet["P2"] = "=2*2"
    sheet.merge_cells("H4:I4")
    out = io.BytesIO()
    book.save(out)
    sent = send(tmp_path, out.getvalue(), "udtræk_2015-06-30.xlsx")
    assert {"R03_formula_without_value", "R05_merged_cells"} <= set(sent.rules)
    assert sent.data["Q2"].value == sent.data["Q4"].value == GUARD
    assert send_back(tmp_path, sent, {}).decision.state == "quarantined"
    changes = {"Q2": None, "Q4": None, "I4": "01-01-2013"}
    assert send_back(tmp_path, sent, changes).decision.state == "accepted"


@pytest.mark.slow
def test_a_survey_goes_back_and_comes_in_again_as_one_workbook(tmp_path: Path) -> None:
    from pipelines.settings import PROJECT_ROOT

    folder = PROJECT_ROOT / "deliveries/survey/2016/surveyxact_2016_SYNTETISK"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    rows = files["dataset.csv"].decode("utf-16").splitlines()
    place = rows[0].split("\t").index("s_1")
    cells = rows[3].split("\t")
    right, cells[place] = cells[place], "77"
    rows[3] = "\t".join(cells)
    files["dataset.csv"] = "\n".join([*rows, ""]).encode("utf-16")
    sent = send(tmp_path, files, "surveyxact_2016_SYNTETISK", "survey", "2016")
    assert "C04_unknown_code" in sent.rules
    assert sent.book.sheetnames == ["Dataset", "Fejlliste", "Vejledning", "Labels", "Structure"]
    header = [str(cell.value) for cell in sent.data[1]]
    assert not {"email", "s_11"} & {name.casefold() for name in header}
    bad = f"{openpyxl.utils.get_column_letter(header.index('s_1') + 1)}4"
    assert sent.data[bad].value == "77"
    assert "Svarkoder: 1 (" in comment(sent.data, bad)
    assert send_back(tmp_path, sent, {}).decision.state == "quarantined"
    again = send_back(tmp_path, sent, {bad: int(right) if right else None})
    assert again.decision.state == "accepted"
    assert again.decision.rows_accepted == sent.decision.rows_read


@pytest.mark.slow
def test_a_topic_list_is_mended_with_the_topic_that_was_proposed(tmp_path: Path) -> None:
    row = "2015;461;Odense;Eksempel Bolig;0123;11-11-2015;{};ja"
    topics = ("Beboertryghet", "Regnskab og økonomi", "Effektivisering")
    data = text(LIST_HEADING, *(row.format(topic) for topic in topics))
    sent = send(tmp_path, data, "emner_2015.csv", "styringsdialog", "2015")
    assert "Mente du »Beboertryghed«?" in comment(sent.data, "G2")
    again = send_back(tmp_path, sent, {"G2": "Beboertryghed"})
    assert (again.decision.state, again.decision.rows_accepted) == (
        "accepted",
        sent.decision.rows_read,
    )
