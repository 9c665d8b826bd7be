"""A table of the annual tables (PDF): which cells, labels, notes and bases stand where.

As plain data for the typst template; tables show the latest periods that fit a page, the workbooks
have them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pipelines.publish.bases import base_rows
from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.change_tables import ChangeTable, change_tables, is_change
from pipelines.publish.danish import BREAK_MARK, NOT_APPLICABLE, lower_first
from pipelines.publish.formats.facts import SYNTHETIC_MARKS
from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, ReleasedCell
from pipelines.publish.note_places import note_places
from pipelines.publish.remarks import remarks_of
from pipelines.publish.tables import (
    TOTAL,
    BreakdownTable,
    TableRow,
    short,
)

MOST_COLUMNS = 8
Column = tuple[str, str]
"""Category and measure."""


class TablePrinter:
    """Arranges tables: those of many groups with measures as columns, the others by period."""

    def __init__(self, indicator: Indicator, language: Language) -> None:
        """Print tables of `indicator`; their marks are ids of notes until they are numbered."""
        self._indicator, self._language = indicator, language

    def tables(self, table: BreakdownTable) -> list[dict[str, Any]]:
        """Arrange a table with its caption and what has to be said below it.

        One with many groups becomes a table for each part of its columns that fits a page, one of
        changes a table for each pair of waves.
        """
        if is_change(table):
            changes = change_tables(table, self._indicator, self._language)
            return [self._change(table, each) for each in changes]
        if not table.is_wide:
            return [self._finished(table, self._long(table))]
        return [self._finished(table, self._wide(table, columns)) for columns in _parts(table)]

    def _change(self, table: BreakdownTable, change: ChangeTable) -> dict[str, Any]:
        """A pair of waves in the form that all products share."""
        language, places = self._language, change.places
        groups = [
            {
                "label": group.heading,
                "rows": [
                    {
                        "label": row.label,
                        "is_base": False,
                        "marks": list(places.rows.get(row.key, ())),
                        "cells": [
                            self._cell(sign, cell, places.cells.get((row.key, c.measure), ()))
                            for sign, cell, c in zip(
                                row.signs, row.cells, change.columns, strict=True
                            )
                        ],
                    }
                    for row in group.rows
                ],
            }
            for group in change.groups
        ]
        return {
            "caption": f"{self._caption(table)}: {change.title}{self._synthetic(table)}",
            "is_wide": False,
            "corner": change.corner,
            "columns": [
                {"label": c.label, "marks": list(places.columns.get(c.measure, ()))}
                for c in change.columns
            ],
            "groups": groups,
            "marks": list(places.table),
            "lines": [
                f"{language.period(w.period)}: {language.label(w, 'reason')}"
                for w in change.withheld
            ],
        }

    def _caption(self, table: BreakdownTable) -> str:
        """The indicator, and what it is broken down by."""
        language = self._language
        by = ""
        if table.breakdown != TOTAL:
            by = language.text("pdf_by", label=lower_first(language.label(table, "label")))
        title = language.label(self._indicator, "title")
        return f"{self._indicator.indicator_id} {title}{by}"

    def _synthetic(self, table: BreakdownTable) -> str:
        return f" ({SYNTHETIC_MARKS[self._language.code]})" if table.is_synthetic else ""

    def _finished(self, table: BreakdownTable, arranged: dict[str, Any]) -> dict[str, Any]:
        language = self._language
        withheld = [
            f"{language.period(w.period)}: {language.label(w, 'reason')}" for w in table.withheld
        ]
        return arranged | {
            "caption": f"{self._caption(table)}{language.label(table, 'of_kind')}"
            f"{arranged['of']}{language.label(table, 'of_part')}{self._synthetic(table)}",
            "is_wide": table.is_wide,
            "lines": [*remarks_of(table, language), *arranged["lines"], *withheld],
        }

    def _long(self, table: BreakdownTable) -> dict[str, Any]:
        """Periods as columns, groups under each other."""
        language = self._language
        skipped = max(0, len(table.periods) - MOST_COLUMNS)
        places = note_places(
            {
                (_key(row), period): cell.notes
                for row in table.rows
                for period, cell in zip(table.periods, row.cells, strict=True)
                if cell
            }
        )
        groups = []
        for _, all_rows in table.groups:
            rows = [row for row in all_rows if _is_known(row, skipped)]
            if not rows:
                continue
            printed = [
                {
                    "label": self._label(row, table),
                    "is_base": False,
                    "marks": list(places.rows.get(_key(row), ())),
                    "cells": [
                        self._cell(text, cell, places.cells.get((_key(row), period), ()))
                        for text, cell, period in zip(
                            row.displays, row.cells, table.periods, strict=True
                        )
                    ][skipped:],
                }
                for row in rows
            ]
            for row, bases in base_rows(rows):
                if any(base != NOT_APPLICABLE for base in bases):
                    printed.append(self._base_row(row, bases[skipped:]))
            label = language.label(rows[0].any_cell, "breakdown_value_label")
            groups.append({"label": label if len(table.groups) > 1 else "", "rows": printed})
        one_group = len(table.groups) == 1
        return {
            "of": "",
            "corner": language.text("pdf_measure") if one_group else language.label(table, "label"),
            "columns": [
                {"label": language.period(p), "marks": list(places.columns.get(p, ()))}
                for p in table.periods[skipped:]
            ],
            "groups": groups,
            "marks": list(places.table),
            "lines": [language.text("pdf_older", count=skipped)] if skipped else [],
        }

    def _wide(self, table: BreakdownTable, columns: Sequence[Column]) -> dict[str, Any]:
        """The latest period, some measures as columns, a row a group."""
        language = self._language
        at = max(i for i, _ in enumerate(table.periods) if any(r.cells[i] for r in table.rows))
        rows = {(r.group, (r.category, r.measure)): r for r in table.rows}
        places = note_places({key: cell.notes for key, r in rows.items() if (cell := r.cells[at])})
        by_column = {(r.category, r.measure): r for r in table.rows}
        by_column = {column: by_column[column] for column in columns}
        printed = []
        for group, members in table.groups:
            if not any(_is_known(row, at) for row in members):
                continue
            cells = []
            for column in columns:
                row = rows.get((group, column))
                text, cell = (row.displays[at], row.cells[at]) if row else (NOT_APPLICABLE, None)
                cells.append(self._cell(text, cell, places.cells.get((group, column), ())))
            printed.append(
                {
                    "label": language.label(members[0].any_cell, "breakdown_value_label"),
                    "is_base": False,
                    "marks": list(places.rows.get(group, ())),
                    "cells": cells,
                }
            )
        others = len(table.periods) > 1
        measures = list(dict.fromkeys(row.measure for row in by_column.values()))
        is_part = len(measures) == 1 and not table.has_one_measure and not table.part
        about = f": {language.label(by_column[columns[0]].any_cell, 'measure_label')}"
        return {
            "of": f", {language.period(table.periods[at])}{about if is_part else ''}",
            "corner": language.label(table, "label"),
            "columns": [
                {
                    "label": self._label(by_column[column], table),
                    "marks": list(places.columns.get(column, ())),
                }
                for column in columns
            ],
            "groups": [{"label": "", "rows": printed}],
            "marks": list(places.table),
            "lines": [language.text("pdf_other_periods")] if others else [],
        }

    def _label(self, row: TableRow, table: BreakdownTable) -> str:
        category = self._language.label(row.any_cell, "category_label")
        measure = self._language.label(row.any_cell, "measure_label")
        if table.named_by_measure(row):
            return measure
        return category if table.has_one_measure else f"{measure}: {short(category)}"

    def _cell(self, text: str, cell: ReleasedCell | None, notes: Sequence[str]) -> dict[str, Any]:
        printed = self._language.printed(text)
        is_break = cell is not None and cell.obs_status == BREAK_STATUS
        return {
            "text": f"{BREAK_MARK} {printed}" if is_break else printed,
            "marks": list(notes),
        }

    def _base_row(self, row: TableRow | None, bases: Sequence[str]) -> dict[str, Any]:
        """The bases below a group, with their measure where it has several."""
        cells = [{"text": self._language.printed(base), "marks": []} for base in bases]
        label = self._language.text("pdf_base")
        if row is not None:
            label = f"{label}: {self._language.label(row.any_cell, 'measure_label')}"
        return {"label": label, "is_base": True, "marks": [], "cells": cells}


def number_notes(tables: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Put numbers in place of the ids of notes, in the order in which one meets them.

    Args:
        tables: Tables in the order of print; their marks are changed.

    Returns:
        The number of each note.
    """
    numbers: dict[str, int] = {}
    for table in tables:
        rows = [row for group in table["groups"] for row in group["rows"]]
        inside = [place for row in rows for place in (row, *row["cells"])]
        for place in (table, *table["columns"], *inside):
            for note in place["marks"]:
                numbers.setdefault(note, len(numbers) + 1)
            place["marks"] = sorted(numbers[note] for note in place["marks"])
    return numbers


def _is_known(row: TableRow, first: int) -> bool:
    """Whether a row tells anything from a period on; one of earlier periods alone does not."""
    return any(cell is not None for cell in row.cells[first:])


def _parts(table: BreakdownTable) -> list[list[Column]]:
    """Divide the columns: all together where they fit, else by measure, and those in their turn."""
    columns = list(dict.fromkeys((r.category, r.measure) for r in table.rows))
    if len(columns) <= MOST_COLUMNS:
        return [columns]
    by_measure: dict[str, list[Column]] = defaultdict(list)
    for column in columns:
        by_measure[column[1]].append(column)
    return [
        part[at : at + MOST_COLUMNS]
        for part in by_measure.values()
        for at in range(0, len(part), MOST_COLUMNS)
    ]


def _key(row: TableRow) -> tuple[str, str, str]:
    return row.group, row.category, row.measure
