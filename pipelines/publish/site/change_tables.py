"""The tables of change between waves as the pages show them: the shared form with its links."""

from __future__ import annotations

from pipelines.publish import change_tables as shared
from pipelines.publish.breaks import BREAK_STATUS, PAIR_MARK
from pipelines.publish.change_tables import ChangeRow, ChangeTable
from pipelines.publish.danish import LEGEND
from pipelines.publish.language import Language
from pipelines.publish.model import Indicator
from pipelines.publish.site.explained_pages import ExplainedPages
from pipelines.publish.site.page_tables import PageCell, PageColumn, PageGroup, PageRow, PageTable
from pipelines.publish.site.tables import by_breakdown
from pipelines.publish.tables import TOTAL, BreakdownTable


def change_tables(
    table: BreakdownTable, indicator: Indicator, language: Language, explained: ExplainedPages
) -> tuple[PageTable, ...]:
    """Arrange the table of a breakdown as those of each pair of waves, the latest first."""
    title = language.label(indicator, "title")
    by = by_breakdown(language, table.breakdown, language.label(table, "label"))
    return tuple(
        _page_table(each, f"{title}{by}", language, explained)
        for each in shared.change_tables(table, indicator, language)
    )


def _page_table(
    table: ChangeTable, title: str, language: Language, explained: ExplainedPages
) -> PageTable:
    part = "" if table.part == "change" else f"-{language.text('anchor_panel')}"
    anchor = f"{language.text('anchor_table')}-{table.breakdown}"
    return PageTable(
        table_id=f"{anchor}-{table.period.replace(PAIR_MARK, '-')}{part}",
        caption=f"{title}: {table.title}",
        unit="",
        corner=table.corner,
        columns=tuple(
            PageColumn(c.label, table.places.columns.get(c.measure, ())) for c in table.columns
        ),
        groups=tuple(
            PageGroup(
                group.heading, tuple(_row(row, table, language, explained) for row in group.rows)
            )
            for group in table.groups
        ),
        note_ids=table.places.table,
        withheld=tuple(f"{w.period}: {language.label(w, 'reason')}" for w in table.withheld),
        remark="",
        is_open=table.breakdown == TOTAL,
        form="change",
        is_synthetic=any(c.is_synthetic for c in table.cells),
    )


def _row(
    row: ChangeRow, table: ChangeTable, language: Language, explained: ExplainedPages
) -> PageRow:
    places = table.places
    return PageRow(
        row.label,
        "",
        tuple(
            _cell(
                sign,
                places.cells.get((row.key, column.measure), ()),
                language,
                "" if cell is None else explained.link(language, cell),
                is_break=cell is not None and cell.obs_status == BREAK_STATUS,
            )
            for cell, sign, column in zip(row.cells, row.signs, table.columns, strict=True)
        ),
        note_ids=places.rows.get(row.key, ()),
    )


def _cell(
    sign: str, notes: tuple[str, ...], language: Language, href: str, *, is_break: bool
) -> PageCell:
    spoken = {s.sign: language.label(s, "meaning") for s in LEGEND}.get(sign, "")
    if not href:
        return PageCell(sign, spoken)
    return PageCell(language.printed(sign), spoken, is_break, notes, href)
