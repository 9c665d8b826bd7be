"""What became of each question since the last wave: matched, re-coded, renamed, new, gone.

First by name, where the text agrees too; then by text, one to one, the most alike first. A name
that stands for another question than last year's is never followed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from pipelines.contracts.model import (
    LEFT_OUT,
    Code,
    CodeBook,
    Confidentiality,
    Field,
    FieldType,
    Source,
)
from pipelines.intake.readers.tables import normalise_heading
from pipelines.waves.answers import AnswerMatch, gone_answers, match_answers
from pipelines.waves.questionnaire import (
    AskedVariable,
    Kind,
    KnownVariable,
    is_system,
    last_known,
)
from pipelines.waves.similarity import SAME, label_score, text_score

RENAME_THRESHOLD = 85
"""From here on a text under another name is taken for the same question."""
CHANGED_THRESHOLD = 60
"""From here on a text under the same name is taken for the question, put in other words."""
FIELD_THRESHOLD = 65
"""From here on a new question is proposed for a field that the wave else would not have."""
CLOSE_SECOND = 3
"""With a second best so close, a person has to say which one it is."""


_TOOL_STATUS = re.compile(r"stat[a-z]*_\d+", re.ASCII)
"""The survey tool's status variables; their short names depend on their order."""


class Status(StrEnum):
    """What became of a question."""

    MATCHED = "matched"
    RECODED = "re-coded"
    RENAMED = "renamed"
    CHANGED = "text changed"
    RETURNED = "asked again"
    NEW = "new"
    GONE = "gone"
    NEVER = "not asked"


@dataclass(frozen=True)
class Change:
    """One question, then and now; `field` is `-` where no field takes it."""

    status: Status
    field: str
    asked: AskedVariable | None = None
    known: KnownVariable | None = None
    score: int = 0
    answers: tuple[AnswerMatch, ...] = ()
    gone_answers: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    """Variables that are as alike, or that have taken the name over."""

    @property
    def is_renamed(self) -> bool:
        """Whether the variable has another name; the tool's own two ways of naming are one."""
        if self.asked is None or self.known is None or self.asked.is_called(self.known.asked):
            return False
        names = (self.asked.variable, self.known.asked.variable)
        return self.score != SAME or not all(_TOOL_STATUS.fullmatch(name) for name in names)

    @property
    def is_recoded(self) -> bool:
        """Whether an answer has another code, or there are other answers than before."""
        return bool(self.gone_answers) or any(a.is_recoded or not a.is_sure for a in self.answers)


@dataclass(frozen=True)
class Comparison:
    """All of a new wave's questionnaire against the last one's."""

    wave: str
    against: str
    changes: tuple[Change, ...]
    left_alone: tuple[str, ...] = ()
    """Variables that are the system's own, or personal: no code book speaks of them."""


def compare(
    source: Source, wave: str, asked: Sequence[AskedVariable], books: Sequence[CodeBook]
) -> Comparison:
    """Compare a questionnaire with the code books before it.

    Args:
        source: The survey's contract.
        wave: The new wave.
        asked: What its export asks.
        books: The code books to compare with, oldest first; the last one's wave is the standard.
    """
    known = last_known(books)
    last = books[-1].wave
    pairs = _pairs(asked, known)
    taken = {pair.asked.variable for pair in pairs.values()}
    rest = [a for a in asked if a.variable not in taken]
    new = [a for a in rest if not _is_no_question(source, a)]
    changes = [_paired(source, known[at], pair, last) for at, pair in sorted(pairs.items())]
    changes += [
        _gone(was, new)
        for at, was in enumerate(known)
        if at not in pairs and was.wave == last and was.field != LEFT_OUT
    ]
    spoken_of = {c.field for c in changes}
    never = [f for f in source.fields if f.field not in spoken_of and _is_in_code_books(f)]
    fresh = _new(source, new, never)
    filled = {c.field for c in fresh}
    changes += fresh
    changes += [Change(Status.NEVER, f.field) for f in never if f.field not in filled]
    order = {f.field: at for at, f in enumerate(source.fields)}
    changes.sort(key=lambda c: order.get(c.field, len(order)))
    left_alone = tuple(a.variable for a in rest if a not in new)
    return Comparison(wave, last, tuple(changes), left_alone)


def _is_no_question(source: Source, asked: AskedVariable) -> bool:
    personal = {
        normalise_heading(heading)
        for f in source.fields
        if f.confidentiality is Confidentiality.PERSONAL
        for heading in (f.header, *f.aliases)
        if heading
    }
    return is_system(source, asked.names) or bool(asked.names & personal)


def _is_in_code_books(field: Field) -> bool:
    """Whether code books speak of the field; personal columns are known by their headings."""
    return field.confidentiality is not Confidentiality.PERSONAL or not field.header


class _Pair(NamedTuple):
    """A question of the new wave that is one of the last."""

    asked: AskedVariable
    score: int
    rivals: tuple[str, ...] = ()


