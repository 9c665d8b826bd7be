"""The page behind the figures: for each cell its count, base, interval, status and deliveries.

Nothing stands here that is not in the release; of a hidden figure only that it is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pipelines.publish.findings.evidence import interval_of
from pipelines.publish.language import Language
from pipelines.publish.model import Note, Release, ReleasedCell, SourceDelivery
from pipelines.publish.site.links import anchor
from pipelines.publish.site.quality import deliveries_behind, delivery_name
from pipelines.publish.tables import TOTAL
from pipelines.statistics.disclosure import FREE


@dataclass(frozen=True)
class Explained:
    """How one figure came about."""

    anchor: str
    what: str
    period: str
    shown: str
    count: str
    base: str
    interval: str
    status: str
    notes: tuple[int, ...]
    deliveries: tuple[int, ...]


@dataclass(frozen=True)
class ExplainedGroup:
    """The figures of one group of one breakdown."""

    label: str
    rows: tuple[Explained, ...]


@dataclass(frozen=True)
class Explanations:
    """Everything on the page of explanations of an indicator."""

    groups: tuple[ExplainedGroup, ...]
    notes: tuple[Note, ...]
    deliveries: tuple[SourceDelivery, ...]


def explanations_of(release: Release, indicator_id: str, language: Language) -> Explanations:
    """Explain every cell of an indicator."""
    cells = release.cells_of(indicator_id)
    used = {note for c in cells for note in c.notes}
    notes = tuple(n for n in release.notes if n.note_id in used)
    deliveries = deliveries_behind(release, cells)
    numbers = {n.note_id: i for i, n in enumerate(notes, 1)}
    places: dict[str, list[int]] = defaultdict(list)
    for place, delivery in enumerate(deliveries, 1):
        places[delivery_name(delivery)].append(place)
    groups: dict[str, list[Explained]] = defaultdict(list)
    for cell in cells:
        behind = sorted(i for text in cell.sources_da.split("; ") for i in places.get(text, ()))
        noted = tuple(numbers[n] for n in cell.notes)
        groups[_group_label(cell, language)].append(
            _explained(cell, language, noted, tuple(behind))
        )
    return Explanations(
        tuple(ExplainedGroup(label, tuple(rows)) for label, rows in groups.items()),
        notes,
        deliveries,
    )


def _explained(
    cell: ReleasedCell, language: Language, notes: tuple[int, ...], deliveries: tuple[int, ...]
) -> Explained:
    found = interval_of(cell)
    interval = ""
    if found is not None:
        ends = (language.number(end, cell.decimals) for end in (found.lower, found.upper))
        interval = "–".join(ends)
    status = cell.obs_status if cell.conf_status == FREE else "hidden"
    return Explained(
        anchor=anchor(cell.cell_id),
        what=_what(cell, language),
        period=language.period(cell.period),
        shown=language.printed(cell.display_da),
        count=_number(cell.numerator, language),
        base=_number(cell.base, language),
        interval=interval,
        status=language.text(f"status_{status}"),
        notes=notes,
        deliveries=deliveries,
    )


def _what(cell: ReleasedCell, language: Language) -> str:
    measure = language.label(cell, "measure_label")
    if cell.category == TOTAL:
        return measure
    return f"{language.label(cell, 'category_label')}, {measure[:1].lower()}{measure[1:]}"


def _group_label(cell: ReleasedCell, language: Language) -> str:
    if cell.breakdown == TOTAL:
        return language.label(cell, "breakdown_value_label")
    breakdown = language.label(cell, "breakdown_label")
    return f"{breakdown}: {language.label(cell, 'breakdown_value_label')}"


def _number(value: float | None, language: Language) -> str:
    if value is None:
        return ""
    return language.number(value, 0 if value.is_integer() else 2)
