"""Workbooks: what a program or a person may leave in one, and what is no workbook at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bad_input_harness import DEFAULT_FILE, Case
from bad_input_tables import Table, grants, meetings
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from workbook_files import by_hand, packed, saved, with_part, workbook

GROUP = "xlsx"
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ROW_2_AND_3 = 2
"""Rows of the first plan: what is wrong with one of them holds both back."""


def book(change: Callable[[Worksheet], None] | None = None, table: Table | None = None) -> bytes:
    """A sound workbook, changed."""
    return workbook(grants() if table is None else table, change)


def cell(place: str, value: Any, number_format: str | None = None) -> Callable[[], bytes]:
    """A sound workbook with one cell changed."""

    def change(sheet: Worksheet) -> None:
        sheet[place] = value
        if number_format:
            sheet[place].number_format = number_format

    return partial(book, change)


def part(name: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """A sound workbook with one part of the package changed."""
    return lambda: with_part(book(), name, change)


def replaced(name: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    """A sound workbook with some bytes of a part replaced; they must be there."""

    def change(data: bytes) -> bytes:
        if old not in data:
            raise ValueError(f"{old!r} is not in {name}")
        return data.replace(old, new)

    return part(name, change)


def sheets(*tables: Table, hidden: Sequence[int] = (), state: str = "hidden") -> bytes:
    """A workbook of several sheets."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for number, table in enumerate(tables):
        sheet = made.create_sheet(f"Ark{number + 1}")
        for row in table:
            sheet.append(row)
        if number in hidden:
            sheet.sheet_state = state
    return saved(made)


def rows_xml(table: Table, extra: str = "") -> str:
    """A table as the XML of a sheet, with more behind it."""
    rows = []
    for number, row in enumerate(table, start=1):
        cells = "".join(
            f'<c r="{get_column_letter(at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for at, text in enumerate(row, start=1)
        )
        rows.append(f'<row r="{number}">{cells}</row>')
    return "".join(rows) + extra


def handmade(extra: str = "", **more: str) -> Callable[[], bytes]:
    """A sound table in the smallest workbook there is, with more rows of XML behind it."""
    return lambda: by_hand(rows_xml(grants(), extra), **more)


def typed() -> bytes:
    """The table with real numbers and dates, as a person fills it in."""
    table: list[list[Any]] = [list(row) for row in grants()]
    for row in table[1:]:
        row[3:5] = [123, 461]
        row[8:10] = [dt.date(2013, 1, 1), dt.datetime(2016, 12, 31)]
        row[11:13] = [1204, 2890]
        row[14] = float(row[14].replace(".", "").replace(",", "."))
        row[15] = 4160.5 if row[15] else None

    def zeros(sheet: Worksheet) -> None:
        for at in range(2, 8):
            sheet[f"D{at}"].number_format = "0000"

    return workbook(table, zeros)


def since_1904() -> bytes:
    made = Workbook()
    made.epoch = CALENDAR_MAC_1904
    sheet = made.worksheets[0]
    for row in grants():
        sheet.append(row)
    sheet["I2"] = sheet["I3"] = dt.date(2013, 1, 1)
    return saved(made)


def computed() -> bytes:
    xml = rows_xml(grants())
    value = '<c r="O2" t="inlineStr"><is><t>6.000.000,00</t></is></c>'
    if value not in xml:
        raise ValueError("no such cell")
    return by_hand(xml.replace(value, '<c r="O2"><f>3*2000000</f><v>6000000</v></c>'))


def hide(sheet: Worksheet) -> None:
    sheet.row_dimensions[2].hidden = True


def hide_column(sheet: Worksheet) -> None:
    sheet.column_dimensions["D"].hidden = True


def merge_title() -> bytes:
    return book(
        lambda sheet: sheet.merge_cells("A1:P1"),
        [["Udtræk fra driftsstøttesystemet"], ["Udtræksdato: 30-06-2015"], *grants()],
    )


