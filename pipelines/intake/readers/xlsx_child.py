"""Read an untrusted workbook cell by cell; runs inside the child process only.

openpyxl reads the package: sheet list, shared strings, number formats, epoch. The sheets
themselves are streamed here, taking only the cells that are there, so that neither a false
dimension nor a far cell costs anything, and so that what openpyxl passes over is noticed:
formulas without a computed value, error values, merged and hidden cells.

The answer is JSON data; `xlsx` makes a table of it and decides what follows.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel
from openpyxl.utils.escape import unescape

from pipelines.intake.readers.encoding import clean_text
from pipelines.intake.readers.ooxml import check_package
from pipelines.intake.readers.refusal import Refused
from pipelines.intake.readers.rendering import render_moment, render_number

MAX_COLUMNS = 2_000
MAX_BAD_CELLS = 100_000
"""With more cells than that nobody can read, a list of them helps no sender."""

MAX_CELL_CHARACTERS = 32_767
"""What a spreadsheet program puts into a cell at most."""

_MAX_ROWS = 1 << 20
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COORDINATE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]{1,3})?", re.ASCII)
_ZEROS = re.compile(r"0{2,}")


@dataclass(slots=True)
class _Formats:
    """What is needed to read a cell as its sender sees it."""

    strings: list[str]
    epoch: datetime
    dates: frozenset[int]
    timedeltas: frozenset[int]
    padding: dict[int, int]
    """Style to the number of digits that a format like 0000 fills up to."""
    formulas_stale: bool
    """Values beside formulas are placeholders: the workbook asks to be computed on opening."""


@dataclass(slots=True)
class _Sheet:
    rows: list[tuple[int, list[str], list[tuple[int, str]]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


def read_workbook(source: IO[bytes]) -> dict[str, Any]:
    """Return every worksheet's cells as text.

    Raises:
        Refused: The workbook is unsafe, of another format, or has cells far outside any table.
    """
    names = check_package(source, "xl/workbook.xml", ".xlsx")
    has_external_links = any(name.startswith("xl/externalLinks/") for name in names)
    # Any: the parts of a read-only workbook that matter here have no public names
    book: Any = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    formats = _formats(book)
    sheets = []
    bad_cells = 0
    for sheet in book.worksheets:
        with book._archive.open(sheet._worksheet_path) as stream:
            content = _stream(stream, sheet.title, formats)
        _mark_merged(content)
        bad_cells += sum(len(problems) for _, _, problems in content.rows)
        if bad_cells > MAX_BAD_CELLS:
            raise Refused("F27_too_many_bad_cells", sheet=clean_text(sheet.title))
        sheets.append(
            {
                "name": clean_text(sheet.title),
                "hidden": sheet.sheet_state != "visible",
                "rows": content.rows,
                "hidden_rows": content.hidden_rows,
                "hidden_columns": content.hidden_columns,
            }
        )
    return {
        "sheets": sheets,
        "dates_since_1904": formats.epoch == CALENDAR_MAC_1904,
        "external_links": has_external_links,
    }


def _formats(book: Any) -> _Formats:
    strings: list[str] = []
    for sheet in book.worksheets:
        strings = sheet._shared_strings
        break
    padding = {}
    for style, cell_style in enumerate(book._cell_styles):
        code = cell_style.numFmtId - 164
        if 0 <= code < len(book._number_formats):
            text = book._number_formats[code]
            if _ZEROS.fullmatch(text):
                padding[style] = len(text)
    return _Formats(
        strings=strings,
        epoch=book.epoch,
        dates=frozenset(book._date_formats),
        timedeltas=frozenset(book._timedelta_formats),
        padding=padding,
        formulas_stale=bool(book.calculation is not None and book.calculation.fullCalcOnLoad),
    )


def _stream(stream: IO[bytes], title: str, formats: _Formats) -> _Sheet:
    sheet = _Sheet()
    data: ET.Element | None = None
    number = 0
    for event, element in ET.iterparse(stream, events=("start", "end")):
        if event == "start":
            if element.tag == _NS + "sheetData":
                data = element
            continue
        match element.tag.removeprefix(_NS):
            case "row":
                number = _row_number(element, number)
                _take_row(element, number, title, sheet, formats)
                if data is not None:
                    data.clear()
            case "col" if element.get("hidden") in ("1", "true"):
                span = (int(element.get("min", "1")) - 1, int(element.get("max", "1")) - 1)
                sheet.hidden_columns.append(span)
            case "mergeCell":
                left, top, right, bottom = range_boundaries(element.get("ref", ""))
                sheet.merged.append(
                    (top or 1, left or 1, bottom or _MAX_ROWS, right or MAX_COLUMNS)
                )
    return sheet


def _mark_merged(sheet: _Sheet) -> None:
    """Give each row a problem in every column where merged cells begin that touch the row."""
    ends: dict[int, int] = {}  # column to the last row that merged cells beginning in it touch
    waiting = sorted(sheet.merged, reverse=True)
    for number, _, problems in sheet.rows:
        while waiting and waiting[-1][0] <= number:
            _, left, bottom, _ = waiting.pop()
            ends[left] = max(bottom, ends.get(left, 0))
        if ends:
            ends = {left: last for left, last in ends.items() if last >= number}
            problems.extend((left - 1, "R05_merged_cells") for left in sorted(ends))


def _row_number(element: ET.Element, last: int) -> int:
    number = int(element.get("r") or last + 1)
    if not last < number <= _MAX_ROWS:
        raise Refused(
            "F11_corrupt_file", detail_da="rækker i uorden", detail_en="rows out of order"
        )
    return number


def _take_row(
    element: ET.Element, number: int, title: str, sheet: _Sheet, formats: _Formats
) -> None:
    cells: list[str] = []
    problems: list[tuple[int, str]] = []
    for index, text, problem in _cells(element, number, formats):
        if not text.strip() and problem is None:
            continue
        if len(text) > MAX_CELL_CHARACTERS:
            raise Refused(
                "F11_corrupt_file",
                detail_da="en celle er længere, end et regneark tillader",
                detail_en="a cell is longer than a spreadsheet allows",
            )
        if index >= MAX_COLUMNS:
            raise Refused(
                "F14_far_cells", sheet=clean_text(title), column=get_column_letter(index + 1)
            )
        cells.extend([""] * (index - len(cells)))
        cells.append(text)
        if problem is not None:
            problems.append((index, problem))
    if cells:
        sheet.rows.append((number, cells, problems))
        if element.get("hidden") in ("1", "true"):
            sheet.hidden_rows.append(number)


def _cells(
    row: ET.Element, number: int, formats: _Formats
) -> Iterator[tuple[int, str, str | None]]:
    """Yield (column index, text, rule broken) of each cell, left to right."""
    last = -1
    for cell in row.iterfind(_NS + "c"):
        index = last + 1
        coordinate = cell.get("r")
        if coordinate:
            parts = _COORDINATE.fullmatch(coordinate)
            index = column_index_from_string(parts[1]) - 1 if parts else -1
            if parts is None or index <= last or int(parts[2]) != number:
                raise Refused(
                    "F11_corrupt_file", detail_da="celler i uorden", detail_en="cells out of order"
                )
        last = index
        yield (index, *_read_cell(cell, formats))


def _read_cell(cell: ET.Element, formats: _Formats) -> tuple[str, str | None]:
    kind = cell.get("t", "n")
    value = cell.findtext(_NS + "v") or ""
    if cell.find(_NS + "f") is not None and (
        formats.formulas_stale or (not value and kind != "str")
    ):
        return "", "R03_formula_without_value"
    match kind:
        case "inlineStr":
            inline = cell.find(_NS + "is")
            return (_inline_text(inline) if inline is not None else ""), None
        case "s":
            return (clean_text(unescape(formats.strings[int(value)])) if value else ""), None
        case "str":
            return clean_text(unescape(value)), None
        case "b":
            return ({"0": "FALSK", "1": "SAND"}[value] if value else ""), None
        case "e":
            return value, "R04_error_value"
        case "d":
            return (render_moment(datetime.fromisoformat(value)) if value else ""), None
        case _:
            return _read_number(value, int(cell.get("s", 0)), formats)


def _read_number(value: str, style: int, formats: _Formats) -> tuple[str, str | None]:
    if not value:
        return "", None
    if not _NUMBER.fullmatch(value.strip()):
        raise Refused("F11_corrupt_file", detail_da="ugyldigt tal", detail_en="invalid number")
    if style in formats.dates:
        is_duration = style in formats.timedeltas
        try:
            moment = from_excel(float(value), formats.epoch, timedelta=is_duration)
        except (OverflowError, ValueError):
            moment = None
        if moment is None or (float(value) < 0 and not is_duration):
            return value, "R04_error_value"  # what a spreadsheet shows as ########
        return render_moment(moment), None
    text = render_number(value)
    width = formats.padding.get(style, 0)
    return (text.zfill(width) if text.isdecimal() else text), None


def _inline_text(inline: ET.Element) -> str:
    """Return the text of a string kept in its cell, leaving phonetic guides out."""
    parts = [inline.findtext(_NS + "t") or ""]
    parts += [run.findtext(_NS + "t") or "" for run in inline.iterfind(_NS + "r")]
    return clean_text(unescape("".join(parts)))
