"""What a person must decide about a proposed code book, in plain English.

A decision says what was found, what is proposed, and what to do when that is wrong. `DECIDE` is
what the comparison cannot know; `CHECK` is what it found, and a person has to see once.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts.model import LEFT_OUT
from pipelines.waves.answers import AnswerMatch
from pipelines.waves.compare import Change, Comparison, Status
from pipelines.waves.questionnaire import Kind
from pipelines.waves.similarity import SAME


def decisions(change: Change, comparison: Comparison) -> tuple[str, ...]:
    """What to decide about one question; nothing where it is as it was."""
    return tuple(_decisions(change, comparison))


def _decisions(change: Change, comparison: Comparison) -> Iterator[str]:
    wave, last = comparison.wave, comparison.against
    if change.status is Status.GONE and change.known is not None:
        yield from _gone(change, wave, last)
    elif change.status is Status.NEW and change.asked is not None:
        yield from _new(change, last)
    elif change.asked is not None and change.known is not None:
        yield from _kept(change, last)
        yield from _answers(change, last)


def _gone(change: Change, wave: str, last: str) -> Iterator[str]:
    assert change.known is not None
    name = change.known.asked.variable
    if change.rivals:
        yield (
            f"DECIDE: {name} of {last} is not in the export, but {change.rivals[0]} is "
            f"{change.score} % like it. Is it the same question? Then put {change.rivals[0]} on "
            "this line, with its answer codes, and set series_break if the answers do not compare."
        )
    else:
        yield (
            f"CHECK: {name} of {last} is not in the export: the question was not asked in {wave}. "
            "Is that so?"
        )


def _new(change: Change, last: str) -> Iterator[str]:
    assert change.asked is not None
    name = change.asked.variable
    if change.field != LEFT_OUT:
        yield (
            f"DECIDE: {name} is new. Proposed for {change.field}, which {last} did not ask "
            f"(its label is {change.score} % like the question). Right? Else write - in field. "
            "Set series_break, with a note, if it takes the place of a figure asked in another way."
        )
        yield from _unmapped(change)
    elif change.asked.kind is Kind.TEXT:
        yield (
            f"DECIDE: {name} is new and takes free text, which may name people: it is left out. "
            "To cut it off without a word to the sender, declare it personal in fields.csv."
        )
    else:
        yield (
            f"DECIDE: {name} is new and no field takes it: it is left out (- in field). To load "
            "it, add a field to fields.csv (and its code list) and put the field's name here."
        )


def _kept(change: Change, last: str) -> Iterator[str]:
    assert change.asked is not None and change.known is not None
    was, now = change.known, change.asked
    if change.status is Status.RETURNED:
        yield (
            f"CHECK: not asked in {last}; {now.variable} is {change.score} % like "
            f"{was.asked.variable} of {was.wave}. Is it the same question, and does it compare?"
        )
    elif change.is_renamed:
        yield (
            f"CHECK: {was.asked.variable} is now called {now.variable} (texts {change.score} % "
            "alike). Is it the same question?"
        )
    if change.rivals:
        yield f"DECIDE: {', '.join(change.rivals)} is as alike. Which one is it?"
    if not was.asked.question and change.field != LEFT_OUT:
        yield f"CHECK: the code book of {last} has no text for it; only the name agrees."
    elif change.score != SAME:
        yield (
            f"DECIDE: the text has changed ({change.score} % alike). Do the answers still compare "
            "with last time's? If not, set series_break and write the note in both languages."
        )


def _answers(change: Change, last: str) -> Iterator[str]:
    moved = [a for a in change.answers if a.is_sure and a.is_recoded]
    if moved:
        listed = ", ".join(f"{a.was_code} → {a.code} ({a.canonical})" for a in moved)
        yield f"CHECK: answers have other codes than in {last}: {listed}. The labels are the same."
    yield from _unmapped(change)
    if change.gone_answers:
        yield (
            f"CHECK: of {last}'s answers these are not there any more: "
            f"{', '.join(change.gone_answers)}. Is the question still comparable?"
        )


def _unmapped(change: Change) -> Iterator[str]:
    for answer in change.answers:
        if not answer.canonical:
            yield (
                f"DECIDE: answer {answer.code} is like none that is known: write the canonical "
                "code it stands for, or add one to codelists.csv."
            )
        elif not answer.is_sure:
            yield (
                f"CHECK: answer {answer.code} is proposed as {answer.canonical} "
                f"(labels {answer.score} % alike)."
            )
    joined = _joined(change)
    if joined:
        yield f"CHECK: several answers become one: {'; '.join(joined)}."


def _joined(change: Change) -> list[str]:
    """Answers that come to stand for one code, where that is not so word for word since before."""
    by_canonical: dict[str, list[AnswerMatch]] = {}
    for answer in change.answers:
        if answer.canonical:
            by_canonical.setdefault(answer.canonical, []).append(answer)
    return [
        f"{', '.join(a.code for a in answers)} → {canonical}"
        for canonical, answers in by_canonical.items()
        if len(answers) > 1 and not all(a.is_sure for a in answers)
    ]
