"""The inside of the child process that reads one large delimited file: blocks in, batches out.

What it says goes out as one Arrow stream on standard output. The stream's schema carries the head
of the table, or the refusal of the file; each batch carries, beside its rows, what was wrong with
the lines it was made from; the last one says that it is the last. See `delimited_stream` for what
the parent makes of it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

import pyarrow as pa

from pipelines.intake.findings import DeliveryRejected, Finding
from pipelines.intake.readers.delimited import choose_delimiter, split_rows, without_sep_line
from pipelines.intake.readers.layout import Place, RawRow, Wanted, find_heading, lay_out
from pipelines.intake.readers.safe_parse_child import OVER_LIMITS, limit, stay_alone
from pipelines.intake.readers.tables import TextTable, match_header
from pipelines.intake.readers.text_blocks import OtherEncodingError, TextBlock, TextFile
from pipelines.intake.readers.text_rows import Head, RowReader

_HEAD_ROWS = 300
_NICENESS = 5
"""Loading takes longest: it keeps a processor to itself while the reader takes what is left."""
_PATIENCE = 4.0
"""It waits for whoever loads its rows, and gives way to others: that is none of its own time."""
NOTE = b"note"
"""The key of what is said beside the data, as JSON."""


def read_stream(source: IO[bytes], target: IO[bytes], task: Mapping[str, Any]) -> None:
    """Read a file and write what it holds.

    Args:
        source: The file; it can be read from any place.
        target: Where the stream goes.
        task: `name` of the file, `required` and `wanted` headings, `columns` to hand on,
            `block_bytes` to take at a time, and whether to read `at_sight` (`TextFile`): what was
            written is void then when the stream ends with a refusal, or with `again`.
    """
    try:
        try:
            text, (head, table, below) = _begun(source, task, at_sight=task["at_sight"])
        except OtherEncodingError:
            text, (head, table, below) = _begun(source, task, at_sight=False)
    except DeliveryRejected as refusal:
        _refuse(target, refusal)
        return
    told = {
        "header": table.header,
        "header_row": table.header_row,
        "titles": table.titles,
        "encoding": text.encoding,
        "delimiter": head.delimiter,
    }
    fields = [("row_number", pa.int64())]
    fields += [(name, pa.dictionary(pa.int32(), pa.string())) for name in head.columns]
    schema = pa.schema(fields, metadata={NOTE: _json(told)})
    with pa.ipc.new_stream(target, schema) as writer:
        try:
            end = _write_rows(writer, schema, text, head, below)
        except DeliveryRejected as refusal:
            end = {"refusal": _words(refusal)}
        except OtherEncodingError:
            end = {"again": True}
        writer.write_batch(_empty(schema), {NOTE: _json(end)})


def _write_rows(
    writer: pa.RecordBatchStreamWriter, schema: pa.Schema, text: TextFile, head: Head, below: _Below
) -> Mapping[str, Any]:
    """Write the rows; returns what is said at the end."""
    reader = RowReader(head)
    number = below.first
    for is_last, block in _with_last(below.blocks):
        try:
            batch, number = reader.read(block, number, is_last=is_last)
        except DeliveryRejected:
            text.finish()
            raise
        note = _note(batch.odd)
        writer.write_batch(
            batch.rows.cast(schema.remove_metadata()), {NOTE: _json(note)} if note else None
        )
    totals = reader.totals and (reader.totals.number, reader.totals.cells)
    return {"end": True, "marks": text.invisible_marks, "totals": totals}


def _begun(
    source: IO[bytes], task: Mapping[str, Any], *, at_sight: bool
) -> tuple[TextFile, tuple[Head, TextTable, _Below]]:
    """The file and its head; that it cannot be read as a whole goes before what its head lacks."""
    text = TextFile(source, task["name"], task["block_bytes"], at_sight=at_sight)
    try:
        return text, _head(text, task)
    except DeliveryRejected:
        text.finish()
        raise


class _Below:
    """The text below the heading: the rest of its block and the blocks to come."""

    def __init__(self, first: int, rest: TextBlock, blocks: Iterator[TextBlock]) -> None:
        self.first = first
        self._rest = rest
        self._blocks = blocks

    @property
    def blocks(self) -> Iterator[TextBlock]:
        """All of them, in order."""
        yield self._rest
        yield from self._blocks


def _head(text: TextFile, task: Mapping[str, Any]) -> tuple[Head, TextTable, _Below]:
    required: Wanted = task["required"]
    wanted: Wanted = task["wanted"]
    blocks = text.blocks()
    first = next(blocks)
    top, line, stated = without_sep_line(first.data.decode("utf-8"))
    delimiter = stated or choose_delimiter(top, required)
    place = Place(file=task["name"], encoding=text.encoding, delimiter=delimiter)
    rows: list[RawRow] = []
    heading = None
    for row in split_rows(top, delimiter, task["name"], line):
        if heading is not None:
            break
        if row.is_blank:
            continue
        rows.append(row)
        if find_heading(rows, required) is not None:
            heading = row
        elif len(rows) == _HEAD_ROWS:
            break
    table = lay_out(rows, place, required, wanted)
    if heading is None:
        raise AssertionError("a table without a heading was laid out")
    begins = heading.number + sum(cell.count("\n") for cell in heading.cells) + 1
    below = top.split("\n", begins - line)
    rest = below[-1] if len(below) > begins - line else ""
    match = match_header(table.header, wanted)
    head = Head(
        place,
        delimiter,
        heading,
        required,
        wanted,
        len(table.header),
        {name: match.mapping[name] for name in task["columns"] if name in match.mapping},
    )
    return head, table, _Below(begins, TextBlock(rest.encode("utf-8"), first.odd), blocks)


def _with_last(blocks: Iterator[TextBlock]) -> Iterator[tuple[bool, TextBlock]]:
    """Each block, and whether none follows."""
    before = next(blocks)
    for block in blocks:
        yield False, before
        before = block
    yield True, before


def _note(odd: TextTable) -> dict[str, Any]:
    """What was wrong with a block's lines."""
    note: dict[str, Any] = {}
    if odd.findings:
        note["findings"] = [_finding(each) for each in odd.findings]
    if odd.bad_rows:
        note["bad_rows"] = odd.bad_rows
    return note


def _finding(each: Finding) -> Sequence[Any]:
    return (each.row, each.column, each.rule, each.severity, each.message_da, each.message_en)


def _words(refusal: DeliveryRejected) -> Sequence[str]:
    return (refusal.rule, refusal.message_da, refusal.message_en)


def _refuse(target: IO[bytes], refusal: DeliveryRejected) -> None:
    schema = pa.schema([], metadata={NOTE: _json({"refusal": _words(refusal)})})
    with pa.ipc.new_stream(target, schema):
        pass


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    empty: pa.RecordBatch = pa.RecordBatch.from_pylist([], schema=schema.remove_metadata())
    return empty


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def main(arguments: Sequence[str]) -> None:
    """Read standard input as told and write the stream; never returns."""
    task, wall_seconds, memory_bytes, answer_bytes = arguments
    # one thread for all: each more reserves memory that counts against the limit
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    limit(float(wall_seconds), int(memory_bytes), int(answer_bytes), patience=_PATIENCE)
    os.nice(_NICENESS)
    sys.addaudithook(stay_alone)
    with os.fdopen(1, "wb", buffering=0) as target:
        try:
            read_stream(sys.stdin.buffer, target, json.loads(task))
        except MemoryError:
            os._exit(OVER_LIMITS)
    os._exit(0)
