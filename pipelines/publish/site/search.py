"""The index of the search box: what can be looked for, and where it stands.

Inlined into the start page, so that no request is made. Without a script the list of contents
serves; the box is then not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, Release
from pipelines.publish.site.links import anchor, page_file
from pipelines.publish.tables import TOTAL

SCRIPT = (Path(__file__).parent / "templates" / "search.js").read_text(encoding="utf-8")
MUNICIPALITY = "municipality"
Entry = tuple[str, str, str]
"""What is shown, where it is, and further words to find it by."""


def search_index(release: Release, language: Language) -> list[Entry]:
    """Return the entries: indicators, what they are broken down into, municipalities."""
    entries: list[Entry] = []
    for indicator in release.published_indicators():
        entries += _entries(release, indicator, language)
    return entries


def _entries(release: Release, indicator: Indicator, language: Language) -> Sequence[Entry]:
    page = page_file(language, "indicator", indicator.indicator_id)
    title = f"{indicator.indicator_id} {language.label(indicator, 'title')}"
    words = f"{language.label(indicator, 'definition')} {language.label(indicator, 'base')}"
    found: dict[Entry, None] = {(title, page, words): None}
    for cell in release.cells_of(indicator.indicator_id):
        if cell.category != TOTAL:
            found[f"{language.label(cell, 'category_label')} – {title}", page, ""] = None
        if cell.breakdown == MUNICIPALITY:
            name = language.label(cell, "breakdown_value_label")
            place = anchor(f"{MUNICIPALITY}-{cell.breakdown_value}")
            found[f"{name} – {title}", f"{page}#{place}", ""] = None
    return list(found)
