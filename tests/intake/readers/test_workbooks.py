"""Workbooks: what the sender sees is what is read, and what is odd is said."""

import datetime as dt

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from workbook_files import HEADING, REQUIRED, by_hand, heading_xml, saved, with_part, workbook

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.xlsx import read_xlsx_sheets, read_xlsx_table


def read(data: bytes, **more):
    return read_xlsx_table(data, "a.xlsx", REQUIRED, **more)


def rules(table):
    return [(f.row, f.column, f.rule) for f in table.findings]


def rejection(data: bytes) -> DeliveryRejected:
    with pytest.raises(DeliveryRejected) as refusal:
        read(data)
    assert refusal.value.file == "a.xlsx"
    return refusal.value


def test_title_lines_heading_rows_and_totals_are_told_apart():
    table = read(
        workbook(
            [
                ["Udtræk fra driftsstøttesystemet"],
                ["Udtræksdato:", dt.date(2015, 6, 30)],
                [],
                HEADING,
                ["1", "LBF", 10],
                [],
                ["2", "LBF", 5],
                ["I alt", None, 15],
            ]
        )
    )
    assert table.titles == ("Udtræk fra driftsstøttesystemet", "Udtræksdato: 2015-06-30")
    assert (table.sheet, table.header, table.header_row) == ("Sheet", HEADING, 4)
    assert table.rows == [(5, ("1", "LBF", "10")), (7, ("2", "LBF", "5"))]
    assert table.totals == (8, ("I alt", "", "15"))
    assert table.findings == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6_000_000, "6000000"),
        (6_000_000.5, "6000000,5"),
        (1.1, "1,1"),
        (1e-7, "0,0000001"),
        (1e20, "100000000000000000000"),
        (-2.5, "-2,5"),
        (0, "0"),
        (True, "SAND"),
        (dt.date(2015, 6, 30), "2015-06-30"),
        (dt.datetime(2015, 6, 30), "2015-06-30"),
        (dt.datetime(2015, 6, 30, 12, 1, 5), "2015-06-30 12:01:05"),
        (dt.time(8, 30), "08:30:00"),
        ("  Ærø\u200b ", "  Ærø "),
        ("A\u030arhus", "Århus"),
        ("to\nlinjer", "to\nlinjer"),
        ("6.000.000,00", "6.000.000,00"),
    ],
)
def test_cells_are_rendered_without_loss(value, text):
    table = read(workbook([HEADING, ["1", value, 1]]))
    assert table.rows[0][1][1] == text


def test_codes_keep_the_zeros_their_format_shows():
    def zeros(sheet):
        sheet["A2"].number_format = "0000"

    table = read(workbook([HEADING, [123, "LBF", 1]], zeros))
    assert table.rows[0][1][0] == "0123"


def test_numbers_stored_with_noise_are_called_shortest():
    data = by_hand(
        heading_xml() + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c>'
        '<c r="C2"><v>1.1000000000000001</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3"><v>12345678901234567890</v></c>'
        '<c r="C3"><v>0.30000000000000004</v></c></row>'
    )
    assert read(data).rows == [
        (2, ("1", "1", "1,1")),
        (3, ("2", "12345678901234567890", "0,30000000000000004")),
    ]


def test_formulas_with_a_value_are_read_and_without_one_are_errors():
    sheet = heading_xml() + (
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="str"><f>"L"</f><v>LBF</v></c>'
        '<c r="C2"><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3" t="str"><f>""</f><v></v></c>'
        '<c r="C3"><f>1+1</f><v></v></c></row>'
    )
    table = read(by_hand(sheet))
    assert table.rows[0] == (2, ("1", "LBF", "2"))
    assert rules(table) == [(3, "Beløb (kr.)", "R03_formula_without_value")]
    assert table.rows_with_errors == {3}


def test_placeholder_values_of_formulas_nobody_computed_are_not_believed():
    sheet = heading_xml() + (
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c>'
        '<c r="C2"><f>1+1</f><v>0</v></c></row>'
    )
    table = read(by_hand(sheet, calc='<calcPr calcId="124519" fullCalcOnLoad="1"/>'))
    assert rules(table) == [(2, "Beløb (kr.)", "R03_formula_without_value")]


def test_error_values_and_impossible_dates_are_errors():
    def dates(sheet):
        sheet["C3"] = -5
        sheet["C3"].number_format = "dd-mm-yyyy"
        sheet["B3"] = "LBF"
        sheet["A3"] = "2"

    table = read(workbook([HEADING, ["1", "LBF", "#N/A"]], dates))
    assert [(r, rule) for r, _, rule in rules(table)] == [
        (2, "R04_error_value"),
        (3, "R04_error_value"),
    ]


def test_faults_in_columns_nobody_reads_are_warnings():
    data = workbook([[*HEADING, "Note"], ["1", "LBF", 1, "#REF!"]])
    [found] = read(data, wanted_headers=REQUIRED).findings
    assert (found.rule, found.severity, found.column) == ("R04_error_value", "warning", "Note")
    assert read(data).rows_with_errors == {2}


