"""Apply a wave's code book: a SurveyXact dataset becomes a table of canonical fields and codes.

The only place that knows how a code book reads. What comes out is an ordinary table under
canonical headings, checked by the contract like any other (`conform.table`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.contracts.model import (
    LEFT_OUT,
    CodeBook,
    CodeBookEntry,
    Confidentiality,
    Field,
    FieldType,
    Source,
)
from pipelines.intake.conform.headings import column_left_out
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.findings import Finding
from pipelines.intake.readers.tables import TextTable, normalise_heading

CodeReader = Callable[[tuple[str, ...]], str]


@dataclass(frozen=True, slots=True)
class SurveyTable:
    """A wave's answers under canonical headings."""

    table: TextTable
    variables: Mapping[str, str]
    """Canonical heading to the questionnaire's variable, so that a sender reads his own names."""

    def in_senders_words(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with the questionnaire's variables as columns."""
        return tuple(
            replace(f, column=self.variables.get(f.column, f.column) if f.column else None)
            for f in findings
        )


def apply_code_book(
    source: Source, book: CodeBook, dataset: TextTable, long_names: Mapping[str, str]
) -> SurveyTable:
    """Translate variables and answer codes into canonical fields and codes.

    Args:
        source: The survey's contract.
        book: The wave's code book.
        dataset: The export's dataset, one respondent a row.
        long_names: The dataset's variable to its long name, where the export has short names.

    Raises:
        DeliveryRejected: a variable that the code book uses is not in the dataset (K05).
    """
    places = places_of_variables(dataset, long_names)
    readers: dict[str, CodeReader] = {}
    variables: dict[str, str] = {}
    missing: dict[str, Field] = {}
    used: set[int] = set()
    for field in source.loaded_fields:
        entries = [e for e in book.of_field(field.field) if e.is_asked]
        if not entries:
            continue
        absent = [e.variable for e in entries if normalise_heading(e.variable) not in places]
        missing.update((variable, field) for variable in absent)
        if absent:
            continue
        columns = {e.variable: places[normalise_heading(e.variable)] for e in entries}
        used.update(columns.values())
        heading = field.header or field.field
        readers[heading] = _reader(field, entries, columns)
        variables[heading] = entries[0].variable
    if missing:
        raise contract_rejection(
            "K05_variable_missing",
            file=dataset.file,
            period=book.wave,
            # export names are short, and a sender may not know them
            variables=", ".join(f"{v} ({missing[v].label_da})" for v in sorted(missing)),
            variables_en=", ".join(f"{v} ({missing[v].label_en})" for v in sorted(missing)),
        )
    # what the code book itself declares personal (the comment), or known and not loaded, is cut
    # off without a word
    personal = {f.field for f in source.fields if f.confidentiality is Confidentiality.PERSONAL}
    used.update(
        places[normalise_heading(e.variable)]
        for e in book.entries
        if e.field in personal | {LEFT_OUT}
        and e.is_asked
        and normalise_heading(e.variable) in places
    )
    table = replace(
        dataset,
        header=tuple(readers),
        rows=[
            (number, tuple(read(cells) for read in readers.values()))
            for number, cells in dataset.rows
        ],
        findings=(*dataset.findings, *_left_out(source, dataset, used, long_names)),
    )
    return SurveyTable(table, variables)


def places_of_variables(dataset: TextTable, long_names: Mapping[str, str]) -> dict[str, int]:
    """Every name of a variable, short and long, to its column."""
    places: dict[str, int] = {}
    for index, heading in enumerate(dataset.header):
        places.setdefault(normalise_heading(heading), index)
        if heading in long_names:
            places.setdefault(normalise_heading(long_names[heading]), index)
    return places


def _reader(
    field: Field, entries: Sequence[CodeBookEntry], columns: Mapping[str, int]
) -> CodeReader:
    """How a row's cells give the field's canonical text."""
    if field.type not in (FieldType.CODE, FieldType.BOOLEAN) or not entries[0].code:
        place = columns[entries[0].variable]
        return lambda cells: cells[place]
    codes = {(columns[e.variable], e.code): e.canonical_code for e in entries}
    places = sorted(set(columns.values()))

    def read(cells: tuple[str, ...]) -> str:
        for place in places:
            known = codes.get((place, cells[place].strip()))
            if known is not None:
                return known
        # an unknown answer code stays as it is, so that the contract finds it; several
        # variables (the status) may all be unset
        return cells[places[0]] if len(places) == 1 else ""

    return read


def _left_out(
    source: Source, dataset: TextTable, used: set[int], long_names: Mapping[str, str]
) -> Iterator[Finding]:
    """A word to the sender on each column that is not loaded, but for the system's own."""
    personal = {
        normalise_heading(heading)
        for f in source.fields
        if f.confidentiality is Confidentiality.PERSONAL
        for heading in (f.header, *f.aliases)
    }
    ignored = [re.compile(pattern, re.IGNORECASE) for pattern in source.ignored_headers]
    for index, heading in enumerate(dataset.header):
        names = {normalise_heading(heading), normalise_heading(long_names.get(heading, heading))}
        if index in used or not normalise_heading(heading):
            continue
        if names & personal:
            yield column_left_out(dataset, index, is_personal=True)
        elif not any(pattern.fullmatch(name) for pattern in ignored for name in names):
            yield column_left_out(dataset, index)