def bad_everywhere() -> bytes:
    errors = '<c t="e"><v>#N/A</v></c>' * 400
    return by_hand(
        rows_xml(grants(), "".join(f'<row r="{n}">{errors}</row>' for n in range(8, 260)))
    )


def far_apart() -> bytes:
    rows = (
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="ALL{n}"><v>1</v></c></row>'
        for n in range(8, 15_000)
    )
    return by_hand(rows_xml(grants(), "".join(rows)))


def strict(data: bytes) -> bytes:
    return data.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )


def note_sheet() -> Table:
    return [["Noter"], ["kanariefugl"]]


FORMULA = '<row r="8"><c r="A8" t="inlineStr"><is><t>2011-0009</t></is></c><c r="B8"><f>1+1</f>'
HELD = {"accepted": 4, "quarantined": ROW_2_AND_3}
GROUPED = "C06_held_back_with_its_group"

ODD_BUT_READ = (
    Case("numbers_and_dates_as_such", typed, "accepted", accepted=6),
    Case("since_1904", since_1904, "accepted", warnings=("W04_dates_since_1904",), accepted=6),
    Case(
        "dimension_too_small",
        replaced(SHEET, b'<dimension ref="A1:P7"', b'<dimension ref="A1:A1"'),
        "accepted",
        accepted=6,
    ),
    Case(
        "dimension_of_a_whole_sheet",
        replaced(SHEET, b'<dimension ref="A1:P7"', b'<dimension ref="A1:XFD1048576"'),
        "accepted",
        accepted=6,
    ),
    Case("blank_far_away", cell("XFD1048576", "  "), "accepted", accepted=6),
    Case("format_far_away", cell("ZZ90000", None, "0.00"), "accepted", accepted=6),
    Case("hidden_row", partial(book, hide), "accepted", warnings=("W01_hidden_rows",)),
    Case("hidden_column", partial(book, hide_column), "accepted", warnings=("W02_hidden_columns",)),
    Case(
        "table_on_a_hidden_sheet",
        lambda: sheets(note_sheet(), grants(), hidden=[1]),
        "accepted",
        warnings=("W03_hidden_sheet", "W06_sheet_set_aside"),
    ),
    Case(
        "table_on_a_very_hidden_sheet",
        lambda: sheets(note_sheet(), grants(), hidden=[1], state="veryHidden"),
        "accepted",
        warnings=("W03_hidden_sheet", "W06_sheet_set_aside"),
    ),
    Case(
        "hidden_copy_of_the_table",
        lambda: sheets(grants(), grants(2), hidden=[1]),
        "accepted",
        warnings=("W06_sheet_set_aside",),
        accepted=6,
    ),
    Case("merged_title", merge_title, "accepted", accepted=6),
    Case("formula_with_its_value", computed, "accepted", accepted=6),
    Case(
        "values_from_another_workbook",
        part("xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>"),
        "accepted",
        warnings=("W09_external_links",),
    ),
    Case("macro_ending_without_macros", partial(book), "accepted", file="udtræk.xlsm"),
    Case(
        "yes_and_no_as_booleans",
        lambda: workbook([meetings()[0], *([*row[:-1], True] for row in meetings()[1:])]),
        "accepted",
        source="styringsdialog",
        period="2015",
        accepted=4,
    ),
)

