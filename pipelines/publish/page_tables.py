"""A table of the page: which cells, labels, notes and bases stand where, ready for the template.

Values come formatted from the released layer; the templates hold the markup, `page` the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.danish import LEGEND, NOT_APPLICABLE, SUPPRESSED, listed, lower_first
from pipelines.publish.model import Indicator, ReleasedCell
from pipelines.publish.tables import (
    TOTAL,
    BreakdownTable,
    RowKey,
    TableRow,
    base_texts,
    counts_units,
    note_places,
    period_label,
)
from pipelines.statistics.disclosure import FREE

_OPEN_BREAKDOWNS = {"all", "size"}
_UNITS_OF_MUNICIPALITIES = {"pct", "fte"}
_SPOKEN = {s.sign: s.meaning_da for s in LEGEND}


@dataclass(frozen=True)
class PageCell:
    """One printed cell; `spoken` is what a screen reader says for a sign."""

    text: str
    spoken: str = ""
    is_break: bool = False
    note_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageColumn:
    """The head of a column of figures."""

    label_da: str
    note_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageRow:
    """One printed row."""

    label_da: str
    label_en: str
    detail_da: str
    cells: tuple[PageCell, ...]
    is_base: bool = False
    note_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class PageGroup:
    """Rows under one heading; the heading is empty where there is only one group."""

    label_da: str
    label_en: str
    rows: tuple[PageRow, ...]


@dataclass(frozen=True)
class PageTable:
    """One printed table."""

    caption_da: str
    caption_en: str
    unit_da: str
    corner_da: str
    columns: tuple[PageColumn, ...]
    groups: tuple[PageGroup, ...]
    note_ids: tuple[str, ...]
    withheld: tuple[str, ...]
    remark_da: str
    is_open: bool
    is_wide: bool
    is_synthetic: bool

    @property
    def all_note_ids(self) -> frozenset[str]:
        """Ids of the notes the table refers to, wherever."""
        rows = [row for group in self.groups for row in group.rows]
        places = [
            self.note_ids,
            *(column.note_ids for column in self.columns),
            *(row.note_ids for row in rows),
            *(cell.note_ids for row in rows for cell in row.cells),
        ]
        return frozenset(note for notes in places for note in notes)


def by_breakdown(breakdown: str, label_da: str) -> str:
    """How a title says what a table is broken down by; nothing for the total."""
    return "" if breakdown == TOTAL else f" efter {lower_first(label_da)}"


def long_table(indicator: Indicator, table: BreakdownTable) -> PageTable:
    """Arrange rows under groups, with the periods as columns."""
    several = len(table.groups) > 1
    places = note_places(
        {
            (_key(row), period): cell.notes
            for row in table.rows
            for period, cell in zip(table.periods, row.cells, strict=True)
            if cell is not None
        }
    )
    columns = tuple(PageColumn(period_label(p), places.columns.get(p, ())) for p in table.periods)
    groups = []
    for _, rows in table.groups:
        first = rows[0].any_cell
        printed = [
            _page_row(
                row,
                table,
                places.rows.get(_key(row), ()),
                [places.cells.get((_key(row), p), ()) for p in table.periods],
            )
            for row in rows
        ]
        groups.append(
            PageGroup(
                label_da=first.breakdown_value_label_da if several else "",
                label_en=first.breakdown_value_label_en if several else "",
                rows=(*(_all_hidden(rows) or printed), *_base_rows(rows)),
            )
        )
    return _page_table(indicator, table, columns, tuple(groups), places.table)


def wide_table(indicator: Indicator, table: BreakdownTable) -> PageTable:
    """Arrange many groups of few figures: one row a group, the latest period's figures beside."""
    keys = list(dict.fromkeys((r.category, r.measure) for r in table.rows))
    labels = {(r.category, r.measure): _row_label(r.any_cell, table)[0] for r in table.rows}
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
            _page_cell(by_key[k].displays[-1], by_key[k].cells[-1], places.cells.get((name, k), ()))
            if k in by_key
            else PageCell(NOT_APPLICABLE, _SPOKEN[NOT_APPLICABLE])
            for k in keys
        )
        labels_of_row = (first.breakdown_value_label_da, first.breakdown_value_label_en)
        rows.append(PageRow(*labels_of_row, "", cells, note_ids=places.rows.get(name, ())))
    rows.sort(key=lambda row: _danish_order(row.label_da))
    return _page_table(
        indicator,
        table,
        tuple(PageColumn(labels[k], places.columns.get(k, ())) for k in keys),
        (PageGroup("", "", tuple(rows)),),
        places.table,
    )


