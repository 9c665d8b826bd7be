"""Names of the pages' files and of the places in them, the same for every page that links there."""

from __future__ import annotations

from urllib.parse import quote

from pipelines.publish.language import Language
from pipelines.publish.model import ReleasedCell
from pipelines.publish.tables import TOTAL


def anchor(cell_id: str) -> str:
    """Return the id of a cell's explanation: an id must not hold white space."""
    return cell_id.replace(" ", "_")


def page_file(language: Language, page: str, indicator_id: str = "", breakdown: str = TOTAL) -> str:
    """Return the name of a page's file in a language.

    Args:
        language: Of the page.
        page: Its key: `start`, `indicator`, `explanation` and so on.
        indicator_id: Whose page it is, if it is one of an indicator's.
        breakdown: Which table is explained: each has a page, for some have thousands of figures.
    """
    part = "" if breakdown == TOTAL else f"-{breakdown}"
    return language.text(f"file_{page}", indicator_id=indicator_id, part=part)


def explanation_link(language: Language, cell: ReleasedCell) -> str:
    """Return the link from a page to the explanation of a cell."""
    file = page_file(language, "explanation", cell.indicator_id, cell.breakdown)
    return f"{file}#{quote(anchor(cell.cell_id))}"
