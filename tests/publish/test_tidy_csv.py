import csv
import dataclasses

import pytest

from pipelines.publish.tidy_csv import HEADER, harmless, notes_csv, tidy_csv


def rows_of(data):
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def test_one_row_per_cell_with_decimal_comma(release):
    cells = release.cells_of("I05")
    rows = rows_of(tidy_csv(cells))
    assert tuple(rows[0]) == HEADER
    assert len(rows) == len(cells)
    row = next(
        r for r in rows if r["celle_id"] == "I05.2015.size.large.full_time_or_more.share_pct"
    )
    assert (row["vaerdi"], row["taeller"], row["grundlag"]) == ("43,75", "7", "16")
    assert (row["vist"], row["syntetisk"]) == ("43,8", "ja")


def test_hidden_values_are_empty_and_say_why(release):
    hidden = [r for r in rows_of(tidy_csv(release.cells_of("I06"))) if r["conf_status"] == "C"]
    assert len(hidden) == 4
    assert {(r["vaerdi"], r["taeller"], r["tegn"]) for r in hidden} == {("", "", "..")}


def test_nil_keeps_its_sign(release):
    nil = [r for r in rows_of(tidy_csv(release.cells_of("I05"))) if r["vaerdi"] == "0"]
    assert {r["vist"] for r in nil} == {"-"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_formulas_are_made_harmless(release, start):
    text = start + "HYPERLINK(1)"
    assert harmless(text) == "'" + text
    cell = dataclasses.replace(release.cells[0], category_label_da=text, sources_da=text)
    line = tidy_csv([cell]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert "'" + text in line


def test_ordinary_text_and_signs_are_left_alone():
    assert [harmless(t) for t in ("Ja, én", "", "-", "..", "…")] == ["Ja, én", "", "-", "..", "…"]


def test_a_figure_below_nil_is_printed_as_everywhere(release):
    below = [dataclasses.replace(release.cells[0], value=-29.7, display_da="-29,7")]
    (row,) = rows_of(tidy_csv(below))
    assert (row["vaerdi"], row["vist"]) == ("-29,7", "-29,7")
    assert [harmless(t) for t in ("-1.234,5", "-3", "-29.7")] == ["-1.234,5", "-3", "-29.7"]
    assert [harmless(t) for t in ("-1+1", "-3,4*", "- 3")] == ["'-1+1", "'-3,4*", "'- 3"]


def test_same_cells_same_bytes(release):
    assert tidy_csv(release.cells) == tidy_csv(release.cells)


def test_the_codes_of_notes_are_explained(release):
    rows = {r["note_id"]: r["note"] for r in rows_of(notes_csv(release.notes))}
    used = {n for r in rows_of(tidy_csv(release.cells)) for n in r["noter"].split("|") if n}
    assert used == rows.keys()
    assert rows["dont_know_counts"] == "»Ved ikke« indgår i grundlaget for andelene."
