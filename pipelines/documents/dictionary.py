"""The data dictionary in Danish and English: every raw table, field, code list and wave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.contracts.forms import FILE_FORMATS, TYPE_FORMS, UNITS_DA, range_da, range_en
from pipelines.contracts.loader import code_books, load_source, source_names
from pipelines.contracts.model import CodeBook, Field, FieldType, Source
from pipelines.documents.code_lists import shown_lists
from pipelines.documents.contract import headings
from pipelines.documents.raw_sources import all_raw_tables
from pipelines.documents.rendering import rendered
from pipelines.intake.conform.cell_checks import cell_checks
from pipelines.intake.rule_ids import number

Language = Literal["da", "en"]


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field's line."""

    field: Field
    headings: tuple[str, ...]
    unit: str
    range: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaveField:
    """What the waves asked for one field: wave to variables, and the notes with their waves."""

    field: Field
    variables: Mapping[str, str]
    breaks: tuple[str, ...]
    notes: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    """Per wave, its answer codes and what they become."""


def dictionary(language: Language) -> str:
    """The dictionary's text."""
    sources = tuple(load_source(name) for name in source_names())
    tables = {table.name: table for table in all_raw_tables()}
    return rendered(
        "data_dictionary.md.j2" if language == "en" else "dataordbog.md.j2",
        sources=[
            {
                "source": source,
                "formats": [_format(each, language) for each in source.formats],
                "fields": shown_fields(source, language),
                "waves": [book.wave for book in code_books(source.source)],
                "wave_fields": wave_fields(source, language),
            }
            for source in sources
        ],
        types=[(kind.value, TYPE_FORMS[kind]) for kind in FieldType],
        lists=shown_lists(sources),
        other_tables=[
            tables[name] for name in tables if name not in {source.table for source in sources}
        ],
    )


def _format(name: str, language: Language) -> str:
    form = FILE_FORMATS[name]
    return form.label_en if language == "en" else form.label_da


def shown_fields(source: Source, language: Language) -> list[ShownField]:
    """All fields of a source, those that are cut off too."""
    checks = list(cell_checks(source))
    return [
        ShownField(
            field,
            headings(field),
            field.unit if language == "en" else UNITS_DA[field.unit],
            range_en(field) if language == "en" else range_da(field),
            tuple(
                number(rule)
                for rule in (
                    *(rule for name, rule, _ in checks if name == field.field),
                    *(rule.id for rule in source.rules if rule.column == field.field),
                )
            ),
        )
        for field in source.fields
    ]


def wave_fields(source: Source, language: Language) -> list[WaveField]:
    """The fields that a questionnaire asks for, wave by wave."""
    books = code_books(source.source)
    return [_wave_field(field, books, language) for field in source.loaded_fields if books]


def _wave_field(field: Field, books: Sequence[CodeBook], language: Language) -> WaveField:
    variables: dict[str, str] = {}
    breaks: list[str] = []
    notes: list[tuple[str, str]] = []
    answers: list[tuple[str, str]] = []
    for book in books:
        entries = book.of_field(field.field)
        asked = [entry for entry in entries if entry.is_asked]
        names = list(dict.fromkeys(entry.variable for entry in asked))
        variables[book.wave] = ", ".join(names) or "–"
        if any(entry.series_break for entry in entries):
            breaks.append(book.wave)
        said = (entry.note_en if language == "en" else entry.note_da for entry in entries)
        notes.extend((book.wave, note) for note in said if note)
        if any(entry.code for entry in asked):
            told = (
                f"{entry.variable + ' ' if len(names) > 1 else ''}{entry.code} = "
                f"{entry.canonical_code}"
                for entry in asked
            )
            answers.append((book.wave, "; ".join(told)))
    return WaveField(field, variables, tuple(breaks), tuple(notes), tuple(answers))
