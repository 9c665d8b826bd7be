"""How alike two texts of a questionnaire are, from 0 to 100; cautious where meaning may differ.

Spelling, case, blanks and a remark in brackets count little. A "not" or a number that only one of
two texts has counts much: "tilfredsstillende" and "ikke tilfredsstillende" look alike, and are
opposites.
"""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

from pipelines.waves.questionnaire import CHOICE_MARK

SAME = 100
_MOST_WITH_OTHER_MEANING = 50
_LONG = 10
"""From so many characters on, a text that is part of another says something."""
_NEGATIONS = frozenset(
    {"ikke", "ingen", "intet", "hverken", "uden", "aldrig", "nej"}
    | {"ikkje", "inga", "aldri", "nei", "not", "no", "never", "none", "without"}
)
_REMARK = re.compile(r"\([^()]*\bkry(?:ds|ss)\b[^()]*\)")


def normalised(text: str) -> str:
    """A text as it is compared: no case, no stray blanks, no remark on ticking several boxes."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_REMARK.sub(" ", plain).split()).strip(" .:?!*")


def text_score(one: str, other: str) -> int:
    """How alike two questions are; where they have choices, the less alike part decides."""
    question, _, choice = one.rpartition(CHOICE_MARK)
    other_question, _, other_choice = other.rpartition(CHOICE_MARK)
    if question and other_question:
        return min(_score(question, other_question), _score(choice, other_choice))
    return _score(one, other)


def label_score(one: str, other: str) -> int:
    """How alike two answers are; a long one that holds the other counts for most of it."""
    score = _score(one, other)
    first, second = normalised(one), normalised(other)
    if min(len(first), len(second)) < _LONG or _differ_in_meaning(first, second):
        return score
    return max(score, round(0.9 * fuzz.token_set_ratio(_words(first), _words(second))))


def _score(one: str, other: str) -> int:
    first, second = normalised(one), normalised(other)
    if not first or not second:
        return 0
    if first == second:
        return SAME
    score = min(99, round(fuzz.ratio(first, second)))
    return min(score, _MOST_WITH_OTHER_MEANING) if _differ_in_meaning(first, second) else score


def _differ_in_meaning(first: str, second: str) -> bool:
    one, other = set(_words(first).split()), set(_words(second).split())
    return bool(one & _NEGATIONS) != bool(other & _NEGATIONS) or _numbers(one) != _numbers(other)


def _numbers(words: set[str]) -> set[str]:
    return {word for word in words if any(c.isdigit() for c in word)}


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
