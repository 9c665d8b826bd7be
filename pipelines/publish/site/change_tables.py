"""The tables of change between waves: one a pair of waves, an answer a row, its measures beside.

Other tables have periods as columns; here a period is a pair, and what is read beside each other is
the share before, the share after and what lies between. How many municipalities are compared, came
and went is said above each question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.disclosure.status import FREE
from pipelines.publish.breaks import BREAK_STATUS, PAIR_MARK
from pipelines.publish.danish import LEGEND, NOT_APPLICABLE, SUPPRESSED
from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, ReleasedCell
from pipelines.publish.site.links import explanation_link
from pipelines.publish.site.tables import (
    PageCell,
    PageColumn,
    PageGroup,
    PageRow,
    PageTable,
    by_breakdown,
)
from pipelines.publish.tables import (
    TOTAL,
    BreakdownTable,
    NotePlaces,
    note_places,
    short,
    unique,
)

_TOPIC_MARK = "__"
"""Between the question and the answer in the code of a category."""
_LABEL_MARK = ": "
"""Between the same two in its words."""
_SHARES = ("share_before_pct", "share_after_pct")
_ABOVE = ("panel", "joiners", "leavers", "size_movers")
_Key = tuple[str, str]


def is_change(table: BreakdownTable) -> bool:
    """Whether the periods of a table are pairs of waves."""
    return all(PAIR_MARK in period for period in table.periods)


def change_tables(
    table: BreakdownTable, indicator: Indicator, language: Language
) -> tuple[PageTable, ...]:
    """Arrange the table of a breakdown as one for each pair of waves, the latest first."""
    pairs = [_Pair(table, period, indicator, language) for period in reversed(table.periods)]
    return tuple(pair.arranged() for pair in pairs if pair.answers)


@dataclass(frozen=True)
class _Pair:
    """What is compared between two waves."""

    table: BreakdownTable
    period: str
    indicator: Indicator
    language: Language

    @property
    def cells(self) -> tuple[ReleasedCell, ...]:
        place = self.table.periods.index(self.period)
        found = (row.cells[place] for row in self.table.rows)
        return tuple(cell for cell in found if cell is not None)

    @property
    def answers(self) -> tuple[ReleasedCell, ...]:
        return tuple(c for c in self.cells if _TOPIC_MARK in c.category)

    def arranged(self) -> PageTable:
        measures = unique(c.measure for c in self.answers)
        places = note_places({(_key(c), c.measure): c.notes for c in self.answers})
        first = {c.measure: c for c in reversed(self.answers)}
        columns = tuple(
            PageColumn(self._column(first[m]), places.columns.get(m, ())) for m in measures
        )
        groups = dict.fromkeys((c.breakdown_value, _question(c)) for c in self.answers)
        title = self.language.label(self.indicator, "title")
        label = self.language.label(self.table, "label")
        by = by_breakdown(self.language, self.table.breakdown, label)
        anchor = f"{self.language.text('anchor_table')}-{self.table.breakdown}"
        return PageTable(
            table_id=f"{anchor}-{self.period.replace(PAIR_MARK, '-')}",
            caption=f"{title}{by}, {self.period}",
            unit="",
            corner=self.language.text("change_answer"),
            columns=columns,
            groups=tuple(self._group(place, measures, places) for place in groups),
            note_ids=places.table,
            withheld=tuple(
                f"{w.period}: {self.language.label(w, 'reason')}"
                for w in self.table.withheld
                if self.period == self.table.periods[-1]
            ),
            remark="",
            is_open=self.table.breakdown == TOTAL,
            is_wide=True,
            is_synthetic=any(c.is_synthetic for c in self.cells),
        )

    def _column(self, cell: ReleasedCell) -> str:
        """A share is called by its wave, all else by its measure."""
        if cell.measure not in _SHARES:
            return short(self.language.label(cell, "measure_label"))
        wave = self.period.split(PAIR_MARK)[_SHARES.index(cell.measure)]
        return self.language.text("change_share", wave=wave)

    def _group(
        self, place: tuple[str, str], measures: Sequence[str], places: NotePlaces[_Key, str]
    ) -> PageGroup:
        """The answers of a question in a group."""
        inside = [c for c in self.answers if (c.breakdown_value, _question(c)) == place]
        if all(c.conf_status != FREE for c in inside):
            hidden = (PageCell(SUPPRESSED, self._spoken(SUPPRESSED)),) * len(measures)
            row = PageRow(self.language.text("all_of_group"), "", hidden)
            return PageGroup(self._heading(place, inside[0]), (row,))
        rows = []
        for category in unique(c.category for c in inside):
            by_measure = {c.measure: c for c in inside if c.category == category}
            of_row = next(iter(by_measure.values()))
            words = self.language.label(of_row, "category_label").partition(_LABEL_MARK)[2]
            cells = tuple(self._cell(by_measure.get(m), places) for m in measures)
            rows.append(PageRow(words, "", cells, note_ids=places.rows.get(_key(of_row), ())))
        return PageGroup(self._heading(place, inside[0]), tuple(rows))

    def _heading(self, place: tuple[str, str], cell: ReleasedCell) -> str:
        """The question, and how many are compared, came, went and changed size."""
        question = self.language.label(cell, "category_label").partition(_LABEL_MARK)[0]
        group = short(self.language.label(cell, "breakdown_value_label"))
        said = question if cell.breakdown == TOTAL else f"{group}. {question}"
        counts = {
            c.measure: "0" if c.value == 0 else self.language.printed(c.display_da)
            for c in self.cells
            if (c.breakdown_value, c.category) == place
        }
        told = [
            self.language.text(f"change_{measure}", count=counts[measure])
            for measure in _ABOVE
            if measure in counts
        ]
        return f"{said} ({', '.join(told)})" if told else said

    def _cell(self, cell: ReleasedCell | None, places: NotePlaces[_Key, str]) -> PageCell:
        if cell is None:
            return PageCell(NOT_APPLICABLE, self._spoken(NOT_APPLICABLE))
        return PageCell(
            self.language.printed(cell.display_da),
            self._spoken(cell.display_da),
            cell.obs_status == BREAK_STATUS,
            places.cells.get((_key(cell), cell.measure), ()),
            explanation_link(self.language, cell),
        )

    def _spoken(self, text: str) -> str:
        """What a screen reader says for a sign."""
        meanings = {s.sign: self.language.label(s, "meaning") for s in LEGEND}
        return meanings.get(text, "")


def _key(cell: ReleasedCell) -> _Key:
    return cell.breakdown_value, cell.category


def _question(cell: ReleasedCell) -> str:
    return cell.category.partition(_TOPIC_MARK)[0]
