"""Topics of the taxonomy found in minutes, each with its best evidence and a score.

What counts: a topic that is denied or praised is still discussed ("ingen problemer med tryghed").
What doesn't: the head, lists of participants, an agenda whose points come again, a point that was
put off, the organisation's own name, and who speaks ("Økonomichefen orienterede", "Administrationen
oplyste"), as none of them says what was discussed.

The score says how sure a tag is, between 0 and 1. Every passage (a heading, or a sentence of text)
is taken as independent evidence with a weight, and the score is 1 - Π(1 - weight), at most 0.99:

    a heading                                      0.80
    a sentence, the key word begins a word         0.50
    a sentence, the key word stands in a compound  0.40

So a heading alone gives 0.80, one sentence 0.50, a heading with two sentences 0.95.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.intake.minutes.model import Minutes, Paragraph
from pipelines.intake.minutes.shapes import heading_text_start
from pipelines.intake.minutes.speakers import is_speaker
from pipelines.intake.minutes.topics import Topic, load_topics
from pipelines.intake.minutes.words import Match, Word, find, sentences

__all__ = ["Tag", "Topic", "load_topics", "tag_topics", "topics_in_text"]

HEADING_WEIGHT = 0.80
WORD_WEIGHT = 0.50
COMPOUND_WEIGHT = 0.40
HIGHEST_SCORE = 0.99

_PUT_OFF = re.compile(
    r"(?:punktet|punkt \d+|sagen|emnet)\s+(?:(?:er|blev|bliver|var|måtte)\s+)?"
    r"(?:udgik|udgår|udgået|udskudt|udskydes|udsat|udsættes|udgå|ikke (?:nået|drøftet|behandlet)"
    r"|blev ikke (?:nået|drøftet|behandlet)|tages op på (?:det )?næste)\b[^.]*\.?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic of the meeting and where its best evidence begins.

    `char_offset` counts characters in `Minutes.text`; `page` is None where the format has none.
    """

    topic: str
    score: float
    page: int | None
    char_offset: int
    matched_in: Literal["heading", "text"]


@dataclass(frozen=True, slots=True)
class _Passage:
    weight: float
    start: int


def tag_topics(minutes: Minutes, topics: Sequence[Topic]) -> list[Tag]:
    """Return one tag per topic found, in the order of the taxonomy."""
    passages: dict[str, list[tuple[Paragraph, _Passage]]] = {}
    name = _name_pattern(minutes.head.organisation)
    for paragraph in _discussed(minutes.paragraphs):
        is_heading = paragraph.kind == "heading"
        text = _blanked(paragraph.text, name, is_heading)
        for code, passage in _passages(text, is_heading, topics):
            passages.setdefault(code, []).append((paragraph, passage))
    return [_tag(t.code, passages[t.code]) for t in topics if t.code in passages]


def topics_in_text(text: str, topics: Sequence[Topic]) -> set[str]:
    """Return the codes of the topics a piece of running text discusses."""
    return {code for code, _ in _passages(text, False, topics)}


def _tag(code: str, found: Sequence[tuple[Paragraph, _Passage]]) -> Tag:
    doubt = 1.0
    for _, passage in found:
        doubt *= 1 - passage.weight
    paragraph, best = max(found, key=lambda f: (f[1].weight, -f[0].offset - f[1].start))
    return Tag(
        topic=code,
        score=min(HIGHEST_SCORE, round(1 - doubt, 2)),
        page=paragraph.page,
        char_offset=paragraph.offset + best.start,
        matched_in="heading" if paragraph.kind == "heading" else "text",
    )


def _discussed(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Headings and text, without the points that were put off."""
    section: list[Paragraph] = []
    for paragraph in paragraphs:
        if paragraph.kind == "heading":
            yield from _unless_put_off(section)
            section = [paragraph]
        elif paragraph.kind == "text":
            section.append(paragraph)
    yield from _unless_put_off(section)


def _unless_put_off(section: Sequence[Paragraph]) -> Iterable[Paragraph]:
    said = [p.text for p in section if p.kind == "text"]
    if said and all(_PUT_OFF.fullmatch(text) for text in said):
        return ()
    return section


def _name_pattern(organisation: str) -> re.Pattern[str]:
    """The organisation's name as it may stand in text, also in the genitive."""
    words = r"\s+".join(map(re.escape, organisation.split()))
    return re.compile(rf"\b{words}(?:'?s)?\b", re.IGNORECASE)


def _blanked(text: str, name: re.Pattern[str], is_heading: bool) -> str:
    """Put a placeholder of the same length where the organisation's name or a number stands."""
    blanked = name.sub(lambda m: "§" * len(m.group()), text)
    start = heading_text_start(text) if is_heading else 0
    return " " * start + blanked[start:]


def _passages(
    text: str, is_heading: bool, topics: Sequence[Topic]
) -> Iterator[tuple[str, _Passage]]:
    """The best match of every topic in every sentence."""
    for words in sentences(text):
        for topic in topics:
            matches = list(_matches(topic, words))
            if not matches:
                continue
            best = min(matches, key=lambda match: (match.is_inside, match.first))
            weight = COMPOUND_WEIGHT if best.is_inside else WORD_WEIGHT
            yield (
                topic.code,
                _Passage(HEADING_WEIGHT if is_heading else weight, words[best.first].start),
            )


def _matches(topic: Topic, words: Sequence[Word]) -> Iterator[Match]:
    found = [match for entry in topic.entries for match in find(entry, words)]
    if not found:
        return
    barred = [match for entry in topic.negatives for match in find(entry, words)]
    for match in found:
        is_barred = any(b.first <= match.first and match.last <= b.last for b in barred)
        if not is_barred and not is_speaker(match, words):
            yield match
