"""What a questionnaire asks, variable by variable: as an export says, and as code books remember.

Both sides of a comparison become `AskedVariable`s here; nothing is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.contracts.model import LEFT_OUT, CodeBook, CodeBookEntry, Source
from pipelines.intake.readers.survey_names import SHORT_NAME_LENGTH
from pipelines.intake.readers.surveyxact import StructureRow, SurveyExport
from pipelines.intake.readers.tables import normalise_heading

CHOICE_MARK = " | "
"""Between a question and the choice, for a variable that is one box to tick."""


class Kind(StrEnum):
    """How a variable is answered."""

    CHOICE = "choice"
    BOX = "box"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    UNKNOWN = "unknown"


_KINDS = {
    ("Closed", "Single"): Kind.CHOICE,
    ("Closed", "Multiple"): Kind.BOX,
    ("Open", "Double"): Kind.NUMBER,
    ("Open", "Date"): Kind.DATE,
    ("Open", "String"): Kind.TEXT,
}


@dataclass(frozen=True)
class AskedVariable:
    """One variable of a questionnaire: its names, its text, the answers one can give."""

    variable: str
    long_name: str
    question: str
    kind: Kind = Kind.UNKNOWN
    answers: Mapping[str, str] = field(default_factory=dict)
    """Answer code to its label; empty where respondents type their answer."""

    @property
    def names(self) -> frozenset[str]:
        """Both of its names, as names are compared."""
        return frozenset({normalise_heading(self.variable), normalise_heading(self.long_name)})

    def is_called(self, other: AskedVariable) -> bool:
        """Whether one of its names is the other's, in full or cut to eight characters."""
        mine, others = self.names, other.names
        return bool(
            mine & others
            or {n[:SHORT_NAME_LENGTH] for n in mine if len(n) > SHORT_NAME_LENGTH} & others
            or {n[:SHORT_NAME_LENGTH] for n in others if len(n) > SHORT_NAME_LENGTH} & mine
        )


@dataclass(frozen=True)
class KnownVariable:
    """A variable of an earlier wave, and what the code book made of it."""

    asked: AskedVariable
    wave: str
    field: str
    canonical: Mapping[str, str]
    """Answer code to canonical code."""


def asked_variables(export: SurveyExport) -> tuple[AskedVariable, ...]:
    """The variables of an export that its structure describes, in the dataset's order."""
    by_name: dict[str, StructureRow] = {}
    for line in export.structure:
        by_name.setdefault(normalise_heading(line.variable), line)
        by_name.setdefault(normalise_heading(line.long_name), line)
    asked = []
    for heading in export.variables:
        long_name = export.long_names.get(heading, heading)
        found = (by_name.get(normalise_heading(name)) for name in (heading, long_name))
        row = next((each for each in found if each is not None), None)
        if row is None:
            continue
        kind = _KINDS.get((row.question_type, row.sub_type), Kind.UNKNOWN)
        has_answers = kind in (Kind.CHOICE, Kind.BOX)
        asked.append(
            AskedVariable(
                variable=heading,
                long_name=long_name,
                question=_question(row, kind),
                kind=kind,
                answers=dict(export.labels.get(heading, {})) if has_answers else {},
            )
        )
    return tuple(asked)


def _question(row: StructureRow, kind: Kind) -> str:
    return f"{row.text}{CHOICE_MARK}{row.choice_text}" if kind is Kind.BOX else row.text


def known_variables(book: CodeBook) -> tuple[KnownVariable, ...]:
    """The variables that a code book maps, in its order; what it leaves out has the field `-`."""
    entries: dict[tuple[str, str], list[CodeBookEntry]] = {}
    for entry in book.entries:
        if entry.is_asked:
            entries.setdefault((entry.field, entry.variable), []).append(entry)
    return tuple(
        KnownVariable(
            asked=AskedVariable(
                variable=variable,
                long_name=variable,
                question=next((e.question for e in lines if e.question), ""),
                answers={e.code: e.answer for e in lines if e.code},
            ),
            wave=book.wave,
            field=name,
            canonical={e.code: e.canonical_code for e in lines if e.code},
        )
        for (name, variable), lines in entries.items()
    )


def last_known(books: Sequence[CodeBook]) -> tuple[KnownVariable, ...]:
    """What the last wave asked, and what earlier waves asked of fields that it did not ask.

    Args:
        books: The code books before the new wave, oldest first.
    """
    known: list[KnownVariable] = []
    for book in reversed(books):
        fields = {k.field for k in known}
        known.extend(
            k
            for k in known_variables(book)
            if k.field not in fields and (k.field != LEFT_OUT or book is books[-1])
        )
    return tuple(known)


def is_system(source: Source, names: Iterable[str]) -> bool:
    """Whether a variable is one that the survey tool always adds."""
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in source.ignored_headers]
    return any(pattern.fullmatch(name) for pattern in patterns for name in names)
