"""The raw tables in DuckDB, as the contracts declare them: columns in two languages, and the DDL.

Raw tables hold canonical rows of every accepted version, keyed by delivery; dbt's staging picks
the versions that count. The tables of the ledger itself are `warehouse.schema`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.model import Field, FieldType, Source
from pipelines.contracts.parsing import SQL_TYPES

MINUTE_TOPICS_TABLE = "styringsdialog_minute_topics"
CODE_BOOK_TABLE = "survey_codebook"

LISTED_CODES = 8
"""A longer code list is not repeated in the description of its column."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a raw table; `field` is the contract's field it holds, where there is one."""

    name: str
    sql_type: str
    text_en: str
    text_da: str
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class RawTable:
    """One raw table; `source` is the one it belongs to."""

    name: str
    source: str
    grain_en: str
    grain_da: str
    columns: tuple[Column, ...]


KEY_COLUMNS = (
    Column(
        "delivery_id",
        "varchar",
        "The delivery the row came in: sha256 of its bytes",
        "Leverancen, rækken kom i: sha256 af dens indhold",
    ),
    Column(
        "row_number",
        "bigint",
        "The row's number in the sender's file, from 1",
        "Rækkens nummer i afsenderens fil, fra 1",
    ),
    Column(
        "period",
        "varchar",
        "The wave, year or extract date the delivery is for",
        "Den bølge, det år eller den udtræksdato, leverancen gælder",
    ),
)

MEETING_FIELDS = ("municipality_code", "housing_organisation", "meeting_date", "topic")
"""What minutes say as well as the lists do."""

_EVIDENCE = (
    Column("score", "double", "How sure the tagging is, 0 to 1", "Hvor sikkert emnet er, 0 til 1"),
    Column(
        "page",
        "integer",
        "Page of the evidence, where the format has pages",
        "Siden, emnet er fundet på, hvis formatet har sider",
    ),
    Column(
        "char_offset",
        "bigint",
        "Where the evidence begins, in characters; the text stays outside",
        "Hvor stedet begynder, talt i tegn; teksten selv indlæses ikke",
    ),
    Column(
        "matched_in", "varchar", "heading or text", "heading (overskrift) eller text (brødtekst)"
    ),
    Column(
        "tagged_by",
        "varchar",
        "machine, confirmed (by a person) or added (by a person, where the machine found none)",
        "machine (maskinen), confirmed (bekræftet af et menneske) eller added (tilføjet)",
    ),
)

_CODE_BOOK = (
    Column("wave", "varchar", "Survey wave", "Undersøgelsens bølge"),
    Column("field", "varchar", "Canonical field", "Feltets navn her"),
    Column(
        "variable",
        "varchar",
        "The questionnaire's variable; NULL where it was not asked",
        "Spørgeskemaets variabel; tom, hvor spørgsmålet ikke blev stillet",
    ),
    Column(
        "asked",
        "boolean",
        "Whether the wave asked the question",
        "Om bølgen stillede spørgsmålet",
    ),
    Column(
        "series_break",
        "boolean",
        "Whether the wave cannot be compared with the one before",
        "Om bølgen ikke kan sammenlignes med den forrige",
    ),
    Column("note_da", "varchar", "What changed, in Danish", "Hvad der er ændret, på dansk"),
    Column("note_en", "varchar", "What changed, in English", "Hvad der er ændret, på engelsk"),
)


def raw_tables() -> Iterator[RawTable]:
    """Every raw table that follows from a contract."""
    for name in source_names():
        source = load_source(name)
        fields = tuple(_column(source, field) for field in source.loaded_fields)
        yield RawTable(
            source.table, name, source.grain_en, source.grain_da, (*KEY_COLUMNS, *fields)
        )
    meetings = load_source("styringsdialog")
    shared = tuple(_column(meetings, meetings.field(name)) for name in MEETING_FIELDS)
    yield RawTable(
        MINUTE_TOPICS_TABLE,
        "styringsdialog",
        "One row per delivered minutes and topic found in them; places as evidence, never text",
        "Én række pr. leveret referat og emne fundet i det; stedet som bevis, aldrig teksten",
        (*KEY_COLUMNS, *shared, *_EVIDENCE),
    )
    yield RawTable(
        CODE_BOOK_TABLE,
        "survey",
        "One row per wave and field: what the wave asked, from its code book",
        "Én række pr. bølge og felt: hvad bølgen spurgte om, fra dens kodebog",
        _CODE_BOOK,
    )


def raw_ddl() -> Iterator[str]:
    """Every statement that makes the raw tables where they do not stand yet."""
    yield "create schema if not exists raw"
    for table in raw_tables():
        yield from _table(table.name, table.grain_en, table.columns)


def _column(source: Source, field: Field) -> Column:
    codes = source.codes_of(field.codelist)
    is_short = 0 < len(codes) <= LISTED_CODES and field.type is not FieldType.BOOLEAN
    listed = ", ".join(code.code for code in codes) if is_short else ""
    return Column(
        field.field,
        SQL_TYPES[field.type],
        _sentences(field.label_en, field.description_en, listed and f"One of {listed}"),
        _sentences(field.label_da, field.description_da, listed and f"En af {listed}"),
        field,
    )


def _sentences(*parts: str) -> str:
    return " ".join(p if p.endswith(("?", ".", "!")) else f"{p}." for p in parts if p)


def _table(name: str, comment: str, columns: Sequence[Column]) -> Iterator[str]:
    body = ", ".join(f"{column.name} {column.sql_type}" for column in columns)
    yield f"create table if not exists raw.{name} ({body})"
    yield f"comment on table raw.{name} is {_quoted(comment)}"
    for column in columns:
        yield f"comment on column raw.{name}.{column.name} is {_quoted(column.text_en)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
