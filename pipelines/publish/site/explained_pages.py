"""Which page explains which figure: one a table, and several where a table has thousands.

A long table is divided between its groups, in alphabetical order so that one's own municipality is
found; a group that is long by itself is divided between its periods.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.publish.danish import danish_order
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.site.links import page_file, place_in

MOST_ROWS: Final = 300
"""What a browser, a phone and an accessibility check take in at once."""


@dataclass(frozen=True)
class ExplainedPage:
    """One page of explanations."""

    indicator_id: str
    breakdown: str
    number: int
    cells: tuple[ReleasedCell, ...]

    def file(self, language: Language) -> str:
        """Its name in a language."""
        return page_file(language, "explanation", self.indicator_id, self.breakdown, self.number)

    def label(self, language: Language) -> str:
        """The groups on it, from the first to the last; of one group its periods."""
        first, last = self.cells[0], self.cells[-1]
        labels = [language.label(cell, "breakdown_value_label") for cell in (first, last)]
        if first.breakdown_value != last.breakdown_value:
            return f"{labels[0]} – {labels[1]}"
        periods = dict.fromkeys(language.period(cell.period) for cell in (first, last))
        return f"{labels[0]} {' – '.join(periods)}"


class ExplainedPages:
    """The pages that explain a release's figures."""

    def __init__(self, release: Release) -> None:
        """Divide the cells of `release`."""
        self.of_indicator: dict[str, tuple[ExplainedPage, ...]] = {}
        self._page_of: dict[str, ExplainedPage] = {}
        tables: dict[str, dict[str, list[ReleasedCell]]] = {}
        for cell in release.cells:
            tables.setdefault(cell.indicator_id, {}).setdefault(cell.breakdown, []).append(cell)
        for indicator_id, by_breakdown in tables.items():
            pages = [
                ExplainedPage(indicator_id, breakdown, number, cells)
                for breakdown, of_table in by_breakdown.items()
                for number, cells in enumerate(_divided(of_table), 1)
            ]
            self.of_indicator[indicator_id] = tuple(pages)
            self._page_of |= {cell.cell_id: page for page in pages for cell in page.cells}

    def link(self, language: Language, cell: ReleasedCell) -> str:
        """Return the link from a page to the explanation of a cell."""
        return place_in(self._page_of[cell.cell_id].file(language), cell.cell_id)


def _divided(cells: Sequence[ReleasedCell]) -> Iterator[tuple[ReleasedCell, ...]]:
    if len(cells) <= MOST_ROWS:
        yield tuple(cells)
        return
    page: list[ReleasedCell] = []
    for part in _parts(cells):
        if page and len(page) + len(part) > MOST_ROWS:
            yield tuple(page)
            page = []
        page += part
    yield tuple(page)


def _parts(cells: Sequence[ReleasedCell]) -> Iterator[list[ReleasedCell]]:
    """What stays together: a group, or a period of a group that no page takes."""
    groups: dict[str, list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault(cell.breakdown_value, []).append(cell)
    for group in sorted(groups.values(), key=lambda g: danish_order(g[0].breakdown_value_label_da)):
        if len(group) <= MOST_ROWS:
            yield group
            continue
        periods: dict[str, list[ReleasedCell]] = {}
        for cell in group:
            periods.setdefault(cell.period, []).append(cell)
        yield from periods.values()
