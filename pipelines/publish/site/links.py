"""Names of the pages' files and of the places in them, the same for every page that links there."""

from __future__ import annotations

from urllib.parse import quote

from pipelines.publish.language import Language
from pipelines.publish.tables import TOTAL


def anchor(cell_id: str) -> str:
    """Return the id of a cell's explanation: an id must not hold white space."""
    return cell_id.replace(" ", "_")


def page_file(
    language: Language, page: str, indicator_id: str = "", breakdown: str = TOTAL, number: int = 1
) -> str:
    """Return the name of a page's file in a language.

    Args:
        language: Of the page.
        page: Its key: `start`, `indicator`, `explanation` and so on.
        indicator_id: Whose page it is, if it is one of an indicator's.
        breakdown: Which table is explained: each has a page of its own.
        number: Which page of a table that has several, for some have thousands of figures.
    """
    part = "" if breakdown == TOTAL else f"-{breakdown}"
    part += "" if number == 1 else f"-{number}"
    return language.text(f"file_{page}", indicator_id=indicator_id, part=part)


def place_in(file: str, cell_id: str) -> str:
    """Return the link to a cell's explanation on a page."""
    return f"{file}#{quote(anchor(cell_id))}"
