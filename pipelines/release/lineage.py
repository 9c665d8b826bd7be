"""What is behind each cell: its deliveries, their files, and the rows that may be named.

Kept in a release as `lineage.json`; `tracing` reads it from the warehouse. Rows are named of
sources whose every field is public; of others only how many there are, so nothing here tells who
answered what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pipelines.release.steps import Step

BY: Final = ("municipality_code", "grant_pool")
"""Columns of register rows that a breakdown can be followed back to."""
PLACES: Final = ("region", "municipality_type")
"""Breakdowns by area: several municipalities make one group."""
EVERY: Final = "all"
ACTIVE: Final = "is_active"


@dataclass(frozen=True)
class DeliveredPart:
    """One file of a delivery."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class DeliveryFacts:
    """A delivery behind some cell; what may be said of it to anybody in the house."""

    delivery_id: str
    source: str
    source_title_da: str
    source_title_en: str
    period: str
    version: int | None
    name: str
    received_at: str
    is_synthetic: bool
    is_confidential: bool
    rows_read: int | None
    rows_accepted: int | None
    rows_quarantined: int | None
    contract_fingerprint: str | None
    files: tuple[DeliveredPart, ...]
    corrections: tuple[str, ...]
    """Ids of the corrections that were applied to it."""


@dataclass(frozen=True)
class Lineage:
    """Deliveries, which of them are behind each cell, and the rows of register deliveries."""

    deliveries: Mapping[str, DeliveryFacts] = field(default_factory=dict)
    cells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Delivery to column (or "all") to its value to row numbers, as `2-5,9`."""
    content: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    """Delivery to column (or "all") to its value to a hash of what the rows say; of a confidential
    delivery the whole alone."""
    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    """Cell to the rows left in each model on its way, of public register figures."""
    places: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Kind of area to its name to the municipalities in it."""

    def of(self, cell_ids: Iterable[str]) -> Lineage:
        """What is behind some of the cells."""
        cells = {cell_id: self.cells.get(cell_id, ()) for cell_id in cell_ids}
        used = {delivery for ids in cells.values() for delivery in ids}
        return Lineage(
            deliveries={k: v for k, v in self.deliveries.items() if k in used},
            cells=cells,
            rows={k: v for k, v in self.rows.items() if k in used},
            content={k: v for k, v in self.content.items() if k in used},
            steps={k: v for k, v in self.steps.items() if k in cells},
            places=self.places,
        )

    def rows_behind(self, delivery_id: str, breakdown: str, group: str) -> str | None:
        """Row numbers of a register delivery that a cell of this group can rest on.

        Returns:
            Numbers as `2-5,9`; None where rows of the delivery are not named.
        """
        spans = self.rows.get(delivery_id)
        if spans is None:
            return None
        column, values = self._place(breakdown, group, spans)
        return joined(n for value in values for n in numbers(spans[column].get(value, "")))

    def active_rows(self, delivery_id: str, rows: str) -> str | None:
        """Those of some rows that are of active plans; None where nothing tells."""
        spans = self.rows.get(delivery_id, {})
        if ACTIVE not in spans:
            return None
        return joined({*numbers(rows)} & {*numbers(spans[ACTIVE][EVERY])})

    def content_behind(self, delivery_id: str, breakdown: str, group: str) -> tuple[str, ...]:
        """What the rows say that a cell of this group can rest on, as hashes; none if unknown."""
        hashes = self.content.get(delivery_id)
        if hashes is None:
            return ()
        column, values = self._place(breakdown, group, hashes)
        return tuple(hashes[column].get(value, "") for value in values)

    def _place(
        self, breakdown: str, group: str, known: Mapping[str, Mapping[str, str]]
    ) -> tuple[str, tuple[str, ...]]:
        """The column that a group is found by, and the values of it; else everything."""
        column = {"municipality": BY[0], "grant_pool": BY[1]}.get(breakdown)
        if breakdown in PLACES and BY[0] in known:
            return BY[0], self.places.get(breakdown, {}).get(group, ())
        if column is not None and column in known:
            return column, (group,)
        return EVERY, (EVERY,)

    def to_dict(self) -> dict[str, Any]:
        """As plain data; deliveries are named by their place in the list, to keep it short."""
        order = {delivery_id: at for at, delivery_id in enumerate(sorted(self.deliveries))}
        ways = {steps: at for at, steps in enumerate(dict.fromkeys(self.steps.values()))}
        return {
            "deliveries": [asdict(self.deliveries[delivery_id]) for delivery_id in order],
            "cells": {cell: [order[d] for d in ids] for cell, ids in self.cells.items()},
            "rows": self.rows,
            "content": self.content,
            "places": self.places,
            "steps": [[asdict(step) for step in steps] for steps in ways],
            "steps_of": {cell: ways[steps] for cell, steps in self.steps.items()},
        }


def lineage_from(data: Any) -> Lineage:
    """Read what `Lineage.to_dict` gave."""
    facts = []
    for entry in data["deliveries"]:
        parts = tuple(DeliveredPart(**part) for part in entry["files"])
        facts.append(
            DeliveryFacts(**{**entry, "files": parts, "corrections": tuple(entry["corrections"])})
        )
    ways = [tuple(Step(**step) for step in steps) for steps in data["steps"]]
    return Lineage(
        deliveries={fact.delivery_id: fact for fact in facts},
        cells={
            cell: tuple(facts[at].delivery_id for at in places)
            for cell, places in data["cells"].items()
        },
        rows=data["rows"],
        content=data["content"],
        steps={cell: ways[at] for cell, at in data["steps_of"].items()},
        places={
            kind: {name: tuple(codes) for name, codes in by_name.items()}
            for kind, by_name in data["places"].items()
        },
    )


def joined(found: Iterable[int]) -> str:
    """Write row numbers as spans: `2-5,9`."""
    spans: list[list[int]] = []
    for number in sorted(set(found)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(f"{a}" if a == b else f"{a}-{b}" for a, b in spans)


def numbers(spans: str) -> list[int]:
    """Read row numbers that `joined` wrote."""
    found: list[int] = []
    for span in filter(None, spans.split(",")):
        first, _, last = span.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found
