"""The paragraphs of a PDF that holds text, with the page each begins on.

Runs inside the child process that parses untrusted files. A PDF knows lines, not paragraphs: a
line that fills the width is joined with the next one unless that begins something new. Page
numbers are left out. Nothing is recognised from images: a scanned PDF has no text, and its sender
is told so.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import IO

from pipelines.intake.minutes.model import Document, Line, Remark
from pipelines.intake.minutes.shapes import begins_block, is_heading_shape, is_label
from pipelines.intake.readers.encoding import clean_text
from pipelines.intake.readers.refusal import Refused

MAX_PAGES = 300
MAX_CHARACTERS = 2_000_000
_FULL_LINE = 0.7  # of the widest line: what a wrapped line reaches at least

_EMBEDDED = "/EmbeddedFiles"
_PAGE_NUMBER = re.compile(r"(?:side|s\.|-)?\s*\d{1,3}\s*(?:(?:af|/|-)\s*\d{0,3})?", re.IGNORECASE)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")
_SHARED_HEAD = re.compile(r"(?:og|eller|samt)\b")  # "regnskabs- og budgetmøde" keeps its hyphen


def pdf_document(source: IO[bytes]) -> Document:
    """Return the paragraphs of a PDF. Its scripts are not run, its attachments not opened.

    Raises:
        Refused: An encrypted PDF, or far more pages or text than minutes have.
    """
    remarks: list[Remark] = []
    pages = [_page_lines(text) for text in _page_texts(source, remarks)]
    without_text = sum(not lines for lines in pages)
    if 0 < without_text < len(pages):
        remarks.append(("W13_pages_without_text", {"count": without_text}))
    return Document(_joined(pages), remarks)


def _page_texts(source: IO[bytes], remarks: list[Remark]) -> Iterator[str]:
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    characters = 0
    try:
        reader = PdfReader(source, strict=False)
        if reader.is_encrypted:
            raise Refused("F06_encrypted")
        if len(reader.pages) > MAX_PAGES:
            raise Refused("F07_oversized_content")
        if _EMBEDDED in reader.root_object.get("/Names", {}):
            remarks.append(("W12_attachments", {}))
        for page in reader.pages:
            text = page.extract_text()
            characters += len(text)
            if characters > MAX_CHARACTERS:
                raise Refused("F07_oversized_content")
            yield text
    except LimitReachedError:
        raise Refused("F07_oversized_content") from None


def _page_lines(text: str) -> list[str]:
    # Soft hyphens go with the invisible marks, so a word broken at one is mended first.
    mended = re.sub("\u00ad *\n *", "", text.translate(_LIGATURES))
    lines = (" ".join(line.split()) for line in clean_text(mended).split("\n"))
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]


def _joined(pages: Sequence[Sequence[str]]) -> list[Line]:
    """Join wrapped lines, also across pages; a paragraph belongs to the page it begins on."""
    found: list[Line] = []
    is_open = False  # whether the last line may go on in the next
    widest = max((len(line) for lines in pages for line in lines), default=0)
    for number, lines in enumerate(pages, 1):
        for line in lines:
            if is_open and not begins_block(line):
                last = found[-1]
                found[-1] = Line(_glued(last.text, line), last.page)
            else:
                found.append(Line(line, number))
            is_open = _may_go_on(found[-1].text, line, widest)
    return found


def _may_go_on(paragraph: str, line: str, widest: int) -> bool:
    if is_heading_shape(paragraph) and len(line) < widest * _FULL_LINE:
        return False
    if line.endswith((".", "!", "?", ":")) and not line.endswith((" ca.", "bl.a.", "f.eks.")):
        return False
    return len(line) >= widest * _FULL_LINE or (is_label(paragraph) and line.endswith(","))


def _glued(before: str, after: str) -> str:
    if _BROKEN_WORD.search(before) and after[:1].islower() and not _SHARED_HEAD.match(after):
        return before[:-1] + after
    return f"{before} {after}"
