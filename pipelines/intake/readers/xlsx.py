"""Workbooks (XLSX) to tables of text.

The parsing runs in a child process with limits (`safe_parse`, `xlsx_child`). Here the sheets it
found become tables: which sheet holds the data, what merged and hidden cells mean, which findings
the sender gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipelines.intake.findings import Finding, finding, rejected
from pipelines.intake.readers.container import Container, recognise, wrong_container
from pipelines.intake.readers.layout import (
    Place,
    RawRow,
    Wanted,
    count_found,
    find_heading,
    lay_out,
)
from pipelines.intake.readers.own_sheets import OWN_SHEETS
from pipelines.intake.readers.safe_parse import Limits, parse_in_child
from pipelines.intake.readers.tables import TextTable

WORKBOOK_SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xls"})
"""Names that are read as workbooks; what is no .xlsx inside is refused with advice."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet as found: its filled rows, and what is hidden."""

    name: str
    is_hidden: bool
    rows: tuple[RawRow, ...]
    hidden_rows: frozenset[int]
    hidden_columns: tuple[tuple[int, int], ...]
    dates_since_1904: bool
    has_external_links: bool
    """Of the workbook: whether cells may hold values fetched from other workbooks."""


def read_xlsx_sheets(data: bytes, name: str, limits: Limits | None = None) -> list[Sheet]:
    """Return the worksheets of a workbook, without looking for tables in them.

    Raises:
        DeliveryRejected: The file is no readable, safe workbook.
    """
    found = recognise(data)
    if found is not Container.ZIP:
        raise wrong_container(found, ".xlsx", name)
    answer = parse_in_child("xlsx", data, name, limits)
    is_1904, has_links = bool(answer["dates_since_1904"]), bool(answer["external_links"])
    return [_sheet(sheet, is_1904, has_links) for sheet in answer["sheets"]]


def read_xlsx_table(
    data: bytes,
    name: str,
    required_headers: Wanted,
    *,
    wanted_headers: Wanted | None = None,
    has_totals: bool = True,
    limits: Limits | None = None,
) -> TextTable:
    """Read the one table of a workbook: the sheet that has the wanted headings.

    Args:
        data: The file's bytes.
        name: Its name, for findings.
        required_headers: Canonical name to headings, by which sheet and heading row are found.
        wanted_headers: All columns somebody reads; faults of cells elsewhere are then warnings.
        has_totals: Whether a row that calls itself a total is one.
        limits: Memory and time for the child; the installation's by default.

    Raises:
        DeliveryRejected: The workbook cannot be read, or no sheet or several hold the table.
    """
    sheets = [sheet for sheet in read_xlsx_sheets(data, name, limits) if sheet.rows]
    if not sheets:
        raise rejected("F02_empty_file", file=name)
    chosen = _choose(sheets, required_headers, name)
    table = sheet_table(
        chosen, name, required_headers, wanted_headers=wanted_headers, has_totals=has_totals
    )
    set_aside = [
        finding("W06_sheet_set_aside", file=name, sheet=sheet.name)
        for sheet in sheets
        if sheet is not chosen and sheet.name not in OWN_SHEETS
    ]
    return table.with_findings(*set_aside)


def sheet_table(
    sheet: Sheet,
    name: str,
    required_headers: Wanted | None = None,
    *,
    wanted_headers: Wanted | None = None,
    has_totals: bool = True,
) -> TextTable:
    """Return the table of one sheet, with findings on what is hidden in it."""
    place = Place(file=name, sheet=sheet.name, has_totals=has_totals)
    table = lay_out(sheet.rows, place, required_headers, wanted_headers)
    return table.with_findings(*_warnings(sheet, table))


def _choose(sheets: Sequence[Sheet], required: Wanted, name: str) -> Sheet:
    """Return the sheet with the table: a visible one before a hidden one, never one of several."""
    holding = [s for s in sheets if find_heading(s.rows, required) is not None]
    visible = [s for s in holding if not s.is_hidden]
    candidates = visible or holding
    if len(candidates) > 1:
        names = ", ".join(sheet.name for sheet in candidates)
        raise rejected("F15_several_data_sets", file=name, names=names)
    if candidates:
        return candidates[0]
    return max(sheets, key=lambda sheet: count_found(sheet.rows, required))


def _warnings(sheet: Sheet, table: TextTable) -> Iterator[Finding]:
    hidden = sum(number in sheet.hidden_rows for number, _ in table.rows)
    if hidden:
        yield finding("W01_hidden_rows", file=table.file, sheet=sheet.name, count=hidden)
    if any(first < len(table.header) for first, _ in sheet.hidden_columns):
        yield finding("W02_hidden_columns", file=table.file, sheet=sheet.name)
    if sheet.is_hidden:
        yield finding("W03_hidden_sheet", file=table.file, sheet=sheet.name)
    if sheet.dates_since_1904:
        yield finding("W04_dates_since_1904", file=table.file, sheet=sheet.name)
    if sheet.has_external_links:
        yield finding("W09_external_links", file=table.file, sheet=sheet.name)


def _sheet(raw: Mapping[str, Any], dates_since_1904: bool, has_external_links: bool) -> Sheet:
    rows = (
        RawRow(
            number,
            tuple(cells),
            cell_problems=tuple((index, rule) for index, rule in problems),
            stated_width=False,
        )
        for number, cells, problems in raw["rows"]
    )
    return Sheet(
        name=raw["name"],
        is_hidden=raw["hidden"],
        rows=tuple(rows),
        hidden_rows=frozenset(raw["hidden_rows"]),
        hidden_columns=tuple((first, last) for first, last in raw["hidden_columns"]),
        dates_since_1904=dates_since_1904,
        has_external_links=has_external_links,
    )
