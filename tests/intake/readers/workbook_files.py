"""Workbooks for the reader's tests: sound ones by openpyxl, odd ones by hand."""

import io
import zipfile
from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

REQUIRED = {
    "case": ("Sagsnr",),
    "source": ("Finansieringskilde",),
    "amount": ("Beløb (kr.)",),
}
HEADING = ("Sagsnr", "Finansieringskilde", "Beløb (kr.)")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(
    rows: Sequence[Sequence[object]], change: Callable[[Worksheet], None] | None = None
) -> bytes:
    """A workbook of one sheet, as openpyxl writes it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_hand(sheet_data: str, *, before: str = "", after: str = "", calc: str = "") -> bytes:
    """The smallest workbook there is, around the given sheet XML."""
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{_TYPES}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
            f'<sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets>{calc}</workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{sheet_data}</sheetData>{after}'
            "</worksheet>"
        ),
    }
    return packed(parts)


def _relations(kind: str, target: str) -> str:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def packed(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed, or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    old = parts.get(name, b"")
    assert isinstance(old, bytes)
    parts[name] = change(old)
    return packed(parts)


def heading_xml(row: int = 1) -> str:
    cells = "".join(
        f'<c r="{column}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        for column, text in zip("ABC", HEADING, strict=True)
    )
    return f'<row r="{row}">{cells}</row>'
