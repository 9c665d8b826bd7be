"""An indicator's cells as a full cube, as JSON-stat and PX need them: dimensions, cells, holes.

Breakdown and group are one dimension, for the groups of two breakdowns never cross. A combination
that no cell has is a hole with a reason: its table is withheld, or the figure cannot occur. (What
could occur and is not known is a cell of its own, with a status.)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from pipelines.publish.danish import NOT_APPLICABLE, SUPPRESSED
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.periods import IN_A_YEAR, ON_A_DATE, PeriodKind, period_kind
from pipelines.publish.tables import TOTAL, period_label, ranks

GROUP, CATEGORY, MEASURE, PERIOD = "group", "category", "measure", "period"
Key = tuple[str, ...]
"""A code of each dimension: group, category, measure, period."""
Labels = dict[str, tuple[str, ...]]


class Hole(Enum):
    """Why a combination has no cell; the value is the sign that stands in its place."""

    NOT_APPLICABLE = NOT_APPLICABLE
    WITHHELD = SUPPRESSED


Slot = ReleasedCell | Hole


@dataclass(frozen=True)
class Dimension:
    """One dimension: its words and its codes with theirs, by language."""

    name: str
    titles: dict[str, str]
    codes: tuple[str, ...]
    labels: Labels


@dataclass(frozen=True)
class Cube:
    """Dimensions, and a slot for each combination, the last dimension running fastest."""

    dimensions: tuple[Dimension, ...]
    """Group, category, measure, period."""
    slots: tuple[Slot, ...]
    units: dict[str, dict[str, str]]
    decimals: dict[str, int]
    kind: PeriodKind | None = None
    """Of which kind the periods are, where the indicator has both."""

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The codes of each slot."""
        return tuple(itertools.product(*(d.codes for d in self.dimensions)))


def group_code(cell: ReleasedCell) -> str:
    """Return the code of a cell's group: breakdown and value, or `all`."""
    return TOTAL if cell.breakdown == TOTAL else f"{cell.breakdown}.{cell.breakdown_value}"


def key_of(cell: ReleasedCell) -> Key:
    """Return the cell's codes, in the order of the dimensions."""
    return group_code(cell), cell.category, cell.measure, cell.period


def cubes_of(release: Release, indicator: Indicator) -> tuple[Cube, ...]:
    """Arrange an indicator's cells.

    Args:
        release: The release.
        indicator: One of its indicators that has cells.

    Returns:
        A cube, or one for dates and one for years where there are both, for they do not compare;
        each of the indicator's cells is in exactly one slot.
    """
    cells = release.cells_of(indicator.indicator_id)
    found = {period_kind(c.period) for c in cells}
    kinds = [kind for kind in (ON_A_DATE, IN_A_YEAR) if kind in found]
    return tuple(
        _cube(
            release,
            indicator,
            [c for c in cells if period_kind(c.period) == kind],
            kind if len(kinds) > 1 else None,
        )
        for kind in kinds
    )


def _cube(
    release: Release,
    indicator: Indicator,
    cells: Sequence[ReleasedCell],
    kind: PeriodKind | None,
) -> Cube:
    dimensions = (
        _groups(cells),
        _dimension(CATEGORY, {"da": "Kategori", "en": "Category"}, cells, lambda c: c.category),
        _dimension(MEASURE, {"da": "Mål", "en": "Measure"}, cells, lambda c: c.measure),
        _periods(cells),
    )
    placed = {key_of(c): c for c in cells}
    holes = _Holes(release, indicator, cells)
    slots = tuple(
        placed.get(key) or holes.reason(key)
        for key in itertools.product(*(d.codes for d in dimensions))
    )
    return Cube(
        dimensions,
        slots,
        units={c.measure: {"da": c.unit_label_da, "en": c.unit_label_en} for c in cells},
        decimals={c.measure: c.decimals for c in cells},
        kind=kind,
    )


class _Holes:
    """Tells why there is no cell."""

    def __init__(
        self, release: Release, indicator: Indicator, cells: Sequence[ReleasedCell]
    ) -> None:
        self._withheld = {
            (w.breakdown, w.period)
            for w in release.withheld
            if w.indicator_id == indicator.indicator_id
        }
        self._breakdowns = {group_code(c): c.breakdown for c in cells}
        self._asked = {(c.category, c.measure, c.period) for c in cells}
        self._series = {(group_code(c), c.category, c.measure) for c in cells}

    def reason(self, key: Key) -> Hole:
        """Only what another table or another period shows can have been withheld here."""
        group, category, measure, period = key
        is_withheld = (self._breakdowns[group], period) in self._withheld and (
            (category, measure, period) in self._asked or (group, category, measure) in self._series
        )
        return Hole.WITHHELD if is_withheld else Hole.NOT_APPLICABLE


def _groups(cells: Sequence[ReleasedCell]) -> Dimension:
    """Breakdowns in order of appearance, and inside each its groups as tables print them."""
    breakdowns = {c.breakdown: (c.breakdown_label_da, c.breakdown_label_en) for c in cells}
    order = ranks((c.period, group_code(c)) for c in cells)
    places = list(breakdowns)
    found = {group_code(c): c for c in cells}
    codes = sorted(found, key=lambda code: (places.index(found[code].breakdown), order[code]))
    is_single = len(breakdowns) == 1

    def words(code: str) -> tuple[str, str]:
        cell = found[code]
        da, en = cell.breakdown_value_label_da, cell.breakdown_value_label_en
        if is_single or cell.breakdown == TOTAL:
            return da, en
        return f"{cell.breakdown_label_da}: {da}", f"{cell.breakdown_label_en}: {en}"

    titles = {"da": "Gruppe", "en": "Group"}
    if is_single and TOTAL not in breakdowns:
        titles = dict(zip(("da", "en"), next(iter(breakdowns.values())), strict=True))
    return _named(GROUP, titles, codes, [words(code) for code in codes])


def _dimension(
    name: str,
    titles: dict[str, str],
    cells: Sequence[ReleasedCell],
    code_of: Callable[[ReleasedCell], str],
) -> Dimension:
    order = ranks((c.period, code_of(c)) for c in cells)
    words = {
        code_of(c): (getattr(c, f"{name}_label_da"), getattr(c, f"{name}_label_en")) for c in cells
    }
    codes = sorted(words, key=order.__getitem__)
    return _named(name, titles, codes, [words[code] for code in codes])


def _periods(cells: Iterable[ReleasedCell]) -> Dimension:
    codes = sorted({c.period for c in cells})
    words = [(period_label(code), code) for code in codes]
    return _named(PERIOD, {"da": "Periode", "en": "Period"}, codes, words)


def _named(
    name: str, titles: dict[str, str], codes: Sequence[str], words: Sequence[tuple[str, str]]
) -> Dimension:
    """Give each code words of its own: readers of PX tell values apart by their words alone."""
    danish, english = zip(*words, strict=True)
    labels = {"da": distinct(danish, codes), "en": distinct(english, codes)}
    return Dimension(name, titles, tuple(codes), labels)


def distinct(words: Sequence[str], codes: Sequence[str]) -> tuple[str, ...]:
    """Tell equal words apart by their codes."""
    return tuple(
        word if words.count(word) == 1 else f"{word} ({code})"
        for word, code in zip(words, codes, strict=True)
    )
