"""What is shown of a survey: its answers under the questionnaire's variables, as one workbook.

A SurveyXact set comes back as one workbook with the parts the reader wants, so that it can be
delivered as it is. Labels and structure are cut down to the variables that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pipelines.contracts.loader import load_code_book
from pipelines.contracts.model import CodeBook, Source
from pipelines.intake.by_source import survey_export
from pipelines.intake.conform.survey import places_of_variables
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.error_workbook.advice import right_value
from pipelines.intake.error_workbook.shown import (
    MOST_ROWS,
    Beside,
    Selection,
    ShownColumn,
    ShownTable,
)
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.process import Decision
from pipelines.intake.readers.surveyxact import SurveyExport
from pipelines.intake.readers.surveyxact_parts import STRUCTURE_COLUMNS
from pipelines.intake.readers.tables import normalise_heading

DATASET: Final = "Dataset"
LABELS: Final = "Labels"
STRUCTURE: Final = "Structure"


def shown_survey(
    source: Source, delivery: ArchivedDelivery, payload: Path, decision: Decision
) -> ShownTable | None:
    """The export as its sender gets it back; None without a code book, or where it is unreadable.

    Without a code book nobody knows which of its variables may be shown.
    """
    book = load_code_book(source.source, delivery.period)
    if book is None:
        return None
    try:
        export = survey_export(book, delivery, payload)
    except DeliveryRejected:
        return None
    table = export.dataset
    variables = places_of_variables(table, export.long_names)
    columns = list(_columns(source, book, export, variables))
    kept = [column.index for column in columns]
    place_of = {index: place for place, index in enumerate(kept)}
    selection = Selection.of(table, columns, decision.findings)
    numbered = sorted([*table.rows, *table.bad_rows])
    is_whole = len(numbered) <= MOST_ROWS
    if not is_whole:
        wanted = {f.row for f in decision.findings}
        numbered = [row for row in numbered if row[0] in wanted]
    header_row = max(1, table.header_row)
    below = header_row - table.header_row  # an SPSS file counts its cases without a heading row
    rows = [
        selection.row(number, cells, number + below if is_whole else header_row + order)
        for order, (number, cells) in enumerate(numbered, start=1)
    ]
    return ShownTable(
        sheet=DATASET if is_whole else "Uddrag",
        titles=(),
        header=tuple(column.heading for column in columns),
        header_row=header_row,
        rows=rows,
        places={name: place_of[i] for name, i in variables.items() if i in place_of},
        advice={
            place_of[index]: advice for index, advice in _advice(source, book, export, variables)
        },
        notes=tuple(_notes(len(table.header) - len(kept))),
        beside=_beside(export, {table.header[c.index] for c in columns if c.index is not None}),
        is_whole=is_whole,
    )


def _columns(
    source: Source, book: CodeBook, export: SurveyExport, variables: Mapping[str, int]
) -> Iterator[ShownColumn]:
    """The variables that the code book makes loaded fields of, as they stand in the export."""
    fields = {
        variables[normalise_heading(entry.variable)]: field
        for field in source.loaded_fields
        for entry in book.of_field(field.field)
        if entry.is_asked and normalise_heading(entry.variable) in variables
    }
    for index, field in sorted(fields.items()):
        heading = export.dataset.header[index].strip()
        yield ShownColumn(heading, index, field, field.field in source.identifiers)


def _advice(
    source: Source, book: CodeBook, export: SurveyExport, variables: Mapping[str, int]
) -> Iterator[tuple[int, str]]:
    """What may stand in a variable: its codes with the questionnaire's own labels."""
    for field in source.loaded_fields:
        codes: dict[int, list[str]] = {}
        for entry in book.of_field(field.field):
            place = variables.get(normalise_heading(entry.variable))
            if entry.is_asked and place is not None:
                codes.setdefault(place, []).append(entry.code)
        for place, listed in codes.items():
            labels = export.labels.get(export.dataset.header[place], {})
            shown = [f"{code} ({labels[code]})" if code in labels else code for code in listed]
            values = ", ".join(text for text in shown if text)
            yield place, f"Svarkoder: {values}." if values else right_value(source, field)


def _notes(left_out: int) -> Iterator[str]:
    if left_out:
        yield (
            f"{left_out} variabler fra jeres eksport er ikke med her: systemets egne, ukendte, og "
            "dem med fritekst eller personoplysninger. De skal ikke sendes igen."
        )
    yield (
        "Arkene Labels og Structure hører med til leverancen og skal ikke ændres. Eksportér "
        "hellere igen fra SurveyXact, hvis fejlen kan rettes dér."
    )


def _beside(export: SurveyExport, kept: set[str]) -> tuple[Beside, ...]:
    """Labels and structure of the variables that are shown, in the reader's own form."""
    long_names = {export.long_names[name] for name in kept if name in export.long_names}
    labels = [
        (variable, code, label)
        for variable, codes in export.labels.items()
        if variable in kept
        for code, label in codes.items()
    ]
    structure = [
        (
            row.question,
            row.variable,
            row.question_type,
            row.sub_type,
            row.text,
            row.choice_value,
            row.choice_text,
        )
        for row in export.structure
        if row.long_name in long_names
    ]
    return Beside(LABELS, labels), Beside(STRUCTURE, [STRUCTURE_COLUMNS, *structure])
