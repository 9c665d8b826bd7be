"""Columns by their distinct values: each value is parsed and checked once, however often it stands.

A column is a list of distinct values and one code per row that says which of them stands there.
Most columns of a register have few values, so what costs a regular expression per cell otherwise
costs one per value; what is left per row is whole-array arithmetic. Which checks there are is
`cell_checks`, how a type is parsed is `contracts.parsing`; nothing of either is repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipelines.contracts.model import Field
from pipelines.contracts.parsing import SQL_TYPES, parse_sql

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

MISSING = -1
"""The code of a row that has no value."""


@dataclass(frozen=True)
class TextColumn:
    """A column as it was delivered: distinct cells, and which of them stands in each row."""

    cells: pa.Array
    codes: Codes

    @classmethod
    def of(cls, column: pa.Array | Sequence[str | None]) -> TextColumn:
        """Take a column of text, or one that Arrow has encoded already."""
        array = column if isinstance(column, pa.Array) else pa.array(column, pa.string())
        if not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        return cls(array.dictionary, _codes_of(array))

    @classmethod
    def constant(cls, cell: str | None, rows: int) -> TextColumn:
        """The same cell in every row."""
        cells = pa.array([] if cell is None else [cell], pa.string())
        return cls(cells, np.full(rows, MISSING if cell is None else 0, np.int32))


@dataclass(frozen=True)
class TypedColumn:
    """A column as its contract reads it: no two of its values are equal, and none is missing."""

    values: pa.Array
    codes: Codes

    @classmethod
    def of(cls, array: pa.Array) -> TypedColumn:
        """Take a column of values."""
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        return cls(encoded.dictionary, _codes_of(encoded))

    def array(self) -> pa.Array:
        """The values row by row; texts stay encoded, since they are long."""
        codes = pa.array(self.codes, mask=self.codes == MISSING)
        if pa.types.is_string(self.values.type):
            return pa.DictionaryArray.from_arrays(codes, self.values)
        return self.values.take(codes)

    def places(self) -> Codes:
        """One number per row, from 0, that tells the values apart; a missing one is the last."""
        return np.where(self.codes == MISSING, len(self.values), self.codes)

    def pick(self, rows: NDArray[Any]) -> TypedColumn:
        """Some of the rows, by place or by flag."""
        return TypedColumn(self.values, self.codes[rows])


@dataclass(frozen=True)
class CheckedColumn:
    """A typed column, and which delivered cells break which rule (rule to a flag per cell)."""

    typed: TypedColumn
    faults: Mapping[str, Flags] = field(default_factory=dict)


def type_column(
    con: duckdb.DuckDBPyConnection,
    declared: Field,
    column: TextColumn,
    checks: Sequence[tuple[str, str]],
) -> CheckedColumn:
    """Parse and check a column's distinct cells.

    Args:
        con: A connection with the parsing macros and code lists.
        declared: The field of the contract.
        column: What was delivered.
        checks: (rule, SQL condition over text t and typed y) of the field's cells.
    """
    name = declared.field
    # one more than there are: the cell of the rows in which nothing was delivered
    cells = pa.chunked_array([column.cells, pa.nulls(1, column.cells.type)]).combine_chunks()
    con.register("cells_frame", pa.table({"i": np.arange(len(cells)), "x": cells}))
    conditions = "".join(f", coalesce({condition}, false)" for _, condition in checks)
    # the values are parsed in a table of their own: the checks would parse them again
    con.execute(
        "create or replace temp table cell_values as "
        f"select t.i, t.x, {parse_sql(declared, 't.x')} as y from cells_frame t"
    )
    answer = con.execute(
        f"select y.{name}{conditions} from (select i, x as {name} from cell_values) t "
        f"join (select i, cast(y as {SQL_TYPES[declared.type]}) as {name} from cell_values) y "
        "using (i) order by i"
    ).to_arrow_table()
    con.unregister("cells_frame")
    encoded = answer.column(0).combine_chunks().dictionary_encode()
    # -1 picks the last one, the cell that was not delivered
    typed = TypedColumn(encoded.dictionary, _codes_of(encoded)[column.codes])
    faults = {
        rule: answer.column(place).combine_chunks().to_numpy(zero_copy_only=False)
        for place, (rule, _) in enumerate(checks, 1)
    }
    return CheckedColumn(typed, {rule: flags for rule, flags in faults.items() if flags.any()})


def _codes_of(encoded: pa.DictionaryArray) -> Codes:
    indices = encoded.indices
    if indices.null_count:
        indices = pc.fill_null(indices, MISSING)
    codes: Codes = indices.cast(pa.int32()).to_numpy(zero_copy_only=False)
    return codes
