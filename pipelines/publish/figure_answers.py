"""Figures of the answers to a question: a panel an answer, in it the waves and the size classes.

The kind of the 2015 report's figures 3 and 4. Where the sizes of a wave are withheld, all
municipalities stand in their place; a wave that asked in another way is named and marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.publish.breaks import BREAK_STATUS, break_notes, notes_of, reason_of
from pipelines.publish.danish import BREAK_MARK, SUPPRESSED, lower_first
from pipelines.publish.figure_content import (
    BREAK,
    Bar,
    Shown,
    bar_of,
    break_text,
    caption_lines,
    group_label,
    source_lines,
)
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.tables import TOTAL, unique

_DONT_KNOW = "dont_know"
_BREAKDOWNS = (TOTAL, "size")


def answers(declared: Mapping[str, Any], release: Release, language: Language) -> Shown | None:
    """Take the cells of a declared figure."""
    cells = [
        c
        for c in release.cells_of(declared["indicator"])
        if c.measure in declared["measures"] and c.breakdown in _BREAKDOWNS
    ]
    if not cells:
        return None
    shown = _one_breakdown_a_period(cells)
    periods = sorted({c.period for c in shown})
    labels = {c.category: language.label(c, "category_label") for c in shown}
    empty = {k for k in labels if k == _DONT_KNOW and not _is_visible(shown, k)}
    order = [
        k
        for k in unique(c.category for c in sorted(shown, key=lambda c: (c.period, c.sort_order)))
        if k not in empty
    ]
    bars = [
        bar_of(c, language, labels[c.category], _row(c, language))
        for c in shown
        if c.category not in empty
    ]
    rows: list[str] = []
    for gaps, period in enumerate(periods):
        of_period = [c for c in shown if c.period == period]
        if rows:
            rows.append(" " * gaps)
            if any(c.obs_status == BREAK_STATUS for c in of_period):
                bars += _texts(labels, order, rows[-1], break_text(language))
        rows += unique(_row(c, language) for c in of_period)
    others = _asked_otherwise(release, declared["indicator"], periods)
    for gaps, later in enumerate(others, len(periods)):
        rows += [" " * gaps, later[-1].period]
        text = break_text(language) if break_notes(later) else language.text("counted_otherwise")
        bars += _texts(labels, order, later[-1].period, text)
    told = [c for c in shown if c.period > periods[0]]
    named = [c for later in others for c in later if c.period == later[-1].period]
    return Shown(
        panels=tuple(labels[k] for k in order),
        rows=tuple(rows),
        bars=tuple(bars),
        scale_max=100,
        caption=(
            _bases(shown, language, declared[f"base_{language.code}"]),
            *(_not_drawn(shown, k, language) for k in sorted(empty)),
            *(_otherwise_line(later, periods[-1], release, language) for later in others),
            *caption_lines(release, language, shown, told, _BREAKDOWNS),
            *source_lines(release, language, [*shown, *named], is_asked=True),
        ),
        cells=tuple(c for c in shown if c.category not in empty),
    )


def _texts(labels: Mapping[str, str], order: Sequence[str], row: str, text: str) -> list[Bar]:
    return [Bar(labels[k], row, BREAK, 0, text) for k in order]


def _one_breakdown_a_period(cells: Sequence[ReleasedCell]) -> list[ReleasedCell]:
    """Take the cells by size where they are published, and those of all elsewhere."""
    has_size = {c.period for c in cells if c.breakdown == "size"}
    return [c for c in cells if (c.breakdown == "size") == (c.period in has_size)]


def _asked_otherwise(
    release: Release, indicator_id: str, periods: Sequence[str]
) -> list[list[ReleasedCell]]:
    """Return the cells of each period in which the question was asked in another way.

    With each period go the earlier cells of its series: a break among them is crossed on the way
    from the figures shown.
    """
    means = [c for c in release.cells_of(indicator_id) if c.measure.endswith("_mean")]
    found = sorted({c.period for c in means} - set(periods))
    return [
        sorted((c for c in means if c.period <= period), key=lambda c: c.period) for period in found
    ]


def _otherwise_line(
    cells: Sequence[ReleasedCell], before: str, release: Release, language: Language
) -> str:
    """Say what a period shows instead, and why the figure breaks there if it does.

    The break is where this figure goes from one way of asking to the other, which need not be the
    year the other way began: both may have been asked for a while.
    """
    latest = [c for c in cells if c.period == cells[-1].period]
    sized = [c for c in latest if c.breakdown == "size"] or latest
    means = [f"{group_label(language, c).lower()} {language.printed(c.display_da)}" for c in sized]
    line = language.text(
        "otherwise_line",
        period=latest[0].period,
        measure=lower_first(language.label(latest[0], "measure_label")),
        means=language.listed(means),
    )
    notes = notes_of(release, break_notes(cells))
    if not notes:
        return line
    place = language.text("break_between", before=before, after=latest[0].period)
    reasons = " ".join(reason_of(note, language) for note in notes)
    return f"{BREAK_MARK} {place}: {line} {reasons}"


def _bases(cells: Sequence[ReleasedCell], language: Language, what: str) -> str:
    by_period: dict[str, dict[str, str]] = defaultdict(dict)
    for cell in cells:
        base = SUPPRESSED if cell.base is None else language.number(cell.base)
        by_period[cell.period][group_label(language, cell).lower()] = base
    parts = [
        f"{period}: {language.listed([f'{base} {group}' for group, base in groups.items()])}"
        for period, groups in sorted(by_period.items())
    ]
    return language.text("bases_line", what=what, parts="; ".join(parts))


def _is_visible(cells: Sequence[ReleasedCell], category: str) -> bool:
    """Whether there is a bar to be seen of an answer."""
    return any(c.value for c in cells if c.category == category)


def _not_drawn(cells: Sequence[ReleasedCell], category: str, language: Language) -> str:
    """Say why an answer has no panel: nobody gave it, or what is known of it is nil or hidden."""
    of_answer = [c for c in cells if c.category == category]
    key = "none_answered" if all(c.value == 0 for c in of_answer) else "only_in_table"
    return language.text(key, label=lower_first(language.label(of_answer[0], "category_label")))


def _row(cell: ReleasedCell, language: Language) -> str:
    return f"{cell.period}, {group_label(language, cell).lower()}"