def _pairs(asked: Sequence[AskedVariable], known: Sequence[KnownVariable]) -> dict[int, _Pair]:
    """Place of a known variable to the asked one that it is."""
    pairs: dict[int, _Pair] = {}
    free = dict(enumerate(asked))
    for at, was in enumerate(known):
        for place, now in list(free.items()):
            if now.is_called(was.asked) and _is_same_question(now, was):
                pairs[at] = _Pair(now, _text(now, was))
                del free[place]
                break
    alike = [
        (-_text(now, was), at, place)
        for at, was in enumerate(known)
        if at not in pairs
        for place, now in free.items()
        if _text(now, was) >= RENAME_THRESHOLD
    ]
    for minus, at, place in sorted(alike):
        if at not in pairs and place in free:
            rivals = tuple(
                asked[other].variable
                for score, owner, other in alike
                if owner == at
                and other != place
                and other in free
                and score <= minus + CLOSE_SECOND
            )
            pairs[at] = _Pair(free.pop(place), -minus, rivals)
    return pairs


def _is_same_question(now: AskedVariable, was: KnownVariable) -> bool:
    return not was.asked.question or _text(now, was) >= CHANGED_THRESHOLD


def _text(now: AskedVariable, was: KnownVariable) -> int:
    return text_score(now.question, was.asked.question)


def _paired(source: Source, was: KnownVariable, pair: _Pair, last: str) -> Change:
    codes = _codes(source, was.field)
    answers = match_answers(pair.asked, was, codes) if was.canonical else ()
    gone = gone_answers(answers, was)
    change = Change(
        Status.MATCHED, was.field, pair.asked, was, pair.score, answers, gone, pair.rivals
    )
    return replace(change, status=_status(change, last))


def _status(change: Change, last: str) -> Status:
    if change.known is not None and change.known.wave != last:
        return Status.RETURNED
    if change.is_renamed:
        return Status.RENAMED
    if change.score != SAME:
        return Status.CHANGED
    return Status.RECODED if change.is_recoded else Status.MATCHED


def _new(
    source: Source, new: Sequence[AskedVariable], open_fields: Sequence[Field]
) -> list[Change]:
    """New questions, each with the field it may be the first to fill, the most alike first."""
    scored = sorted(
        (
            (-label_score(now.question, f.label_da), place, index)
            for place, now in enumerate(new)
            for index, f in enumerate(open_fields)
            if _fits(now, f)
        ),
    )
    chosen: dict[int, tuple[Field, int]] = {}
    used: set[int] = set()
    for minus, place, index in scored:
        if -minus >= FIELD_THRESHOLD and place not in chosen and index not in used:
            chosen[place] = (open_fields[index], -minus)
            used.add(index)
    changes = []
    for place, now in enumerate(new):
        found = chosen.get(place)
        if found is None:
            changes.append(Change(Status.NEW, LEFT_OUT, now))
            continue
        into, score = found
        codes = _codes(source, into.field)
        nothing = KnownVariable(AskedVariable("", "", ""), "", into.field, {})
        answers = match_answers(now, nothing, codes) if into.type in _CODED else ()
        changes.append(Change(Status.NEW, into.field, now, score=score, answers=answers))
    return changes


_CODED = (FieldType.CODE, FieldType.BOOLEAN)
_KINDS_OF = {
    FieldType.CODE: (Kind.CHOICE,),
    FieldType.BOOLEAN: (Kind.BOX, Kind.CHOICE),
    FieldType.TEXT: (Kind.TEXT,),
    FieldType.DATE: (Kind.DATE,),
    FieldType.TIMESTAMP: (Kind.DATE,),
}


def _fits(now: AskedVariable, field: Field) -> bool:
    return now.kind in _KINDS_OF.get(field.type, (Kind.NUMBER,))


def _codes(source: Source, name: str) -> tuple[Code, ...]:
    if name == LEFT_OUT:
        return ()
    field = source.field(name)
    if field.type is FieldType.BOOLEAN:
        return TICKED
    return source.codes_of(field.codelist)


TICKED = (
    Code(codelist="", code="false", spellings=("Ikke valgt", "Not selected"), label_da="Ikke valgt",
         label_en="Not selected"),
    Code(codelist="", code="true", spellings=("Valgt", "Selected"), label_da="Valgt",
         label_en="Selected"),
)  # fmt: skip
"""The two states of a box, as the survey tool calls them."""


def _gone(was: KnownVariable, new: Sequence[AskedVariable]) -> Change:
    """A question that is not there any more; a rival is a new one that may be it in other words."""
    score, rival = max(((_text(a, was), a.variable) for a in new), default=(0, ""))
    rivals = (rival,) if score >= CHANGED_THRESHOLD else ()
    return Change(Status.GONE, was.field, known=was, score=score, rivals=rivals)