def _page_table(
    indicator: Indicator,
    table: BreakdownTable,
    columns: tuple[PageColumn, ...],
    groups: tuple[PageGroup, ...],
    note_ids: tuple[str, ...],
) -> PageTable:
    by_da = by_breakdown(table.breakdown, table.label_da)
    by_en = "" if table.breakdown == TOTAL else f" by {lower_first(table.label_en)}"
    suffix = f", {period_label(table.periods[-1])}" if table.is_wide else ""
    units = {r.any_cell.unit_label_da for r in table.rows}
    has_earlier = table.is_wide and len(table.periods) > 1
    return PageTable(
        caption_da=f"{indicator.title_da}{by_da}{suffix}",
        caption_en=f"{indicator.title_en}{by_en}{suffix}",
        unit_da=units.pop() if len(units) == 1 else "",
        corner_da=table.label_da if table.breakdown != TOTAL else "",
        columns=columns,
        groups=groups,
        note_ids=note_ids,
        withheld=tuple(f"{period_label(w.period)}: {w.reason_da}" for w in table.withheld),
        remark_da=(
            f"Tal for {listed([period_label(p) for p in table.periods[:-1]])} "
            "findes i Excel-filen og CSV-filen."
            if has_earlier
            else ""
        ),
        is_open=table.breakdown in _OPEN_BREAKDOWNS,
        is_wide=table.is_wide,
        is_synthetic=table.is_synthetic,
    )


def _key(row: TableRow) -> RowKey:
    return row.group, row.category, row.measure


def _page_row(
    row: TableRow,
    table: BreakdownTable,
    note_ids: tuple[str, ...],
    notes_of_cells: Sequence[tuple[str, ...]],
) -> PageRow:
    danish, english, detail = _row_label(row.any_cell, table)
    cells = tuple(map(_page_cell, row.displays, row.cells, notes_of_cells))
    return PageRow(danish, english, detail, cells, note_ids=note_ids)


def _row_label(cell: ReleasedCell, table: BreakdownTable) -> tuple[str, str, str]:
    """Return what a row is called: its category, its measure, or both."""
    if cell.category == "all":
        return cell.measure_label_da, cell.measure_label_en, ""
    detail = "" if table.has_one_measure else cell.measure_label_da
    return cell.category_label_da, cell.category_label_en, detail


def _all_hidden(rows: Sequence[TableRow]) -> tuple[PageRow, ...]:
    """Return one row for a group of which no figure is shown, or nothing for any other group."""
    if len(rows) == 1 or any(c.conf_status == FREE for r in rows for c in r.cells if c is not None):
        return ()
    signs = [
        SUPPRESSED if SUPPRESSED in column else column[0]
        for column in zip(*(row.displays for row in rows), strict=True)
    ]
    cells = tuple(PageCell(sign, _SPOKEN.get(sign, "")) for sign in signs)
    return (PageRow("Alle tal i gruppen", "All figures of the group", "", cells),)


def _base_rows(rows: Sequence[TableRow]) -> list[PageRow]:
    """Return the rows of bases under shares and means of municipalities: one, or one a measure.

    None where the rows of a measure differ in it.
    """
    based = [r for r in rows if r.any_cell.unit in _UNITS_OF_MUNICIPALITIES]
    if not based or not counts_units(based):
        return []
    texts = base_texts(based)
    if texts is not None:
        return [_base_row(texts, "")]
    by_measure: dict[str, list[TableRow]] = {}
    for row in based:
        by_measure.setdefault(row.any_cell.measure_label_da, []).append(row)
    found = {label: base_texts(measured) for label, measured in by_measure.items()}
    bases = [_base_row(texts, label) for label, texts in found.items() if texts is not None]
    return bases if len(bases) == len(found) else []


def _base_row(texts: Sequence[str], detail: str) -> PageRow:
    cells = tuple(PageCell(t, _SPOKEN.get(t, "")) for t in texts)
    return PageRow("Grundlag (N)", "Base (N)", detail, cells, is_base=True)


def _page_cell(text: str, cell: ReleasedCell | None, note_ids: tuple[str, ...] = ()) -> PageCell:
    is_break = cell is not None and cell.obs_status == BREAK_STATUS
    return PageCell(text, _SPOKEN.get(text, ""), is_break, note_ids)


def _danish_order(text: str) -> list[int]:
    """Sort as Danish does: æ, ø, å last, and aa in names as å."""
    alphabet = "abcdefghijklmnopqrstuvwxyzæøå"
    return [alphabet.find(c) for c in text.lower().replace("aa", "å")]
