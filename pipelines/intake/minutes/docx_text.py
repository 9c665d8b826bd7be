"""The paragraphs of a Word document.

Runs inside the child process that parses untrusted files. Text is taken from the XML itself, as
python-docx leaves out content controls and tracked insertions, both common in municipal
templates. Deleted text, comments, field codes and text boxes are not text; nothing that the
document links to (a template, a picture) is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from pipelines.intake.minutes.model import Document, Line, Remark
from pipelines.intake.readers.encoding import clean_text
from pipelines.intake.readers.ooxml import check_package

_MAX_NESTING = 20
_CELL_LABEL_LENGTH = 40
_HEADING_STYLES = ("heading", "overskrift", "title", "titel")

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_TEXT = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent", _FALLBACK}
)
_TRACKED = tuple(f"{_W}{name}" for name in ("ins", "del", "moveFrom", "moveTo"))
_BREAKS = frozenset({f"{_W}br", f"{_W}cr"})
_CONTAINERS = frozenset(
    {f"{_W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
)


def docx_document(source: IO[bytes]) -> Document:
    """Return the paragraphs of a Word document; Word keeps no pages, so none is given.

    Raises:
        Refused: An unsafe or oversized package, another format, macros, forbidden markup.
    """
    import docx

    names = check_package(source, "word/document.xml", "DOCX")
    document = docx.Document(source)
    styles = {style.style_id: (style.name or "").casefold() for style in document.styles}
    body = document.element.body
    return Document(
        [*_letterhead(document, styles), *_walk(body, styles, 0)], list(_remarks(body, names))
    )


def _remarks(body: Any, names: frozenset[str]) -> Iterator[Remark]:
    """What of the document is not read, or read though nobody has approved it."""
    if next(body.iter(*_TRACKED), None) is not None:
        yield "W10_tracked_changes", {}
    boxes = body.iter(f"{_W}txbxContent")
    if any((text.text or "").strip() for box in boxes for text in box.iter(f"{_W}t")):
        yield "W11_text_boxes", {}
    if any(name.startswith("word/embeddings/") for name in names):
        yield "W12_attachments", {}


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
