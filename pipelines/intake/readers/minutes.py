"""Minutes of a styringsdialog meeting, from DOCX, PDF or text, with the head taken apart.

Here belong the choice of the format and the way back from the child process (`minutes_child`),
which does all the reading. How a format yields its paragraphs, what a paragraph is and how a head
reads are in `pipelines.intake.minutes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import PurePath
from typing import Any

from pipelines.intake.findings import finding, rejected
from pipelines.intake.minutes.model import Head, Minutes, Paragraph
from pipelines.intake.readers.container import Container, recognise, wrong_container
from pipelines.intake.readers.safe_parse import Limits, parse_in_child

__all__ = ["Head", "Minutes", "Paragraph", "read_minutes"]

_CONTAINERS: Mapping[str, Container | None] = {
    "docx": Container.ZIP,
    "pdf": Container.PDF,
    "txt": None,  # whether it is text is the decoding's to say
}
"""Task of the child to what the file must be."""

_MAX_ANSWER_BYTES = 64 << 20


def read_minutes(name: str, data: bytes, limits: Limits | None = None) -> Minutes:
    """Read one set of minutes.

    Args:
        name: The file's name; its ending says the format.
        data: The file's bytes.
        limits: Memory and time for the child; the installation's by default.

    Raises:
        DeliveryRejected: The file cannot be used as minutes (F01, F02, F05 to F08, F10 to F13,
            F16, F17, F20 to F22, F24).
    """
    suffix = PurePath(name).suffix.lower()
    task = suffix.lstrip(".")
    if task not in _CONTAINERS:
        accepted = ", ".join(_CONTAINERS).upper()
        raise rejected("F22_unsupported_format", file=name, extension=suffix, accepted=accepted)
    found, expected = recognise(data), _CONTAINERS[task]
    if expected is not None and found is not expected:
        raise wrong_container(found, task.upper(), name)
    limits = replace(limits or Limits.of_installation(), answer_bytes=_MAX_ANSWER_BYTES)
    return _from_data(name, parse_in_child(task, data, name, limits))


def _from_data(name: str, answer: Mapping[str, Any]) -> Minutes:
    municipality, organisation, meeting_date = answer["head"]
    return Minutes(
        name,
        Head(str(municipality), str(organisation), date.fromisoformat(meeting_date)),
        tuple(
            Paragraph(text=text, page=page, offset=offset, kind=kind)
            for text, page, offset, kind in answer["paragraphs"]
        ),
        tuple(finding(rule, file=name, **details) for rule, details in answer["remarks"]),
    )
