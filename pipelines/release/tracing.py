"""Reads what is behind every cell from a finished warehouse and the archive's manifests.

No payload is opened. What rows say is kept as hashes, so that a release can tell whether the rows
behind a figure are other ones than before: by municipality and grant pool of public sources, of
others the whole delivery alone, whose hash tells nothing of an answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import duckdb

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.model import Source
from pipelines.intake.archive import Archive
from pipelines.intake.events import DeliveryState
from pipelines.intake.names import printable
from pipelines.publish.database import open_read_only
from pipelines.release.lineage import (
    ACTIVE,
    BY,
    EVERY,
    PLACES,
    DeliveredPart,
    DeliveryFacts,
    Lineage,
    joined,
)
from pipelines.release.models import Models
from pipelines.release.steps import Place, Step, StepReader

_HASH_LENGTH: Final = 16
_Row = tuple[Any, ...]
"""Delivery, row number, a hash of what the row says, and the values of `BY`."""
_Divided = dict[str, dict[str, list[tuple[int, str]]]]
"""Column to value to the rows with it: their numbers and what they say."""
_Spans = dict[str, dict[str, str]]


def read_lineage(
    warehouse: Path, states: Iterable[DeliveryState], archive: Archive, models: Models
) -> Lineage:
    """Read what is behind every candidate cell of a finished warehouse.

    Args:
        warehouse: The live warehouse, opened read-only.
        states: Where each delivery stands by the ledger.
        archive: For the names and hashes of a delivery's files; no payload is opened.
        models: The models on the way to each cell.
    """
    sources = {name: load_source(name) for name in source_names()}
    known = {state.delivery_id: state for state in states}
    with open_read_only(warehouse) as connection:
        cells = connection.execute(
            "select cell_id, delivery_ids, indicator_id, period, breakdown, breakdown_value, "
            "is_confidential from published.pub_indicator_cells order by cell_id"
        ).fetchall()
        applied = connection.execute(
            "select delivery_id, list(distinct correction_id order by correction_id) "
            "from raw.corrections where state = 'applied' group by delivery_id"
        ).fetchall()
        areas = connection.execute(
            "select region, municipality_type, municipality_code from reference.municipalities "
            "order by municipality_code"
        ).fetchall()
        of_cell = {cell_id: tuple(sorted(ids or ())) for cell_id, ids, *_ in cells}
        used = {delivery for ids in of_cell.values() for delivery in ids}
        places = {kind: _codes_by(areas, at) for at, kind in enumerate(PLACES)}
        rows: dict[str, _Spans] = {}
        content: dict[str, _Spans] = {}
        for source in sources.values():
            found = _rows(connection, source)
            spans = _by_value(found, is_public := not _is_confidential(source))
            content |= {k: _each(v, _hashed) for k, v in spans.items() if k in used}
            if is_public:
                rows |= {k: _each(v, _numbered) for k, v in spans.items() if k in used}
        for delivery_id, active in _active_rows(connection).items():
            if delivery_id in rows:
                rows[delivery_id][ACTIVE] = {EVERY: active}
        public = {each for each in used if not _is_confidential(sources[known[each].source])}
        steps = _steps(connection, cells, models, places, public)
    corrections = {delivery_id: tuple(ids) for delivery_id, ids in applied}
    return Lineage(
        deliveries={
            key: _facts(state, sources[state.source], archive, corrections)
            for key, state in known.items()
            if key in used
        },
        cells=of_cell,
        rows=rows,
        content=content,
        places=places,
        steps=steps,
    )


def _is_confidential(source: Source) -> bool:
    return any(each.confidentiality != "public" for each in source.fields)


def _rows(connection: duckdb.DuckDBPyConnection, source: Source) -> list[_Row]:
    relation = f"raw.{source.table}"
    names = [name for name, *_ in connection.execute(f"describe {relation}").fetchall()]
    said = [name for name in names if name not in ("delivery_id", "row_number", "period")]
    row = ", ".join(f"{name} := {name}" for name in said)
    columns = ", ".join(name if name in names else f"null as {name}" for name in BY)
    return connection.execute(
        f"select delivery_id, row_number, md5(cast(struct_pack({row}) as varchar)), {columns} "
        f"from {relation} order by delivery_id, row_number"
    ).fetchall()


def _by_value(rows: Iterable[_Row], is_divided: bool) -> dict[str, _Divided]:
    """The rows of each delivery: all of them, and by the columns that groups are found by."""
    divided: dict[str, _Divided] = {}
    for delivery_id, row_number, said, *values in rows:
        columns = divided.setdefault(delivery_id, {})
        by = zip(BY, values, strict=True) if is_divided else ()
        for name, value in ((EVERY, EVERY), *by):
            if value is not None:
                place = columns.setdefault(name, {}).setdefault(str(value), [])
                place.append((int(row_number), said))
    return divided


def _each(divided: _Divided, told: Callable[[list[tuple[int, str]]], str]) -> _Spans:
    return {
        name: {value: told(found) for value, found in by_value.items()}
        for name, by_value in divided.items()
    }


def _numbered(found: list[tuple[int, str]]) -> str:
    return joined(number for number, _ in found)


def _hashed(found: list[tuple[int, str]]) -> str:
    said = "\n".join(sorted(said for _, said in found))
    return hashlib.sha256(said.encode()).hexdigest()[:_HASH_LENGTH]


def _active_rows(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Row numbers of what was active on the extract's date, where a staging model tells."""
    tables = connection.execute(
        "select table_name from information_schema.columns where table_schema = 'staging' "
        "and column_name in ('delivery_id', 'row_number', 'is_active') "
        "group by table_name having count(*) = 3 order by table_name"
    ).fetchall()
    found: dict[str, list[int]] = {}
    for (name,) in tables:
        for delivery_id, row_number in connection.execute(
            f'select delivery_id, row_number from staging."{name}" where is_active'
        ).fetchall():
            found.setdefault(delivery_id, []).append(row_number)
    return {delivery_id: joined(rows) for delivery_id, rows in found.items()}


def _steps(
    connection: duckdb.DuckDBPyConnection,
    cells: Iterable[tuple[Any, ...]],
    models: Models,
    places: Mapping[str, Mapping[str, tuple[str, ...]]],
    public: set[str],
) -> dict[str, tuple[Step, ...]]:
    reader = StepReader(connection, {k: model.layer for k, model in models.sql.items()}, places)
    found = {}
    for cell_id, ids, indicator_id, period, breakdown, group, is_confidential in cells:
        if is_confidential or not ids or not set(ids) <= public:
            continue
        place = Place(frozenset(ids), period, breakdown, group)
        found[cell_id] = reader.steps(place, models.chains[indicator_id].models)
    return found


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
        source_title_en=source.title_en,
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
