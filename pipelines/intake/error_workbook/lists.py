"""What is shown of a list (an extract, topics of meetings): its rows under our headings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pipelines.contracts.model import Source
from pipelines.intake.conform.frame import title_values
from pipelines.intake.conform.table import required_headers, wanted_headers
from pipelines.intake.delivered_file import is_excerpted, one_file, table_of
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.error_workbook.advice import right_value
from pipelines.intake.error_workbook.excerpt import excerpt_of
from pipelines.intake.error_workbook.shown import (
    MOST_ROWS,
    Selection,
    ShownColumn,
    ShownRow,
    ShownTable,
)
from pipelines.intake.findings import DeliveryRejected, Finding
from pipelines.intake.process import Decision
from pipelines.intake.readers.tables import TextTable, match_header, normalise_heading

SHEET: Final = "Data"
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}")
_SEEN_BEFORE_TOTALS: Final = frozenset({"F03_columns_missing", "K02_other_period"})
_LAST_SHEET_ROW: Final = 1 << 20
_SMALL_BYTES: Final = 20 << 20


def shown_list(
    source: Source, delivery: ArchivedDelivery, payload: Path, decision: Decision
) -> ShownTable | None:
    """The delivery's table as its sender gets it back; None where there is none to be read."""
    wanted = {f.row for f in decision.findings}
    found = _table(source, delivery, payload, wanted)
    if found is None:
        return None
    table, is_excerpt = found
    columns = _columns(source, table)
    is_whole = not is_excerpt and table.rows_read <= MOST_ROWS
    titles = tuple(_titles(source, table))
    header_row = max(table.header_row, len(titles) + 1)
    keep_totals = table.totals is not None and _totals_matter(source, table, decision)
    numbered = [*table.rows, *table.bad_rows]
    if keep_totals and table.totals is not None and is_whole:
        numbered.append(table.totals)
    if not is_whole:
        numbered = [row for row in numbered if row[0] in wanted]
    rows = _rows(table, columns, sorted(numbered), decision.findings, header_row, is_whole)
    return ShownTable(
        sheet=SHEET,
        titles=titles,
        header=tuple(c.heading if is_whole else f"{c.heading} (uddrag)" for c in columns),
        header_row=header_row,
        rows=rows,
        places=_places(table, columns),
        advice={place: right_value(source, c.field) for place, c in enumerate(columns)},
        totals=_totals_place(source, table, columns, rows),
        added=frozenset(place for place, c in enumerate(columns) if c.index is None),
        notes=tuple(_notes(table, columns, keep_totals=keep_totals)),
        is_whole=is_whole,
    )


def _table(
    source: Source, delivery: ArchivedDelivery, payload: Path, rows: Collection[int | None]
) -> tuple[TextTable, bool] | None:
    """The table as the gate read it, or as much of it as can be found by some of its headings.

    Of a large file only the wanted rows; it is said whether that is so.
    """
    try:
        file = one_file(source, delivery, payload)
    except DeliveryRejected:
        return None
    try:
        if is_excerpted(source, file):
            excerpt = excerpt_of(source, file, rows)
            return None if excerpt is None else (excerpt, True)
        return table_of(source, file), False
    except DeliveryRejected as refusal:
        headings = {"F03_columns_missing", "F04_ambiguous_columns"}
        if refusal.rule not in headings or delivery.bytes > _SMALL_BYTES:
            return None
    for name, headings_of in required_headers(source).items():
        try:
            found = table_of(source, file, {name: headings_of})
        except DeliveryRejected:
            continue
        # a heading or two may be anybody's: with fewer than half, it is not this source's table
        if 2 * _found(source, found) >= len(required_headers(source)):
            return found, False
    return None


def _found(source: Source, table: TextTable) -> int:
    match = match_header(table.header, required_headers(source))
    return len(match.mapping) + len(match.ambiguous)


