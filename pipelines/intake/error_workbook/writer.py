"""How an error workbook looks. Knows Excel and nothing of rules; the same input, the same bytes.

All cells are text under the text format, so that leading zeros, kroner and dates stay as they are
written; nothing in them is taken for a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from pipelines.intake.error_workbook.guide import HEADINGS, KIND_WORDS, LIST_HEADER
from pipelines.intake.error_workbook.marks import GUARD, Kind, Listed, Marks
from pipelines.intake.error_workbook.shown import ShownTable
from pipelines.intake.readers.own_sheets import ERROR_LIST, GUIDE

MOST_COMMENTS: Final = 10_000
"""Beyond these a spreadsheet program becomes slow; the list has them all."""

_CREATED: Final = datetime(2015, 1, 1)  # fixed: the bytes depend on delivery and findings alone
_FILLS: Final[dict[Kind, str]] = {
    "error": "#F4B6AB",
    "held": "#FFE699",
    "blank": "#D0CECE",
    "warning": "#CFE2F3",
}
_COMMENT_AUTHOR: Final = "Boligsocial Monitor"
_WIDEST, _MARGIN, _SAMPLE = 40, 2, 200
_MESSAGE_WIDTH, _GUIDE_WIDTH, _LINE_POINTS = 90, 110, 15
_COMMENT_WIDTH, _COMMENT_LINE, _LINE_PIXELS = 300, 46, 17


def write_error_workbook(
    table: ShownTable, marks: Marks, guide: Iterable[str], *, title: str
) -> bytes:
    """Write the workbook.

    Args:
        table: The rows to show.
        marks: What to mark in them.
        guide: The lines of the sheet on how to mend it.
        title: Title of the document.

    Returns:
        The file's bytes.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"title": title, "author": _COMMENT_AUTHOR, "created": _CREATED})
    styles = _Styles(book)
    _table_sheet(book.add_worksheet(table.sheet), table, marks, styles)
    _list_sheet(book.add_worksheet(ERROR_LIST), table, marks.listed, styles)
    _guide_sheet(book.add_worksheet(GUIDE), title, guide, styles)
    for beside in table.beside:
        sheet = book.add_worksheet(beside.name)
        for r, row in enumerate(beside.rows):
            _write_row(sheet, r, row, styles.text)
        sheet.set_column(0, 6, 24)
    book.close()
    return buffer.getvalue()


class _Styles:
    """The few styles there are."""

    def __init__(self, book: Any) -> None:
        text = {"num_format": "@", "valign": "top"}
        self.text = book.add_format(text)
        self.title = book.add_format({"bold": True, "font_size": 14, "font_color": "#12303B"})
        self.heading = book.add_format({"bold": True})
        self.header = book.add_format(
            {
                **text,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": "#12303B",
                "text_wrap": True,
            }
        )
        self.wrapped = book.add_format({**text, "text_wrap": True})
        self.kinds = {
            kind: book.add_format(
                {**text, "bg_color": fill, "border": 1, "border_color": "#7F7F7F"}
            )
            for kind, fill in _FILLS.items()
        }


def _table_sheet(sheet: Any, table: ShownTable, marks: Marks, styles: _Styles) -> None:
    width = len(table.header)
    for column in range(width):
        longest = max(
            (len(row.cells[column]) for row in table.rows[:_SAMPLE] if column < len(row.cells)),
            default=0,
        )
        size = min(_WIDEST, max(longest, min(len(table.header[column]), 18), 8) + _MARGIN)
        sheet.set_column(column, column, size, styles.text)
    sheet.set_column(width, width, len(GUARD) if marks.guards else None, styles.text)
    for r, title in enumerate(table.titles):
        sheet.write_string(r, 0, title, styles.heading)
    _write_row(sheet, table.header_row - 1, table.header, styles.header)
    for row in table.rows:
        _write_row(sheet, row.sheet_row - 1, row.cells, styles.text)
    _mark(sheet, table, marks, styles)
    last = max((row.sheet_row for row in table.rows), default=table.header_row)
    sheet.freeze_panes(table.header_row, 0)
    if table.rows and width:
        sheet.autofilter(table.header_row - 1, 0, last - 1, width - 1)
        whole = f"A1:{xl_rowcol_to_cell(last - 1, width)}"
        sheet.ignore_errors({"number_stored_as_text": whole, "two_digit_text_year": whole})
    sheet.repeat_rows(table.header_row - 1)
    _print_across(sheet)


