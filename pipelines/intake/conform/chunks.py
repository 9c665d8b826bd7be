"""A streamed table as chunks to judge, which end between two groups of rows and not inside one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from pipelines.intake.conform.columns import TextColumn
from pipelines.intake.conform.judge import RowNumbers, TextChunk
from pipelines.intake.readers.delimited_stream import DelimitedStream


def chunks_of(stream: DelimitedStream, unit: Sequence[str]) -> Iterator[TextChunk]:
    """The stream's rows.

    Args:
        stream: The table under way.
        unit: The columns that the rows of a group share. The rows at a chunk's end that share
            them wait for the next one: there may be more.
    """
    together = [name for name in unit if name in stream.columns]
    waiting: list[TextChunk] = []
    unreadable: list[int] = []
    for batches, wrong in stream.chunks():
        unreadable += wrong
        faulty = np.array(sorted(unreadable), np.int64)
        chunk = _joined([*waiting, *(_chunk(batch, stream.columns) for batch in batches)], faulty)
        end = _last_run(chunk, together)
        rows = len(chunk.row_numbers)
        waiting = [_some(chunk, end, rows)] if end < rows else []
        yield _some(chunk, 0, end) if waiting else chunk
    yield from waiting


def _chunk(batch: pa.RecordBatch, columns: Sequence[str]) -> TextChunk:
    return TextChunk(
        batch.column("row_number").to_numpy(),
        {name: TextColumn.of(batch.column(name)) for name in columns},
    )


def _joined(parts: Sequence[TextChunk], unreadable: RowNumbers) -> TextChunk:
    columns = {
        name: TextColumn.joined([part.columns[name] for part in parts]) for name in parts[0].columns
    }
    return TextChunk(np.concatenate([part.row_numbers for part in parts]), columns, unreadable)


def _some(chunk: TextChunk, begin: int, end: int) -> TextChunk:
    columns = {
        # the few rows that wait take no more cells along than they have
        name: column.some(begin, end) if begin else TextColumn(column.cells, column.codes[:end])
        for name, column in chunk.columns.items()
    }
    return TextChunk(chunk.row_numbers[begin:end], columns, chunk.unreadable)


def _last_run(chunk: TextChunk, unit: Sequence[str]) -> int:
    """Where the run of rows begins that have the group of the last row."""
    rows = len(chunk.row_numbers)
    if not unit or not rows:
        return rows
    differs = np.zeros(rows, np.bool_)
    for name in unit:
        codes = chunk.columns[name].codes
        differs |= codes != codes[-1]
    found = np.flatnonzero(differs)
    return int(found[-1]) + 1 if len(found) else 0
