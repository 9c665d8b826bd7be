"""Apply a source's corrections to rows as delivered, before the contract judges them.

So a corrected row is judged as corrected, and a correction that is itself wrong is caught by the
same rules as a sender's mistake; row numbers stay those of the sender's file. Cells are corrected
in chunks of text (`judge`); what came of each correction is gathered in a temporary table and told
by `outcomes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.contracts.corrections import Correction
from pipelines.contracts.loader import load_source
from pipelines.contracts.model import Confidentiality, Source
from pipelines.contracts.parsing import parse_sql
from pipelines.intake.conform.columns import MISSING, Flags, TextColumn
from pipelines.intake.delivery import ArchivedDelivery

CorrectionState = Literal["applied", "expired", "target_missing", "not_applicable"]

HITS: Final = "correction_hits"
_HITS_TABLE: Final = (
    f"temp table {HITS} "
    "(correction_id varchar, row_number bigint, holds boolean, is_mended boolean)"
)
_OFFICE_ZONE: Final = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True, slots=True)
class CorrectionOutcome:
    """What came of one correction in one row of a delivery, or in the delivery as a whole."""

    correction_id: str
    column: str
    state: CorrectionState
    reason: str
    provider: str
    corrected_on: str
    row: int | None = None
    detail: str | None = None
    old_value: str | None = None
    """As delivered and as corrected; never said of a confidential column."""
    new_value: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectedContract:
    """A contract with the corrections for a delivery's period, and with those that reach it."""

    declared: Source
    applied: Source

    @classmethod
    def of(cls, delivery: ArchivedDelivery, known_by: date | None = None) -> CorrectedContract:
        """The contract of a delivery.

        Args:
            delivery: What was delivered; a correction may end with the day of receipt.
            known_by: Leave out corrections that are dated later.
        """
        source = load_source(delivery.source)
        wanted = source.corrections.of(delivery.period, known_by)
        day = delivery.received_at.astimezone(_OFFICE_ZONE).date()
        reaching = tuple(c for c in wanted.corrections if c.until is None or day <= c.until)
        return cls(
            source.model_copy(update={"corrections": wanted}),
            source.model_copy(
                update={"corrections": wanted.model_copy(update={"corrections": reaching})}
            ),
        )


def start_corrections(con: duckdb.DuckDBPyConnection) -> None:
    """Begin to gather what corrections hit."""
    con.execute(f"create or replace {_HITS_TABLE}")


def corrected(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    period: str,
    row_numbers: NDArray[np.int64],
    columns: Mapping[str, TextColumn],
) -> Mapping[str, TextColumn]:
    """The columns of a chunk with the source's corrections for a period applied.

    Every correction is matched against the cells as delivered, so none depends on another.
    """
    wanted = source.corrections.of(period).corrections
    if not wanted:
        return columns
    rows = len(row_numbers)
    mended = dict(columns)
    for correction in wanted:
        hit = np.ones(rows, np.bool_)
        for name, value in correction.key.items():
            hit &= _says(con, source, name, columns.get(name), rows, value)
        if not hit.any():
            continue
        column = columns.get(correction.column)
        told = (con, source, correction.column, column, rows)
        holds = hit & _says(*told, correction.expect)
        is_mended = hit & _says(*told, correction.value)
        before = mended.get(correction.column) or TextColumn.constant(None, rows)
        mended[correction.column] = _with_cell(before, holds, correction.value)
        note_hits(con, correction.id, row_numbers[hit], holds[hit], is_mended[hit])
    return mended


