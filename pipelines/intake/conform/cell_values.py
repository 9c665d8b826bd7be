"""Cells to values: each distinct cell of a column is parsed and checked once, and remembered.

A table that comes in chunks mostly has the same cells in each of them, so a chunk that brings no
new ones costs no query. Which checks there are is `cell_checks`, how a type is parsed is
`contracts.parsing`; nothing of either is repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Field, FieldType
from pipelines.contracts.parsing import PLAIN_BYTES, SQL_TYPES, parse_sql
from pipelines.intake.conform.columns import (
    Codes,
    Flags,
    TextColumn,
    TypedColumn,
    codes_of,
    looked_up,
)

MOST_REMEMBERED = 1 << 14
"""A column with more distinct cells is one of names and numbers that mostly come once."""

_IS_PLAIN = np.zeros(256, np.bool_)
_IS_PLAIN[list(PLAIN_BYTES)] = True


@dataclass(frozen=True)
class CheckedColumn:
    """A typed column, and which delivered cells break which rule.

    The flags of a rule are one per cell, and a last one for the rows that have none.
    """

    typed: TypedColumn
    faults: Mapping[str, Flags] = field(default_factory=dict)


@dataclass(frozen=True)
class _Known:
    """Cells with their values; codes and flags have a last entry for the cell that is missing."""

    cells: pa.Array
    values: pa.Array
    codes: Codes
    faults: Mapping[str, Flags]

    def applied_to(self, column: TextColumn, places: Codes) -> CheckedColumn:
        """Look up a column whose cells stand at some places among these."""
        at = np.append(places, np.int32(len(self.cells)))
        faults = {rule: flags[at] for rule, flags in self.faults.items() if flags.any()}
        return CheckedColumn(
            # MISSING picks the last one, the cell that was not delivered
            TypedColumn(self.values, looked_up(self.codes[at], column.codes)),
            {rule: flags for rule, flags in faults.items() if flags.any()},
        )


class CellReader:
    """Reads the cells of one field, chunk after chunk.

    A check that goes by the other cells of the column (the order of day and month) goes by all
    that have come so far.
    """

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        declared: Field,
        checks: Sequence[tuple[str, str]],
    ) -> None:
        """Begin with no cells.

        Args:
            con: A connection with the parsing macros and code lists.
            declared: The field of the contract.
            checks: (rule, SQL condition over cleaned text t and typed y) of the field's cells.
        """
        self._con = con
        self._declared = declared
        self._checks = checks
        self._known: _Known | None = None
        self._remembers = True

    def read(self, column: TextColumn) -> CheckedColumn:
        """Type and check a column of the next chunk."""
        if self._remembers:
            known, places = self._knowing(column.cells)
            self._remembers = len(known.cells) <= MOST_REMEMBERED
            self._known = known if self._remembers else None
            return known.applied_to(column, places)
        return self._typed(column.cells).applied_to(
            column, np.arange(len(column.cells), dtype=np.int32)
        )

    def _knowing(self, cells: pa.Array) -> tuple[_Known, Codes]:
        """All cells that have come, these among them, and where these are."""
        if self._known is None:
            return self._typed(cells), np.arange(len(cells), dtype=np.int32)
        before = self._known.cells
        found = pc.index_in(cells, value_set=before)
        if not found.null_count:
            return self._known, found.to_numpy()
        new = cells.filter(pc.is_null(found))
        places = pc.fill_null(found, -1).to_numpy().copy()
        places[places < 0] = np.arange(len(before), len(before) + len(new))
        return self._typed(pa.chunked_array([before, new]).combine_chunks()), places

    def _typed(self, cells: pa.Array) -> _Known:
        name, is_text = self._declared.field, _is_plain_text(self._declared, cells)
        with_missing = pa.chunked_array([cells, pa.nulls(1, cells.type)]).combine_chunks()
        self._con.register(
            "cells_frame", pa.table({"i": np.arange(len(with_missing)), "x": with_missing})
        )
        stand_in = "(select i, x as c, x as y from cells_frame)"
        if not is_text:
            # the values stand in a table of their own: the checks would parse them again
            stand_in = "cell_values"
            self._con.execute(
                "create or replace temp table cell_values as "
                f"select i, x, clean(x) as c, {self._parse_sql('x')} as y from cells_frame"
            )
        conditions = "".join(f", coalesce({condition}, false)" for _, condition in self._checks)
        answer = self._con.execute(
            f"select {'null' if is_text else f'y.{name}'}{conditions} from (select i, "
            f"{{'{name}': c}} as t, {{'{name}': y}} as y from {stand_in}) order by i"
        ).to_arrow_table()
        self._con.unregister("cells_frame")
        values = with_missing if is_text else answer.column(0).combine_chunks()
        encoded = values.dictionary_encode()
        flags = {
            rule: answer.column(place).combine_chunks().to_numpy(zero_copy_only=False)
            for place, (rule, _) in enumerate(self._checks, 1)
        }
        return _Known(cells, encoded.dictionary, codes_of(encoded), flags)

    def _parse_sql(self, cell: str) -> str:
        declared = self._declared
        return f"cast({parse_sql(declared, cell)} as {SQL_TYPES[declared.type]})"


def _is_plain_text(declared: Field, cells: pa.StringArray) -> bool:
    """Whether all cells are texts that are read as what they are, which is seen at their bytes."""
    if declared.type is not FieldType.TEXT or declared.codelist or not len(cells):
        return False
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    if data is None or not np.diff(ends).all():
        return False  # an empty cell is no value
    return bool(_IS_PLAIN[np.frombuffer(data, np.uint8)[ends[0] : ends[-1]]].all())
