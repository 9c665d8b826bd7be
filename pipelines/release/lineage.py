"""What is behind each cell: its deliveries, their files, and the rows that may be named.

Read from the live warehouse and the archive's manifests when a release is prepared, and kept in it
as `lineage.json`. Rows are named of sources whose every field is public; of others only how many
there are, so nothing here tells who answered what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.model import Source
from pipelines.intake.archive import Archive
from pipelines.intake.events import DeliveryState
from pipelines.intake.names import printable
from pipelines.publish.database import open_read_only

_BY: Final = ("municipality_code", "grant_pool")
"""Columns of register rows that a breakdown can be followed back to."""
_PLACES: Final = ("region", "municipality_type")


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
        if breakdown in _PLACES and "municipality_code" in spans:
            codes = self.places.get(breakdown, {}).get(group, ())
            by_code = spans["municipality_code"]
            return joined(number for code in codes for number in numbers(by_code.get(code, "")))
        column = {"municipality": "municipality_code", "grant_pool": "grant_pool"}.get(breakdown)
        if column is not None and column in spans:
            return spans[column].get(group, "")
        return spans["all"]["all"]

    def to_dict(self) -> dict[str, Any]:
        """As plain data; deliveries are named by their place in the list, to keep it short."""
        order = {delivery_id: at for at, delivery_id in enumerate(sorted(self.deliveries))}
        return {
            "deliveries": [asdict(self.deliveries[delivery_id]) for delivery_id in order],
            "cells": {cell: [order[d] for d in ids] for cell, ids in self.cells.items()},
            "rows": self.rows,
            "places": self.places,
        }


def lineage_from(data: Any) -> Lineage:
    """Read what `Lineage.to_dict` gave."""
    facts = []
    for entry in data["deliveries"]:
        parts = tuple(DeliveredPart(**part) for part in entry["files"])
        facts.append(
            DeliveryFacts(**{**entry, "files": parts, "corrections": tuple(entry["corrections"])})
        )
    return Lineage(
        deliveries={fact.delivery_id: fact for fact in facts},
        cells={
            cell: tuple(facts[at].delivery_id for at in places)
            for cell, places in data["cells"].items()
        },
        rows=data["rows"],
        places={
            kind: {name: tuple(codes) for name, codes in by_name.items()}
            for kind, by_name in data["places"].items()
        },
    )


def read_lineage(warehouse: Path, states: Iterable[DeliveryState], archive: Archive) -> Lineage:
    """Read what is behind every candidate cell of a finished warehouse.

    Args:
        warehouse: The live warehouse, opened read-only.
        states: Where each delivery stands by the ledger.
        archive: For the names and hashes of a delivery's files; no payload is opened.
    """
    sources = {name: load_source(name) for name in source_names()}
    with open_read_only(warehouse) as connection:
        cells = connection.execute(
            "select cell_id, delivery_ids from published.pub_indicator_cells order by cell_id"
        ).fetchall()
        applied = connection.execute(
            "select delivery_id, list(distinct correction_id order by correction_id) "
            "from raw.corrections where state = 'applied' group by delivery_id"
        ).fetchall()
        areas = connection.execute(
            "select region, municipality_type, municipality_code from reference.municipalities "
            "order by municipality_code"
        ).fetchall()
        numbered = {
            name: connection.execute(_rows_query(source)).fetchall()
            for name, source in sources.items()
            if not _is_confidential(source)
        }
    of_cell = {cell_id: tuple(sorted(ids or ())) for cell_id, ids in cells}
    used = {delivery for ids in of_cell.values() for delivery in ids}
    corrections = {delivery_id: tuple(ids) for delivery_id, ids in applied}
    return Lineage(
        deliveries={
            state.delivery_id: _facts(state, sources[state.source], archive, corrections)
            for state in states
            if state.delivery_id in used
        },
        cells=of_cell,
        rows={
            delivery_id: spans
            for rows in numbered.values()
            for delivery_id, spans in _spans(rows).items()
            if delivery_id in used
        },
        places={kind: _codes_by(areas, at) for at, kind in enumerate(_PLACES)},
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


def _is_confidential(source: Source) -> bool:
    return any(each.confidentiality != "public" for each in source.fields)


def _rows_query(source: Source) -> str:
    names = {each.field for each in source.loaded_fields}
    columns = ", ".join(name if name in names else f"null as {name}" for name in _BY)
    return f"select delivery_id, row_number, {columns} from raw.{source.table}"


def _spans(rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, dict[str, str]]]:
    collected: dict[str, dict[str, dict[str, list[int]]]] = {}
    for delivery_id, row_number, *values in rows:
        columns = collected.setdefault(delivery_id, {})
        for name, value in (("all", "all"), *zip(_BY, values, strict=True)):
            if value is not None:
                columns.setdefault(name, {}).setdefault(str(value), []).append(int(row_number))
    return {
        delivery_id: {
            name: {value: joined(found) for value, found in by_value.items()}
            for name, by_value in columns.items()
        }
        for delivery_id, columns in collected.items()
    }


def _codes_by(areas: Iterable[tuple[Any, ...]], at: int) -> dict[str, tuple[str, ...]]:
    by_name: dict[str, tuple[str, ...]] = {}
    for area in areas:
        by_name[area[at]] = (*by_name.get(area[at], ()), area[-1])
    return by_name


def _facts(
    state: DeliveryState,
    source: Source,
    archive: Archive,
    corrections: Mapping[str, tuple[str, ...]],
) -> DeliveryFacts:
    archived = archive.load(state.delivery_id)
    return DeliveryFacts(
        delivery_id=state.delivery_id,
        source=state.source,
        source_title_da=source.title_da,
        period=state.period,
        version=state.version,
        name=printable(state.name),
        received_at=state.received_at.isoformat(),
        is_synthetic=state.is_synthetic,
        is_confidential=_is_confidential(source),
        rows_read=state.rows_read,
        rows_accepted=state.rows_accepted,
        rows_quarantined=state.rows_quarantined,
        contract_fingerprint=state.contract_fingerprint,
        files=tuple(DeliveredPart(printable(f.name), f.sha256, f.bytes) for f in archived.files),
        corrections=corrections.get(state.delivery_id, ()),
    )
