"""The raw tables in DuckDB, as the contracts declare them: DDL with column comments.

Raw tables hold canonical rows of every accepted version, keyed by delivery; dbt's staging picks
the versions that count. The tables of the ledger itself are `warehouse.store`'s.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.model import Source
from pipelines.contracts.parsing import SQL_TYPES

KEY_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("delivery_id", "varchar", "The delivery the row came in: sha256 of its bytes"),
    ("row_number", "bigint", "The row's number in the sender's file, from 1"),
    ("period", "varchar", "The wave, year or extract date the delivery is for"),
)

MINUTE_TOPICS_TABLE = "styringsdialog_minute_topics"
_MINUTE_TOPICS: tuple[tuple[str, str, str], ...] = (
    ("municipality_code", "varchar", "Municipality named in the head of the minutes"),
    ("housing_organisation", "varchar", "Housing organisation named in the head"),
    ("meeting_date", "date", "Date of the meeting named in the head"),
    ("topic", "varchar", "Topic of the taxonomy tagged in the text"),
    ("score", "double", "How sure the tagging is, 0 to 1"),
    ("page", "integer", "Page of the evidence, where the format has pages"),
    ("char_offset", "bigint", "Where the evidence begins, in characters; the text stays outside"),
    ("matched_in", "varchar", "heading or text"),
)

CODE_BOOK_TABLE = "survey_codebook"
_CODE_BOOK: tuple[tuple[str, str, str], ...] = (
    ("wave", "varchar", "Survey wave"),
    ("field", "varchar", "Canonical field"),
    ("variable", "varchar", "The questionnaire's variable; NULL where it was not asked"),
    ("asked", "boolean", "Whether the wave asked the question"),
    ("series_break", "boolean", "Whether the wave cannot be compared with the one before"),
    ("note_da", "varchar", "What changed, in Danish"),
    ("note_en", "varchar", "What changed, in English"),
)


def raw_ddl() -> Iterator[str]:
    """Every statement that makes the raw tables where they do not stand yet."""
    yield "create schema if not exists raw"
    for name in source_names():
        yield from _table(*_source_table(load_source(name)))
    yield from _table(
        MINUTE_TOPICS_TABLE,
        "Topics tagged in minutes of styringsdialog meetings, with the place of the evidence",
        (*KEY_COLUMNS, *_MINUTE_TOPICS),
    )
    yield from _table(
        CODE_BOOK_TABLE, "What each survey wave asked, from its code book", _CODE_BOOK
    )


def _source_table(source: Source) -> tuple[str, str, tuple[tuple[str, str, str], ...]]:
    fields = tuple(
        (f.field, SQL_TYPES[f.type], f"{f.label_en}. {f.description_en}".strip())
        for f in source.loaded_fields
    )
    return source.table, f"{source.title_en}: all accepted versions", (*KEY_COLUMNS, *fields)


def _table(name: str, comment: str, columns: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    body = ", ".join(f"{column} {sql_type}" for column, sql_type, _ in columns)
    yield f"create table if not exists raw.{name} ({body})"
    yield f"comment on table raw.{name} is {_quoted(comment)}"
    for column, _, text in columns:
        yield f"comment on column raw.{name}.{column} is {_quoted(text)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
