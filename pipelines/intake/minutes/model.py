"""The shapes minutes take on their way from a file to tags; no rule is applied here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pipelines.intake.findings import Finding

Kind = Literal["head", "attendance", "agenda", "heading", "text"]
"""What a paragraph is; topics are looked for in headings and text only."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph (or, from a PDF, one joined paragraph) as a reader took it from the file.

    `is_styled` says that the file itself marks it as a heading; `is_letterhead` that it stands in
    the margin of a page and not among the text.
    """

    text: str = field(repr=False)
    page: int | None = None
    is_styled: bool = False
    is_letterhead: bool = False


Remark = tuple[str, dict[str, int]]
"""The rule of a warning about a document as a whole, and what fills its message."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text as its format gave it, with remarks on what of it was not read."""

    lines: list[Line]
    remarks: list[Remark]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of minutes; `offset` counts characters from the start of `Minutes.text`.

    The text is left out of the representation, so that no log or traceback spells it out.
    """

    text: str = field(repr=False)
    page: int | None
    offset: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Head:
    """Which meeting the minutes are of, as their head says; no person is ever among it.

    `municipality` is the name alone, without "Kommune".
    """

    municipality: str
    organisation: str
    meeting_date: date


@dataclass(frozen=True, slots=True)
class Minutes:
    """One set of minutes. `paragraphs` hold names and free text and stay behind the gate."""

    file: str
    head: Head
    paragraphs: tuple[Paragraph, ...]
    findings: tuple[Finding, ...] = ()
    """Warnings on what of the document was not read."""

    @property
    def text(self) -> str:
        """All paragraphs, one a line: what the offsets of paragraphs and tags refer to."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)
