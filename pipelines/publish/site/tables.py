"""A table of a page: which cells, labels, notes and bases stand where, ready for the template.

Values come formatted from the released layer; the templates hold the markup, `pages` the order.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.disclosure.status import FREE
from pipelines.publish.bases import base_rows
from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.danish import (
    LEGEND,
    NOT_APPLICABLE,
    SUPPRESSED,
    danish_order,
    lower_first,
)
from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, ReleasedCell
from pipelines.publish.note_places import NotePlaces, note_places
from pipelines.publish.periods import IN_A_YEAR
from pipelines.publish.remarks import remarks_of
from pipelines.publish.site.explained_pages import ExplainedPages
from pipelines.publish.site.links import anchor
from pipelines.publish.site.page_tables import PageCell, PageColumn, PageGroup, PageRow, PageTable
from pipelines.publish.site.widths import ROOM, Printed, column_width
from pipelines.publish.tables import (
    TOTAL,
    BreakdownTable,
    RowKey,
    TableRow,
)

_OPEN_BREAKDOWNS = {"all", "size"}


def by_breakdown(language: Language, breakdown: str, label: str) -> str:
    """How a title says what a table is broken down by; nothing for the total."""
    if breakdown == TOTAL:
        return ""
    return language.text("broken_down_by", label=lower_first(label))


class Printer:
    """Arranges an indicator's tables in one language."""

    def __init__(self, indicator: Indicator, language: Language, explained: ExplainedPages) -> None:
        """Print tables of `indicator` in `language`, figures linked to their explanations."""
        self._explained = explained
        self._indicator = indicator
        self._language = language
        self._spoken = {s.sign: language.label(s, "meaning") for s in LEGEND}
        self._row_ids: set[str] = set()

    def table(self, table: BreakdownTable) -> PageTable:
        """Arrange a table: long ones as rows under groups, those of many groups beside."""
        return self._wide(table) if table.is_wide else self._long(table)

    def _long(self, whole: BreakdownTable) -> PageTable:
        table, places = self._fitting(whole)
        several = len(table.groups) > 1
        columns = tuple(
            PageColumn(self._language.period(p), places.columns.get(p, ())) for p in table.periods
        )
        groups = []
        for _, rows in table.groups:
            label = self._language.label(rows[0].any_cell, "breakdown_value_label")
            printed = [
                self._row(
                    row,
                    table,
                    places.rows.get(_key(row), ()),
                    [places.cells.get((_key(row), p), ()) for p in table.periods],
                )
                for row in rows
            ]
            body = (*(self._all_hidden(rows) or printed), *self._base_rows(rows))
            groups.append(PageGroup(label if several else "", body))
        earlier = whole.periods[: -len(table.periods)]
        return self._page_table(table, columns, tuple(groups), places.table, earlier)

    def _fitting(self, whole: BreakdownTable) -> tuple[BreakdownTable, NotePlaces[RowKey, str]]:
        """Take as many of the latest periods as a screen shows; where notes stand follows them."""
        count = len(whole.periods)
        while True:
            table = whole.latest(count)
            places = _noted(table)
            fitting = self._periods_in(ROOM, table, places)
            if fitting >= count:
                return table, places
            count = fitting

    def _periods_in(
        self, room: float, table: BreakdownTable, places: NotePlaces[RowKey, str]
    ) -> int:
        """How many of the latest periods there is room for; one is always shown."""
        for count, at in enumerate(reversed(range(len(table.periods)))):
            period = table.periods[at]
            head = Printed(self._language.period(period), len(places.columns.get(period, ())))
            cells = (
                Printed(
                    row.displays[at], len(places.cells.get((_key(row), period), ())), row.breaks[at]
                )
                for row in table.rows
            )
            bases = (Printed(row.base_displays[at]) for row in table.rows)
            room -= column_width((head, *cells, *bases))
            if room < 0 and count:
                return count
        return len(table.periods)

    def _wide(self, table: BreakdownTable) -> PageTable:
        """One row a group, the latest period's figures beside each other."""
        keys = list(dict.fromkeys((r.category, r.measure) for r in table.rows))
        labels = {(r.category, r.measure): self._row_label(r, table)[0] for r in table.rows}
        latest = [row for row in table.rows if row.cells[-1] is not None]
        places = note_places(
            {
                (row.group, (row.category, row.measure)): cell.notes
                for row in latest
                if (cell := row.cells[-1]) is not None
            }
        )
        rows = []
        for name, group in table.groups:
            by_key = {(r.category, r.measure): r for r in group}
            first = group[0].any_cell
            cells = tuple(
                self._cell(
                    by_key[k].displays[-1], by_key[k].cells[-1], places.cells.get((name, k), ())
                )
                if k in by_key
                else PageCell(NOT_APPLICABLE, self._spoken[NOT_APPLICABLE])
                for k in keys
            )
            label = self._language.label(first, "breakdown_value_label")
            notes = places.rows.get(name, ())
            row_id = self._row_id(anchor(f"{table.breakdown}-{name}"))
            rows.append(PageRow(label, "", cells, note_ids=notes, row_id=row_id))
        rows.sort(key=lambda row: danish_order(row.label))
        columns = tuple(PageColumn(labels[k], places.columns.get(k, ())) for k in keys)
        groups = (PageGroup("", tuple(rows)),)
        return self._page_table(table, columns, groups, places.table, table.periods[:-1])

    def _page_table(
        self,
        table: BreakdownTable,
        columns: tuple[PageColumn, ...],
        groups: tuple[PageGroup, ...],
        note_ids: tuple[str, ...],
        earlier: Sequence[str],
    ) -> PageTable:
        language = self._language
        label = language.label(table, "label")
        title = language.label(self._indicator, "title")
        by = by_breakdown(language, table.breakdown, label)
        suffix = f", {language.period(table.periods[-1])}" if table.is_wide else ""
        units = {language.label(r.any_cell, "unit_label") for r in table.rows}
        remarks = list(remarks_of(table, language))
        if earlier:
            remarks.append(
                language.text(
                    "latest_only",
                    periods=language.listed([language.period(p) for p in earlier]),
                    downloads=language.text("downloads"),
                )
            )
        return PageTable(
            table_id=_table_id(table, language),
            caption=f"{title}{by}{language.label(table, 'of_kind')}{suffix}"
            f"{language.label(table, 'of_part')}",
            unit=units.pop() if len(units) == 1 and not table.part else "",
            corner=label if table.breakdown != TOTAL else "",
            columns=columns,
            groups=groups,
            note_ids=note_ids,
            withheld=tuple(
                f"{language.period(w.period)}: {language.label(w, 'reason')}"
                for w in table.withheld
            ),
            remark=" ".join(remarks),
            is_open=table.breakdown in ({TOTAL} if table.kind else _OPEN_BREAKDOWNS),
            form="many" if table.is_wide else "figures",
            is_synthetic=table.is_synthetic,
        )

    def _row_id(self, name: str) -> str:
        """Give an id once: a link to a group of several tables leads to the first of them."""
        if name in self._row_ids:
            return ""
        self._row_ids.add(name)
        return name

    def _row(
        self,
        row: TableRow,
        table: BreakdownTable,
        note_ids: tuple[str, ...],
        notes_of_cells: Sequence[tuple[str, ...]],
    ) -> PageRow:
        label, detail = self._row_label(row, table)
        cells = tuple(map(self._cell, row.displays, row.cells, notes_of_cells))
        return PageRow(label, detail, cells, note_ids=note_ids)

    def _row_label(self, row: TableRow, table: BreakdownTable) -> tuple[str, str]:
        """Return what a row is called: its category, its measure, or both."""
        measure = self._language.label(row.any_cell, "measure_label")
        if table.named_by_measure(row):
            return measure, ""
        detail = "" if table.has_one_measure else measure
        return self._language.label(row.any_cell, "category_label"), detail

    def _all_hidden(self, rows: Sequence[TableRow]) -> tuple[PageRow, ...]:
        """Return one row for a group of which no figure is shown, or nothing for any other."""
        shown = any(c.conf_status == FREE for r in rows for c in r.cells if c is not None)
        if len(rows) == 1 or shown:
            return ()
        signs = [
            SUPPRESSED if SUPPRESSED in column else column[0]
            for column in zip(*(row.displays for row in rows), strict=True)
        ]
        cells = tuple(PageCell(sign, self._spoken.get(sign, "")) for sign in signs)
        return (PageRow(self._language.text("all_of_group"), "", cells),)

    def _base_rows(self, rows: Sequence[TableRow]) -> list[PageRow]:
        """Return the rows of bases: one, or one a measure, which is then named."""
        return [
            self._base_row(
                texts, "" if row is None else self._language.label(row.any_cell, "measure_label")
            )
            for row, texts in base_rows(rows)
        ]

    def _base_row(self, texts: Sequence[str], detail: str) -> PageRow:
        cells = tuple(PageCell(self._language.printed(t), self._spoken.get(t, "")) for t in texts)
        return PageRow(self._language.text("base_row"), detail, cells, is_base=True)

    def _cell(
        self, text: str, cell: ReleasedCell | None, note_ids: tuple[str, ...] = ()
    ) -> PageCell:
        is_break = cell is not None and cell.obs_status == BREAK_STATUS
        href = "" if cell is None else self._explained.link(self._language, cell)
        printed = self._language.printed(text)
        return PageCell(printed, self._spoken.get(text, ""), is_break, note_ids, href)


def _noted(table: BreakdownTable) -> NotePlaces[RowKey, str]:
    return note_places(
        {
            (_key(row), period): cell.notes
            for row in table.rows
            for period, cell in zip(table.periods, row.cells, strict=True)
            if cell is not None
        }
    )


def _table_id(table: BreakdownTable, language: Language) -> str:
    """A name no other table of the page has."""
    parts = [language.text("anchor_table"), table.breakdown]
    if table.kind == IN_A_YEAR:
        parts.append(language.text("anchor_year"))
    if table.part:
        parts.append(table.part.part_id)
    return "-".join(parts)


def _key(row: TableRow) -> RowKey:
    return row.group, row.category, row.measure
