"""Blocks of delimited text to Arrow columns, with every row's fields counted.

Lines that are nothing out of the ordinary are taken apart by Arrow, a block at a time. All others
(a quotation mark, a rare character, another number of fields, nothing in them, a total) go the way
that every row of a small file goes, through `delimited` and `layout`, so that both ways say the
same of the same line. Runs in the child process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
from numpy.typing import NDArray

from pipelines.intake.readers.delimited import quoted_row, unclosed_quote
from pipelines.intake.readers.layout import Place, RawRow, Wanted, calls_itself_total, lay_out
from pipelines.intake.readers.tables import TextTable
from pipelines.intake.readers.text_blocks import TextBlock

_TEXT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Head:
    """What stands above the data, and what is wanted of them."""

    place: Place
    delimiter: str
    heading: RawRow
    required: Wanted | None
    wanted: Wanted | None
    width: int
    """Columns with a heading; beyond them nothing may stand."""
    columns: Mapping[str, int]
    """The columns to hand on: field to place."""


@dataclass(frozen=True)
class RowBatch:
    """The rows of a block: those to hand on, and what its odd lines came to.

    `odd.rows` are among `rows` already; its findings and bad rows are the block's.
    """

    rows: pa.RecordBatch
    odd: TextTable


class RowReader:
    """Takes blocks apart, in order; `totals` is the totals row once it was met."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._names = [str(place) for place in range(len(head.heading.cells))]
        self._kept = sorted({0, *head.columns.values(), *range(head.width, len(self._names))})
        self._totals: RawRow | None = None
        self._open = b""
        """The lines from a quotation mark on that was still open at the end of the last block."""
        self._open_odd: frozenset[str] = frozenset()
        """What these lines may have to be looked at for."""

    @property
    def totals(self) -> RawRow | None:
        """The totals row, if one was met."""
        return self._totals

    def read(self, block: TextBlock, first_line: int, *, is_last: bool) -> tuple[RowBatch, int]:
        """Take a block apart.

        Args:
            block: Whole lines.
            first_line: The number of its first line.
            is_last: Whether no block follows, so that an open quotation mark stays open.

        Returns:
            Its rows, and the number of the first line that is not in them.

        Raises:
            DeliveryRejected: A quotation mark is never closed.
        """
        data, odd = self._open + block.data, block.odd | self._open_odd
        first_line -= self._open.count(b"\n")
        self._open, self._open_odd = b"", frozenset()
        lines = _Lines(data, first_line)
        taken, odd_rows = self._odd_rows(lines, odd, is_last=is_last)
        plain, numbers = self._plain_rows(lines, taken, odd_rows)
        table = self._lay_out(odd_rows)
        if table.totals is not None and self._totals is None:
            at = table.totals[0]
            late = self._rows_at(lines, numbers[numbers > at] - lines.first)
            odd_rows = sorted([*odd_rows, *late], key=lambda row: row.number)
            table = self._lay_out(odd_rows)
            plain, numbers = plain.filter(pa.array(numbers < at)), numbers[numbers < at]
            self._totals = next(row for row in odd_rows if row.number == at)
        return RowBatch(self._joined(plain, numbers, table), table), lines.first + len(lines)

    def _odd_rows(
        self, lines: _Lines, odd: frozenset[str], *, is_last: bool
    ) -> tuple[list[tuple[int, int]], list[RawRow]]:
        """Read the lines with odd characters; which spans of lines were read, and their rows."""
        delimiter = self._head.delimiter
        every = self._totals is not None or not delimiter.isascii()
        places = range(len(lines)) if every else lines.having(odd)
        spans: list[tuple[int, int]] = []
        rows: list[RawRow] = []
        texts: Sequence[str] | None = None
        end = 0
        for at in places:
            if at < end:
                continue
            line = lines.text(at)
            if '"' not in line:
                rows.append(RawRow(lines.first + at, tuple(line.split(delimiter))))
                spans.append((at, at + 1))
                end = at + 1
                continue
            texts = texts or lines.texts()
            row, count = quoted_row(texts, at, delimiter, lines.first + at)
            if row is None:
                if is_last or count:
                    raise unclosed_quote(self._head.place.file, lines.first + at)
                self._open, self._open_odd = lines.data[lines.begins[at] :], odd
                spans.append((at, len(lines)))
                break
            rows.append(row)
            end = at + count
            spans.append((at, end))
        return spans, rows

    def _plain_rows(
        self, lines: _Lines, spans: Sequence[tuple[int, int]], odd_rows: list[RawRow]
    ) -> tuple[pa.RecordBatch, NDArray[np.int64]]:
        """Take the other lines apart; what turns out odd after all is added to `odd_rows`."""
        is_plain = np.ones(len(lines), np.bool_)
        for begin, end in spans:
            is_plain[begin:end] = False
        numbers = np.flatnonzero(is_plain)
        failed: list[int] = []

        def note(row: pa_csv.InvalidRow) -> str:
            failed.append(row.number - 1)
            return "skip"

        data = lines.data if not spans else lines.without(spans)
        batch = self._parse(data, note) if data else _no_rows([str(at) for at in self._kept])
        if failed:
            odd_rows.extend(self._rows_at(lines, numbers[failed]))
            numbers = np.delete(numbers, failed)
        suspects = self._suspects(batch)
        if suspects.any():
            odd_rows.extend(self._rows_at(lines, numbers[suspects]))
            batch, numbers = batch.filter(pa.array(~suspects)), numbers[~suspects]
        odd_rows.sort(key=lambda row: row.number)
        return batch, numbers + lines.first

    def _parse(self, data: bytes, note: object) -> pa.RecordBatch:
        names = [self._names[place] for place in self._kept]
        table = pa_csv.read_csv(
            pa.BufferReader(data),
            pa_csv.ReadOptions(
                column_names=self._names, use_threads=False, block_size=len(data) + 1
            ),
            pa_csv.ParseOptions(
                delimiter=self._head.delimiter,
                quote_char=False,
                double_quote=False,
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            pa_csv.ConvertOptions(
                check_utf8=False,
                include_columns=names,
                column_types=dict.fromkeys(names, _TEXT),
                strings_can_be_null=False,
            ),
        )
        batches = table.combine_chunks().to_batches()
        return batches[0] if batches else _no_rows(names)

    def _suspects(self, batch: pa.RecordBatch) -> NDArray[np.bool_]:
        """The rows that may be blank, a total, or have something beyond the headed columns."""
        found = np.zeros(batch.num_rows, np.bool_)
        if not batch.num_rows:
            return found
        first = batch.column(0)
        flags = _may_be_odd(first.dictionary)
        for at in np.flatnonzero(flags).tolist():
            cell = first.dictionary[at].as_py()
            flags[at] = not cell.strip() or calls_itself_total((cell,))
        if flags.any():
            found |= flags[first.indices.to_numpy()]
        for place in range(self._head.width, len(self._names)):
            column = batch.column(str(place))
            filled = np.fromiter((bool(cell.strip()) for cell in _cells(column)), np.bool_)
            if filled.any():
                found |= filled[column.indices.to_numpy()]
        return found

    def _rows_at(self, lines: _Lines, places: NDArray[np.int64]) -> Iterator[RawRow]:
        for at in places.tolist():
            cells = tuple(lines.text(at).split(self._head.delimiter))
            yield RawRow(lines.first + at, cells)

    def _lay_out(self, rows: Sequence[RawRow]) -> TextTable:
        """Let `layout` judge odd rows as if they stood below the heading alone."""
        above = [self._head.heading, *([self._totals] if self._totals else [])]
        return lay_out([*above, *rows], self._head.place, self._head.required, self._head.wanted)

    def _joined(
        self, plain: pa.RecordBatch, numbers: NDArray[np.int64], odd: TextTable
    ) -> pa.RecordBatch:
        """The rows to hand on, in the file's order."""
        names = ["row_number", *self._head.columns]
        places = list(self._head.columns.values())
        arrays = [_as_array(numbers), *(plain.column(str(place)) for place in places)]
        batch = pa.RecordBatch.from_arrays(arrays, names)
        if not odd.rows:
            return batch
        more = pa.RecordBatch.from_arrays(
            [
                pa.array([number for number, _ in odd.rows], pa.int64()),
                *(pa.array(odd.column(place), pa.string()).dictionary_encode() for place in places),
            ],
            schema=batch.schema,
        )
        both = pa.Table.from_batches([batch, more]).unify_dictionaries().combine_chunks()
        order = np.argsort(both.column(0).to_numpy(), kind="stable")
        joined: pa.RecordBatch = both.take(pa.array(order)).combine_chunks().to_batches()[0]
        return joined


class _Lines:
    """The lines of a block; where they begin is found only when somebody asks."""

    def __init__(self, data: bytes, first: int) -> None:
        self.data = data
        self.first = first
        self._begins: NDArray[np.int64] | None = None
        ends = int(np.count_nonzero(np.frombuffer(data, np.uint8) == ord("\n")))
        self._count = ends + (bool(data) and not data.endswith(b"\n"))

    def __len__(self) -> int:
        return self._count

    @property
    def begins(self) -> NDArray[np.int64]:
        """Where each line begins, and where the last one's successor would."""
        if self._begins is None:
            ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == ord("\n")) + 1
            begins = np.concatenate([np.zeros(1, np.int64), ends])
            if not self.data.endswith(b"\n"):
                begins = np.append(begins, len(self.data) + 1)
            self._begins = begins
        return self._begins

    def text(self, at: int) -> str:
        """A line without its end."""
        return self.data[self.begins[at] : self.begins[at + 1] - 1].decode("utf-8")

    def texts(self) -> list[str]:
        """All lines."""
        return self.data.decode("utf-8").split("\n")[: len(self)]

    def having(self, odd: frozenset[str]) -> Sequence[int]:
        """The lines in which one of the characters stands."""
        if not odd:
            return ()
        pattern = b"|".join(re.escape(c.encode("utf-8")) for c in sorted(odd))
        found = [match.start() for match in re.finditer(pattern, self.data)]
        lines: list[int] = np.unique(np.searchsorted(self.begins, found, side="right") - 1).tolist()
        return lines

    def without(self, spans: Sequence[tuple[int, int]]) -> bytes:
        """The text but for some spans of lines."""
        parts, begin = [], 0
        for start, end in spans:
            parts.append(self.data[begin : self.begins[start]])
            begin = int(self.begins[end])
        return b"".join([*parts, self.data[begin:]])


def _may_be_odd(cells: pa.StringArray) -> NDArray[np.bool_]:
    """Which cells are empty or begin with anything but a digit: others are no word for a sum."""
    _, offsets, data = cells.buffers()
    begins = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    octets = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    first = np.append(octets, 0)[np.minimum(begins[:-1], len(octets))]
    is_digit = (first >= ord("0")) & (first <= ord("9"))
    may_be: NDArray[np.bool_] = (np.diff(begins) == 0) | ~is_digit
    return may_be


def _as_array(numbers: NDArray[np.int64]) -> pa.Int64Array:
    """Numbers as they are; `pa.array` would import pandas to see whether they are of its kind."""
    numbers = np.ascontiguousarray(numbers)
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def _cells(column: pa.DictionaryArray) -> list[str]:
    cells: list[str] = column.dictionary.to_pylist()
    return cells


def _no_rows(names: Sequence[str]) -> pa.RecordBatch:
    schema = pa.schema([(name, _TEXT) for name in names])
    empty: pa.RecordBatch = pa.RecordBatch.from_pylist([], schema=schema)
    return empty
