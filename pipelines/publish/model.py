"""A release in memory: its cells, and what a reader needs to understand them.

Plain records, read from and written to `publish.duckdb` by `store`. Everything that is rendered
(workbooks, CSV, figures, page) takes these and nothing else, so it cannot show what isn't released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

CANDIDATE: Final = "kandidat"
"""The version of what no release holds yet: for the house, not for readers outside."""


@dataclass(frozen=True, slots=True)
class ReleasedCell:
    """One cell as readers may see it; value, numerator and perhaps base are None when hidden.

    A share of the answers to a question has its uncertainty beside it, in per cent: what it could
    be at the lowest and highest if everybody of the `population` had answered, the bounds of its 95
    per cent interval, and what it is when each size class is weighed by its part of the population.
    """

    cell_id: str
    indicator_id: str
    period: str
    breakdown: str
    breakdown_value: str
    category: str
    measure: str
    unit: str
    numerator: float | None
    base: float | None
    value: float | None
    decimals: int
    obs_status: str
    conf_status: str
    symbol: str
    display_da: str
    note_ids: str
    is_confidential: bool
    is_synthetic: bool
    sort_order: int
    indicator_title_da: str
    indicator_title_en: str
    breakdown_label_da: str
    breakdown_label_en: str
    breakdown_value_label_da: str
    breakdown_value_label_en: str
    category_label_da: str
    category_label_en: str
    measure_label_da: str
    measure_label_en: str
    unit_label_da: str
    unit_label_en: str
    sources_da: str
    population: float | None = None
    lowest_possible: float | None = None
    highest_possible: float | None = None
    lower_bound: float | None = None
    upper_bound: float | None = None
    weighted_value: float | None = None
    sources_en: str = ""
    """Releases from before it was kept have it empty: the Danish names then stand in its place."""

    @property
    def place(self) -> tuple[str, ...]:
        """What the cell is about, whatever it measures."""
        return (
            self.indicator_id,
            self.period,
            self.breakdown,
            self.breakdown_value,
            self.category,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """Ids of the cell's notes."""
        return tuple(n for n in self.note_ids.split("|") if n)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the indicator catalogue."""

    indicator_id: str
    title_da: str
    title_en: str
    definition_da: str
    definition_en: str
    unit: str
    base_da: str
    base_en: str
    sources: str
    since_wave: str
    owner: str
    confidentiality: str
    is_sensitive: bool
    report_lines: str
    position: int


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote."""

    note_id: str
    text_da: str
    text_en: str


@dataclass(frozen=True, slots=True)
class WithheldTable:
    """A table that is not published, and why."""

    indicator_id: str
    period: str
    breakdown: str
    breakdown_label_da: str
    reason_da: str
    reason_en: str
    breakdown_label_en: str = ""
    """Releases from before it was kept have it empty: the Danish one then stands in its place."""


@dataclass(frozen=True, slots=True)
class SourceDelivery:
    """A delivery that is behind some released cell."""

    delivery_id: str
    source: str
    source_title_da: str
    period: str
    file_name: str
    received_at: datetime
    is_synthetic: bool
    source_title_en: str = ""
    """As with `ReleasedCell.sources_en`: empty in older releases."""


@dataclass(frozen=True, slots=True)
class ReleaseInfo:
    """Which release this is, and what it was made from."""

    release_id: str
    created_from: str
    is_synthetic: bool
    threshold: int
    code_version: str
    version: str = CANDIDATE
    """`2017.1` of a signed release; the freshest state, which nobody signed, has a word for it."""


@dataclass(frozen=True)
class Release:
    """Everything that is published."""

    info: ReleaseInfo
    cells: tuple[ReleasedCell, ...]
    indicators: tuple[Indicator, ...]
    notes: tuple[Note, ...]
    withheld: tuple[WithheldTable, ...]
    deliveries: tuple[SourceDelivery, ...]

    def cells_of(self, indicator_id: str) -> tuple[ReleasedCell, ...]:
        """Return the cells of one indicator, in the order to print."""
        return self._by_indicator.get(indicator_id, ())

    def published_indicators(self) -> tuple[Indicator, ...]:
        """Return the indicators that have cells, in the catalogue's order."""
        return tuple(i for i in self.indicators if i.indicator_id in self._by_indicator)

    @cached_property
    def _by_indicator(self) -> dict[str, tuple[ReleasedCell, ...]]:
        found: dict[str, list[ReleasedCell]] = {}
        for cell in self.cells:
            found.setdefault(cell.indicator_id, []).append(cell)
        return {indicator_id: tuple(cells) for indicator_id, cells in found.items()}
