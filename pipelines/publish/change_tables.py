"""The form of the tables of change between waves, the same in the PDF, the workbooks and the pages.

Other tables have periods as columns; here a period is a pair of waves. What is read beside each
other is the share before, the share after, what lies between and whether it may be chance, an
answer a row under its question. Which municipalities are compared, came and went is a table of its
own, a question a row. How each product writes them down is its own business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.disclosure.status import FREE
from pipelines.publish.breaks import PAIR_MARK
from pipelines.publish.danish import NOT_APPLICABLE, SUPPRESSED, upper_first
from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, ReleasedCell, WithheldTable
from pipelines.publish.note_places import NotePlaces, note_places
from pipelines.publish.tables import (
    TOTAL,
    BreakdownTable,
    short,
    unique,
)

Part = Literal["change", "panel"]
_TOPIC_MARK = "__"
"""Between the question and the answer in the code of a category."""
_LABEL_MARK = ": "
"""Between the same two in its words, and between "question" and its words."""
_SHARES = ("share_before_pct", "share_after_pct")
_IN_BOTH = "panel"
_COUNTED = (_IN_BOTH, "joiners", "leavers", "size_movers")

RowKey = tuple[str, str]
"""Group and category."""


@dataclass(frozen=True)
class ChangeColumn:
    """The head of a column: a measure, and what it is called in this pair of waves."""

    measure: str
    label: str


@dataclass(frozen=True)
class ChangeRow:
    """An answer or a question with its figures; a sign stands where there is no cell."""

    key: RowKey
    label: str
    cells: tuple[ReleasedCell | None, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class ChangeGroup:
    """Rows under one heading: the group, the question and how many municipalities are compared."""

    group: str
    question: str
    base: ReleasedCell | None
    heading: str
    rows: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class ChangeTable:
    """One table: what changed between two waves, or who is compared; in one language."""

    part: Part
    breakdown: str
    period: str
    title: str
    corner: str
    columns: tuple[ChangeColumn, ...]
    groups: tuple[ChangeGroup, ...]
    withheld: tuple[WithheldTable, ...]
    places: NotePlaces[RowKey, str]

    @property
    def cells(self) -> tuple[ReleasedCell, ...]:
        """The cells that are there."""
        return tuple(c for g in self.groups for row in g.rows for c in row.cells if c is not None)


def is_change(table: BreakdownTable) -> bool:
    """Whether the periods of a table are pairs of waves."""
    return all(PAIR_MARK in period for period in table.periods)


def change_tables(
    table: BreakdownTable, indicator: Indicator, language: Language
) -> tuple[ChangeTable, ...]:
    """Arrange the table of a breakdown for each pair of waves, the latest first.

    Args:
        table: A table whose periods are pairs.
        indicator: Its indicator.
        language: Whose words to use.
    """
    pairs = (_Pair(table, period, indicator, language) for period in reversed(table.periods))
    return tuple(found for pair in pairs for found in (pair.change(), pair.panel()) if found.groups)


@dataclass(frozen=True)
class _Pair:
    """What is compared between two waves."""

    table: BreakdownTable
    period: str
    indicator: Indicator
    language: Language

    @property
    def _cells(self) -> tuple[ReleasedCell, ...]:
        place = self.table.periods.index(self.period)
        found = (row.cells[place] for row in self.table.rows)
        return tuple(cell for cell in found if cell is not None)

    def change(self) -> ChangeTable:
        """Every answer with its share before and after."""
        answers = [c for c in self._cells if _TOPIC_MARK in c.category]
        first = {c.measure: c for c in reversed(answers)}
        columns = tuple(
            ChangeColumn(m, self._column_label(first[m]))
            for m in unique(c.measure for c in answers)
        )
        places = dict.fromkeys((c.breakdown_value, _question(c)) for c in answers)
        groups = tuple(self._question_group(place, columns, answers) for place in places)
        return self._table("change", columns, groups)

    def panel(self) -> ChangeTable:
        """Every question with the municipalities compared, new, gone and of another size."""
        counts = [c for c in self._cells if c.measure in _COUNTED]
        present = {c.measure for c in counts}
        columns = tuple(
            ChangeColumn(m, self.language.text(f"change_{m}")) for m in _COUNTED if m in present
        )
        groups = []
        for value in unique(c.breakdown_value for c in counts):
            inside = [c for c in counts if c.breakdown_value == value]
            label = self.language.label(inside[0], "breakdown_value_label")
            rows = tuple(
                self._row(name, columns, [c for c in inside if c.category == name])
                for name in unique(c.category for c in inside)
            )
            is_all = self.table.breakdown == TOTAL
            groups.append(ChangeGroup(label, "", None, "" if is_all else label, rows))
        return self._table("panel", columns, tuple(groups))

    def _table(
        self, part: Part, columns: tuple[ChangeColumn, ...], groups: tuple[ChangeGroup, ...]
    ) -> ChangeTable:
        before, after = self.period.split(PAIR_MARK)
        is_latest = self.period == self.table.periods[-1]
        shown = {
            (row.key, c.measure): c.notes for g in groups for row in g.rows for c in row.cells if c
        }
        return ChangeTable(
            part=part,
            breakdown=self.table.breakdown,
            period=self.period,
            title=self.language.text(f"{part}_title", before=before, after=after),
            corner=self.language.text(f"{part}_corner"),
            columns=columns,
            groups=groups,
            withheld=self.table.withheld if is_latest and part == "change" else (),
            places=note_places(shown),
        )

    def _column_label(self, cell: ReleasedCell) -> str:
        """A share is called by its wave, all else by its measure, shortly where it is long."""
        if cell.measure not in _SHARES:
            label = short(self.language.label(cell, "measure_label"))
            return self.language.texts.get(f"change_{cell.measure}", label)
        wave = self.period.split(PAIR_MARK)[_SHARES.index(cell.measure)]
        return self.language.text("change_share", wave=wave)

    def _question_group(
        self, place: RowKey, columns: Sequence[ChangeColumn], answers: Sequence[ReleasedCell]
    ) -> ChangeGroup:
        """The answers to a question in a group; one row where none of them is shown."""
        inside = [c for c in answers if (c.breakdown_value, _question(c)) == place]
        group = self.language.label(inside[0], "breakdown_value_label")
        question = self.language.label(inside[0], "category_label").partition(_LABEL_MARK)[0]
        counted = [
            c
            for c in self._cells
            if (c.breakdown_value, c.category, c.measure) == (*place, _IN_BOTH)
        ]
        base = counted[0] if counted else None
        said = question if self.table.breakdown == TOTAL else f"{short(group)}. {question}"
        heading = said
        if base is not None:
            count = self.language.printed(base.display_da)
            heading = self.language.text("change_heading", question=said, base=count)
        if all(c.conf_status != FREE for c in inside):
            label = self.language.text("all_of_group")
            hidden = (SUPPRESSED,) * len(columns)
            rows: tuple[ChangeRow, ...] = (ChangeRow(place, label, (None,) * len(columns), hidden),)
        else:
            rows = tuple(
                self._row(name, columns, [c for c in inside if c.category == name])
                for name in unique(c.category for c in inside)
            )
        return ChangeGroup(group, question, base, heading, rows)

    def _row(
        self, category: str, columns: Sequence[ChangeColumn], cells: Sequence[ReleasedCell]
    ) -> ChangeRow:
        by_measure = {c.measure: c for c in cells}
        found = tuple(by_measure.get(column.measure) for column in columns)
        words = self.language.label(cells[0], "category_label").partition(_LABEL_MARK)[2]
        return ChangeRow(
            key=(cells[0].breakdown_value, category),
            label=upper_first(words),
            cells=found,
            signs=tuple(c.display_da if c else NOT_APPLICABLE for c in found),
        )


def _key(cell: ReleasedCell) -> RowKey:
    return cell.breakdown_value, cell.category


def _question(cell: ReleasedCell) -> str:
    return cell.category.partition(_TOPIC_MARK)[0]
