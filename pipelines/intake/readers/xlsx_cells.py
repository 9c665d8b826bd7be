"""A workbook's cells as text, with what is odd about them. Runs in the child of `safe_parse`.

It answers in plain data and decides nothing: which sheet holds the table is `xlsx`'s to say.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from pipelines.intake.findings import DeliveryRejected, rejected
from pipelines.intake.readers.encoding import clean_text
from pipelines.intake.readers.zipped import open_zip, read_member

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_COLUMN = 1000
MAX_EMPTY_ROWS = 10_000
"""A gap this long above a row means that somebody touched a cell far below the table."""

_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)


def sheets_of(data: bytes, name: str) -> list[dict[str, Any]]:
    """Read every sheet of a workbook.

    Returns:
        Per sheet: name, is_hidden, rows as [number, cells, [[column index, rule], …]],
        hidden_rows, has_hidden_columns, merged_rows, counts_from_1904.

    Raises:
        DeliveryRejected: macros, a document type, cells far outside, or a workbook that is not
            whole.
    """
    archive = open_zip(data, name)
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise _damaged(name)
    if any(part.endswith("vbaProject.bin") for part in names):
        raise rejected("F16_macros", file=name)
    uncalculated = _scan_parts(archive, name)
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904
    from openpyxl.worksheet.worksheet import Worksheet as Sheet

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:
        # openpyxl raises whatever a broken part makes it stumble over
        raise _damaged(name) from error
    from_1904 = book.epoch == CALENDAR_MAC_1904
    return [
        _sheet(sheet, place, uncalculated, counts_from_1904=from_1904)
        for place, sheet in enumerate(book.worksheets, start=1)
        if isinstance(sheet, Sheet)
    ]


def _scan_parts(archive: zipfile.ZipFile, name: str) -> dict[int, set[str]]:
    """Look through the XML before a parser does; gives cells with a formula and no value."""
    uncalculated: dict[int, set[str]] = {}
    for info in archive.infolist():
        if not info.filename.endswith((".xml", ".rels")):
            continue
        content = read_member(archive, info, name)
        if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:65536]:
            raise rejected("F17_forbidden_markup", file=name)
        sheet = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", info.filename)
        if sheet:
            uncalculated[int(sheet.group(1))] = set(_scan_sheet(content, name))
    return uncalculated


def _scan_sheet(content: bytes, name: str) -> Iterator[str]:
    last_row = 0
    for found in _CELL.finditer(content):
        letters, row, body = found.group(1).decode(), int(found.group(2)), found.group(4) or b""
        if _column(letters) > MAX_COLUMN or row - last_row > MAX_EMPTY_ROWS:
            raise rejected("F14_far_cells", file=name, column=f"{letters}{row}")
        last_row = max(last_row, row)
        if b"<f" in body and not re.search(rb"<v>[^<]", body):
            yield f"{letters}{row}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _sheet(
    sheet: Worksheet, place: int, uncalculated: dict[int, set[str]], *, counts_from_1904: bool
) -> dict[str, Any]:
    without_value = uncalculated.get(place, set())
    rows = []
    for cells in sheet.iter_rows():
        texts: list[str] = []
        problems: list[tuple[int, str]] = []
        for index, cell in enumerate(cells):
            if cell.coordinate in without_value:
                problems.append((index, "R03_formula_without_value"))
            elif getattr(cell, "data_type", "n") == "e":
                problems.append((index, "R04_error_value"))
                texts.append("")
                continue
            texts.append(as_text(cell.value))
        if cells and (problems or any(texts)):
            rows.append((cells[0].row, texts, problems))
    merged = {
        row
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, min(area.max_row, area.min_row + 10_000) + 1)
    }
    return {
        "name": sheet.title,
        "is_hidden": sheet.sheet_state != "visible",
        "rows": rows,
        "hidden_rows": sum(1 for d in sheet.row_dimensions.values() if d.hidden),
        "has_hidden_columns": any(d.hidden for d in sheet.column_dimensions.values()),
        "merged_rows": sorted(merged),
        "counts_from_1904": counts_from_1904,
    }


def as_text(value: object) -> str:
    """A cell's value as a Danish office would have written it in a text file, without loss."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else repr(value).replace(".", ",")
        case datetime():
            at_midnight = value.time() == time()
            return value.date().isoformat() if at_midnight else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return clean_text(str(value))


def _damaged(name: str) -> DeliveryRejected:
    return rejected(
        "F11_corrupt_file",
        file=name,
        detail_da="projektmappen kan ikke åbnes",
        detail_en="the workbook cannot be opened",
    )
