"""Minutes of a styringsdialog meeting, from DOCX, PDF or text, with the head taken apart.

Here belong the choice of the format and what holds for all of them. How a format yields its
paragraphs, what a paragraph is and how a head reads are in `pipelines.intake.minutes`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from pipelines.intake.findings import rejected
from pipelines.intake.minutes.docx_text import docx_lines
from pipelines.intake.minutes.head import read_head
from pipelines.intake.minutes.model import Head, Line, Minutes, Paragraph
from pipelines.intake.minutes.pdf_text import pdf_lines
from pipelines.intake.minutes.structure import paragraphs_of
from pipelines.intake.readers.encoding import decode

__all__ = ["Head", "Minutes", "Paragraph", "read_minutes"]

MIN_LETTERS = 40
"""Fewer letters than any head of minutes has: what is left of a scanned document."""


def read_minutes(name: str, data: bytes) -> Minutes:
    """Read one set of minutes.

    Args:
        name: The file's name; its ending says the format.
        data: The file's bytes.

    Raises:
        DeliveryRejected: The file cannot be used as minutes (F01, F02, F05, F06, F07, F11, F17,
            F20, F21, F22, F24).
    """
    suffix = PurePath(name).suffix.lower()
    lines_of = _READERS.get(suffix)
    if lines_of is None:
        accepted = ", ".join(s.lstrip(".").upper() for s in _READERS)
        raise rejected("F22_unsupported_format", file=name, extension=suffix, accepted=accepted)
    if not data:
        raise rejected("F02_empty_file", file=name)
    lines = lines_of(data, name)
    if sum(map(str.isalpha, "".join(line.text for line in lines))) < MIN_LETTERS:
        raise rejected("F20_document_without_text", file=name)
    paragraphs = paragraphs_of(lines)
    return Minutes(name, read_head(paragraphs, name), paragraphs)


def _text_lines(data: bytes, file: str) -> list[Line]:
    cleaned = (" ".join(line.split()) for line in decode(data, file).text.split("\n"))
    return [Line(line) for line in cleaned if line]


_READERS: Mapping[str, Callable[[bytes, str], list[Line]]] = {
    ".docx": docx_lines,
    ".pdf": pdf_lines,
    ".txt": _text_lines,
}
