"""Names of sources and of deliveries in either language, as they stand with cells and below tables.

A cell names each delivery behind it as `<title of its source> <period>`; what stands below a table
names each source once, with its periods.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pipelines.publish.language import DANISH, Language, language
from pipelines.publish.model import Release, ReleasedCell, SourceDelivery

_BETWEEN: Final = "; "
_SOURCE: Final = re.compile(
    r"(?P<title>.+?) (?P<period>[0-9-]+)(?P<mark> \((?:syntetisk|synthetic)\))?"
)


def source_names(cells: Iterable[ReleasedCell], spoken: Language) -> tuple[str, ...]:
    """Name the sources of cells once each: 'Spørgeskema: 2015, 2016 (syntetisk)'."""
    periods: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text in sorted({part for cell in cells for part in _texts(cell, spoken.code)}):
        named = _SOURCE.fullmatch(text)
        if named:
            mark = _mark(spoken.code) if named["mark"] else ""
            periods[named["title"], mark].append(spoken.period(named["period"]))
    return tuple(f"{title}: {', '.join(p)}{mark}" for (title, mark), p in sorted(periods.items()))


def sources_text(cells: Iterable[ReleasedCell], spoken: Language) -> str:
    """Name the sources of cells in one line; what rests on no delivery is reference data."""
    return _BETWEEN.join(source_names(cells, spoken)) or spoken.text("reference_data")


def source_periods(cell: ReleasedCell) -> tuple[str, ...]:
    """Return the periods of the deliveries that a cell names."""
    named = (_SOURCE.fullmatch(text) for text in _texts(cell, DANISH))
    return tuple(each["period"] for each in named if each)


def deliveries_behind(
    release: Release, cells: Sequence[ReleasedCell]
) -> tuple[SourceDelivery, ...]:
    """Return the deliveries that stand behind some cells, in the release's order."""
    named = {text for cell in cells for text in _texts(cell, DANISH)}
    return tuple(d for d in release.deliveries if delivery_name(d) in named)


def delivery_name(delivery: SourceDelivery, code: str = DANISH) -> str:
    """Name a delivery as the cells do."""
    mark = _mark(code) if delivery.is_synthetic else ""
    return f"{source_title(delivery, code)} {delivery.period}{mark}"


def source_title(delivery: SourceDelivery, code: str) -> str:
    """Return what the source of a delivery is called."""
    return (delivery.source_title_en if code != DANISH else "") or delivery.source_title_da


def joined(names: Iterable[str]) -> str:
    """Put the names of deliveries together, as cells have them."""
    return _BETWEEN.join(sorted(set(names)))


def _texts(cell: ReleasedCell, code: str) -> list[str]:
    text = (cell.sources_en if code != DANISH else "") or cell.sources_da
    return [part for part in text.split(_BETWEEN) if part]


def _mark(code: str) -> str:
    return f" {language(code).text('synthetic_in_source')}"
