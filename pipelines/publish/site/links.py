"""Names of the pages' files and of the places in them, the same for every page that links there."""

from __future__ import annotations

from urllib.parse import quote

from pipelines.publish.language import Language
from pipelines.publish.model import ReleasedCell


def anchor(cell_id: str) -> str:
    """Return the id of a cell's explanation: an id must not hold white space."""
    return cell_id.replace(" ", "_")


def page_file(language: Language, page: str, indicator_id: str = "") -> str:
    """Return the name of a page's file in a language."""
    return language.text(f"file_{page}", indicator_id=indicator_id)


def explanation_link(language: Language, cell: ReleasedCell) -> str:
    """Return the link from a page to the explanation of a cell."""
    file = page_file(language, "explanation", cell.indicator_id)
    return f"{file}#{quote(anchor(cell.cell_id))}"
