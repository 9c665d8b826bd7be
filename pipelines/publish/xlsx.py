"""How a sheet is written: title, lines and one marked table, accessible and byte for byte the same.

Knows Excel and nothing of indicators. Text is never taken for a formula or a link; there are no
merged and no empty cells; the header is frozen; the document says that it is in Danish.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import xlsxwriter

from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.danish import BREAK_MARK, LEGEND, NIL, PROVISIONAL, YES_NO
from pipelines.publish.model import ReleasedCell
from pipelines.publish.words import SYNTHETIC_DA, SYNTHETIC_EN


@dataclass(frozen=True)
class Link:
    """A cell that leads to another sheet and shows its name."""

    sheet: str


Value = str | float | ReleasedCell | Link

_CREATED = datetime(2015, 1, 1)  # fixed: the bytes must depend on the release alone
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_WIDEST, _MARGIN = 44, 3
_LINE_POINTS, _MOST_LINES = 15, 20
_CHARACTERS_A_PAGE = 220  # on A4 across, in print that can still be read
_LONGEST_TEXT = 32_767  # Excel's limit; XlsxWriter leaves longer ones out
_LONGEST_ALT = 250
_SIGNS = frozenset(symbol.sign for symbol in LEGEND)
CONTENTS = "Indhold"
LONGEST_NAME = 31
"""Excel's limit for the name of a sheet."""


@dataclass(frozen=True)
class Sheet:
    """What one sheet shows."""

    name: str
    title: str
    title_en: str
    lines: tuple[str, ...]
    header: tuple[str, ...]
    rows: Sequence[Sequence[Value]]
    is_for_reading: bool = True
    """Otherwise rows are of one line, and the sheet is printed on one page's width."""


def write_workbook(
    sheets: Sequence[Sheet], *, title: str, subject: str, comments: str, is_synthetic: bool
) -> bytes:
    """Write sheets into a workbook, with a table of contents after the first.

    Args:
        sheets: In order; names are made acceptable to Excel.
        title: Title of the document.
        subject: Its English title.
        comments: Which release it is from.
        is_synthetic: Whether each sheet has to carry the synthetic notice.

    Returns:
        The file's bytes; the same input gives the same bytes.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties(
        {
            "title": title,
            "subject": subject,
            "author": "Boligsocial Monitor",
            "comments": comments,
            "created": _CREATED,
        }
    )
    writer = _Writer(book, is_synthetic)
    for index, sheet in enumerate(_with_contents(_with_unique_names(sheets)), 1):
        writer.write(sheet, index)
    book.close()
    return _in_danish(buffer.getvalue())


class _Writer:
    """Writes sheets into a workbook in one style."""

    def __init__(self, book: Any, is_synthetic: bool) -> None:
        self._book = book
        self._is_synthetic = is_synthetic
        self._title = book.add_format({"bold": True, "font_size": 14, "font_color": "#12303B"})
        self._line = book.add_format({"font_color": "#44525A"})
        self._warning = book.add_format({"bold": True, "font_color": "#9B1C1C"})
        self._header = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "font_color": "#FFFFFF",
                "bg_color": "#12303B",
                "border": 1,
                "border_color": "#12303B",
            }
        )
        self._text = book.add_format({"text_wrap": True, "valign": "top", "indent": 1})
        self._plain = book.add_format({"valign": "top"})
        self._link = book.add_format(
            {"font_color": "#0B5A8A", "underline": 1, "valign": "top", "indent": 1}
        )
        self._sign = book.add_format({"align": "right", "valign": "top"})
        self._numbers: dict[str, Any] = {}

    def write(self, sheet: Sheet, index: int) -> None:
        """Write one sheet: title, lines, table."""
        page = self._book.add_worksheet(sheet.name)
        page.write_string(0, 0, _fitting(sheet.title), self._title)
        top = 1
        if self._is_synthetic:
            for line in (SYNTHETIC_DA, SYNTHETIC_EN):
                page.write_string(top, 0, line, self._warning)
                top += 1
        for line in (sheet.title_en, *sheet.lines):
            page.write_string(top, 0, _fitting(line), self._line)
            top += 1
        page.add_table(
            top,
            0,
            top + max(1, len(sheet.rows)),
            len(sheet.header) - 1,
            {
                "name": f"Tabel{index}",
                "title": sheet.title[:_LONGEST_ALT],
                "description": sheet.title_en[:_LONGEST_ALT],
                "style": "Table Style Light 1",
                "autofilter": len(sheet.rows) > 20,
                "columns": [{"header": h, "header_format": self._header} for h in sheet.header],
            },
        )
        widths = [_width(h, [row[c] for row in sheet.rows]) for c, h in enumerate(sheet.header)]
        for c, width in enumerate(widths):
            page.set_column(c, c, width)
        page.set_row(top, _height(sheet.header, widths))
        text = self._text if sheet.is_for_reading else self._plain
        for r, row in enumerate(sheet.rows, top + 1):
            if sheet.is_for_reading:
                page.set_row(r, _height(row, widths))
            for c, value in enumerate(row):
                self._write_value(page, r, c, value, text)
        page.freeze_panes(top + 1, 1)
        page.set_landscape()
        page.set_paper(9)
        pages = math.ceil(sum(widths) / _CHARACTERS_A_PAGE) if sheet.is_for_reading else 1
        page.fit_to_pages(pages, 0)
        page.repeat_rows(top)
        if pages > 1:
            page.repeat_columns(0)
        page.set_footer("&L&F – &A&RSide &P af &N")

    def _write_value(self, page: Any, row: int, column: int, value: Value, text: Any) -> None:
        if isinstance(value, ReleasedCell):
            is_break = value.obs_status == BREAK_STATUS
            if value.value is None or value.unit == YES_NO:
                sign = f"{BREAK_MARK} {value.display_da}" if is_break else value.display_da
                page.write_string(row, column, sign, self._sign)
            else:
                form = _number_format(value.decimals, value.symbol == PROVISIONAL, is_break)
                page.write_number(row, column, value.value, self._number(form))
        elif isinstance(value, str):
            is_sign = value in _SIGNS
            page.write_string(row, column, _fitting(value), self._sign if is_sign else text)
        elif isinstance(value, Link):
            place = value.sheet.replace("'", "''")
            page.write_url(row, column, f"internal:'{place}'!A1", self._link, string=value.sheet)
        else:
            decimals = 0 if float(value).is_integer() else 2
            page.write_number(row, column, value, self._number(_number_format(decimals, False)))

    def _number(self, form: str) -> Any:
        if form not in self._numbers:
            self._numbers[form] = self._book.add_format(
                {"num_format": form, "align": "right", "valign": "top"}
            )
        return self._numbers[form]


def _number_format(decimals: int, is_provisional: bool, is_break: bool = False) -> str:
    """Return Excel's format; it shows nil and a break in series by their Danish signs."""
    form = "#,##0" + ("." + "0" * decimals if decimals else "")
    form += f'"{PROVISIONAL}"' if is_provisional else ""
    sign = f"{BREAK_MARK} " if is_break else ""
    mark = f'"{sign}"' if is_break else ""
    return f'{mark}{form};{mark}-{form};"{sign}{NIL}"'