def _columns(source: Source, table: TextTable) -> list[ShownColumn]:
    """The columns the contract loads, in the sender's order; required ones it lacks come last."""
    match = match_header(table.header, wanted_headers(source))
    found: list[ShownColumn] = []
    lacking: list[ShownColumn] = []
    for field in source.loaded_fields:
        if field.is_title_fact:
            continue
        heading, is_key = field.header or field.field, field.field in source.identifiers
        places: Collection[int] = match.ambiguous.get(field.field, ())
        if field.field in match.mapping:
            places = (match.mapping[field.field],)
        found.extend(ShownColumn(heading, place, field, is_key) for place in places)
        if not places and field.required:
            lacking.append(ShownColumn(heading, None, field, is_key))
    return [*sorted(found, key=lambda c: c.index or 0), *lacking]


def _rows(
    table: TextTable,
    columns: Sequence[ShownColumn],
    numbered: Sequence[tuple[int, tuple[str, ...]]],
    findings: Sequence[Finding],
    header_row: int,
    is_whole: bool,
) -> list[ShownRow]:
    """Each row at its own number where that can be, so that both files are spoken of alike."""
    selection = Selection.of(table, columns, findings)
    shift = header_row - table.header_row
    last = numbered[-1][0] if numbered else 0
    in_place = is_whole and last + shift < _LAST_SHEET_ROW
    return [
        selection.row(number, cells, number + shift if in_place else header_row + order)
        for order, (number, cells) in enumerate(numbered, start=1)
    ]


def _places(table: TextTable, columns: Sequence[ShownColumn]) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for place, column in enumerate(columns):
        if column.index is not None:
            places.setdefault(normalise_heading(table.header[column.index]), place)
    for place, column in enumerate(columns):
        places.setdefault(normalise_heading(column.heading), place)
    return places


def _titles(source: Source, table: TextTable) -> Iterator[str]:
    """The facts that stand above the headings; other title lines are free text."""
    for name, value in title_values(source, table, "").items():
        if value:
            # something else than a date is not repeated, and must not pass for one either
            shown = value if _DATE_LIKE.fullmatch(value) else "skriv-datoen-her"
            yield f"{source.field(name).header}: {shown}"


def _totals_matter(source: Source, table: TextTable, decision: Decision) -> bool:
    """Whether the sum still has something to prove.

    Where it agreed with the rows as sent, it has: it would only be wrong once a row is mended.
    """
    return (
        decision.reason == "K03_totals_disagree"
        or decision.reason in _SEEN_BEFORE_TOTALS
        or bool(table.bad_rows)
        or any(
            f.rule == "C02_not_a_number"
            and f.column is not None
            and source.total_field
            and normalise_heading(f.column)
            in {normalise_heading(h) for h in wanted_headers(source)[source.total_field]}
            for f in decision.findings
        )
    )


def _totals_place(
    source: Source, table: TextTable, columns: Sequence[ShownColumn], rows: Sequence[ShownRow]
) -> tuple[int, int] | None:
    """Where the stated sum is shown."""
    if table.totals is None:
        return None
    row = next((r.sheet_row for r in rows if r.number == table.totals[0]), None)
    place = next((i for i, c in enumerate(columns) if c.field.field == source.total_field), None)
    return None if row is None or place is None else (row, place)


def _notes(table: TextTable, columns: Sequence[ShownColumn], *, keep_totals: bool) -> Iterator[str]:
    kept = {c.index for c in columns}
    left_out = sum(1 for i, heading in enumerate(table.header) if heading.strip() and i not in kept)
    if left_out:
        yield (
            f"{left_out} kolonne(r) fra jeres fil er ikke med her, fordi de ikke skal indlæses "
            "eller kan indeholde personoplysninger. De er nævnt i Fejlliste."
        )
    if table.totals is not None and not keep_totals:
        yield (
            "Sumrækken passede med de rækker, I sendte. Den er ikke med her, for den vil ikke "
            "passe længere, når I retter et beløb."
        )
    if keep_totals:
        yield "Sumrækken er med. Den skal passe med rækkerne, når I har rettet dem."
