"""Names of sources and of deliveries in either language, as they stand under tables and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from pipelines.publish.language import DANISH, Language
from pipelines.publish.model import Release, ReleasedCell, SourceDelivery
from pipelines.publish.tables import named_sources

SourceTitles: TypeAlias = Mapping[str, str]
"""English titles, by source; the Danish ones come with the release."""
NO_TITLES: Final[SourceTitles] = MappingProxyType({})
_SYNTHETIC: Final = "(syntetisk)"


def source_names(
    cells: Sequence[ReleasedCell], release: Release, language: Language, titles: SourceTitles
) -> tuple[str, ...]:
    """Name the sources of cells once each, with their periods."""
    names = named_sources(cells)
    if language.code == DANISH:
        return names
    english = {
        d.source_title_da: titles[d.source] for d in release.deliveries if d.source in titles
    }
    return tuple(_translated(name, english, language) for name in names)


def deliveries_behind(
    release: Release, cells: Sequence[ReleasedCell]
) -> tuple[SourceDelivery, ...]:
    """Return the deliveries that stand behind some cells, in the release's order."""
    named = {text for c in cells for text in c.sources_da.split("; ") if text}
    return tuple(d for d in release.deliveries if delivery_name(d) in named)


def delivery_name(delivery: SourceDelivery) -> str:
    """Name a delivery as the cells do."""
    mark = f" {_SYNTHETIC}" if delivery.is_synthetic else ""
    return f"{delivery.source_title_da} {delivery.period}{mark}"


def _translated(name: str, english: SourceTitles, language: Language) -> str:
    title, _, periods = name.partition(": ")
    words = periods.removesuffix(f" {_SYNTHETIC}")
    dates = ", ".join(_date(text, language) for text in words.split(", "))
    mark = "" if words == periods else f" {language.text('synthetic_in_source')}"
    return f"{english.get(title, title)}: {dates}{mark}"


def _date(danish: str, language: Language) -> str:
    """Print a period that is printed in Danish: `30-06-2015` or `2015`."""
    return language.period("-".join(reversed(danish.split("-"))))
