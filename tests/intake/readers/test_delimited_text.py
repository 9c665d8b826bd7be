"""Delimited text: the table is found, fields are counted, nothing shifts in silence."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.delimited import DELIMITERS, read_delimited
from pipelines.intake.readers.encoding import clean_text

REQUIRED = {
    "case": ("Sagsnr", "Sagsnummer"),
    "source": ("Finansieringskilde",),
    "amount": ("Beløb (kr.)",),
}
HEADING = "Sagsnr;Helhedsplan;Finansieringskilde;Beløb (kr.)"
CELL = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")),
    max_size=12,
)


def read(text: str, **more):
    return read_delimited(text.encode(), "x.csv", REQUIRED, **more)


def rules(table):
    return [(f.row, f.column, f.rule) for f in table.findings]


def test_title_lines_heading_rows_and_totals_are_told_apart():
    table = read(
        "Udtræk fra driftsstøttesystemet\nUdtræksdato:;30-06-2015;;\n\n"
        f"{HEADING}\n1;Parken;LBF;6.000,00\n;;;\n2;Toften;LBF;1,50\nI alt;;;6.001,50\n\n"
    )
    assert table.titles == ("Udtræk fra driftsstøttesystemet", "Udtræksdato: 30-06-2015")
    assert table.header_row == 4
    assert table.rows == [
        (5, ("1", "Parken", "LBF", "6.000,00")),
        (7, ("2", "Toften", "LBF", "1,50")),
    ]
    assert table.totals == (8, ("I alt", "", "", "6.001,50"))
    assert table.findings == ()
    assert table.delimiter == ";"


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_dialect_reads_the_same(delimiter, codec, newline):
    text = f'{HEADING}\n1;"Åparken, ""øst"" | x";LBF;"6.000,00"\n'.replace(";", delimiter)
    table = read_delimited(text.replace("\n", newline).encode(codec), "x.csv", REQUIRED)
    assert table.rows == [(2, ("1", 'Åparken, "øst" | x', "LBF", "6.000,00"))]
    assert table.delimiter == delimiter


@pytest.mark.parametrize("line", ["sep=|", '"sep=|"', "SEP=|", "sep=|\r"])
def test_a_sep_line_is_believed_and_counted(line):
    table = read(f"{line}\n{HEADING}\n1;x;LBF;1\n".replace(";", "|"))
    assert table.delimiter == "|"
    assert table.rows[0][0] == 3


def test_headings_match_without_case_blanks_nbsp_and_bom():
    table = read("\ufeff SAGSNR ;finansieringsKILDE;beløb\u00a0 (kr.)\n1;2;3\n")
    assert table.rows == [(2, ("1", "2", "3"))]


@pytest.mark.parametrize(
    "row",
    [
        "1;Parken;LBF",
        "1;Par;ken;LBF;1",
        "1;;Parken;LBF;",
        "1;Parken;LBF;1;",
        "1",
        '"1;Parken;LBF;1"',
    ],
)
def test_a_row_with_a_wrong_field_count_is_set_aside_whole(row):
    table = read(f"{HEADING}\n0;a;LBF;1\n{row}\n2;b;LBF;1\n")
    assert [n for n, _ in table.rows] == [2, 4]
    assert [n for n, _ in table.bad_rows] == [3]
    assert rules(table) == [(3, None, "R01_field_count")]
    assert table.rows_read == 3


def test_the_count_is_said_in_the_message():
    [found] = read(f"{HEADING}\n1;a;b;LBF;1\n").findings
    assert "5 felter" in found.message_da
    assert "har 4" in found.message_da


def test_broken_quoting_costs_one_row():
    table = read(f'{HEADING}\n1;"Parken" øst;LBF;1\n2;"b;c";LBF;1\n3;5" rør;LBF;1\n')
    assert rules(table) == [(2, None, "R02_broken_quoting")]
    assert [cells[1] for _, cells in table.rows] == ["b;c", '5" rør']


def test_a_stray_quote_takes_no_row_up_to_the_next_one_with_it():
    table = read(f'{HEADING}\n1;"Parken;LBF;1\n2;b;LBF;1\n3;"b;c";LBF;1\n')
    assert rules(table) == [(2, None, "R02_broken_quoting")]
    assert table.bad_rows == [(2, ('1;"Parken;LBF;1',))]
    assert [(n, cells[1]) for n, cells in table.rows] == [(3, "b"), (4, "b;c")]


def test_two_stray_quotes_far_apart_are_no_cell():
    between = [f"{n};b;LBF;1" for n in range(2, 103)]  # with the row that closes it 102 lines
    lines = [HEADING, '1;"Parken;LBF;1', *between, '103;19";LBF;1', ""]
    table = read("\n".join(lines))
    assert rules(table) == [(2, None, "R02_broken_quoting")]
    assert [n for n, _ in table.rows] == list(range(3, 105))


def test_a_quote_open_for_longer_than_a_cell_may_be_was_never_closed():
    # 120,000 lines of 10 characters: more than the 1,048,576 that a cell may have
    with pytest.raises(DeliveryRejected) as refusal:
        read(f'{HEADING}\n1;a;LBF;1\n2;"b;LBF;1\n' + "3;c;LBF;1\n" * 120_000)
    assert refusal.value.rule == "F23_unclosed_quote"
    assert "linje 3" in refusal.value.message_da


def test_an_unclosed_quote_rejects_the_file_and_names_the_line():
    with pytest.raises(DeliveryRejected) as refusal:
        read(f'{HEADING}\n1;a;LBF;1\n2;"b;LBF;1\n3;c;LBF;1\n')
    assert refusal.value.rule == "F23_unclosed_quote"
    assert "linje 3" in refusal.value.message_da


def test_quoted_newlines_keep_line_numbers_right():
    table = read(f'{HEADING}\n1;"to\nlinjer";LBF;1\n2;b;LBF;1\n')
    assert table.rows == [(2, ("1", "to\nlinjer", "LBF", "1")), (4, ("2", "b", "LBF", "1"))]


def test_rows_after_a_totals_row_are_set_aside():
    table = read(f"{HEADING}\n1;a;LBF;1\nTotal:;;;1\n2;b;LBF;1\n")
    assert rules(table) == [(4, None, "R06_after_totals")]
    assert table.totals == (3, ("Total:", "", "", "1"))


def test_content_beside_the_table_is_not_taken_for_a_column():
    table = read(f"{HEADING};\n1;a;LBF;1;\n2;b;LBF;1;husk\n")
    assert table.header == tuple(HEADING.split(";"))
    assert rules(table) == [(3, None, "R08_outside_table")]


def test_garbled_text_is_an_error_where_it_is_read_and_a_warning_elsewhere():
    text = f"{HEADING}\n1;KÃ¸benhavn;LBF;1\n"
    assert read(text).rows_with_errors == {2}
    [found] = read(text, wanted_headers=REQUIRED).findings
    assert (found.rule, found.severity, found.column) == (
        "R07_garbled_text",
        "warning",
        "Helhedsplan",
    )


def test_findings_carry_no_cell_values():
    table = read(f'{HEADING}\n1;"Hemmelig" x;LBF;1\n2;Hemmelig;x;LBF;1\n3;HemmeligÃ¸;LBF;1\n')
    assert len(table.findings) == 3
    assert not any("Hemmelig" in f.message_da + f.message_en for f in table.findings)


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("Sagsnr;Helhedsplan;Finansieringskilde\n1;a;LBF\n", "F03_columns_missing", "Beløb (kr.)"),
        ("1;a;LBF;1\n2;b;LBF;1\n", "F03_columns_missing", "Sagsnr"),
        ("a\n" * 6 + HEADING + "\n", "F26_headings_too_far_down", "linje 7"),
        (HEADING.replace("ø", "Ã¸") + "\n1;a;LBF;1\n", "F25_garbled_headings", "Beløb (kr.)"),
        (HEADING.replace("ø", "?") + "\n1;a;LBF;1\n", "F25_garbled_headings", "tegnsæt"),
        (HEADING + ";Sagsnummer\n1;a;LBF;1;1\n", "F04_ambiguous_columns", "Sagsnummer"),
        (HEADING + ";sagsnr\n1;a;LBF;1;1\n", "F04_ambiguous_columns", "sagsnr"),
    ],
)
def test_headings_that_do_not_fit_reject_the_file(text, rule, said):
    with pytest.raises(DeliveryRejected) as refusal:
        read(text)
    assert refusal.value.rule == rule
    assert said in refusal.value.message_da


def test_five_title_lines_are_allowed():
    assert read("a\nb\nc\nd\ne\n" + HEADING + "\n1;a;LBF;1\n").titles == ("a", "b", "c", "d", "e")


def test_invisible_marks_are_removed_and_reported():
    table = read(f"{HEADING}\n1;Par\u200bken;LBF;1\n")
    assert table.rows[0][1][1] == "Parken"
    assert [f.rule for f in table.findings] == ["W05_invisible_marks"]


def test_surplus_empty_fields_are_dropped_only_on_request():
    text = f"{HEADING}\n1;a;LBF;1;\n"
    assert read(text).rows == []
    assert read(text, trailing_empty_cells=True).rows == [(2, ("1", "a", "LBF", "1"))]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@given(rows=st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=8))
def test_what_csv_writes_is_read_back_cell_by_cell(delimiter, rows):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADING.split(";"))
    writer.writerows(rows)
    table = read_delimited(out.getvalue().encode(), "x.csv", REQUIRED, has_totals=False)
    expected = [tuple(map(clean_text, row)) for row in rows if any(map(str.strip, row))]
    assert [cells for _, cells in table.rows] == expected


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(1, 5))
def test_no_separator_added_or_lost_ever_shifts_a_cell(changed, times):
    lines = [["1", "a", "LBF", "5"] for _ in range(5)]
    for index in changed:
        lines[index] = ["1", "a", "LBF", "5"] + [""] * times if index % 2 else ["1", "a"]
    table = read("\n".join([HEADING, *map(";".join, lines)]) + "\n")
    assert all(cells == ("1", "a", "LBF", "5") for _, cells in table.rows)
    assert len(table.rows) == 5 - len(set(changed))
    assert len(table.bad_rows) == len(set(changed))


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text):
    try:
        table = read_delimited(text.encode("utf-8", "ignore"), "x.csv")
    except DeliveryRejected:
        return
    assert all(len(cells) == len(table.header) for _, cells in table.rows)


@pytest.mark.parametrize("line", ["x" * 300_000, '"' + "x" * 300_000 + '"', '"' + "x;" * 9 + '" y'])
def test_monstrous_first_lines_are_no_crash(line):
    assert read(f"{line}\n{HEADING}\n1;a;LBF;1\n").rows_read == 1
