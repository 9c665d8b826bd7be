"""The bases that stand below the rows of a table: which rows have one, and whether it is one.

Shares and means of units have a base worth reading; of kroner it would be kroner again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.publish.danish import NOT_AVAILABLE
from pipelines.publish.tables import TableRow

_UNITS: Final = {"pct", "fte"}


def base_rows(rows: Sequence[TableRow]) -> tuple[tuple[TableRow | None, tuple[str, ...]], ...]:
    """Return the bases of a group's shares and means by period: one, or one for each measure.

    Args:
        rows: The rows of a group.

    Returns:
        The printed bases, each with a row of its measure or None where it is that of all; nothing
        where the rows of a measure differ in it.
    """
    based = [row for row in rows if row.any_cell.unit in _UNITS]
    if not based or not _counts_units(based):
        return ()
    shared = _base_texts(based)
    if shared is not None:
        return ((None, shared),)
    by_measure: dict[str, list[TableRow]] = {}
    for row in based:
        by_measure.setdefault(row.measure, []).append(row)
    found = [(measured[0], _base_texts(measured)) for measured in by_measure.values()]
    told = tuple((row, texts) for row, texts in found if texts is not None)
    return told if len(told) == len(found) else ()


def _base_texts(rows: Sequence[TableRow]) -> tuple[str, ...] | None:
    """Return the base of a group's rows by period, or None where the rows differ in it.

    A row that has no cell in a period, or one that is not available, says nothing of its base;
    where none does, its sign is shown.
    """
    texts: list[str] = []
    for column in zip(*(zip(r.cells, r.base_displays, strict=True) for r in rows), strict=True):
        told = {text for cell, text in column if cell and cell.symbol != NOT_AVAILABLE}
        bases = told or {column[0][1]}
        if len(bases) > 1:
            return None
        texts += bases
    return tuple(texts)


def _counts_units(rows: Iterable[TableRow]) -> bool:
    """Whether the bases of the rows are numbers of units (not of kroner)."""
    bases = [c.base for row in rows for c in row.cells if c is not None and c.base is not None]
    return bool(bases) and all(b.is_integer() and b < 10_000 for b in bases)
