"""The paragraphs of a Word document, after its parts were looked into.

A DOCX is a zip with XML: it is refused before anything parses it when it is encrypted, damaged,
unpacks to far more than it should, or brings document types or entities along. Text is taken from
the XML itself, as python-docx leaves out content controls and accepted-as-is insertions, both
common in municipal templates. Deleted text and field codes are not text.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from pipelines.intake.findings import DeliveryRejected, rejected
from pipelines.intake.minutes.model import Line
from pipelines.intake.readers.encoding import clean_text

MAX_PARTS = 2_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 1024 * 1024
_MAX_NESTING = 20
_CELL_LABEL_LENGTH = 40

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_REQUIRED = frozenset({"[Content_Types].xml", "word/document.xml"})
_DECLARED_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
_ALLOWED_ENCODINGS = frozenset({b"utf-8", b"utf-16", b"us-ascii", b"ascii"})
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_HEADING_STYLES = ("heading", "overskrift", "title", "titel")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_TEXT = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent", _FALLBACK}
)
_BREAKS = frozenset({f"{_W}br", f"{_W}cr"})
_CONTAINERS = frozenset(
    {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
)


def docx_lines(data: bytes, file: str) -> list[Line]:
    """Return the paragraphs of a Word document; Word keeps no pages, so none is given.

    Raises:
        DeliveryRejected: F05, F06, F07, F11 or F17.
    """
    check_package(data, file)
    from docx import Document

    try:
        document = Document(io.BytesIO(data))
        styles = {style.style_id: (style.name or "").casefold() for style in document.styles}
        lines = list(_letterhead(document, styles))
        lines += _walk(document.element.body, styles, 0)
    except (DeliveryRejected, MemoryError):
        raise
    except Exception as error:  # python-docx and lxml raise of every kind on broken parts
        raise _damaged(file) from error
    return lines


def check_package(data: bytes, file: str) -> None:
    """Refuse what must not be parsed; reads the zip's directory and its XML parts as bytes."""
    if data.startswith(_OLE):
        if _ENCRYPTED_STREAM in data:
            raise rejected("F06_encrypted", file=file)
        raise _wrong_container(file, "et ældre Word-dokument (.doc)", "an older Word document")
    if not data.startswith(b"PK"):
        raise _wrong_container(file, "ikke et Word-dokument", "not a Word document")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _check_parts(package, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise _damaged(file) from error


def _check_parts(package: zipfile.ZipFile, file: str) -> None:
    parts = package.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise rejected("F06_encrypted", file=file)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise rejected("F07_oversized_content", file=file)
    if any(_is_bomb(part) for part in parts):
        raise rejected("F07_oversized_content", file=file)
    names = [part.filename for part in parts]
    if not set(names) >= _REQUIRED:
        raise _wrong_container(file, "ikke et Word-dokument", "not a Word document")
    if len({name.casefold() for name in names}) < len(names):
        raise _damaged(file)
    for part in parts:
        content = package.read(part)  # never more than the declared size; a wrong one fails its CRC
        if _is_xml(part.filename, content) and _has_forbidden_markup(content):
            raise rejected("F17_forbidden_markup", file=file)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_COUNTS_FROM and part.file_size > MAX_RATIO * max(
        part.compress_size, 1
    )


def _is_xml(name: str, content: bytes) -> bool:
    """Whether a part may be parsed as XML: by its name, or because it begins like it."""
    if name.casefold().endswith((".xml", ".rels", ".vml")):
        return True
    start = content[:64].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith((b"<?xml", b"<!"))


def _has_forbidden_markup(content: bytes) -> bool:
    """Whether a part declares a document type or entities, or hides in another encoding."""
    plain = content.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        return True
    for mark in _BOMS:
        plain = plain.removeprefix(mark)
    declared = _DECLARED_ENCODING.match(plain[:200])
    return declared is not None and declared.group(1).lower() not in _ALLOWED_ENCODINGS


def _letterhead(document: Any, styles: dict[str, str]) -> Iterator[Line]:
    """What stands at the top of the first pages: often the municipality's name."""
    seen: set[str] = set()
    for section in document.sections:
        for header in (section.first_page_header, section.header):
            for line in _walk(header._element, styles, 0):
                if line.text not in seen:
                    seen.add(line.text)
                    yield Line(line.text, is_letterhead=True)


def _walk(element: Any, styles: dict[str, str], depth: int) -> Iterator[Line]:
    """The paragraphs inside an element, in reading order."""
    if depth > _MAX_NESTING:
        return
    for child in element:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, styles)
        elif child.tag == f"{_W}tbl":
            for row in child.iter(f"{_W}tr"):
                yield from _row(row, styles, depth + 1)
        elif child.tag in _CONTAINERS:
            yield from _walk(child, styles, depth + 1)


def _row(row: Any, styles: dict[str, str], depth: int) -> Iterator[Line]:
    """A table's row: a label and its value read as one line, other cells one after the other."""
    cells = [list(_walk(cell, styles, depth)) for cell in row if cell.tag == f"{_W}tc"]
    filled = [cell for cell in cells if cell]
    is_pair = len(filled) == 2 and len(filled[0]) == 1 and not filled[0][0].is_styled
    label = filled[0][0].text if is_pair else ""
    if is_pair and len(label) <= _CELL_LABEL_LENGTH:
        first, *others = filled[1]
        yield Line(f"{label.rstrip(':')}: {first.text}")
        yield from others
        return
    for cell in filled:
        yield from cell


def _paragraph(paragraph: Any, styles: dict[str, str]) -> Iterator[Line]:
    """A paragraph's lines; a manual line break begins a new one."""
    style_id = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(style_id.get(f"{_W}val"), "") if style_id is not None else ""
    for text in "".join(_texts(paragraph)).split("\n"):
        cleaned = " ".join(clean_text(text).split())
        if cleaned:
            yield Line(cleaned, is_styled=style.startswith(_HEADING_STYLES))


def _texts(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag in _NOT_TEXT:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag in _BREAKS:
            yield "\n"
        else:
            yield from _texts(child)


def _damaged(file: str) -> DeliveryRejected:
    return rejected(
        "F11_corrupt_file",
        file=file,
        detail_da="Word-dokumentet kan ikke åbnes",
        detail_en="the Word document cannot be opened",
    )


def _wrong_container(file: str, found_da: str, found_en: str) -> DeliveryRejected:
    return rejected(
        "F05_wrong_container", file=file, found_da=found_da, found_en=found_en, expected="DOCX"
    )
