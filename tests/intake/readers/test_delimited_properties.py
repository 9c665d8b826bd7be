"""Any table that csv can write comes back cell by cell, in every dialect; nothing ever shifts."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_delivery import decided

from pipelines.contracts.tables import raw_ddl
from pipelines.intake import delivered_file
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.delimited import DELIMITERS, read_delimited
from pipelines.intake.readers.encoding import clean_text

HEADINGS = ("Sagsnr", "Helhedsplan", "Beløb (kr.)", "Bemærkning")
REQUIRED = {"case": ("Sagsnr",), "amount": ("Beløb (kr.)",)}
QUOTING = (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)
DANISH = st.text(alphabet="abzæøåÆØÅé \t;,|\"'\n0.,-–»«", max_size=10)
ANYTHING = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn")),
    max_size=10,
)


def written(
    rows: Sequence[Sequence[str]], delimiter: str, quoting: int, newline: str = "\r\n"
) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=newline)
    writer.writerows(rows)
    return out.getvalue()


def as_read(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """What reading gives by rule: composed text, one kind of newline, no rows without content."""
    return [
        tuple(clean_text(cell).replace("\r\n", "\n") for cell in row)
        for row in rows
        if any(cell.strip() for cell in row)
    ]


@given(
    rows=st.lists(st.tuples(*[ANYTHING] * 4), max_size=6),
    delimiter=st.sampled_from(DELIMITERS),
    quoting=st.sampled_from(QUOTING),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_a_table_comes_back_in_every_unicode_dialect(
    rows: list[tuple[str, ...]], delimiter: str, quoting: int, codec: str, newline: str
) -> None:
    data = written([HEADINGS, *rows], delimiter, quoting, newline).encode(codec)
    table = read_delimited(data, "x.csv", REQUIRED, has_totals=False)
    assert [cells for _, cells in table.rows] == as_read(rows)
    assert (table.delimiter, table.findings) == (delimiter, ()) or any(
        f.rule == "R07_garbled_text" for f in table.findings
    )


@given(
    rows=st.lists(st.tuples(*[DANISH] * 4), max_size=6),
    delimiter=st.sampled_from(DELIMITERS),
    quoting=st.sampled_from(QUOTING),
)
def test_a_danish_table_comes_back_in_windows_1252_or_is_refused_for_its_characters(
    rows: list[tuple[str, ...]], delimiter: str, quoting: int
) -> None:
    data = written([HEADINGS, *rows], delimiter, quoting).encode("cp1252")
    try:
        table = read_delimited(data, "x.csv", REQUIRED, has_totals=False)
    except DeliveryRejected as refusal:
        # a sign between letters (a»b) is what a DOS page leaves behind
        assert refusal.rule == "F01_unreadable_encoding"
        return
    assert [cells for _, cells in table.rows] == as_read(rows)


@given(
    rows=st.lists(
        st.lists(st.sampled_from(["", "a", "1,5", "x y", "æ"]), max_size=7), min_size=1, max_size=12
    ),
    delimiter=st.sampled_from(DELIMITERS),
)
def test_a_row_is_read_with_its_own_cells_or_set_aside_whole(
    rows: list[list[str]], delimiter: str
) -> None:
    """However many fields there are: a cell never moves to another column or row."""
    rows = [["1,5".replace(",", ".") if c == "1,5" else c for c in row] for row in rows]
    text = "\n".join(delimiter.join(row) for row in [HEADINGS, *rows]) + "\n"
    table = read_delimited(text.encode(), "x.csv", REQUIRED, has_totals=False)
    by_line = {at: tuple(row) for at, row in enumerate(rows, 2)}
    read = dict(table.rows)
    aside = {number for number, _ in table.bad_rows}
    for number, cells in by_line.items():
        if not any(cells):
            assert number not in read | dict.fromkeys(aside)
        elif len(cells) == len(HEADINGS):
            assert read[number] == cells
        else:
            assert number in aside
            assert number not in read
    assert {f.row for f in table.findings} == aside


@given(text=ANYTHING)
def test_cleaning_text_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.slow
@pytest.mark.parametrize("large_from", [1 << 25, 0], ids=["whole", "streamed"])
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(DANISH.filter(lambda text: text.strip(" \t\n")), min_size=1, max_size=6),
    delimiter=st.sampled_from(DELIMITERS),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
def test_names_reach_the_warehouse_as_they_were_written(
    tmp_path: Path, large_from: int, names: list[str], delimiter: str, quoting: int
) -> None:
    """Through the whole gate, whichever way it takes: the plan's name beside its own number."""
    heading = (
        "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
        "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;"
        "Beløb (kr.);Timer"
    )
    place = ("Bolig", "0123", "461", "Odense", "2011-14", "", "01-01-2013", "31-12-2016")
    rest = (*place, "Aktiv", "1.204", "2.890", "Landsbyggefonden", "6.000.000,00", "")
    rows = [[f"S-{at}", name, *rest] for at, name in enumerate(names)]
    with duckdb.connect() as con:
        for statement in raw_ddl():
            con.execute(statement)
        data = written([heading.split(";"), *rows], delimiter, quoting).encode()
        with patch.object(delivered_file, "STREAMED_BYTES", large_from):
            decision = decided(con, tmp_path, data, "driftsstoette", "2015-06-30")
        assert (decision.state, decision.rows_accepted) == ("accepted", len(names))
        rows_in = "raw.driftsstoette_lines" if decision.is_loaded else ACCEPTED
        loaded = con.execute(f"select case_number, plan_name from {rows_in}").fetchall()
    expected = {f"S-{at}": " ".join(clean_text(name).split()) for at, name in enumerate(names)}
    assert dict(loaded) == expected