def _fitting(text: str) -> str:
    """Cut what Excel cannot hold, and show that it was cut."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def _width(header: str, values: Sequence[Value]) -> int:
    longest = max(map(_length, values), default=0)
    return min(_WIDEST, max(longest, min(len(header), 16), 8) + _MARGIN)


def _length(value: Value) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, ReleasedCell):
        return len(value.display_da)
    return len(value.sheet if isinstance(value, Link) else str(value))


def _height(values: Sequence[Value], widths: Sequence[int]) -> int:
    """Return the height of a row whose longer texts are wrapped; not every program finds it."""
    lines = [
        math.ceil(len(value) / (width - _MARGIN))
        for value, width in zip(values, widths, strict=True)
        if isinstance(value, str)
    ]
    return _LINE_POINTS * min(_MOST_LINES, max(1, *lines))


def _with_contents(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Put a list of the sheets, each with a link to it, after the cover."""
    cover, *others = sheets
    rows = [(Link(s.name), s.title, s.title_en) for s in others]
    header = ("Ark", CONTENTS, "In English")
    return [cover, Sheet(CONTENTS, CONTENTS, "Contents", (), header, rows), *others]


def _with_unique_names(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Give sheets names Excel accepts: not too long, none twice."""
    taken = {CONTENTS.lower()}
    named = []
    for sheet in sheets:
        stem = (
            re.sub(r"[\[\]:*?/\\']", " ", sheet.name.split(" (")[0])[:LONGEST_NAME].strip()
            or "Tabel"
        )
        name, count = stem, 1
        while name.lower() in taken:
            count += 1
            name = f"{stem[: LONGEST_NAME - 3]} {count}"
        taken.add(name.lower())
        named.append(replace(sheet, name=name))
    return named


def _in_danish(data: bytes) -> bytes:
    """State the document's language in its properties, and fix the dates inside the container."""
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = content.replace(
                    b"</cp:coreProperties>", b"<dc:language>da-DK</dc:language></cp:coreProperties>"
                )
            entry = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return buffer.getvalue()
