"""The page behind the figures: for each cell its count, base, interval, status and deliveries.

Nothing stands here that is not in the release; of a hidden figure only that it is hidden.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.disclosure.status import FREE
from pipelines.publish.findings.evidence import interval_of
from pipelines.publish.language import Language
from pipelines.publish.model import Note, Release, ReleasedCell, SourceDelivery
from pipelines.publish.site.content import Trail
from pipelines.publish.site.links import anchor
from pipelines.publish.source_names import deliveries_behind, delivery_name
from pipelines.publish.tables import TOTAL


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
    deliveries: tuple[str, ...]
    earlier: str


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
    has_earlier: bool


def explanations_of(
    release: Release,
    cells: Sequence[ReleasedCell],
    language: Language,
    trails: Mapping[str, Trail],
) -> Explanations:
    """Explain the cells of a table.

    Args:
        release: What is published.
        cells: What to explain.
        language: To write in.
        trails: Where cells come from, of those for which it is known to the row.
    """
    used = {note for c in cells for note in c.notes}
    notes = tuple(n for n in release.notes if n.note_id in used)
    deliveries = deliveries_behind(release, cells)
    numbers = {n.note_id: i for i, n in enumerate(notes, 1)}
    places = {d.delivery_id: i for i, d in enumerate(deliveries, 1)}
    named: dict[str, list[str]] = defaultdict(list)
    for delivery in deliveries:
        named[delivery_name(delivery)].append(delivery.delivery_id)
    groups: dict[str, list[Explained]] = defaultdict(list)
    for cell in cells:
        trail = trails.get(cell.cell_id) or _known_trail(cell, named)
        noted = tuple(sorted(numbers[n] for n in cell.notes))
        groups[_group_label(cell, language)].append(
            _explained(cell, language, noted, trail, places)
        )
    return Explanations(
        tuple(ExplainedGroup(label, tuple(rows)) for label, rows in groups.items()),
        notes,
        deliveries,
        has_earlier=any(row.earlier for rows in groups.values() for row in rows),
    )


def _known_trail(cell: ReleasedCell, named: Mapping[str, Sequence[str]]) -> Trail:
    """Return what the release alone knows of where a cell comes from."""
    texts = cell.sources_da.split("; ")
    return Trail(tuple(d for text in texts for d in named.get(text, ())), {}, ())


def _delivery_texts(trail: Trail, places: Mapping[str, int], language: Language) -> tuple[str, ...]:
    ordered = sorted((places[d], d) for d in trail.deliveries if d in places)
    return tuple(
        f"{place} ({language.text('rows_named', rows=trail.rows[delivery])})"
        if delivery in trail.rows
        else str(place)
        for place, delivery in ordered
    )


def _explained(
    cell: ReleasedCell,
    language: Language,
    notes: tuple[int, ...],
    trail: Trail,
    places: Mapping[str, int],
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
        deliveries=_delivery_texts(trail, places, language),
        earlier="; ".join(
            f"{version}: {language.printed(shown)}" for version, shown in trail.earlier if shown
        ),
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
