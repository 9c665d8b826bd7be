"""What is told of a cell whose table is not published: that it is withheld, and by which rule.

Whether the table would have had such a cell, and what would have stood in it, is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from pipelines.publish.language import DANISH, language
from pipelines.publish.model import Release, WithheldTable
from pipelines.release.terminal import inert

RULES_DOC: Final = "docs/disclosure.md"


@dataclass(frozen=True)
class WithheldExplanation:
    """A table that is not published, asked for by a cell of it."""

    cell_id: str
    version: str
    title_da: str
    table: WithheldTable
    threshold: int


def withheld_of(release: Release, cell_id: str) -> WithheldExplanation | None:
    """The withheld table that a cell would stand in; None where no such table is withheld."""
    place = tuple(cell_id.split(".")[:3])
    for table in release.withheld:
        if (table.indicator_id, table.period, table.breakdown) == place:
            titles = {each.indicator_id: each.title_da for each in release.indicators}
            return WithheldExplanation(
                cell_id=cell_id,
                version=release.info.version,
                title_da=titles.get(table.indicator_id, table.indicator_id),
                table=table,
                threshold=release.info.threshold,
            )
    return None


@inert
def withheld_lines(told: WithheldExplanation) -> Iterable[str]:
    """Tell it in Danish."""
    table = told.table
    period = language(DANISH).period_in_words(table.period)
    by = "" if table.breakdown == "all" else f" efter {table.breakdown_label_da.lower()}"
    yield f"{told.cell_id}   udgivelse {told.version}"
    yield f"{told.title_da}{by}, {period}"
    yield ""
    yield "Tal         Hele tabellen er holdt tilbage; ingen af dens tal er udgivet."
    yield f"Hvorfor     {table.reason_da}"
    yield (
        f"Regel       Svar i et antal under {told.threshold} skjules, og kroner, som én eller to "
        "boligorganisationer næsten er ene om."
    )
    yield (
        "            En tabel holdes tilbage, når et skjult tal ellers kunne regnes ud. "
        f"Reglerne står i {RULES_DOC}."
    )


def withheld_data(told: WithheldExplanation) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "cell_id": told.cell_id,
        "version": told.version,
        "title_da": told.title_da,
        "is_withheld": True,
        "table": asdict(told.table),
        "threshold": told.threshold,
    }
