"""Putting a proposed code book in force, once a person has settled everything it asks.

The last gate before a wave's answers are read by it: no open decision, every field spoken of,
every answer with a canonical code that is known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pydantic import ValidationError

from pipelines.contracts.loader import code_book_of
from pipelines.contracts.model import LEFT_OUT, CodeBook, Confidentiality, FieldType, Source
from pipelines.durable import write_replacing
from pipelines.intake.readers.delimited import read_delimited
from pipelines.intake.readers.tables import match_header
from pipelines.waves.proposal import BOOK_COLUMNS, REVIEW_COLUMNS


class NotAcceptableError(ValueError):
    """A proposal that cannot be put in force yet; `reasons` says why, line by line."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def accept(source: Source, wave: str, proposal: Path, target: Path) -> CodeBook:
    """Check a proposal and write it as the wave's code book; the proposal is removed.

    Raises:
        NotAcceptableError: Something is not settled, or is wrong.
        DeliveryRejected: The file is no table of text.
    """
    rows = list(_rows(proposal))
    open_lines = tuple(
        f"line {number} ({row['field']}, {row['variable']}): {row['decision']}"
        for number, row in rows
        if row["decision"].strip()
    )
    if open_lines:
        raise NotAcceptableError(open_lines)
    try:
        book = code_book_of(wave, (row for _, row in rows))
    except ValidationError as error:
        told = tuple(str(each["msg"]).removeprefix("Value error, ") for each in error.errors())
        raise NotAcceptableError(told) from error
    if wrong := tuple(faults(source, book)):
        raise NotAcceptableError(wrong)
    write_replacing(target, _as_code_book(row for _, row in rows).encode())
    proposal.unlink()
    return book


def faults(source: Source, book: CodeBook) -> Iterator[str]:
    """What is wrong with a code book, held against its contract."""
    fields = {f.field: f for f in source.fields}
    spoken_of = {e.field for e in book.entries}
    for name in sorted(spoken_of - fields.keys() - {LEFT_OUT}):
        yield f"{name} is no field of {source.source}"
    for field in source.loaded_fields:
        if field.field not in spoken_of:
            yield f"{field.field} is not spoken of: give its variable, or -"
    for entry in book.entries:
        if entry.field not in fields or not entry.is_asked:
            continue
        field = fields[entry.field]
        if field.confidentiality is Confidentiality.PERSONAL:
            continue
        if field.type is FieldType.BOOLEAN:
            known = {"true", "false"}
        elif field.type is FieldType.CODE and entry.code:
            known = {c.code for c in source.codes_of(field.codelist)}
        else:
            continue
        if entry.canonical_code not in known:
            yield (
                f"{entry.field}, {entry.variable}, answer {entry.code or '(none)'}: "
                f"{entry.canonical_code or 'no canonical code'} is not one of its codes"
            )


def _rows(proposal: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The proposal's lines with their numbers; a spreadsheet may have saved it its own way."""
    columns = (*BOOK_COLUMNS, *REVIEW_COLUMNS)
    table = read_delimited(
        proposal.read_bytes(), proposal.name, {c: (c,) for c in columns}, has_totals=False
    )
    match = match_header(table.header, {c: (c,) for c in columns})
    if match.missing:
        raise NotAcceptableError((f"columns missing: {', '.join(match.missing)}",))
    if unreadable := [number for number, _ in table.bad_rows]:
        raise NotAcceptableError((f"lines that cannot be read: {unreadable}",))
    for number, cells in table.rows:
        row = {column: cells[at].strip() for column, at in match.mapping.items()}
        yield number, row | {"series_break": row["series_break"].casefold()}


def _as_code_book(rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, BOOK_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
