"""What each survey wave asked, as a table for the models: one row a wave and field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipelines.contracts.loader import SOURCES_DIR, code_books, load_source
from pipelines.contracts.model import CodeBookEntry
from pipelines.contracts.tables import CODE_BOOK_TABLE

_Row = tuple[str, str, str | None, bool, bool, str | None, str | None]


def replace_code_books(con: duckdb.DuckDBPyConnection, sources_dir: Path = SOURCES_DIR) -> None:
    """Make the table say what the code books say now."""
    con.execute(f"delete from raw.{CODE_BOOK_TABLE}")
    if rows := list(_rows(sources_dir)):
        con.executemany(f"insert into raw.{CODE_BOOK_TABLE} values (?, ?, ?, ?, ?, ?, ?)", rows)


def _rows(sources_dir: Path) -> Iterator[_Row]:
    source = load_source("survey", sources_dir)
    for book in code_books("survey", sources_dir):
        for field in source.loaded_fields:
            entries = book.of_field(field.field)
            asked = [e for e in entries if e.is_asked]
            # of a break, what is told is why it breaks
            noted = max((e for e in entries if e.note_da), key=_tells_of_break, default=None)
            yield (
                book.wave,
                field.field,
                asked[0].variable if asked else None,
                bool(asked),
                any(e.series_break for e in entries),
                noted.note_da if noted else None,
                noted.note_en if noted else None,
            )


def _tells_of_break(entry: CodeBookEntry) -> bool:
    return entry.series_break