def _mark(sheet: Any, table: ShownTable, marks: Marks, styles: _Styles) -> None:
    """Colour the marked cells over what is in them, and comment on them."""
    cells = {row.sheet_row: row.cells for row in table.rows}
    cells[table.header_row] = table.header
    cells |= {r: (title,) for r, title in enumerate(table.titles, start=1)}
    for count, ((row, column), mark) in enumerate(marks.cells.items()):
        held = cells.get(row, ())
        text = held[column] if column < len(held) else ""
        if (row, column) in marks.guards:
            text = GUARD
        style = styles.kinds[mark.kind]
        if text:
            sheet.write_string(row - 1, column, text, style)
        else:
            sheet.write_blank(row - 1, column, None, style)
        if count < MOST_COMMENTS:
            sheet.write_comment(row - 1, column, mark.text, _comment_box(mark.text))


def _comment_box(text: str) -> dict[str, Any]:
    lines = sum(len(part) // _COMMENT_LINE + 1 for part in text.split("\n")) + 1
    return {
        "author": _COMMENT_AUTHOR,
        "width": _COMMENT_WIDTH,
        "height": max(3, lines) * _LINE_PIXELS,
        "font_name": "Calibri",
        "font_size": 10,
    }


def _list_sheet(sheet: Any, table: ShownTable, listed: Sequence[Listed], styles: _Styles) -> None:
    for column, size in enumerate((12, 10, 9, 22, 28, 30, _MESSAGE_WIDTH)):
        sheet.set_column(column, column, size, styles.text)
    _write_row(sheet, 0, LIST_HEADER, styles.header)
    for r, each in enumerate(listed, start=1):
        finding = each.finding
        where = ", ".join(xl_rowcol_to_cell(row - 1, column) for row, column in each.cells)
        row = each.cells[0][0] if each.cells else finding.row
        line = (
            table.sheet if each.cells else "",
            where or "Hele filen",
            "" if row is None else str(row),
            finding.column or "",
            KIND_WORDS[each.kind],
            finding.rule,
            finding.message_da,
        )
        sheet.set_row(r, _height(finding.message_da, _MESSAGE_WIDTH))
        _write_row(sheet, r, line, styles.wrapped)
        sheet.write_string(r, 4, line[4], styles.kinds[each.kind])
    sheet.freeze_panes(1, 0)
    if listed:
        sheet.autofilter(0, 0, len(listed), len(LIST_HEADER) - 1)
    _print_across(sheet)


def _print_across(sheet: Any) -> None:
    """Print on A4 across, as many pages long as it takes."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _guide_sheet(sheet: Any, title: str, lines: Iterable[str], styles: _Styles) -> None:
    sheet.set_column(0, 0, _GUIDE_WIDTH)
    _print_across(sheet)
    sheet.write_string(0, 0, title, styles.title)
    r = 2
    for line in lines:
        sheet.set_row(r, _height(line, _GUIDE_WIDTH))
        if line:
            is_heading = line in HEADINGS
            sheet.write_string(r, 0, line, styles.heading if is_heading else styles.wrapped)
        r += 1
    r += 1
    sheet.write_string(r, 0, "Farverne", styles.heading)
    for offset, (kind, words) in enumerate(KIND_WORDS.items(), start=1):
        sheet.write_string(r + offset, 0, words, styles.kinds[kind])


def _height(text: str, width: int) -> int:
    """Room for a wrapped text; not every program finds it by itself."""
    return _LINE_POINTS * (len(text) // (width - _MARGIN) + 1)


def _write_row(sheet: Any, row: int, cells: Sequence[str], style: Any) -> None:
    for column, text in enumerate(cells):
        if text:
            sheet.write_string(row, column, text, style)
