"""The proposed code book as a CSV: the code book's columns, and what a person has to settle.

A proposal is a code book that loads, but it is never in force: it lies under `proposed/`, and
`acceptance` takes it from there once every decision has been settled.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.loader import SOURCES_DIR
from pipelines.contracts.model import LEFT_OUT, CodeBookEntry
from pipelines.publish.tidy_csv import harmless
from pipelines.waves.compare import Change, Comparison, Status
from pipelines.waves.decisions import decisions

BOOK_COLUMNS = tuple(CodeBookEntry.model_fields)
REVIEW_COLUMNS = ("status", "score", "decision")


@dataclass(frozen=True)
class ProposedLine:
    """One line: what the code book would say, and why."""

    entry: CodeBookEntry
    status: str
    score: int | None
    decision: str = ""

    def as_row(self) -> dict[str, str]:
        """The line as the CSV has it."""
        row = {name: str(value) for name, value in self.entry.model_dump().items()}
        # texts of an untrusted file: a spreadsheet must not run them
        row |= {name: harmless(row[name]) for name in ("question", "answer")}
        row["series_break"] = str(self.entry.series_break).lower()
        score = "" if self.score is None else str(self.score)
        return row | {"status": self.status, "score": score, "decision": self.decision}


def proposal_path(source: str, wave: str, sources_dir: Path = SOURCES_DIR) -> Path:
    """Where a proposal lies until it is accepted; nothing reads code books from there."""
    return sources_dir / source / "codebooks" / "proposed" / f"{wave}.csv"


def proposed_lines(comparison: Comparison) -> tuple[ProposedLine, ...]:
    """The code book that follows from a comparison."""
    asked = {c.field for c in comparison.changes if c.asked is not None}
    seen: set[str] = set()
    lines: list[ProposedLine] = []
    for change in comparison.changes:
        if change.asked is None and change.field in asked | seen:
            continue  # another of the field's variables speaks for it
        seen.add(change.field)
        lines.extend(_lines(change, comparison))
    return tuple(lines)


def proposal_csv(comparison: Comparison) -> str:
    """The proposal as the text of a CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, (*BOOK_COLUMNS, *REVIEW_COLUMNS), lineterminator="\n")
    writer.writeheader()
    writer.writerows(line.as_row() for line in proposed_lines(comparison))
    return text.getvalue()


def _lines(change: Change, comparison: Comparison) -> Iterator[ProposedLine]:
    """One line a question, or one an answer; what is to be decided stands on the first."""
    told = " ".join(decisions(change, comparison))
    note_da, note_en = _notes(change, comparison)
    asked = change.asked
    first = CodeBookEntry(
        field=change.field,
        variable=asked.variable if asked else LEFT_OUT,
        note_da=note_da,
        note_en=note_en,
        question=asked.question if asked else "",
    )
    score = change.score if change.known or change.field != LEFT_OUT else None
    if change.status is Status.NEVER:
        score = None
    if not change.answers:
        yield ProposedLine(first, change.status, score, told)
        return
    for at, answer in enumerate(change.answers):
        found = {
            "code": answer.code,
            "canonical_code": answer.canonical,
            "answer": answer.label,
        }
        notes = {} if at == 0 else {"note_da": "", "note_en": ""}
        yield ProposedLine(
            first.model_copy(update=found | notes),
            change.status,
            score if at == 0 else answer.score,
            told if at == 0 else "",
        )


def _notes(change: Change, comparison: Comparison) -> tuple[str, str]:
    """A note for the record, where the change needs no judgement to be told."""
    wave, last = comparison.wave, comparison.against
    if change.status is Status.GONE:
        return (
            f"Spørgsmålet er ikke stillet i {wave}.",
            f"The question was not asked in {wave}.",
        )
    if change.status is Status.NEW and change.field != LEFT_OUT:
        return f"Nyt spørgsmål i {wave}.", f"New question in {wave}."
    if change.asked is None or change.known is None or change.field == LEFT_OUT:
        return "", ""
    danish, english = [], []
    if change.is_renamed and change.status is not Status.RETURNED:
        was = change.known.asked.variable
        danish.append(f"Variablen hed {was} i {last}.")
        english.append(f"The variable was {was} in {last}.")
    if any(a.is_recoded for a in change.answers):
        danish.append(f"Svarkoderne er andre end i {last}.")
        english.append(f"The answer codes are other than in {last}.")
    return " ".join(danish), " ".join(english)
