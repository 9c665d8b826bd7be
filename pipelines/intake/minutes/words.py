"""A sentence as words with places, and the match of a key word's entry against them.

The rules are those of the seed (dbt_project/seeds/_styringsdialog_topics.yml). A word also answers
by its lemma, so that forms a stem does not cover are found ("særlig udsatte" by "særligt udsat").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

WHOLE_WORD_BELOW = 5
"""An entry of one word with fewer letters than this matches whole words only."""
_SAME_START = 4  # letters a form shares with its lemma's other forms; keeps "udsætte" from "udsat"
_LONGEST_WORD = 60

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands, as it is compared, and where it begins in its paragraph."""

    text: str
    folded: str
    lemma: str
    start: int


@dataclass(frozen=True, slots=True)
class Match:
    """Words `first` to `last` (inclusive) that answer to an entry.

    `is_inside` says that the entry stands inside a longer word, not at its beginning; `end` how
    many letters of the last word are used up by the entry.
    """

    first: int
    last: int
    is_inside: bool
    end: int


def sentences(text: str) -> Iterator[list[Word]]:
    """Part a paragraph into sentences of words."""
    start = 0
    for stop in [*(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]:
        words = [
            Word(m.group(), folded := m.group().casefold(), lemma(folded), m.start())
            for m in _WORD.finditer(text, start, stop)
        ]
        if words:
            yield words
        start = stop


def find(entry: Sequence[str], words: Sequence[Word]) -> Iterator[Match]:
    """Find an entry in a sentence."""
    if len(entry) == 1:
        for index, word in enumerate(words):
            at = _place(entry[0], word)
            if at is not None:
                yield Match(index, index, at > 0, at + len(entry[0]))
        return
    for first in range(len(words) - len(entry) + 1):
        window = words[first : first + len(entry)]
        if all(_begins(w, e) for w, e in zip(window, entry, strict=True)):
            yield Match(first, first + len(entry) - 1, False, len(entry[-1]))


def _place(entry: str, word: Word) -> int | None:
    """Where a one-word entry stands in a word, None where it doesn't."""
    if len(entry) < WHOLE_WORD_BELOW:
        return 0 if entry == word.folded else None
    at = word.folded.find(entry)
    if at < 0:
        at = word.lemma.find(entry)
    return at if at >= 0 else None


def _begins(word: Word, entry: str) -> bool:
    """Whether a word begins with an entry's word, or is another form of it."""
    if word.folded.startswith(entry):
        return True
    if word.folded[:_SAME_START] != entry[:_SAME_START]:
        return False
    return word.lemma.startswith(entry) or word.lemma == lemma(entry)


@lru_cache(maxsize=50_000)
def lemma(word: str) -> str:
    """Return the Danish dictionary form of a case-folded word; unknown words stay as they are."""
    if len(word) > _LONGEST_WORD:
        return word
    import simplemma

    return str(simplemma.lemmatize(word, lang="da")).casefold()
