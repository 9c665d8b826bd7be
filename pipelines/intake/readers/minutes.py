"""Minutes of a styringsdialog meeting, from DOCX, PDF or text, with the head taken apart.

Here belong the choice of the format and what holds for all of them. DOCX and PDF are parsed in a
child process (`minutes_child`). How a format yields its paragraphs, what a paragraph is and how a
head reads are in `pipelines.intake.minutes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from pipelines.intake.findings import rejected
from pipelines.intake.minutes.head import read_head
from pipelines.intake.minutes.model import Head, Line, Minutes, Paragraph
from pipelines.intake.minutes.structure import paragraphs_of
from pipelines.intake.readers.container import Container, recognise, wrong_container
from pipelines.intake.readers.encoding import decode
from pipelines.intake.readers.safe_parse import Limits, parse_in_child

__all__ = ["Head", "Minutes", "Paragraph", "read_minutes"]

MIN_LETTERS = 40
"""Fewer letters than any head of minutes has: what is left of a scanned document."""

MAX_LETTERS = 500_000
"""About two hundred pages; minutes have five."""

LIMITS = Limits(answer_bytes=64 << 20)


def read_minutes(name: str, data: bytes) -> Minutes:
    """Read one set of minutes.

    Args:
        name: The file's name; its ending says the format.
        data: The file's bytes.

    Raises:
        DeliveryRejected: The file cannot be used as minutes (F01, F02, F05 to F08, F10 to F13,
            F16, F17, F20 to F22, F24).
    """
    suffix = PurePath(name).suffix.lower()
    lines_of = _READERS.get(suffix)
    if lines_of is None:
        accepted = ", ".join(s.lstrip(".").upper() for s in _READERS)
        raise rejected("F22_unsupported_format", file=name, extension=suffix, accepted=accepted)
    lines = lines_of(data, name)
    letters = sum(map(str.isalpha, "".join(line.text for line in lines)))
    if letters < MIN_LETTERS:
        raise rejected("F20_document_without_text", file=name)
    if letters > MAX_LETTERS:
        raise rejected("F07_oversized_content", file=name)
    paragraphs = paragraphs_of(lines)
    return Minutes(name, read_head(paragraphs, name), paragraphs)


def _docx_lines(data: bytes, file: str) -> list[Line]:
    return _lines_from_child("docx", Container.ZIP, data, file)


def _pdf_lines(data: bytes, file: str) -> list[Line]:
    return _lines_from_child("pdf", Container.PDF, data, file)


def _lines_from_child(task: str, expected: Container, data: bytes, file: str) -> list[Line]:
    found = recognise(data)
    if found is not expected:
        raise wrong_container(found, task.upper(), file)
    return [
        Line(str(text), page if isinstance(page, int) else None, bool(styled), bool(letterhead))
        for text, page, styled, letterhead in parse_in_child(task, data, file, LIMITS)
    ]


def _text_lines(data: bytes, file: str) -> list[Line]:
    cleaned = (" ".join(line.split()) for line in decode(data, file).text.split("\n"))
    return [Line(line) for line in cleaned if line]


_READERS: Mapping[str, Callable[[bytes, str], list[Line]]] = {
    ".docx": _docx_lines,
    ".pdf": _pdf_lines,
    ".txt": _text_lines,
}
