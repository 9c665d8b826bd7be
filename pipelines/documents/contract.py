"""A source's whole contract as plain data: what `monitor contract --json` prints.

Everything declared for the source is in it under the names of the model; what follows from the
declaration (accepted forms, headings, the rules a field is held to, a wave's code book) is added.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pipelines.contracts.forms import FILE_FORMATS, TYPE_FORMS
from pipelines.contracts.loader import code_books, load_source
from pipelines.contracts.model import LEFT_OUT, CodeBook, CodeBookEntry, Field, Source
from pipelines.contracts.parsing import SQL_TYPES, parse_sql
from pipelines.intake.conform.cell_checks import cell_checks
from pipelines.intake.conform.messages import CONTRACT_RULES

Described = dict[str, Any]


class WaveUnknownError(LookupError):
    """The source has no code book for the wave, or no code books at all."""


def describe(name: str, wave: str | None = None) -> Described:
    """The contract of a source, with a wave's code book where one is asked for.

    Raises:
        KeyError: There is no such source.
        WaveUnknownError: There is no code book for the wave.
    """
    source = load_source(name)
    book = next((book for book in code_books(name) if book.wave == wave), None)
    if wave is not None and book is None:
        raise WaveUnknownError(wave)
    declared = source.model_dump(mode="json", exclude={"fields", "codes", "formats"})
    return {
        **declared,
        "formats": [
            {
                "format": each,
                "label_da": FILE_FORMATS[each].label_da,
                "label_en": FILE_FORMATS[each].label_en,
                "suffixes": list(FILE_FORMATS[each].suffixes),
            }
            for each in source.formats
        ],
        "fields": [_field(source, field, book) for field in source.fields],
        "codelists": _code_lists(source),
        "cell_rules": [_cell_rule(*check) for check in cell_checks(source)],
        "wave": None if book is None else {"wave": book.wave, "left_out": _left_out(book)},
    }


def _field(source: Source, field: Field, book: CodeBook | None) -> Described:
    form = TYPE_FORMS[field.type]
    general = [rule for name, rule, _ in cell_checks(source) if name == field.field]
    own = [rule.id for rule in source.rules if rule.column == field.field]
    return {
        **field.model_dump(mode="json"),
        "headings": [*headings(field)],
        "is_loaded": field.is_loaded,
        "sql_type": SQL_TYPES[field.type] if field.is_loaded else None,
        "normalisation_sql": parse_sql(field, field.field) if field.is_loaded else None,
        "written_da": form.written_da,
        "written_en": form.written_en,
        "accepted_forms": list(form.accepted),
        "refused_forms": list(form.refused),
        "rules": [*general, *own],
        "in_wave": None if book is None else _in_wave(book.of_field(field.field)),
    }


def headings(field: Field) -> tuple[str, ...]:
    """What a sender may call the column; a field without one is found through the code book."""
    return tuple(filter(None, (field.header, *field.aliases)))


def _in_wave(entries: Sequence[CodeBookEntry]) -> Described:
    asked = [entry for entry in entries if entry.is_asked]
    noted = [entry for entry in entries if entry.note_da or entry.note_en]
    return {
        "asked": bool(asked),
        "variables": list(dict.fromkeys(entry.variable for entry in asked)),
        "questions": list(dict.fromkeys(e.question for e in asked if e.question)),
        "answers": [
            {
                "variable": entry.variable,
                "code": entry.code,
                "answer": entry.answer,
                "canonical_code": entry.canonical_code,
            }
            for entry in asked
            if entry.code
        ],
        "series_break": any(entry.series_break for entry in entries),
        "notes": [{"note_da": entry.note_da, "note_en": entry.note_en} for entry in noted],
    }


def _left_out(book: CodeBook) -> list[str]:
    """The variables that the code book knows and the contract does not load."""
    return list(dict.fromkeys(entry.variable for entry in book.entries if entry.field == LEFT_OUT))


def _code_lists(source: Source) -> dict[str, list[Described]]:
    lists: dict[str, list[Described]] = {}
    for code in source.codes:
        told = code.model_dump(mode="json", exclude={"codelist"})
        told["spellings"] = list(_distinct(code.spellings))
        lists.setdefault(code.codelist, []).append(told)
    return lists


def _distinct(texts: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for text in texts:
        if text.casefold() not in seen:
            seen.add(text.casefold())
            yield text


def _cell_rule(field: str, rule: str, sql: str) -> Described:
    entry = CONTRACT_RULES[rule]
    return {
        "id": rule,
        "severity": entry.severity,
        "column": field,
        "sql": sql,
        "message_da": entry.message_da,
        "message_en": entry.message_en,
        "example_da": entry.example_da,
    }
