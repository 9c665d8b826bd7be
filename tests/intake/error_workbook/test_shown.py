"""What a sender reads in the workbook, and what is never in it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from sent_and_mended import HEADING, TITLE, Sent, comment, plan, send, sound, text

from pipelines.intake import delivered_file
from pipelines.intake.error_workbook import shown


def contents(sent: Sent) -> str:
    """Every byte of every part, unpacked."""
    assert sent.workbook is not None
    with zipfile.ZipFile(io.BytesIO(sent.workbook)) as package:
        return "\n".join(package.read(name).decode() for name in package.namelist())


def listed(sent: Sent) -> list[tuple[object, ...]]:
    rows = list(sent.book["Fejlliste"].values)
    assert rows[0] == ("Ark", "Celle", "Række", "Kolonne", "Hvad", "Regel", "Besked")
    return [row for row in rows[1:] if not str(row[5]).startswith("D06")]


def guide(sent: Sent) -> str:
    return "\n".join(str(row[0]) for row in sent.book["Vejledning"].values if row[0])


def test_the_senders_rows_stand_at_their_own_numbers_with_the_bad_cell_marked(
    tmp_path: Path,
) -> None:
    lines = ["", TITLE, HEADING, *sound(1), plan(2, "1,500.00"), plan(2, "9,00", "Andre"), ""]
    sent = send(tmp_path, text(*lines, *sound(3, 4)))
    sheet = sent.data
    assert [cell.value for cell in sheet[3]] == HEADING.split(";")
    assert sheet["A2"].value is None and sheet["A1"].value == TITLE
    assert [sheet[f"A{row}"].value for row in (4, 6, 7, 8, 9)] == [
        "2011-0001",
        "2011-0002",
        "2011-0002",
        None,
        "2011-0003",
    ]
    assert (sheet["O6"].value, sheet["O6"].fill.fgColor.rgb) == ("1,500.00", "FFF4B6AB")
    said = comment(sheet, "O6")
    assert said.startswith("Cellen er ikke et tal") and "1.500,00" in said
    assert sheet["A7"].fill.fgColor.rgb == "FFFFE699"
    assert "venter på den" in comment(sheet, "A7")
    assert [row[:6] for row in listed(sent)] == [
        ("Data", "O6", "6", "Beløb (kr.)", "Fejl: skal rettes", "C02_not_a_number"),
        ("Data", "A7", "7", "Sagsnr", "Venter på en anden række", "C06_held_back_with_its_group"),
    ]
    assert "2 af 8 rækker er holdt tilbage" in guide(sent)


@pytest.mark.slow
def test_text_stays_text(tmp_path: Path) -> None:
    formula = plan(2, "x").replace("Parken 2", "=2+2")
    sheet = send(tmp_path, text(HEADING, *sound(1), formula, *sound(3, 4))).data
    assert {sheet[cell].data_type for cell in ("B4", "D2", "E2", "I2", "O2")} == {"s"}
    assert [sheet[cell].value for cell in ("B4", "D2", "I2", "O2")] == [
        "=2+2",
        "0123",
        "01-01-2013",
        "1.500,00",
    ]
    assert sheet.column_dimensions["P"].number_format == "@", (
        "what is typed into an empty cell is text too"
    )


@pytest.mark.slow
def test_columns_that_are_not_loaded_are_left_out_and_said_to_be(tmp_path: Path) -> None:
    lines = [f"{HEADING};Bemærkninger;E-mail"]
    lines += [f"{row};Fortroligt notat;jens@example.org" for row in (plan(1, "x"), *sound(2, 3))]
    sent = send(tmp_path, text(*lines))
    assert [cell.value for cell in sent.data[1]] == HEADING.split(";")
    assert "Fortroligt notat" not in contents(sent)
    assert "jens@example.org" not in contents(sent)
    assert "2 kolonne(r) fra jeres fil er ikke med" in guide(sent)


@pytest.mark.slow
@pytest.mark.parametrize("value", ["jens@example.org", "CPR 010203-1234", "ring 23 45 67 89"])
def test_a_cell_that_looks_personal_is_blank_in_whatever_column(tmp_path: Path, value: str) -> None:
    bad = plan(1).replace("461", value).replace("Parken 1", value)
    sent = send(tmp_path, text(HEADING, bad, *sound(2, 3)))
    assert value not in contents(sent)
    assert sent.data["B2"].value is None and sent.data["E2"].value is None
    assert "ligner personoplysninger" in comment(sent.data, "E2")


@pytest.mark.slow
def test_numbers_and_dates_are_shown_though_they_look_like_others(tmp_path: Path) -> None:
    rows = [plan(1, "23456789,00"), plan(1, "9.000.000,00", "Kommune – kontant"), *sound(2)]
    sent = send(tmp_path, text(HEADING, *rows, plan(3, "x")))
    assert sent.data["O2"].value == "23456789,00"


@pytest.mark.slow
def test_a_row_that_cannot_be_taken_apart_is_shown_where_nothing_in_it_may_be_personal(
    tmp_path: Path,
) -> None:
    broken = plan(1).replace("Parken 1", "Par;ken")
    sent = send(tmp_path, text(HEADING, broken, *sound(2, 3)))
    assert [sent.data[cell].value for cell in ("B2", "C2", "Q2", "R2")] == [
        "Par",
        "ken",
        None,
        "◄ Ret rækken, og slet så denne celle",
    ]
    for personal in (
        text(f"{HEADING};Noter", f"{broken};x", *(f"{row};x" for row in sound(2, 3))),
        text(HEADING, broken.replace("ken", "jens@example.org"), *sound(2, 3)),
    ):
        hidden = send(tmp_path, personal)
        assert hidden.data["A2"].value == (
            "[Række 2 i jeres fil: skriv den her, eller slet rækken]"
        )
        assert hidden.data["B2"].value is None


@pytest.mark.slow
def test_a_sum_that_agreed_is_left_out_and_one_still_to_prove_is_kept(tmp_path: Path) -> None:
    agreed = text(HEADING, *sound(1, 2), plan(3).replace("461", "999"), f"I alt{';' * 14}5.700,00;")
    assert "I alt" not in contents(send(tmp_path, agreed))
    wrong = send(tmp_path, agreed.replace(b"5.700,00", b"5.800,00"))
    assert wrong.data["O7"].fill.fgColor.rgb == "FFF4B6AB"
    assert "Sumrækken afviger" in comment(wrong.data, "O7")
    unreadable = send(tmp_path, agreed.replace(b"600,00", b"600.0", 1))
    assert unreadable.data["A7"].value == "I alt"


@pytest.mark.slow
def test_missing_columns_are_added_empty_with_their_heading_marked(tmp_path: Path) -> None:
    lines = [HEADING.replace("Status;", ""), *(r.replace("Aktiv;", "") for r in sound(1, 2))]
    sheet = send(tmp_path, text(*lines)).data
    assert sheet["P1"].value == "Status"
    assert "Der mangler: Status" in comment(sheet, "P1")
    assert sheet["A2"].value == "2011-0001"


@pytest.mark.slow
def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    data = text(HEADING, plan(1, "x"), *sound(2, 3))
    assert send(tmp_path, data).workbook == send(tmp_path, data).workbook


@pytest.mark.slow
def test_a_long_table_shows_its_bad_rows_and_cannot_be_sent_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("lists", "surveys"):
        monkeypatch.setattr(f"pipelines.intake.error_workbook.{module}.MOST_ROWS", 3)
    sent = send(tmp_path, text(HEADING, *sound(1), plan(2, "x"), *sound(3)))
    values = list(sent.data.values)
    assert [row[0] for row in values] == ["Sagsnr (uddrag)", "2011-0002"]
    assert "kan ikke sendes tilbage" in guide(sent)
    assert listed(sent)[0][:3] == ("Data", "O2", "2")
    assert shown.MOST_ROWS == 50_000


@pytest.mark.slow
def test_of_a_streamed_file_only_the_bad_rows_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivered_file, "STREAMED_BYTES", 1000)
    monkeypatch.setattr(delivered_file, "LARGE_BYTES", 1000)
    rows = [*sound(*range(1, 20)), plan(20, "x"), *sound(*range(21, 40))]
    sent = send(tmp_path, text(TITLE, "", HEADING, *rows))
    assert sent.rules == ["C02_not_a_number"]
    assert [row[0] for row in sent.data.values][3:] == ["2011-0020"]
    assert listed(sent)[0][:3] == ("Data", "O4", "4")
    assert "kun de rækker" in guide(sent)


@pytest.mark.slow
@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04 not a zip", text("Noget", "helt;andet"), "ø".encode("cp850")]
)
def test_where_no_table_could_be_read_there_is_no_workbook(tmp_path: Path, data: bytes) -> None:
    sent = send(tmp_path, data)
    assert sent.decision.state == "rejected"
    assert sent.workbook is None


@pytest.mark.slow
def test_minutes_have_a_list_but_no_workbook(tmp_path: Path) -> None:
    sent = send(tmp_path, b"Referat uden hoved\n" * 5, "referat_2015.txt", "styringsdialog", "2015")
    assert sent.decision.findings and sent.workbook is None
