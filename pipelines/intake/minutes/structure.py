"""What each paragraph of minutes is: head, attendance list, agenda, heading or text.

The head ends where the points begin. An agenda is only one when its points come again below: where
they don't, its lines are the headings. Lists of participants are recognised wherever they stand,
as a person's title ("Udlejningschef") says nothing about what was discussed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipelines.intake.minutes.dates import find_dates
from pipelines.intake.minutes.model import Kind, Line, Paragraph
from pipelines.intake.minutes.shapes import (
    heading_number,
    heading_text_start,
    is_agenda,
    is_attendance,
    is_heading_shape,
    is_label,
    is_marked,
    is_sentence,
    split_heading,
)

MAX_HEAD_LINES = 60
_MAX_NAME_LINE = 100
_HEAD_WORDS = ("referat", "styringsdialog", "kommune", "syntetisk")


def paragraphs_of(lines: Sequence[Line]) -> tuple[Paragraph, ...]:
    """Give every line its kind and its offset; lines that hold a heading and text are parted."""
    parted = list(_parted(lines))
    kinds = _kinds(parted)
    found: list[Paragraph] = []
    offset = 0
    for line, kind in zip(parted, kinds, strict=True):
        found.append(Paragraph(line.text, line.page, offset, kind))
        offset += len(line.text) + 1
    return tuple(found)


def _parted(lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        heading, rest = split_heading(line.text)
        if rest and not line.is_letterhead:
            yield Line(heading, line.page, is_styled=True)
            yield Line(rest, line.page)
        else:
            yield line


def _kinds(lines: Sequence[Line]) -> list[Kind]:
    head_end = _head_end(lines)
    agenda_end = _agenda_end(lines, head_end)
    kinds: list[Kind] = []
    in_attendance = False
    for index, line in enumerate(lines):
        if index < head_end or line.is_letterhead:
            in_attendance = in_attendance and not line.is_letterhead
            in_attendance = is_attendance(line.text) or (in_attendance and not is_label(line.text))
            kinds.append("attendance" if in_attendance else "head")
            continue
        if index == head_end:
            in_attendance = False
        if index < agenda_end or is_agenda(line.text):
            in_attendance = False
            kinds.append("agenda")
        elif _is_heading(line):
            words = line.text[heading_text_start(line.text) :]
            in_attendance = is_attendance(words)
            kinds.append("attendance" if in_attendance else "heading")
        elif is_attendance(line.text):
            in_attendance = True
            kinds.append("attendance")
        else:
            in_attendance = in_attendance and _goes_on_naming(line.text)
            kinds.append("attendance" if in_attendance else "text")
    return kinds


def _is_heading(line: Line) -> bool:
    return line.is_styled or is_heading_shape(line.text)


def _goes_on_naming(text: str) -> bool:
    return len(text) <= _MAX_NAME_LINE and not is_sentence(text)


def _head_end(lines: Sequence[Line]) -> int:
    """The index of the first line that is no longer about which meeting this is."""
    has_facts = False
    for index, line in enumerate(lines[:MAX_HEAD_LINES]):
        if line.is_letterhead:
            continue
        text = line.text
        if is_agenda(text) or is_marked(text):
            return index
        if is_label(text) or find_dates(text):
            has_facts = True
            continue
        if any(word in text.casefold() for word in _HEAD_WORDS) and not heading_number(text):
            continue
        if heading_number(text) is not None and _is_heading(line):
            return index
        if has_facts and (_is_heading(line) or is_sentence(text)):
            return index
    return min(len(lines), MAX_HEAD_LINES)


def _agenda_end(lines: Sequence[Line], start: int) -> int:
    """The index where the points begin anew after an agenda; `start` where there is none."""
    if start >= len(lines) or not is_agenda(lines[start].text):
        return start
    numbers_seen = False
    for index in range(start + 1, len(lines)):
        text = lines[index].text
        number = heading_number(text)
        if numbers_seen and (is_marked(text) or number == 1):
            return index
        numbers_seen = numbers_seen or number is not None
        if not numbers_seen and lines[index].is_styled:
            return index
    return start
