"""What the child process runs for minutes: one document, its head taken apart, as JSON data.

Only the hand-over stands here; `safe_parse` names these functions, `minutes` reads their answer.
The parent never has more of the text than what the tagging needs.
"""

from __future__ import annotations

from typing import IO, Any

from pipelines.intake.findings import rejected
from pipelines.intake.minutes.docx_text import docx_document
from pipelines.intake.minutes.head import read_head
from pipelines.intake.minutes.model import Document, Line
from pipelines.intake.minutes.pdf_text import pdf_document
from pipelines.intake.minutes.structure import paragraphs_of
from pipelines.intake.readers.encoding import decode

MIN_LETTERS = 40
"""Fewer letters than any head of minutes has: what is left of a scanned document."""

MAX_LETTERS = 500_000
"""About two hundred pages; minutes have five."""


def read_docx(source: IO[bytes]) -> dict[str, Any]:
    """Read a Word document."""
    return _minutes(docx_document(source))


def read_pdf(source: IO[bytes]) -> dict[str, Any]:
    """Read a PDF."""
    return _minutes(pdf_document(source))


def read_text(source: IO[bytes]) -> dict[str, Any]:
    """Read a text file."""
    cleaned = (" ".join(line.split()) for line in decode(source.read(), "").text.split("\n"))
    return _minutes(Document([Line(line) for line in cleaned if line], []))


def _minutes(document: Document) -> dict[str, Any]:
    """The head and the paragraphs as data; the parent knows the file's name, this side does not.

    Raises:
        DeliveryRejected: Hardly any text (F20), far too much (F07), or an incomplete head (F21).
    """
    letters = sum(map(str.isalpha, "".join(line.text for line in document.lines)))
    if letters < MIN_LETTERS:
        raise rejected("F20_document_without_text", file="")
    if letters > MAX_LETTERS:
        raise rejected("F07_oversized_content", file="")
    paragraphs = paragraphs_of(document.lines)
    head = read_head(paragraphs, "")
    return {
        "head": [head.municipality, head.organisation, head.meeting_date.isoformat()],
        "remarks": document.remarks,
        "paragraphs": [(p.text, p.page, p.offset, p.kind) for p in paragraphs],
    }
