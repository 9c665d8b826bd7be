"""Columns by their distinct values: a list of them, and one code per row that says which it is.

Most columns of a register have few values, so what costs a regular expression per cell otherwise
costs one per value (`cell_values`); what is left per row is whole-array arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

_T = TypeVar("_T", bound=np.generic)

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
        return cls(array.dictionary, codes_of(array))

    @classmethod
    def constant(cls, cell: str | None, rows: int) -> TextColumn:
        """The same cell in every row."""
        cells = pa.array([] if cell is None else [cell], pa.string())
        return cls(cells, np.full(rows, MISSING if cell is None else 0, np.int32))

    @classmethod
    def joined(cls, parts: Sequence[TextColumn]) -> TextColumn:
        """The rows of several columns, one below the other."""
        if len(parts) == 1:
            return parts[0]
        encoded = pa.chunked_array([part.cells for part in parts]).combine_chunks()
        encoded = encoded.dictionary_encode()
        places = codes_of(encoded)
        ends = np.cumsum([len(part.cells) for part in parts])
        codes = [
            looked_up(np.append(places[end - len(part.cells) : end], np.int32(MISSING)), part.codes)
            for part, end in zip(parts, ends.tolist(), strict=True)
        ]
        return cls(encoded.dictionary, np.concatenate(codes))

    def some(self, begin: int, end: int) -> TextColumn:
        """The rows from one place to another, with no more cells than they have."""
        used, places = np.unique(self.codes[begin:end], return_inverse=True)
        if len(used) and used[0] == MISSING:
            used, places = used[1:], places - 1
        return TextColumn(self.cells.take(pa.array(used)), places.astype(np.int32))


@dataclass(frozen=True)
class TypedColumn:
    """A column as its contract reads it: no two of its values are equal, and none is missing."""

    values: pa.Array
    codes: Codes

    @classmethod
    def of(cls, array: pa.Array) -> TypedColumn:
        """Take a column of values."""
        encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
        return cls(encoded.dictionary, codes_of(encoded))

    def array(self) -> pa.Array:
        """The values row by row; texts stay encoded, since they are long."""
        codes = _indices(self.codes)
        if pa.types.is_string(self.values.type):
            return pa.DictionaryArray.from_arrays(codes, self.values, safe=False)
        return pc.take(self.values, codes, boundscheck=False)

    def places(self) -> Codes:
        """One number per row, from 0, that tells the values apart; a missing one is the last."""
        return np.where(self.codes == MISSING, len(self.values), self.codes)

    def occurring(self) -> pa.Array:
        """The values that stand in a row."""
        occurs = np.zeros(len(self.values) + 1, np.bool_)
        occurs[self.codes] = True
        return self.values.filter(pa.array(occurs[:-1]))

    def pick(self, rows: NDArray[Any]) -> TypedColumn:
        """Some of the rows, by place or by flag."""
        return TypedColumn(self.values, self.codes[rows])


def looked_up(table: NDArray[_T], codes: NDArray[Any]) -> NDArray[_T]:
    """The entries of a table for codes; MISSING picks its last one.

    NumPy's indexing looks at each code before it is used, which takes three times as long.
    """
    return table.take(codes, mode="wrap")


def _indices(codes: Codes) -> pa.Int32Array:
    """Codes as Arrow has them, null where there is no value."""
    if codes.min(initial=0) == MISSING:
        return pa.array(codes, mask=codes == MISSING)
    codes = np.ascontiguousarray(codes)
    return pa.Array.from_buffers(pa.int32(), len(codes), [None, pa.py_buffer(codes)])


def codes_of(encoded: pa.DictionaryArray) -> Codes:
    """One code per row of what Arrow has encoded."""
    indices = encoded.indices
    if indices.null_count:
        indices = pc.fill_null(indices, MISSING)
    codes: Codes = indices.cast(pa.int32()).to_numpy(zero_copy_only=False)
    return codes