HELD_BACK = (
    Case(
        "formula_without_value",
        handmade(FORMULA + "</c></row>"),
        "quarantined",
        ("C01_required_missing", "R03_formula_without_value"),
        places=((8, "Helhedsplan"),),
        accepted=6,
    ),
    Case(
        "formulas_that_nobody_computed",
        handmade(FORMULA + "<v>0</v></c></row>", calc='<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        "quarantined",
        ("C01_required_missing", "R03_formula_without_value"),
        accepted=6,
    ),
    Case(
        "error_value",
        cell("O2", "#DIV/0!"),
        "quarantined",
        ("R04_error_value", GROUPED),
        places=((2, "Beløb (kr.)"),),
        **HELD,
    ),
    Case(
        "date_before_all_dates",
        cell("I2", -5, "dd-mm-yyyy"),
        "quarantined",
        ("R04_error_value", GROUPED),
        places=((2, "Bevilling fra"),),
        **HELD,
    ),
    Case(
        "date_as_a_bare_serial",
        cell("I2", 41275),
        "quarantined",
        ("C03_not_a_date", GROUPED),
        places=((2, "Bevilling fra"),),
        **HELD,
    ),
    Case("time_for_a_date", cell("I2", dt.time(8, 30)), "quarantined", ("C03_not_a_date", GROUPED)),
    Case("boolean_for_an_amount", cell("O2", True), "quarantined", ("C02_not_a_number", GROUPED)),
    Case(
        "boolean_for_a_code",
        cell("N2", False),
        "quarantined",
        ("C04_unknown_code", GROUPED),
        **HELD,
    ),
    Case(
        "merged_cells",
        partial(book, lambda sheet: sheet.merge_cells("B2:B3")),
        "quarantined",
        ("R05_merged_cells",),
        places=((2, "Helhedsplan"), (3, "Helhedsplan")),
        **HELD,
    ),
    Case(
        "note_beside_the_table",
        cell("S3", "kanariefugl"),
        "quarantined",
        ("R08_outside_table", GROUPED),
        places=((3, None),),
        **HELD,
    ),
    Case("far_down", cell("E1048576", "461"), "quarantined", ("C01_required_missing",), accepted=6),
    Case(
        "rows_below_the_total",
        lambda: book(
            table=[*grants()[:5], ["I alt", *[""] * 13, "16.500.000,00", ""], *grants()[5:]]
        ),
        "quarantined",
        ("R06_after_totals",),
        accepted=4,
        quarantined=2,
    ),
)

REFUSED = (
    Case("far_cell", cell("XFD2", "x"), "rejected", ("F14_far_cells",), says=("XFD",)),
    Case("two_tables", lambda: sheets(grants(), grants()), "rejected", ("F15_several_data_sets",)),
    Case("nothing_in_it", lambda: workbook([]), "rejected", ("F02_empty_file",)),
    Case("empty_file", lambda: b"", "rejected", ("F02_empty_file",)),
    Case("headings_alone", lambda: workbook(grants(0)), "rejected", ("K09_no_rows",)),
    Case(
        "column_missing",
        cell("E1", "Kode"),
        "rejected",
        ("F03_columns_missing",),
        says=("Kommunekode",),
    ),
    Case("column_twice", cell("P1", "Kommunekode"), "rejected", ("F04_ambiguous_columns",)),
    Case(
        "password",
        lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500),
        "rejected",
        ("F06_encrypted",),
        says=("Fjern beskyttelsen",),
    ),
    Case(
        "old_excel",
        lambda: OLE + bytes(600),
        "rejected",
        ("F05_wrong_container",),
        says=("Gem som", ".xlsx"),
    ),
    Case(
        "old_excel_under_its_own_name",
        lambda: OLE + bytes(600),
        "rejected",
        ("F05_wrong_container",),
        file="udtræk.xls",
        says=("Gem som", ".xlsx"),
    ),
    Case(
        "excel_4",
        lambda: b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(600),
        "rejected",
        ("F05_wrong_container",),
        says=("gammel Office-fil",),
    ),
    Case(
        "web_page",
        lambda: b"<!DOCTYPE html><html><body>Log ind, kanariefugl</body></html>",
        "rejected",
        ("F05_wrong_container",),
        says=("webside", "login"),
    ),
    Case(
        "csv",
        lambda: b"Sagsnr;Helhedsplan\r\n1;Kanarieparken\r\n",
        "rejected",
        ("F05_wrong_container",),
        says=(".csv",),
    ),
    Case(
        "xml_spreadsheet",
        lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
        "rejected",
        ("F05_wrong_container",),
    ),
    Case("pdf", lambda: b"%PDF-1.7\n%%EOF\n", "rejected", ("F05_wrong_container",), says=("PDF",)),
    Case(
        "binary_workbook",
        lambda: packed({"xl/workbook.bin": "x", "[Content_Types].xml": "x"}),
        "rejected",
        ("F05_wrong_container",),
        says=(".xlsb",),
    ),
    Case(
        "open_document",
        lambda: packed({"mimetype": "x", "content.xml": "<x/>"}),
        "rejected",
        ("F05_wrong_container",),
        says=("OpenDocument",),
    ),
    Case(
        "strict_open_xml",
        part(BOOK, strict),
        "rejected",
        ("F05_wrong_container",),
        says=("Strict Open XML", "Excel-projektmappe"),
    ),
    Case("macros", part("xl/vbaProject.bin", lambda _: b"x"), "rejected", ("F16_macros",)),
    Case(
        "macro_sheet",
        part("xl/macrosheets/sheet1.xml", lambda _: b"<x/>"),
        "rejected",
        ("F16_macros",),
    ),
    Case("entities", part(SHEET, lambda x: DOCTYPE + x), "rejected", ("F17_forbidden_markup",)),
    Case(
        "document_type_in_the_styles",
        part("xl/styles.xml", lambda x: DOCTYPE + x),
        "rejected",
        ("F17_forbidden_markup",),
    ),
    Case(
        "part_leaves_its_folder",
        part("../evil.xml", lambda _: b"<x/>"),
        "rejected",
        ("F08_unsafe_member_name",),
    ),
    Case("half_a_file", lambda: book()[:-900], "rejected", ("F11_corrupt_file",)),
    Case("broken_xml", part(SHEET, lambda x: x[:-30]), "rejected", ("F11_corrupt_file",)),
    Case(
        "rows_out_of_order",
        handmade('<row r="3"><c r="A3"><v>1</v></c></row>'),
        "rejected",
        ("F11_corrupt_file",),
        says=("rækker i uorden",),
    ),
    Case(
        "cells_out_of_order",
        handmade('<row r="8"><c r="B8"><v>1</v></c><c r="A8"><v>1</v></c></row>'),
        "rejected",
        ("F11_corrupt_file",),
        says=("celler i uorden",),
    ),
    Case(
        "cell_of_another_row",
        handmade('<row r="8"><c r="A9"><v>1</v></c></row>'),
        "rejected",
        ("F11_corrupt_file",),
    ),
    Case(
        "string_that_is_not_there",
        handmade('<row r="8"><c r="A8" t="s"><v>7</v></c></row>'),
        "rejected",
        ("F11_corrupt_file",),
    ),
    Case(
        "not_a_number",
        handmade('<row r="8"><c r="A8"><v>nan</v></c></row>'),
        "rejected",
        ("F11_corrupt_file",),
    ),
    Case(
        "one_endless_cell",
        handmade(f'<row r="8"><c t="inlineStr"><is><t>{"kanariefugl " * 9000}</t></is></c></row>'),
        "rejected",
        ("F11_corrupt_file",),
        says=("længere",),
    ),
    Case(
        "bomb",
        part("xl/media/image1.png", lambda _: bytes(40 << 20)),
        "rejected",
        ("F07_oversized_content",),
    ),
    Case("nothing_but_errors", bad_everywhere, "rejected", ("F27_too_many_bad_cells",)),
    Case(
        "cells_far_apart",
        far_apart,
        "rejected",
        ("F12_parse_limits",),
        environment=(("MONITOR_PARSE_MEMORY_MB", "150"),),
        says=("150 MB",),
    ),
    Case(
        "sum_that_is_none",
        lambda: book(table=[*grants(), ["I alt", *[""] * 13, "1,00", ""]]),
        "rejected",
        ("K03_totals_disagree",),
    ),
)

CASES = tuple(
    replace(case, file="udtræk.xlsx", is_slow=True) if case.file == DEFAULT_FILE else case
    for case in (*ODD_BUT_READ, *HELD_BACK, *REFUSED)
)
