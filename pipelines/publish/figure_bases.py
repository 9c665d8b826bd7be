"""The bases of a figure in rows and panels: where each stands, so that no bar is without its own.

A base that all bars of a panel share stands in the panel's title, one that a row keeps through all
panels beside the row's label; all others, and bases of kroner or inhabitants, stand in the caption.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.publish.danish import SUPPRESSED, lower_first
from pipelines.publish.language import Language
from pipelines.publish.model import ReleasedCell

NBSP: Final = "\u00a0"
_MOST_UNITS: Final = 10_000
Key = Callable[[ReleasedCell], str]


@dataclass(frozen=True)
class Bases:
    """Printed bases by panel and by row, and as a line of the caption."""

    of_panel: Mapping[str, str]
    of_row: Mapping[str, str]
    line: str


def bases_of(
    cells: Sequence[ReleasedCell],
    language: Language,
    what: str,
    panels: tuple[Key, Mapping[str, str]],
    rows: tuple[Key, Mapping[str, str]],
) -> Bases:
    """Place the bases of a figure's cells.

    Args:
        cells: What is drawn.
        language: To print in.
        what: What the base counts; nothing for figures that have no base, as counts.
        panels: The panel of a cell, and the panels' titles.
        rows: The row of a cell, and the rows' labels.
    """
    if not what:
        return Bases({}, {}, "")
    (panel_of, titles), (row_of, labels) = panels, rows
    by_panel = {key: _printed(cells, language, panel_of, key) for key in titles}
    by_row = {key: _printed(cells, language, row_of, key) for key in labels}
    if _counts_units(cells):
        named = language.text("base_named", what=what)
        if all(len(set(bases)) == 1 for bases in by_panel.values()):
            return Bases({key: bases[0] for key, bases in by_panel.items()}, {}, named)
        if all(len(set(bases)) == 1 for bases in by_row.values()):
            return Bases({}, {key: bases[0] for key, bases in by_row.items()}, named)
    parts = []
    for key, title in titles.items():
        of_panel = {row_of(c): _base(c, language) for c in cells if panel_of(c) == key}
        shared = set(of_panel.values())
        each = [f"{_in_list(labels[row], cells)} {base}" for row, base in of_panel.items()]
        parts.append(f"{title}: {shared.pop() if len(shared) == 1 else language.listed(each)}")
    return Bases({}, {}, language.text("bases_line", what=what, parts="; ".join(parts)))


def with_base(label: str, base: str, language: Language) -> str:
    """Add the base to a title or a label: '2017 (N = 39)'."""
    text = language.text("base_of_panel", period=label, base=base)
    return text.replace("N = ", f"N{NBSP}={NBSP}")


def _in_list(label: str, cells: Sequence[ReleasedCell]) -> str:
    """Name a row within a line: sizes are words, regions are names."""
    return lower_first(label) if cells[0].breakdown == "size" else label


def _printed(cells: Sequence[ReleasedCell], language: Language, of: Key, key: str) -> list[str]:
    return [_base(cell, language) for cell in cells if of(cell) == key]


def _base(cell: ReleasedCell, language: Language) -> str:
    return SUPPRESSED if cell.base is None else language.number(cell.base)


def _counts_units(cells: Sequence[ReleasedCell]) -> bool:
    """Whether the bases are numbers of units, not of kroner or inhabitants."""
    bases = [c.base for c in cells if c.base is not None]
    return bool(bases) and all(b.is_integer() and b < _MOST_UNITS for b in bases)
