"""The paragraphs of a PDF that holds text, with the page each begins on.

A PDF knows lines, not paragraphs: a line that fills the width is joined with the next one unless
that begins something new. Page numbers are left out. Nothing is recognised from images: a scanned
PDF has no text, and its sender is told so.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Sequence
from typing import Any

from pipelines.intake.findings import DeliveryRejected, rejected
from pipelines.intake.minutes.model import Line
from pipelines.intake.minutes.shapes import begins_block, is_heading_shape, is_label
from pipelines.intake.readers.encoding import clean_text

MAX_PAGES = 300
MAX_PAGE_CONTENT = 20 * 1024 * 1024
MAX_CHARACTERS = 2_000_000
_MAGIC_WITHIN = 1024
_FULL_LINE = 0.7  # of the widest line of the page: what a wrapped line reaches at least

_PAGE_NUMBER = re.compile(r"(?:side|s\.|-)?\s*\d{1,3}\s*(?:(?:af|/|-)\s*\d{0,3})?", re.IGNORECASE)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"})
_BROKEN_WORD = re.compile(r"[^\W\d_]-$")
_SHARED_HEAD = re.compile(r"(?:og|eller|samt)\b")  # "regnskabs- og budgetmøde" keeps its hyphen


def pdf_lines(data: bytes, file: str) -> list[Line]:
    """Return the paragraphs of a PDF.

    Raises:
        DeliveryRejected: F05, F06, F07 or F11.
    """
    if b"%PDF-" not in data[:_MAGIC_WITHIN]:
        raise rejected(
            "F05_wrong_container",
            file=file,
            found_da="ikke en PDF",
            found_en="not a PDF",
            expected="PDF",
        )
    pages = [_page_lines(text) for text in _page_texts(data, file)]
    return _joined(pages)


def _page_texts(data: bytes, file: str) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise rejected("F06_encrypted", file=file)
        if len(reader.pages) > MAX_PAGES:
            raise rejected("F07_oversized_content", file=file)
        texts = []
        characters = 0
        for page in reader.pages:
            _check_size(page, file)
            texts.append(page.extract_text())
            characters += len(texts[-1])
            if characters > MAX_CHARACTERS:
                raise rejected("F07_oversized_content", file=file)
    except DeliveryRejected:
        raise
    except (LimitReachedError, MemoryError) as error:
        raise rejected("F07_oversized_content", file=file) from error
    except Exception as error:  # pypdf raises of every kind on broken files
        raise rejected(
            "F11_corrupt_file",
            file=file,
            detail_da="PDF-filen kan ikke åbnes",
            detail_en="the PDF cannot be opened",
        ) from error
    return texts


def _check_size(page: Any, file: str) -> None:
    contents = page.get_contents()
    if contents is not None and len(contents.get_data()) > MAX_PAGE_CONTENT:
        raise rejected("F07_oversized_content", file=file)


def _page_lines(text: str) -> list[str]:
    # Soft hyphens go with the invisible marks, so a word broken at one is mended first.
    mended = re.sub("\u00ad *\n *", "", text.translate(_LIGATURES))
    lines = (" ".join(line.split()) for line in clean_text(mended).split("\n"))
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]


def _joined(pages: Sequence[Sequence[str]]) -> list[Line]:
    """Join wrapped lines, also across pages; a paragraph belongs to the page it begins on."""
    found: list[Line] = []
    is_open = False  # whether the last line may go on in the next
    for number, lines in enumerate(pages, 1):
        widest = max(map(len, lines), default=0)
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
