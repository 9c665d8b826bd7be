"""The static page: findings, figures, every table, downloads, notes. Danish, without JavaScript.

Arranges a release for the templates in `templates/`; they hold the markup and style, this the
choice of what stands where. All text is autoescaped; only our own SVG goes in as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.publish.danish import LEGEND, lower_first
from pipelines.publish.model import Indicator, Note, Release, ReleasedCell
from pipelines.publish.tables import (
    BreakdownTable,
    TableRow,
    base_texts,
    breakdown_tables,
    counts_units,
    named_sources,
    note_numbers,
    period_label,
    responses,
)
from pipelines.publish.words import REFERENCE_DA, SYNTHETIC_DA, SYNTHETIC_EN

_TEMPLATES = Path(__file__).with_name("templates")
_OPEN_BREAKDOWNS = {"all", "size"}
_SPOKEN = {s.sign: s.meaning_da for s in LEGEND}


@dataclass(frozen=True)
class PageFigure:
    """A drawn figure, in two widths."""

    figure_id: str
    indicator_id: str
    title_da: str
    title_en: str
    finding_da: str
    wide: Markup
    narrow: Markup
    file_name: str


@dataclass(frozen=True)
class Downloads:
    """Where an indicator's files are, relative to the page."""

    workbook: str
    csv: str


@dataclass(frozen=True)
class PageCell:
    """One printed cell; `spoken` is what a screen reader says for a sign."""

    text: str
    spoken: str = ""
    is_break: bool = False


@dataclass(frozen=True)
class PageRow:
    """One printed row."""

    label_da: str
    label_en: str
    detail_da: str
    cells: tuple[PageCell, ...]
    is_base: bool = False


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
    columns: tuple[str, ...]
    groups: tuple[PageGroup, ...]
    note_numbers: tuple[int, ...]
    withheld: tuple[str, ...]
    is_open: bool
    is_synthetic: bool


@dataclass(frozen=True)
class PageIndicator:
    """One indicator's section."""

    indicator: Indicator
    unit_da: str
    tables: tuple[PageTable, ...]
    notes: tuple[tuple[int, Note], ...]
    sources: tuple[str, ...]
    response: tuple[str, ...]
    downloads: Downloads
    is_synthetic: bool


def render_page(
    release: Release, figures: Sequence[PageFigure], downloads: Mapping[str, Downloads]
) -> str:
    """Render the page.

    Args:
        release: What is published.
        figures: The drawn figures.
        downloads: The files, by indicator id.

    Returns:
        HTML; the same input gives the same text.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["period"] = period_label
    return environment.get_template("index.html.j2").render(
        release=release,
        figures=figures,
        indicators=[
            _section(release, indicator, downloads[indicator.indicator_id])
            for indicator in release.published_indicators()
        ],
        legend=LEGEND,
        synthetic_da=SYNTHETIC_DA,
        synthetic_en=SYNTHETIC_EN,
        reference_da=REFERENCE_DA,
        style=Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8")),  # our own file
    )


def _section(release: Release, indicator: Indicator, downloads: Downloads) -> PageIndicator:
    tables = breakdown_tables(release, indicator.indicator_id)
    numbers = note_numbers(release, tables)
    periods = {p for t in tables for p in t.periods}
    asked = "survey" in indicator.sources.split("|") and indicator.indicator_id != "I02"
    units = {c.unit: c.unit_label_da for c in release.cells_of(indicator.indicator_id)}
    return PageIndicator(
        indicator=indicator,
        unit_da=units.get(indicator.unit, indicator.unit),
        tables=tuple(
            _wide(indicator, t, numbers) if t.is_wide else _long(indicator, t, numbers)
            for t in tables
        ),
        notes=tuple((numbers[n.note_id], n) for n in release.notes if n.note_id in numbers),
        sources=named_sources(release.cells_of(indicator.indicator_id)),
        response=tuple(
            r.danish for period, r in responses(release).items() if asked and period in periods
        ),
        downloads=downloads,
        is_synthetic=any(t.is_synthetic for t in tables),
    )


def _long(indicator: Indicator, table: BreakdownTable, numbers: Mapping[str, int]) -> PageTable:
    """Arrange rows under groups, with the periods as columns."""
    several = len(table.groups) > 1
    periods = tuple(map(period_label, table.periods))
    groups = []
    for _, rows in table.groups:
        first = rows[0].any_cell
        groups.append(
            PageGroup(
                label_da=first.breakdown_value_label_da if several else "",
                label_en=first.breakdown_value_label_en if several else "",
                rows=(*(_page_row(r, table) for r in rows), *_base_rows(rows)),
            )
        )
    return _page_table(indicator, table, numbers, periods, tuple(groups), "")


def _wide(indicator: Indicator, table: BreakdownTable, numbers: Mapping[str, int]) -> PageTable:
    """Arrange many groups of few figures: one row a group, the latest period's figures beside."""
    keys = list(dict.fromkeys((r.category, r.measure) for r in table.rows))
    labels = {(r.category, r.measure): _row_label(r.any_cell, table)[0] for r in table.rows}
    rows = []
    for _, group in table.groups:
        by_key = {(r.category, r.measure): r for r in group}
        first = group[0].any_cell
        cells = tuple(
            _page_cell(by_key[k].displays[-1], by_key[k].cells[-1])
            if k in by_key
            else PageCell(".")
            for k in keys
        )
        rows.append(
            PageRow(first.breakdown_value_label_da, first.breakdown_value_label_en, "", cells)
        )
    rows.sort(key=lambda row: _danish_order(row.label_da))
    columns = tuple(labels[k] for k in keys)
    latest = f", {period_label(table.periods[-1])}"
    return _page_table(
        indicator, table, numbers, columns, (PageGroup("", "", tuple(rows)),), latest
    )


