"""A large delimited file as a stream of column chunks, read by a child process with limits.

The table comes as `TextTable` does, but for its rows: they come in chunks of Arrow columns, and
what was wrong with single lines is known when the last chunk has come. What the child says is as
untrusted as the file: batches are validated, rules must be catalogued ones.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Full, Queue
from typing import IO, Any

import pyarrow as pa

from pipelines.durable import open_regular
from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.findings import DeliveryRejected, Finding, finding, rejected
from pipelines.intake.readers.layout import Wanted
from pipelines.intake.readers.safe_parse import (
    CHILD_ENVIRONMENT,
    LIMIT_SIGNALS,
    Limits,
    child_command,
    over_limits,
)
from pipelines.intake.readers.safe_parse_child import OVER_LIMITS
from pipelines.intake.readers.tables import Row, TextTable

BLOCK_BYTES = 1 << 22
"""Text that the child takes apart at a time."""
CHUNK_ROWS = 1 << 17
"""Rows that are judged at a time: about as many as DuckDB compresses at a time."""
_CHILD = "pipelines.intake.readers.delimited_child"
_NOTE = b"note"
_PIPE_BYTES = 1 << 20
_KEPT_BYTES = 1 << 28
_MEMORY = {
    # memory of a block is used for the next one: to give it back and get it anew takes longer
    # than much of what is done with it
    "GLIBC_TUNABLES": ":".join(
        [
            "glibc.malloc.hugetlb=1",
            f"glibc.malloc.trim_threshold={_KEPT_BYTES}",
            f"glibc.malloc.mmap_threshold={_KEPT_BYTES}",
        ]
    )
}
_ENOUGH_FINDINGS = 1000


@dataclass
class DelimitedStream:
    """A table under way.

    `head` is what stands above the rows; after the last chunk `table` has all but the rows.
    """

    head: TextTable
    columns: tuple[str, ...]
    """The fields that the chunks have, in order."""
    _batches: Iterator[tuple[pa.RecordBatch, Mapping[str, Any]]]
    _findings: list[Finding] = field(default_factory=list)
    _bad_rows: list[Row] = field(default_factory=list)
    _totals: Row | None = None
    _marks: int = 0
    rows: int = 0
    """Readable rows so far."""

    def chunks(self) -> Iterator[tuple[Sequence[pa.RecordBatch], Sequence[int]]]:
        """Give out the rows, about so many at a time, and the numbers of those with an error.

        Columns are encoded, each batch with a dictionary of its own.
        """
        waiting: list[pa.RecordBatch] = []
        wrong: list[int] = []
        for batch, note in self._batches:
            wrong += self._take_down(note)
            self.rows += batch.num_rows
            waiting.append(batch)
            if sum(each.num_rows for each in waiting) >= CHUNK_ROWS:
                yield waiting, wrong
                waiting, wrong = [], []
        if waiting:
            yield waiting, wrong

    def table(self) -> TextTable:
        """The table but for its rows, once all chunks have come."""
        marks = []
        if self._marks:
            marks.append(finding("W05_invisible_marks", file=self.head.file, count=self._marks))
        return replace(
            self.head,
            totals=self._totals,
            bad_rows=self._bad_rows,
            findings=(*marks, *self._told()),
        )

    def _take_down(self, note: Mapping[str, Any]) -> Iterator[int]:
        """Keep what a note says; the numbers of rows with an error."""
        file = self.head.file
        for row, column, rule, severity, da, en in note.get("findings", ()):
            if rule not in FILE_RULES or severity not in ("error", "warning"):
                raise rejected("F13_parser_crashed", file=file)
            told = Finding(file, None, row, column, rule, severity, da, en)
            self._findings.append(told)
            if severity == "error":
                yield row
        self._bad_rows += [(row, tuple(cells)) for row, cells in note.get("bad_rows", ())]
        if totals := note.get("totals"):
            self._totals = (totals[0], tuple(totals[1]))
        self._marks += note.get("marks", 0)

    def _told(self) -> Iterator[Finding]:
        """The findings by row, so many of each rule and column as anybody will read."""
        count: dict[tuple[str | None, str], int] = {}
        for each in sorted(self._findings, key=lambda f: (f.row or 0, f.rule)):
            key = (each.column, each.rule)
            count[key] = count.get(key, 0) + 1
            if count[key] <= _ENOUGH_FINDINGS:
                yield each


@contextmanager
def stream_delimited(
    path: Path,
    name: str,
    required: Wanted,
    wanted: Wanted,
    columns: Sequence[str],
    limits: Limits | None = None,
) -> Iterator[DelimitedStream]:
    """Read a delimited text file in a child process, chunk by chunk.

    Args:
        path: The file.
        name: Its name, for findings.
        required: Canonical name to headings, by which the heading row is found.
        wanted: All columns somebody reads; faults of cells elsewhere are then warnings.
        columns: The canonical names whose columns are handed on; the others stay in the child.
        limits: For a small file; those of the installation by default. They grow with the file.

    Raises:
        DeliveryRejected: The file cannot be used, or reading it ran into a limit; also while the
            chunks are taken.
    """
    task = {
        "name": name,
        "required": required,
        "wanted": wanted,
        "columns": list(columns),
        "block_bytes": BLOCK_BYTES,
    }
    size = path.stat().st_size
    limits = (limits or Limits.of_installation()).for_text_of(size)
    numbers = (limits.wall_seconds, limits.memory_bytes, limits.answer_bytes)
    with os.fdopen(open_regular(path), "rb", buffering=0) as source:
        process = subprocess.Popen(
            child_command(_CHILD, json.dumps(task), *numbers),
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**CHILD_ENVIRONMENT, **_MEMORY},
            cwd="/",
            close_fds=True,
        )
    with process:
        try:
            if process.stdout is None:
                raise AssertionError("a child without a pipe")
            _widen(process.stdout)
            answer = _Answer(process, process.stdout, name, limits)
            yield answer.stream()
        finally:
            process.kill()


class _Answer:
    """What the child writes, read ahead by a thread while the rows before are worked on."""

    def __init__(
        self, process: subprocess.Popen[bytes], source: IO[bytes], name: str, limits: Limits
    ) -> None:
        self._process = process
        self._source = source
        self._name = name
        self._limits = limits

    def stream(self) -> DelimitedStream:
        """Read the head.

        Raises:
            DeliveryRejected: The child refused the file, or ended without an answer.
        """
        try:
            reader = pa.ipc.open_stream(self._source)
            told = json.loads((reader.schema.metadata or {}).get(_NOTE, b"{}"))
        except (pa.ArrowInvalid, OSError, ValueError):
            raise self._ended() from None
        self._refused(told)
        head = TextTable(
            file=self._name,
            sheet=None,
            titles=tuple(told["titles"]),
            header=tuple(told["header"]),
            header_row=told["header_row"],
            rows=(),
            encoding=told["encoding"],
            delimiter=told["delimiter"],
        )
        return DelimitedStream(head, tuple(reader.schema.names[1:]), self._ahead(reader))

    def _ahead(
        self, reader: pa.RecordBatchStreamReader
    ) -> Iterator[tuple[pa.RecordBatch, Mapping[str, Any]]]:
        queue: Queue[tuple[pa.RecordBatch, Mapping[str, Any]] | Exception | None] = Queue(4)
        is_over = threading.Event()
        arguments = (reader, queue, is_over)
        thread = threading.Thread(target=self._fill, args=arguments, daemon=True)
        thread.start()
        try:
            while (each := queue.get()) is not None:
                if isinstance(each, Exception):
                    raise each
                yield each
        finally:
            is_over.set()
        thread.join()

    def _fill(
        self, reader: pa.RecordBatchStreamReader, queue: Queue[Any], is_over: threading.Event
    ) -> None:
        try:
            for each in self._batches(reader):
                _put(queue, each, is_over)
                if is_over.is_set():
                    return
            _put(queue, None, is_over)
        except Exception as error:
            _put(queue, error, is_over)

    def _batches(
        self, reader: pa.RecordBatchStreamReader
    ) -> Iterator[tuple[pa.RecordBatch, Mapping[str, Any]]]:
        has_ended = False
        while not has_ended:
            try:
                batch, metadata = reader.read_next_batch_with_custom_metadata()
            except (pa.ArrowInvalid, OSError, ValueError, StopIteration):
                raise self._ended() from None
            try:
                batch.validate(full=True)
                note = json.loads(metadata[_NOTE]) if metadata is not None else {}
            except (pa.ArrowInvalid, ValueError):
                # nobody waits for the end of a child that answers nonsense
                raise rejected("F13_parser_crashed", file=self._name) from None
            self._refused(note)
            has_ended = note.get("end", False)
            yield batch, note

    def _refused(self, note: Mapping[str, Any]) -> None:
        match note:
            case {"refusal": [str(rule), str(da), str(en)]} if rule in FILE_RULES:
                raise DeliveryRejected(rule, da, en, file=self._name)
            case {"refusal": _}:
                raise rejected("F13_parser_crashed", file=self._name)

    def _ended(self) -> DeliveryRejected:
        """Why the child ended without having said all."""
        code = self._process.wait()
        if -code in LIMIT_SIGNALS or code == OVER_LIMITS:
            return over_limits(self._name, self._limits)
        return rejected("F13_parser_crashed", file=self._name)


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold as much as it may, so that its two ends take turns less often."""
    with suppress(OSError):  # more than this user's pipes may hold
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _put(queue: Queue[Any], each: object, is_over: threading.Event) -> None:
    """Wait for room, but not for somebody who has gone."""
    while not is_over.is_set():
        try:
            queue.put(each, timeout=0.1)
        except Full:
            continue
        return
