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

from pipelines.publish.danish import LEGEND, listed
from pipelines.publish.model import Indicator, Note, Release, WithheldTable
from pipelines.publish.page_tables import PageTable, by_breakdown, long_table, wide_table
from pipelines.publish.tables import (
    breakdown_tables,
    named_sources,
    period_label,
    responses,
    withheld_whole,
)
from pipelines.publish.words import REFERENCE_DA, SYNTHETIC_DA, SYNTHETIC_EN

_TEMPLATES = Path(__file__).with_name("templates")


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
class PageIndicator:
    """One indicator's section."""

    indicator: Indicator
    unit_da: str
    tables: tuple[PageTable, ...]
    withheld: tuple[str, ...]
    notes: tuple[tuple[int, Note], ...]
    sources: tuple[str, ...]
    response: tuple[str, ...]
    downloads: Downloads
    is_synthetic: bool

    @property
    def note_numbers(self) -> dict[str, int]:
        """Number of each note, by id."""
        return {note.note_id: number for number, note in self.notes}


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
    environment.filters["numbered"] = _numbered
    return environment.get_template("index.html.j2").render(
        release=release,
        figures=figures,
        indicators=[
            _section(release, indicator, downloads[indicator.indicator_id])
            for indicator in release.published_indicators()
        ],
        withheld=_withheld_list(release),
        legend=LEGEND,
        synthetic_da=SYNTHETIC_DA,
        synthetic_en=SYNTHETIC_EN,
        reference_da=REFERENCE_DA,
        style=Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8")),  # our own file
    )


def _section(release: Release, indicator: Indicator, downloads: Downloads) -> PageIndicator:
    tables = breakdown_tables(release, indicator.indicator_id)
    printed = tuple(
        wide_table(indicator, t) if t.is_wide else long_table(indicator, t) for t in tables
    )
    used = {note for table in printed for note in table.all_note_ids}
    periods = {p for t in tables for p in t.periods}
    asked = "survey" in indicator.sources.split("|") and indicator.indicator_id != "I02"
    units = {c.unit: c.unit_label_da for c in release.cells_of(indicator.indicator_id)}
    return PageIndicator(
        indicator=indicator,
        unit_da=units.get(indicator.unit, indicator.unit),
        tables=printed,
        withheld=tuple(
            f"{indicator.title_da}{by_breakdown(breakdown, parts[0].breakdown_label_da)}, "
            f"{_periods(parts)}: {parts[0].reason_da}"
            for breakdown, parts in withheld_whole(release, indicator.indicator_id, tables).items()
        ),
        notes=tuple(enumerate((n for n in release.notes if n.note_id in used), 1)),
        sources=named_sources(release.cells_of(indicator.indicator_id)),
        response=tuple(
            r.danish for period, r in responses(release).items() if asked and period in periods
        ),
        downloads=downloads,
        is_synthetic=any(t.is_synthetic for t in tables),
    )


def _numbered(note_ids: Sequence[str], numbers: Mapping[str, int]) -> list[int]:
    return sorted(numbers[note_id] for note_id in note_ids)


def _withheld_list(release: Release) -> list[str]:
    """Name every table that is not published, once with all its periods."""
    titles = {i.indicator_id: i.title_da for i in release.indicators}
    tables: dict[tuple[str, str], list[WithheldTable]] = {}
    for table in release.withheld:
        tables.setdefault((table.indicator_id, table.breakdown), []).append(table)
    return [
        f"{indicator_id} {titles.get(indicator_id, '')}"
        f"{by_breakdown(breakdown, parts[0].breakdown_label_da)}: {_periods(parts)}"
        for (indicator_id, breakdown), parts in tables.items()
    ]


def _periods(tables: Sequence[WithheldTable]) -> str:
    return listed([period_label(t.period) for t in tables])
