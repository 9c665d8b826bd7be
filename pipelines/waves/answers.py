"""Which answer of a wave is which canonical code: label against label, never code against code.

A code that means something else than last year is the mistake that nobody sees in a table, so
what decides is always the label; codes only break ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.contracts.model import Code
from pipelines.waves.questionnaire import AskedVariable, Kind, KnownVariable
from pipelines.waves.similarity import SAME, label_score

LABEL_THRESHOLD = 60
"""Below this two labels are not proposed as one answer."""


@dataclass(frozen=True)
class AnswerMatch:
    """One answer of the new wave and the canonical code proposed for it."""

    code: str
    label: str
    canonical: str
    """Empty where nothing is alike enough."""
    score: int
    was_code: str = ""
    was_label: str = ""

    @property
    def is_recoded(self) -> bool:
        """Whether the answer had another code in the last wave."""
        return bool(self.was_code) and self.was_code != self.code

    @property
    def is_sure(self) -> bool:
        """Whether the label is, word for word, one that is known."""
        return bool(self.canonical) and self.score == SAME


def match_answers(
    asked: AskedVariable, known: KnownVariable, codes: Sequence[Code]
) -> tuple[AnswerMatch, ...]:
    """Find each answer's canonical code: by the last wave's labels, else by the code list's.

    Args:
        asked: The new wave's variable.
        known: What it was in the last wave.
        codes: The field's code list; empty for fields without one.
    """
    relevant = {
        code: label
        for code, label in asked.answers.items()
        # of a box to tick a code book may use the ticked state only
        if asked.kind is not Kind.BOX or not known.canonical or code in known.canonical
    }
    return tuple(
        _match(code, label, known, codes)
        for code, label in sorted(relevant.items(), key=lambda each: _order(each[0]))
    )


def gone_answers(matches: Sequence[AnswerMatch], known: KnownVariable) -> tuple[str, ...]:
    """The labels of last wave's answers whose canonical code no answer leads to any more."""
    reached = {match.canonical for match in matches}
    return tuple(
        known.asked.answers.get(code) or code
        for code, canonical in known.canonical.items()
        if canonical not in reached
    )


def _match(code: str, label: str, known: KnownVariable, codes: Sequence[Code]) -> AnswerMatch:
    labels = {was: text for was, text in known.asked.answers.items() if text}
    if known.canonical and not labels:
        # a code book that never heard of labels: all there is to go by is the code
        return AnswerMatch(code, label, known.canonical.get(code, ""), 0, code)
    scored = [(label_score(label, text), was == code, was) for was, text in labels.items()]
    score, _, was = max(scored, default=(0, False, ""))
    if score >= LABEL_THRESHOLD:
        return AnswerMatch(code, label, known.canonical[was], score, was, labels[was])
    words = [(label_score(label, word), c.code, word) for c in codes for word in c.spellings]
    listed, canonical, word = max(words, default=(0, "", ""))
    if listed >= LABEL_THRESHOLD:
        return AnswerMatch(code, label, canonical, listed, was_label=word)
    return AnswerMatch(code, label, "", max(score, listed))


def _order(code: str) -> tuple[bool, int, str]:
    is_number = code.lstrip("-").isdecimal()
    number = int(code) if is_number else 0
    return (not is_number or number < 0, number, code)
