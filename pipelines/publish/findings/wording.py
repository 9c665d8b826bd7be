"""How a figure is worded within a sentence: its number, its group, its period, its uncertainty."""

from __future__ import annotations

from typing import Final

from pipelines.publish.danish import lower_first
from pipelines.publish.findings.evidence import Verdict, interval_of
from pipelines.publish.language import Language
from pipelines.publish.model import ReleasedCell
from pipelines.publish.tables import TOTAL, as_of, short

NBSP: Final = "\u00a0"
_COUNTED: Final = {"count", "persons"}


def filled(template: str, cell: ReleasedCell, language: Language) -> str:
    """Fill a declared sentence from a figure."""
    return spaced(
        template.format(
            value=value(cell, language),
            base="" if cell.base is None else language.number(cell.base),
            count="" if cell.numerator is None else language.number(cell.numerator),
            period=language.period_in_words(cell.period),
            when=when(cell, language),
            label=label(cell, language),
        )
    )


def change_key(verdict: Verdict, cell: ReleasedCell) -> str:
    """Counts are more or fewer, all else is more or less."""
    is_count = cell.unit in _COUNTED and verdict in (Verdict.HIGHER, Verdict.LOWER)
    return f"change_{verdict.value}{'_count' if is_count else ''}"


def when(cell: ReleasedCell, language: Language) -> str:
    """Say when: a year, or the day the figure is of, with its preposition."""
    period = as_of(cell)
    kind = "when_date" if "-" in period else "when_year"
    return language.text(kind, period=language.period_in_words(period))


def ended(text: str) -> str:
    """End a sentence whose last word may be a short form with its own point."""
    return text if text.endswith(".") else f"{text}."


def uncertainty(cell: ReleasedCell, language: Language) -> list[str]:
    """Tell the interval of a figure, if there is one and it is not a point."""
    found = interval_of(cell)
    if found is None or found.is_point:
        return []
    lower, upper = (language.number(end, cell.decimals) for end in (found.lower, found.upper))
    return [language.text("with_interval", lower=lower, upper=upper)]


def value(cell: ReleasedCell, language: Language) -> str:
    """Print a figure within a sentence, where the sign for nil is no word."""
    figure = "0" if cell.value == 0 else language.printed(cell.display_da)
    if cell.unit == "pct":
        return language.text("per_cent", number=figure).replace(" ", NBSP)
    return figure


def label(cell: ReleasedCell, language: Language) -> str:
    """Name the category of a figure within a sentence."""
    return lower_first(language.label(cell, "category_label"))


def group(cell: ReleasedCell, language: Language) -> str:
    """Name a group within a sentence: 'de store kommuner'."""
    words = lower_first(short(language.label(cell, "breakdown_value_label")))
    return words if cell.breakdown == TOTAL else language.text("group_words", label=words)


def spaced(text: str) -> str:
    """Keep the base together with its sign."""
    return text.replace("N = ", f"N{NBSP}={NBSP}")