def test_merged_cells_in_the_data_are_errors_and_above_it_are_not():
    def merge(sheet):
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("B3:B4")

    table = read(
        workbook([["Titel"], HEADING, ["1", "LBF", 1], ["2", None, 2], ["3", "LBF", 3]], merge)
    )
    assert rules(table) == [
        (3, "Finansieringskilde", "R05_merged_cells"),
        (4, "Finansieringskilde", "R05_merged_cells"),
    ]


def test_notes_beside_the_table_set_the_row_aside():
    def note(sheet):
        sheet["F2"] = "husk"

    table = read(workbook([HEADING, ["1", "LBF", 1], ["2", "LBF", 2]], note))
    assert rules(table) == [(2, None, "R08_outside_table")]
    assert [n for n, _ in table.rows] == [3]


def test_hidden_rows_columns_and_sheets_are_read_and_reported():
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True

    table = read(workbook([HEADING, ["1", "LBF", 1], ["2", "LBF", 1]], hide))
    assert table.rows_read == 2
    assert {f.rule for f in table.findings} == {"W01_hidden_rows", "W02_hidden_columns"}
    assert all(f.severity == "warning" for f in table.findings)


def test_the_sheet_is_found_by_its_headings():
    book = Workbook()
    book.active.append(["Noter", "til", "arket"])
    book.create_sheet("Tom")
    data = book.create_sheet("Data")
    data.append(HEADING)
    data.append(["1", "LBF", 1])
    table = read(saved(book))
    assert table.sheet == "Data"
    assert [(f.sheet, f.rule) for f in table.findings] == [("Sheet", "W06_sheet_set_aside")]
    data.sheet_state = "hidden"
    assert "W03_hidden_sheet" in {f.rule for f in read(saved(book)).findings}


def test_a_visible_table_comes_before_a_hidden_copy_and_two_visible_are_refused():
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Kopi")):
        sheet.append(HEADING)
        sheet.append(["1", "LBF", 1])
    assert rejection(saved(book)).rule == "F15_several_data_sets"
    book["Kopi"].sheet_state = "hidden"
    assert read(saved(book)).sheet == "Sheet"


def test_dates_count_from_1904_where_the_workbook_says_so():
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(HEADING)
    book.active.append(["1", dt.date(2015, 6, 30), 1])
    table = read(saved(book))
    assert table.rows[0][1][1] == "2015-06-30"
    assert [f.rule for f in table.findings] == ["W04_dates_since_1904"]


def test_a_false_dimension_hides_nothing():
    data = workbook([HEADING, ["1", "LBF", 1], ["2", "LBF", 2]])
    lied = with_part(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:A1"'),
    )
    assert lied != data
    assert read(lied).rows_read == 2
    huge = with_part(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<dimension ref="A1:C3"', b'<dimension ref="A1:XFD1048576"'),
    )
    assert read(huge).rows_read == 2


def test_a_far_cell_costs_nothing_and_is_refused_or_set_aside():
    def far_right(sheet):
        sheet["XFD2"] = "x"

    refusal = rejection(workbook([HEADING, ["1", "LBF", 1]], far_right))
    assert refusal.rule == "F14_far_cells"
    assert "XFD" in refusal.message_da

    def far_down(sheet):
        sheet["E1048576"] = "x"

    table = read(workbook([HEADING, ["1", "LBF", 1]], far_down))
    assert [n for n, _ in table.rows] == [2]
    assert rules(table) == [(1048576, None, "R08_outside_table")]


def test_far_cells_that_only_look_filled_are_ignored():
    def blanks(sheet):
        sheet["XFD1048576"] = "  "
        sheet["ZZ3"].number_format = "0.00"

    assert read(workbook([HEADING, ["1", "LBF", 1]], blanks)).rows_read == 1


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"><c r="A3"><v>1</v></c></row>',
        '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1_500</v></c></row>',
        '<row r="2"><c r="A2"><v>nan</v></c></row>',
        '<row r="2"><c r="A2" t="s"><v>7</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></row>',
    ],
    ids=["row", "order", "twice", "underscore", "nan", "string", "xml"],
)
def test_cells_out_of_order_or_beyond_the_format_make_a_corrupt_file(rows):
    assert rejection(by_hand(heading_xml() + rows)).rule == "F11_corrupt_file"


def test_rows_and_cells_without_numbers_are_counted():
    row = "<row>" + "".join(f"<c><v>{n}</v></c>" for n in (1, 2, 3)) + "</row>"
    assert read(by_hand(heading_xml() + row)).rows == [(2, ("1", "2", "3"))]


def test_missing_columns_are_named_with_the_sheet():
    refusal = rejection(workbook([["Sagsnr", "Finansieringskilde"], ["1", "LBF"]]))
    assert (refusal.rule, refusal.sheet) == ("F03_columns_missing", "Sheet")
    assert "Beløb (kr.)" in refusal.message_da


def test_an_empty_workbook_is_empty():
    assert rejection(workbook([])).rule == "F02_empty_file"


def test_all_sheets_can_be_had_as_they_are():
    [sheet] = read_xlsx_sheets(workbook([["a", 1], [None, None], ["b"]]), "a.xlsx")
    assert [(row.number, row.cells) for row in sheet.rows] == [(1, ("a", "1")), (3, ("b",))]
