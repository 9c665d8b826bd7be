"""Which page explains which figure: one a table, and several where a table has thousands.

A long table is divided between its groups, in the order they are printed; a group that is long by
itself has a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.site.links import page_file, place_in

MOST_ROWS: Final = 450
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
        """The groups on it, from the first to the last."""
        labels = [language.label(c, "breakdown_value_label") for c in self.cells]
        return labels[0] if labels[0] == labels[-1] else f"{labels[0]} – {labels[-1]}"


class ExplainedPages:
    """The pages that explain a release's figures."""

    def __init__(self, release: Release) -> None:
        """Divide the cells of `release`."""
        self.of_indicator: dict[str, tuple[ExplainedPage, ...]] = {}
        self._page_of: dict[tuple[str, str, str], ExplainedPage] = {}
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
            self._page_of |= {_group(cell): page for page in pages for cell in page.cells}

    def link(self, language: Language, cell: ReleasedCell) -> str:
        """Return the link from a page to the explanation of a cell."""
        return place_in(self._page_of[_group(cell)].file(language), cell.cell_id)


def _group(cell: ReleasedCell) -> tuple[str, str, str]:
    return cell.indicator_id, cell.breakdown, cell.breakdown_value


def _divided(cells: Sequence[ReleasedCell]) -> Iterator[tuple[ReleasedCell, ...]]:
    groups: dict[str, list[ReleasedCell]] = {}
    for cell in cells:
        groups.setdefault(cell.breakdown_value, []).append(cell)
    if len(cells) <= MOST_ROWS:
        yield tuple(cells)
        return
    page: list[ReleasedCell] = []
    for group in groups.values():
        if page and len(page) + len(group) > MOST_ROWS:
            yield tuple(page)
            page = []
        page += group
    yield tuple(page)
