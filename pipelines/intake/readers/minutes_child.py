"""What the child process runs for minutes: the paragraphs of one DOCX or PDF as JSON data.

Only the hand-over stands here; `safe_parse` names these functions, `minutes` reads their answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from pipelines.intake.minutes.docx_text import docx_lines
from pipelines.intake.minutes.model import Line
from pipelines.intake.minutes.pdf_text import pdf_lines

LineData = tuple[str, int | None, bool, bool]
"""Text, page, whether it is styled as a heading, whether it is letterhead."""


def read_docx(source: IO[bytes]) -> list[LineData]:
    """Read a Word document."""
    return _as_data(docx_lines(source))


def read_pdf(source: IO[bytes]) -> list[LineData]:
    """Read a PDF."""
    return _as_data(pdf_lines(source))


def _as_data(lines: Sequence[Line]) -> list[LineData]:
    return [(line.text, line.page, line.is_styled, line.is_letterhead) for line in lines]
