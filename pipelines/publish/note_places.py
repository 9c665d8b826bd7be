"""Where the notes of a table stand, and which number each has.

Ids of notes and places only; how a mark is printed is the product's own business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipelines.publish.model import Release
from pipelines.publish.tables import BreakdownTable, unique

_Row = TypeVar("_Row", bound=Hashable)
_Column = TypeVar("_Column", bound=Hashable)


@dataclass(frozen=True)
class NotePlaces(Generic[_Row, _Column]):
    """Where each note belongs: to the table, to columns, to rows or to single cells."""

    table: tuple[str, ...]
    columns: Mapping[_Column, tuple[str, ...]]
    rows: Mapping[_Row, tuple[str, ...]]
    cells: Mapping[tuple[_Row, _Column], tuple[str, ...]]


def note_places(
    notes_of: Mapping[tuple[_Row, _Column], Sequence[str]],
) -> NotePlaces[_Row, _Column]:
    """Give each note the widest place that is true of every cell in it.

    Args:
        notes_of: The notes of the cells that are there.
    """
    table: list[str] = []
    columns: dict[_Column, list[str]] = defaultdict(list)
    rows: dict[_Row, list[str]] = defaultdict(list)
    cells: dict[tuple[_Row, _Column], list[str]] = defaultdict(list)
    for note in unique(n for notes in notes_of.values() for n in notes):
        bare = {place for place, notes in notes_of.items() if note not in notes}
        noted = [place for place in notes_of if place not in bare]
        if not bare:
            table.append(note)
        elif not {c for _, c in bare} & {c for _, c in noted}:
            for column in dict.fromkeys(c for _, c in noted):
                columns[column].append(note)
        elif not {r for r, _ in bare} & {r for r, _ in noted}:
            for row in dict.fromkeys(r for r, _ in noted):
                rows[row].append(note)
        else:
            for place in noted:
                cells[place].append(note)
    return NotePlaces(tuple(table), _frozen(columns), _frozen(rows), _frozen(cells))


def note_numbers(release: Release, tables: Iterable[BreakdownTable]) -> dict[str, int]:
    """Number the footnotes of some tables, in the order in which they appear."""
    known = {n.note_id for n in release.notes}
    used = unique(note for table in tables for note in table.note_ids if note in known)
    return {note: number for number, note in enumerate(used, 1)}


def _frozen(lists: Mapping[_Row, list[str]]) -> dict[_Row, tuple[str, ...]]:
    return {key: tuple(items) for key, items in lists.items()}