def outcomes(
    con: duckdb.DuckDBPyConnection, contract: CorrectedContract, *, is_part: bool
) -> Iterator[CorrectionOutcome]:
    """What came of every correction for a delivery.

    Args:
        con: The connection that the delivery was judged on.
        contract: What it was judged under.
        is_part: The delivery holds a part of its period only: a row may well not be in it.
    """
    declared, applied = contract.declared, contract.applied
    hits: dict[str, list[tuple[int, bool, bool]]] = {}
    rows = con.execute(f"select * from {HITS} order by all").fetchall()
    for correction_id, row_number, holds, is_mended in rows:
        hits.setdefault(correction_id, []).append((row_number, holds, is_mended))
    reaching = {correction.id for correction in applied.corrections.corrections}
    for decision in applied.corrections.topics:
        for row_number, holds, _ in hits.get(decision.id, ()):
            yield CorrectionOutcome(
                correction_id=decision.id,
                column="topic",
                state="applied" if holds else "expired",
                reason=decision.reason,
                provider=decision.by,
                corrected_on=decision.date.isoformat(),
                row=row_number or None,
                detail=f"{decision.decision}: {decision.topic}"
                + ("" if holds else " (the tagging does not find it any more)"),
            )
    for correction in declared.corrections.corrections:
        base = _outcome(declared, correction)
        if correction.id not in reaching:
            detail = f"the delivery came after {correction.until}"
            yield replace(base, state="not_applicable", detail=detail)
        elif correction.id not in hits:
            state: CorrectionState = "not_applicable" if is_part else "target_missing"
            yield replace(base, state=state, detail="no row has that key")
        for row_number, holds, is_mended in hits.get(correction.id, ()):
            if holds:
                yield replace(base, row=row_number)
            else:
                mended = "the cell says what it should: the sender has mended it"
                detail = mended if is_mended else "the cell does not say what was expected"
                yield replace(base, row=row_number, state="expired", detail=detail)


def _outcome(source: Source, correction: Correction) -> CorrectionOutcome:
    is_open = source.field(correction.column).confidentiality is Confidentiality.PUBLIC
    return CorrectionOutcome(
        correction_id=correction.id,
        column=correction.column,
        state="applied",
        reason=correction.reason,
        provider=correction.provider,
        corrected_on=correction.date.isoformat(),
        old_value=correction.expect if is_open else None,
        new_value=correction.value if is_open else None,
    )


def _says(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    name: str,
    column: TextColumn | None,
    rows: int,
    wanted: str | None,
) -> Flags:
    """Which rows say it: the same value of the field's type, or the very text if it has none."""
    if column is None:
        return np.full(rows, wanted is None, np.bool_)
    cells = pa.chunked_array([column.cells, pa.nulls(1, column.cells.type)]).combine_chunks()
    con.register("said_frame", pa.table({"i": np.arange(len(cells)), "x": cells}))
    field = source.field(name)
    answer = con.execute(
        "select case when clean($wanted) is null then clean(x) is null "
        f"else coalesce({parse_sql(field, 'x')} = {parse_sql(field, '$wanted')}, false) "
        "or coalesce(clean(x) = clean($wanted), false) end as says from said_frame order by i",
        {"wanted": wanted},
    ).to_arrow_table()
    con.unregister("said_frame")
    flags = answer.column(0).to_numpy(zero_copy_only=False).astype(np.bool_)
    said: Flags = flags[column.codes]
    return said


def _with_cell(column: TextColumn, rows: Flags, value: str | None) -> TextColumn:
    if not rows.any():
        return column
    codes = column.codes.copy()
    if value is None:
        codes[rows] = MISSING
        return TextColumn(column.cells, codes)
    place = column.cells.index(value).as_py()
    cells = column.cells
    if place < 0:
        place = len(cells)
        cells = pa.chunked_array([cells, pa.array([value], cells.type)]).combine_chunks()
    codes[rows] = place
    return TextColumn(cells, codes)


def note_hits(
    con: duckdb.DuckDBPyConnection,
    correction_id: str,
    row_numbers: Sequence[int] | NDArray[np.int64],
    holds: Sequence[bool] | Flags,
    is_mended: Sequence[bool] | Flags,
) -> None:
    """Gather what a correction hit: row numbers, and whether each said what was expected."""
    con.execute(f"create {_HITS_TABLE.replace('table', 'table if not exists', 1)}")
    hits = pa.table({"r": pa.array(row_numbers), "h": pa.array(holds), "m": pa.array(is_mended)})
    con.register("hits_frame", hits)
    con.execute(f"insert into {HITS} select $id, r, h, m from hits_frame", {"id": correction_id})
    con.unregister("hits_frame")


def move_hits(judged_on: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection) -> None:
    """Hand on what was gathered on a connection that only judged."""
    found = judged_on.execute(
        f"select count(*) from duckdb_tables() where temporary and table_name = '{HITS}'"
    ).fetchone()
    if not found or not found[0]:
        return
    con.execute(f"create {_HITS_TABLE.replace('table', 'table if not exists', 1)}")
    con.register("hits_frame", judged_on.table(HITS).to_arrow_table())
    con.execute(f"insert into {HITS} select * from hits_frame")
    con.unregister("hits_frame")
