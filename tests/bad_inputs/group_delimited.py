"""Delimited text: fields are counted, quoting is strict, nothing shifts or vanishes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from bad_input_harness import Case
from bad_input_tables import Table, csv_of, grants, text_of, with_cells

GROUP = "delimited"
LINES = text_of(grants()).splitlines()
# what is left when the second row (the staff row of the first plan) is out
WITHOUT_ITS_PLAN = {"accepted": 4, "quarantined": 2}


def with_line(at: int, line: str) -> Callable[[], bytes]:
    """The extract with one line replaced; 0 is the heading."""
    return lambda: "\r\n".join([*LINES[:at], line, *LINES[at + 1 :], ""]).encode()


def quoted(table: Table, separator: str = ";") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL).writerows(table)
    return out.getvalue().encode()


def set_aside(name: str, rule: str, make: Callable[[], bytes], *says: str) -> Case:
    """One row cannot be taken apart; its plan waits for it."""
    return Case(
        name,
        make,
        "quarantined",
        (rule, "C06_held_back_with_its_group"),
        accepted=4,
        quarantined=2,
        places=((3, None), (2, "Sagsnr")),
        says=says,
    )


def refused(name: str, rule: str, make: Callable[[], bytes], *says: str) -> Case:
    return Case(name, make, "rejected", (rule,), says=says)


def taken(name: str, make: Callable[[], bytes], *warnings: str) -> Case:
    return Case(f"{name}_is_taken", make, "accepted", warnings=warnings, accepted=6)


CASES = (
    set_aside(
        "one_separator_too_many",
        "R01_field_count",
        with_line(2, LINES[2].replace("Kanariebo", "Kanariebo; øst")),
        "17 felter",
        "har 16",
    ),
    set_aside(
        "one_separator_missing",
        "R01_field_count",
        with_line(2, LINES[2].replace("Kanariebo;", "Kanariebo ")),
        "15 felter",
    ),
    set_aside("a_field_too_many_at_the_end", "R01_field_count", with_line(2, LINES[2] + ";")),
    set_aside("the_line_cut_short", "R01_field_count", with_line(2, LINES[2][:60])),
    set_aside(
        "another_separator_in_a_line", "R01_field_count", with_line(2, LINES[2].replace(";", ","))
    ),
    set_aside("the_whole_line_in_quotes", "R01_field_count", with_line(2, f'"{LINES[2]}"')),
    set_aside(
        "text_after_a_closing_quote",
        "R02_broken_quoting",
        with_line(2, LINES[2].replace("Kanarieparken", '"Kanarieparken" øst')),
        "Anførselstegnene",
    ),
    Case(
        "a_line_of_prose_in_the_table",
        with_line(2, LINES[2] + "\r\nHerfra er tallene foreløbige"),
        "quarantined",
        ("R01_field_count",),
        accepted=6,
        quarantined=1,
        places=((4, None),),
        says=("Rækken har 1 felter",),
    ),
    refused(
        "a_quote_never_closed",
        "F23_unclosed_quote",
        with_line(2, LINES[2].replace("Kanarieparken", '"Kanarieparken')),
        "linje 3",
    ),
    refused(
        "cut_off_inside_a_line",
        "F11_corrupt_file",
        lambda: text_of(grants()).encode()[:-20],
        "midt i en linje",
    ),
    refused("empty", "F02_empty_file", lambda: b""),
    refused("blanks_only", "F02_empty_file", lambda: b" \r\n\t\r\n"),
    refused("mark_only", "F02_empty_file", lambda: b"\xef\xbb\xbf"),
    refused(
        "control_characters",
        "F24_binary_content",
        with_line(2, LINES[2].replace("Kanariebo", "Kan\x07bo")),
    ),
    refused(
        "zero_bytes", "F24_binary_content", with_line(2, LINES[2].replace("Kanariebo", "Kan\0bo"))
    ),
    refused(
        "a_picture",
        "F01_unreadable_encoding",
        lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 4,
    ),
    refused(
        "wrong_sep_line",
        "F03_columns_missing",
        lambda: ("sep=,\r\n" + text_of(grants())).encode(),
        "Sagsnr",
    ),
    refused("json", "F03_columns_missing", lambda: b'[{"Sagsnr": "2011-0001"}]\n'),
    refused(
        "one_column_of_text",
        "F03_columns_missing",
        lambda: "Kære CFBU\nHer er vores tal\n".encode(),
    ),
    refused("headings_alone", "K09_no_rows", lambda: (LINES[0] + "\r\n").encode()),
    refused(
        "headings_and_blank_rows", "K09_no_rows", lambda: (LINES[0] + "\r\n;;;\r\n\r\n").encode()
    ),
    Case(
        "no_line_end_after_the_last_row",
        lambda: text_of(grants()).encode().rstrip(),
        "accepted",
        warnings=("W14_no_last_newline",),
        accepted=6,
        says=("kontrollér, at sidste række er hel",),
    ),
    taken("comma", lambda: quoted(grants(), ",")),
    taken("tab", lambda: text_of(grants(), "\t").encode()),
    taken("bar", lambda: quoted(grants(), "|")),
    taken("sep_line", lambda: ("sep=|\r\n" + quoted(grants(), "|").decode()).encode()),
    taken("quotes_around_everything", lambda: quoted(grants())),
    taken(
        "separator_inside_quotes",
        lambda: quoted(with_cells(grants(Helhedsplan="A; B"), 2, Helhedsplan="A; B")),
    ),
    taken(
        "newline_inside_quotes",
        lambda: quoted(with_cells(grants(Helhedsplan="A\nB"), 2, Helhedsplan="A\nB")),
    ),
    taken("lone_carriage_returns", lambda: text_of(grants(), end="\r").encode()),
    taken("lone_newlines", lambda: text_of(grants(), end="\n").encode()),
    taken("blank_lines_between", lambda: text_of(grants(), end="\r\n\r\n").encode()),
    taken("surplus_separators_on_every_line", lambda: text_of(grants(), end=";;\r\n").encode()),
    refused("dos_end_of_file_mark", "F24_binary_content", lambda: csv_of(grants()) + b"\x1a"),
)
