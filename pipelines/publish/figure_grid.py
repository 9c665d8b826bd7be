"""Figures in rows and panels, each of them a period, a category, a group or a measure.

The kind of the 2015 report's figure 2, as small multiples over waves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pipelines.publish.breaks import BREAK_STATUS
from pipelines.publish.danish import BREAK_MARK
from pipelines.publish.figure_bases import bases_of, with_base
from pipelines.publish.figure_content import (
    Shown,
    bar_of,
    caption_lines,
    source_lines,
)
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.tables import as_of, ranks, short

_LATEST = 3
_KEYS: Mapping[str, Callable[[ReleasedCell], str]] = {
    "period": lambda cell: cell.period,
    "category": lambda cell: cell.category,
    "group": lambda cell: cell.breakdown_value,
    "measure": lambda cell: cell.measure,
}
_LABELS = {
    "category": "category_label",
    "group": "breakdown_value_label",
    "measure": "measure_label",
}
_NICE = (1, 2, 5, 10)


def grid(declared: Mapping[str, Any], release: Release, language: Language) -> Shown | None:
    """Take the cells of a declared figure."""
    cells = _chosen(declared, release)
    if not cells:
        return None
    row_key, panel_key = _KEYS[declared["rows"]], _KEYS[declared["panels"]]
    first = min(c.period for c in cells)
    rows, panels = _order(cells, row_key), _order(cells, panel_key)
    row_labels = {k: _label(declared["rows"], c, language) for k, c in rows.items()}
    titles = {k: _label(declared["panels"], c, language) for k, c in panels.items()}
    what = declared.get(f"base_{language.code}", "")
    bases = bases_of(cells, language, what, (panel_key, titles), (row_key, row_labels))
    row_labels |= {k: with_base(row_labels[k], n, language) for k, n in bases.of_row.items()}
    titles |= {k: with_base(titles[k], n, language) for k, n in bases.of_panel.items()}
    panel_titles = {
        k: _marked(title, declared["panels"], [c for c in cells if panel_key(c) == k], first)
        for k, title in titles.items()
    }
    bars = [
        bar_of(
            c,
            language,
            panel_titles[panel_key(c)],
            row_labels[row_key(c)],
            BREAK_MARK if c.obs_status == BREAK_STATUS and c.period > first else "",
        )
        for c in cells
    ]
    is_asked = any(c.is_confidential for c in cells)
    return Shown(
        panels=tuple(panel_titles.values()),
        rows=tuple(row_labels.values()),
        bars=tuple(bars),
        scale_max=_scale_max(cells),
        caption=(
            *((bases.line,) if bases.line else ()),
            *caption_lines(
                release,
                language,
                cells,
                [c for c in cells if c.period > first],
                (declared["breakdown"],),
            ),
            *source_lines(release, language, cells, is_asked),
        ),
        cells=tuple(cells),
    )


def _chosen(declared: Mapping[str, Any], release: Release) -> list[ReleasedCell]:
    categories = declared.get("categories")
    found = [
        c
        for c in release.cells_of(declared["indicator"])
        if c.measure in declared["measures"]
        and c.breakdown == declared["breakdown"]
        and (not categories or c.category in categories)
    ]
    has_dates = any("-" in c.period for c in found)
    found = [c for c in found if ("-" in c.period) == has_dates]
    # of several extracts of a year the last one stands, so that panels are a year apart
    of_year = {c.period[:4]: c.period for c in sorted(found, key=lambda c: c.period)}
    latest = sorted(of_year.values())[-declared.get("periods", _LATEST) :]
    row = _KEYS[declared["rows"]]
    asked = {row(c) for c in found if c.obs_status != "M"}  # what was never asked has no row
    return [c for c in found if c.period in latest and row(c) in asked]


def _order(
    cells: Sequence[ReleasedCell], key: Callable[[ReleasedCell], str]
) -> dict[str, ReleasedCell]:
    """Return the keys in the order of the tables, each with a cell for its label."""
    if key is _KEYS["period"]:
        return {c.period: c for c in sorted(cells, key=lambda c: c.period)}
    by_key = {key(c): c for c in cells}
    in_order = sorted(cells, key=lambda c: c.sort_order)
    places = ranks((c.period, key(c)) for c in in_order)
    return {k: by_key[k] for k in sorted(by_key, key=places.__getitem__)}


def _label(dimension: str, cell: ReleasedCell, language: Language) -> str:
    if dimension == "period":
        return language.period(as_of(cell))
    return short(language.label(cell, _LABELS[dimension]))


def _marked(title: str, dimension: str, cells: Sequence[ReleasedCell], first: str) -> str:
    """Mark the panel of a period that breaks the series."""
    is_later = dimension == "period" and cells[0].period > first
    is_broken = is_later and all(c.obs_status == BREAK_STATUS for c in cells)
    return f"{BREAK_MARK} {title}" if is_broken else title


def _scale_max(cells: Sequence[ReleasedCell]) -> float:
    """Return where the scale ends: 100 for shares that come near it, else a round number."""
    ends = [c.upper_bound or c.value or 0 for c in cells]
    highest = max(ends, default=0)
    if highest > 40 and all(c.unit == "pct" for c in cells):
        return 100
    if highest <= 0:
        return 1
    power = 10 ** math.floor(math.log10(highest))
    return float(next(n * power for n in _NICE if n * power >= highest))
