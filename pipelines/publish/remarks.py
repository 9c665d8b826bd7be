"""What stands below a table beside its notes, in every product alike."""

from __future__ import annotations

from pipelines.publish.language import Language
from pipelines.publish.tables import BreakdownTable


def remarks_of(table: BreakdownTable, language: Language) -> tuple[str, ...]:
    """Return how to read the rows of a part, and the days that columns of years are of."""
    found = []
    if table.part:
        found.append(language.label(table.part, "remark"))
    if table.days:
        days = language.listed([language.period(day) for day in table.days])
        found.append(language.text("counted_on", days=days))
    return tuple(text for text in found if text)
