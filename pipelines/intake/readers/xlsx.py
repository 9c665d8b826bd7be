"""A workbook to a table of text: what the file really is, and which sheet holds the table.

The parsing itself runs in a child process (`safe_parse`, `xlsx_cells`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.intake.findings import DeliveryRejected, Finding, finding, rejected
from pipelines.intake.readers.layout import (
    Place,
    RawRow,
    Wanted,
    count_found,
    find_heading,
    lay_out,
)
from pipelines.intake.readers.safe_parse import parse_in_child
from pipelines.intake.readers.tables import TextTable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet as text, before anybody knows what is in it."""

    name: str
    is_hidden: bool
    rows: tuple[RawRow, ...]
    warnings: tuple[Finding, ...]


def read_xlsx_sheets(data: bytes, name: str) -> list[RawSheet]:
    """Read all sheets of a workbook.

    Raises:
        DeliveryRejected: when the bytes are no workbook, or not one that can be read safely.
    """
    _check_container(data, name)
    return [_raw_sheet(sheet, name) for sheet in parse_in_child("xlsx", data, name)]


def read_xlsx_table(
    data: bytes, name: str, required_headers: Wanted, wanted_headers: Wanted | None = None
) -> TextTable:
    """Read the one sheet that has the wanted headings.

    Args:
        data: The workbook's bytes.
        name: Its name, for findings.
        required_headers: Canonical name to headings; the sheet is found by them.
        wanted_headers: All columns somebody reads.

    Raises:
        DeliveryRejected: when no sheet has the headings (F03), or several do (F15).
    """
    sheets = [s for s in read_xlsx_sheets(data, name) if any(not r.is_blank for r in s.rows)]
    if not sheets:
        raise rejected("F02_empty_file", file=name)
    holding = [s for s in sheets if _has_heading(s, required_headers)]
    if len(holding) > 1:
        raise rejected("F15_several_data_sets", file=name, names=", ".join(s.name for s in holding))
    best = max(sheets, key=lambda s: count_found(_filled(s), required_headers))
    chosen = holding[0] if holding else best
    table = lay_out(
        chosen.rows, Place(file=name, sheet=chosen.name), required_headers, wanted_headers
    )
    aside = [finding("W06_sheet_set_aside", file=name, sheet=s.name) for s in sheets if s != chosen]
    if chosen.is_hidden:
        aside.append(finding("W03_hidden_sheet", file=name, sheet=chosen.name))
    return table.with_findings(*chosen.warnings, *aside)


def _check_container(data: bytes, name: str) -> None:
    """Reject what only carries a workbook's name."""
    if data.startswith(b"PK\x03\x04"):
        return
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise rejected("F06_encrypted", file=name)
        raise _wrong(name, "en gammel Excel-fil (.xls)", "an old Excel file (.xls)")
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        raise rejected("F02_empty_file", file=name)
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<?xml")) or b"<html" in start:
        raise _wrong(name, "en webside", "a web page")
    if b"\x00" not in data[:2048]:
        raise _wrong(name, "en tekstfil", "a text file")
    raise _wrong(name, "noget andet", "something else")


def _wrong(name: str, found_da: str, found_en: str) -> DeliveryRejected:
    return rejected(
        "F05_wrong_container", file=name, found_da=found_da, found_en=found_en, expected="xlsx"
    )


def _raw_sheet(sheet: dict[str, Any], file: str) -> RawSheet:
    merged = frozenset(sheet["merged_rows"])
    rows = tuple(
        RawRow(
            number,
            tuple(cells),
            problem="R05_merged_cells"
            if number in merged and len(list(filled(cells))) > 1
            else None,
            cell_problems=tuple((index, rule) for index, rule in problems),
            stated_width=False,
        )
        for number, cells, problems in sheet["rows"]
    )
    return RawSheet(sheet["name"], sheet["is_hidden"], rows, tuple(_warnings(sheet, file)))


def filled(cells: list[str]) -> Iterator[str]:
    """The cells that hold something."""
    return (cell for cell in cells if cell.strip())


def _warnings(sheet: dict[str, Any], file: str) -> Iterator[Finding]:
    name = sheet["name"]
    if sheet["hidden_rows"]:
        yield finding("W01_hidden_rows", file=file, sheet=name, count=sheet["hidden_rows"])
    if sheet["has_hidden_columns"]:
        yield finding("W02_hidden_columns", file=file, sheet=name)
    if sheet["counts_from_1904"]:
        yield finding("W04_dates_since_1904", file=file, sheet=name)


def _filled(sheet: RawSheet) -> list[RawRow]:
    return [row for row in sheet.rows if not row.is_blank]


def _has_heading(sheet: RawSheet, required: Wanted) -> bool:
    rows = _filled(sheet)
    return bool(rows) and find_heading(rows, required) is not None