def _page_table(
    indicator: Indicator,
    table: BreakdownTable,
    numbers: Mapping[str, int],
    columns: tuple[str, ...],
    groups: tuple[PageGroup, ...],
    suffix: str,
) -> PageTable:
    by_da = "" if table.breakdown == "all" else f" efter {lower_first(table.label_da)}"
    by_en = "" if table.breakdown == "all" else f" by {lower_first(table.label_en)}"
    units = {r.any_cell.unit_label_da for r in table.rows}
    return PageTable(
        caption_da=f"{indicator.title_da}{by_da}{suffix}",
        caption_en=f"{indicator.title_en}{by_en}{suffix}",
        unit_da=units.pop() if len(units) == 1 else "",
        corner_da=table.label_da if table.breakdown != "all" else "",
        columns=columns,
        groups=groups,
        note_numbers=tuple(sorted(numbers[n] for n in table.note_ids)),
        withheld=tuple(f"{period_label(w.period)}: {w.reason_da}" for w in table.withheld),
        is_open=table.breakdown in _OPEN_BREAKDOWNS,
        is_synthetic=table.is_synthetic,
    )


def _page_row(row: TableRow, table: BreakdownTable) -> PageRow:
    danish, english, detail = _row_label(row.any_cell, table)
    cells = tuple(map(_page_cell, row.displays, row.cells))
    return PageRow(danish, english, detail, cells)


def _row_label(cell: ReleasedCell, table: BreakdownTable) -> tuple[str, str, str]:
    """Return what a row is called: its category, its measure, or both."""
    if cell.category == "all":
        return cell.measure_label_da, cell.measure_label_en, ""
    detail = "" if table.has_one_measure else cell.measure_label_da
    return cell.category_label_da, cell.category_label_en, detail


def _base_rows(rows: Sequence[TableRow]) -> list[PageRow]:
    """Return the rows of bases under shares of a number of units: one, or one a measure.

    None where the shares of a measure differ in it.
    """
    shares = [r for r in rows if r.any_cell.unit == "pct"]
    if not shares or not counts_units(shares):
        return []
    texts = base_texts(shares)
    if texts is not None:
        return [_base_row(texts, "")]
    by_measure: dict[str, list[TableRow]] = {}
    for row in shares:
        by_measure.setdefault(row.any_cell.measure_label_da, []).append(row)
    found = {label: base_texts(measured) for label, measured in by_measure.items()}
    bases = [_base_row(texts, label) for label, texts in found.items() if texts is not None]
    return bases if len(bases) == len(found) else []


def _base_row(texts: Sequence[str], detail: str) -> PageRow:
    cells = tuple(PageCell(t, _SPOKEN.get(t, "")) for t in texts)
    return PageRow("Grundlag (N)", "Base (N)", detail, cells, is_base=True)


def _page_cell(text: str, cell: ReleasedCell | None) -> PageCell:
    is_break = cell is not None and cell.obs_status == "B"
    return PageCell(text, _SPOKEN.get(text, ""), is_break)


def _danish_order(text: str) -> list[int]:
    """Sort as Danish does: æ, ø, å last, and aa in names as å."""
    alphabet = "abcdefghijklmnopqrstuvwxyzæøå"
    return [alphabet.find(c) for c in text.lower().replace("aa", "å")]
