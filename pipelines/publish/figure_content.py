"""A figure before it is drawn, and the lines under it: bases, breaks, intervals, sources.

The same for every kind of figure; which cells a figure takes is decided in `figure_data`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.publish.breaks import break_notes, notes_of
from pipelines.publish.danish import BREAK_MARK, NOT_AVAILABLE, SUPPRESSED
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.source_names import source_names
from pipelines.publish.tables import TOTAL, responses, short

NBSP = "\u00a0"
BREAK = "break"


@dataclass(frozen=True)
class Bar:
    """One bar: a figure with its interval, or a text in its place."""

    panel: str
    row: str
    group: str
    value: float
    text: str
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class FigureContent:
    """A figure before it is drawn.

    Attributes:
        figure_id: Id in links and file names.
        indicator_id: The indicator it shows.
        language: Code of the language it is in.
        title: Title, with the number of the report's figure where it is one of its kind.
        unit: What the bars measure.
        panels: Titles of the panels, in order.
        rows: Labels of the rows, in order; blank ones are gaps.
        bars: The bars.
        scale_max: Where the scale ends.
        caption: Lines under the figure: bases, breaks, intervals, source.
        finding: What the figure shows, in words; also its alternative text.
        is_synthetic: Whether it rests on made-up deliveries.
        is_on_start: Whether the start page shows it.
    """

    figure_id: str
    indicator_id: str
    language: str
    title: str
    unit: str
    panels: tuple[str, ...]
    rows: tuple[str, ...]
    bars: tuple[Bar, ...]
    scale_max: float
    caption: tuple[str, ...]
    finding: str
    is_synthetic: bool
    is_on_start: bool


@dataclass(frozen=True)
class Shown:
    """What a kind of figure takes from a release: everything but its titles and its finding."""

    panels: tuple[str, ...]
    rows: tuple[str, ...]
    bars: tuple[Bar, ...]
    scale_max: float
    caption: tuple[str, ...]
    cells: tuple[ReleasedCell, ...]

    @property
    def is_synthetic(self) -> bool:
        """Whether any figure shown rests on made-up deliveries."""
        return any(cell.is_synthetic for cell in self.cells)


def break_text(language: Language) -> str:
    """What stands in the place of figures that cannot be compared."""
    return f"{BREAK_MARK} {language.text('break_in_series')}"


def bar_of(cell: ReleasedCell, language: Language, panel: str, row: str, mark: str = "") -> Bar:
    """Make the bar of a cell; `mark` stands before its number."""
    text = language.printed(cell.display_da)
    return Bar(
        panel=panel,
        row=row,
        group=cell.breakdown_value if cell.breakdown == "size" else TOTAL,
        value=cell.value or 0,
        text=f"{mark} {text}" if mark else text,
        lower=cell.lower_bound,
        upper=cell.upper_bound,
    )


def caption_lines(
    release: Release,
    language: Language,
    cells: Sequence[ReleasedCell],
    told: Iterable[ReleasedCell],
    breakdowns: Sequence[str],
) -> list[str]:
    """Return the lines that every figure has under it.

    Args:
        release: What is published.
        language: To write in.
        cells: What is shown.
        told: The cells that come after a break, if there is one.
        breakdowns: Those that would be shown; one that is withheld is named.
    """
    lines = [
        f"{BREAK_MARK} {language.label(note, 'text')}"
        for note in notes_of(release, break_notes(told))
    ]
    if any(cell.symbol == SUPPRESSED for cell in cells):
        lines.append(language.text("hidden_line", sign=SUPPRESSED))
    if any(cell.symbol == NOT_AVAILABLE for cell in cells):
        lines.append(language.text("missing_line", sign=NOT_AVAILABLE))
    lines += _withheld(release, language, cells[0].indicator_id, breakdowns)
    lines += _intervals(language, cells)
    return lines


def source_lines(
    release: Release,
    language: Language,
    cells: Sequence[ReleasedCell],
    is_asked: bool,
) -> list[str]:
    """Name what the figure rests on, and how many answered."""
    lines = []
    periods = {c.period for c in cells}
    answers = [
        language.text(
            "answers_part",
            period=period,
            answered=r.answered,
            invited=r.invited,
            per_cent=language.printed(r.per_cent),
        )
        for period, r in responses(release).items()
        if is_asked and period in periods
    ]
    if answers:
        lines.append(language.text("answers_line", answers="; ".join(answers)))
    sources = source_names(cells, language)
    return [*lines, language.text("source_line", sources="; ".join(sources))] if sources else lines


def group_label(language: Language, cell: ReleasedCell) -> str:
    """Name a group shortly: 'Store kommuner (over …)' -> 'Store'."""
    label = short(language.label(cell, "breakdown_value_label"))
    return label.removesuffix(" kommuner").removesuffix(" municipalities")


def _withheld(
    release: Release, language: Language, indicator_id: str, breakdowns: Sequence[str]
) -> list[str]:
    by_breakdown: dict[str, list[str]] = {}
    for table in release.withheld:
        if table.indicator_id == indicator_id and table.breakdown in breakdowns:
            by_breakdown.setdefault(table.breakdown, []).append(language.period(table.period))
    return [
        language.text(
            "withheld_table" if breakdown == TOTAL else "withheld_breakdown",
            periods=language.listed(periods),
        )
        for breakdown, periods in by_breakdown.items()
    ]


def _intervals(language: Language, cells: Sequence[ReleasedCell]) -> list[str]:
    if any(c.lower_bound is not None for c in cells):
        return [language.text("interval_line")]
    is_uncertain = any(c.is_confidential and c.unit == "pct" for c in cells)
    return [language.text("no_interval_line")] if is_uncertain else []
