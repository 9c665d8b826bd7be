"""A table of a page as plain records, ready for the template: heads, rows, cells, their notes.

How a table of the release becomes one is in `tables` and `change_tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.publish.danish import BREAK_MARK, LEGEND, PROVISIONAL, Symbol
from pipelines.publish.tables import unique


@dataclass(frozen=True)
class PageCell:
    """One printed cell; `spoken` is what a screen reader says for a sign."""

    text: str
    spoken: str = ""
    is_break: bool = False
    note_ids: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True)
class PageColumn:
    """The head of a column of figures."""

    label: str
    note_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageRow:
    """One printed row."""

    label: str
    detail: str
    cells: tuple[PageCell, ...]
    is_base: bool = False
    note_ids: tuple[str, ...] = ()
    row_id: str = ""


@dataclass(frozen=True)
class PageGroup:
    """Rows under one heading; the heading is empty where there is only one group."""

    label: str
    rows: tuple[PageRow, ...]


@dataclass(frozen=True)
class PageTable:
    """One printed table."""

    table_id: str
    caption: str
    unit: str
    corner: str
    columns: tuple[PageColumn, ...]
    groups: tuple[PageGroup, ...]
    note_ids: tuple[str, ...]
    withheld: tuple[str, ...]
    remark: str
    is_open: bool
    form: Literal["figures", "many", "change"]
    """How it is set: periods as columns, many groups of measures, changes between waves."""
    is_synthetic: bool

    @property
    def all_note_ids(self) -> tuple[str, ...]:
        """Ids of the notes the table refers to, wherever, in the order one meets them."""
        places = [self.note_ids, *(column.note_ids for column in self.columns)]
        for row in (row for group in self.groups for row in group.rows):
            places += [row.note_ids, *(cell.note_ids for cell in row.cells)]
        return unique(note for notes in places for note in notes)


def signs_of(tables: Sequence[PageTable]) -> tuple[Symbol, ...]:
    """Return what the signs in these tables mean, so that it can stand below them."""
    cells = [c for t in tables for g in t.groups for row in g.rows for c in row.cells]
    found = {cell.text for cell in cells}
    if any(cell.is_break for cell in cells):
        found.add(BREAK_MARK)
    if any(cell.text.endswith(PROVISIONAL) for cell in cells):
        found.add(PROVISIONAL)
    return tuple(symbol for symbol in LEGEND if symbol.sign in found)
