"""What a figure shows, in words: the alternative text of its drawing.

First the findings that tell of bars of this very figure. Where they tell of fewer than two, the
bars of its latest period are told too, the highest first; an order is what the drawing shows, and
no difference is called one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.publish.danish import lower_first
from pipelines.publish.figure_content import group_label
from pipelines.publish.findings import findings_of
from pipelines.publish.findings import wording as words
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.tables import TOTAL, as_of, short, unique

_MOST: Final = 8
_ENDS: Final = 3
"""Of more bars than `_MOST` only these at each end are told; of more periods the first and last."""


def in_words(cells: Sequence[ReleasedCell], release: Release, language: Language) -> str:
    """Tell what the drawing of some cells shows.

    Args:
        cells: What is drawn.
        release: What is published.
        language: To write in.
    """
    drawn = {c.cell_id for c in cells}
    found = [
        finding
        for finding in findings_of(release, language, cells[0].indicator_id)
        if drawn.issuperset(finding.cell_ids)
    ]
    texts = [finding.text for finding in found]
    if sum(len(finding.cell_ids) for finding in found) < 2:
        texts.append(_latest(cells, language))
    return " ".join(text for text in texts if text) or language.text("no_finding")


def _latest(cells: Sequence[ReleasedCell], language: Language) -> str:
    """Tell the figures of the latest period that has any, and which periods are drawn beside."""
    visible = [c for c in cells if c.value is not None]
    if not visible:
        return ""
    period = max(c.period for c in visible)
    latest = [c for c in visible if c.period == period]
    label = language.period_in_words(as_of(latest[0]))
    series = {(c.category, c.measure) if _differ(latest, "category") else c.measure for c in latest}
    is_one_by_one = len(series) == len(latest) or len(series) == 1
    if is_one_by_one and not _differ(latest, "measure"):
        latest.sort(key=lambda c: -(c.value or 0))
    else:
        order = unique(c.category for c in latest)
        latest.sort(key=lambda c: order.index(c.category))
    named = [_named(c, latest, language) for c in latest]
    if len(named) > _MOST and is_one_by_one:
        ends = (language.listed(part) for part in (named[:_ENDS], named[-_ENDS:]))
        told = language.text("drawn_ends", **dict(zip(("high", "low"), ends, strict=True)))
    else:
        told = language.listed(named) if is_one_by_one else "; ".join(named)
    texts = [words.ended(f"{label}: {told}")]
    hidden = sum(c.value is None for c in cells if c.period == period)
    if hidden:
        texts.append(language.text("drawn_hidden", count=hidden))
    others = unique(language.period(as_of(c)) for c in _by_period(cells) if c.period != period)
    if others:
        is_long = len(others) > _ENDS
        listed = f"{others[0]}–{others[-1]}" if is_long else language.listed(others)
        texts.append(language.text("drawn_beside", periods=listed))
    return " ".join(texts)


def _named(cell: ReleasedCell, latest: Sequence[ReleasedCell], language: Language) -> str:
    """Print a figure after what tells it from the others."""
    names = []
    if _differ(latest, "measure"):
        names.append(language.label(cell, "measure_label"))
    if _differ(latest, "category") and cell.category != TOTAL:
        names.append(short(language.label(cell, "category_label")))
    if _differ(latest, "breakdown_value"):
        group = group_label(language, cell)
        names.append(lower_first(group) if cell.breakdown == "size" else group)
    return " ".join([", ".join(names), words.value(cell, language)]).strip()


def _differ(cells: Sequence[ReleasedCell], name: str) -> bool:
    return len({getattr(c, name) for c in cells}) > 1


def _by_period(cells: Sequence[ReleasedCell]) -> list[ReleasedCell]:
    return sorted(cells, key=lambda c: c.period)
