"""The broken deliveries are broken in the way their note says, and in no other."""

import csv
import io
import zipfile

import pytest
from shipped_files import one_item, topic_list


def test_first_version_of_the_2017_list_has_three_bad_rows() -> None:
    bad = topic_list(one_item("styringsdialog", "2017", broken=True))
    good = topic_list(one_item("styringsdialog", "2017", "emner"))
    different = [(a, b) for a, b in zip(bad, good, strict=True) if a != b]
    assert len(different) == 3
    assert different[0][0]["Emne"] == "Beboertryghet"
    assert different[1][0]["Mødedato"] == "31-02-2017"
    assert different[2][0]["Kommunekode"] == "999"


def _table(period: str) -> list[list[str]]:
    content = one_item("driftsstoette", period, broken=True).read_bytes().decode("cp1252")
    return list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))


def test_the_2017_extract_lacks_a_column_and_its_total_disagrees() -> None:
    _, _, header, *rows = _table("2017-06-30")
    assert "Status" not in header and len(header) == 15
    assert all(len(row) == 15 for row in rows)
    amounts = [float(row[13].replace(".", "").replace(",", ".")) for row in rows]
    assert rows[-1][0] == "I alt"
    assert abs(sum(amounts[:-1]) - amounts[-1]) > 1_000


def test_the_2016_extract_has_three_bad_rows_of_three_finished_plans() -> None:
    rows = _table("2016-09-30")[3:]
    negative = [row for row in rows if row[14].startswith("-")]
    american = [row for row in rows if "/" in row[8]]
    unknown = [row for row in rows if row[13] == "Kommunekassen"]
    assert [len(found) for found in (negative, american, unknown)] == [1, 1, 1]
    cases = {row[0] for row in (*negative, *american, *unknown)}
    assert len(cases) == 3
    assert {row[10] for row in rows if row[0] in cases} == {"Afsluttet"}


def test_the_workbook_is_a_web_page() -> None:
    content = one_item("survey", "2017", broken=True).read_bytes()
    assert content.startswith(b"<!DOCTYPE html>")


def test_the_zip_is_cut_off() -> None:
    path = one_item("survey", "2015", broken=True)
    assert path.read_bytes().startswith(b"PK\x03\x04")
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(path)
