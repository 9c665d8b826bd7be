"""What the child that reads a large text says, taken in by its parent.

It is as untrusted as the file: batches are validated, rules must be catalogued ones, and a child
that ends without having said all is a reason to reject the file.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from queue import Full, Queue
from typing import IO, Any

import pyarrow as pa

from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.findings import DeliveryRejected, rejected
from pipelines.intake.readers.safe_parse import (
    LIMIT_SIGNALS,
    STOP_SIGNALS,
    Limits,
    ReaderError,
    over_limits,
)
from pipelines.intake.readers.safe_parse_child import OVER_LIMITS
from pipelines.intake.readers.tables import TextTable

NOTE = b"note"
"""The key of what is said beside the data, as JSON."""

Batches = Iterator[tuple[pa.RecordBatch, Mapping[str, Any]]]


class NotAsItBeganError(RuntimeError):
    """A file that was read at sight is not in the encoding in which it began: read it again."""


class Answer:
    """What the child writes, read ahead by a thread while the rows before are worked on."""

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        source: IO[bytes],
        name: str,
        limits: Limits,
        *,
        at_sight: bool,
    ) -> None:
        """Take the answer of a process.

        Args:
            process: The child.
            source: Its standard output.
            name: The file's name, for findings.
            limits: What the child may use, for the message that it used more.
            at_sight: Whether it may say that the file must be read again.
        """
        self._process = process
        self._source = source
        self._name = name
        self._limits = limits
        self._at_sight = at_sight

    def begin(self) -> tuple[TextTable, tuple[str, ...], Batches]:
        """Read the head; the fields that the batches have, and the batches with their notes.

        Raises:
            DeliveryRejected: The child refused the file, or ended without an answer.
        """
        try:
            reader = pa.ipc.open_stream(self._source)
            told = json.loads((reader.schema.metadata or {}).get(NOTE, b"{}"))
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
        return head, tuple(reader.schema.names[1:]), self._ahead(reader)

    def _ahead(self, reader: pa.RecordBatchStreamReader) -> Batches:
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

    def _batches(self, reader: pa.RecordBatchStreamReader) -> Batches:
        has_ended = False
        while not has_ended:
            try:
                batch, metadata = reader.read_next_batch_with_custom_metadata()
            except (pa.ArrowInvalid, OSError, ValueError, StopIteration):
                raise self._ended() from None
            try:
                batch.validate(full=True)
                note = json.loads(metadata[NOTE]) if metadata is not None else {}
            except (pa.ArrowInvalid, ValueError):
                # nobody waits for the end of a child that answers nonsense
                raise rejected("F13_parser_crashed", file=self._name) from None
            self._refused(note)
            has_ended = note.get("end", False)
            yield batch, note

    def _refused(self, note: Mapping[str, Any]) -> None:
        match note:
            case {"again": True} if self._at_sight:
                raise NotAsItBeganError
            case {"refusal": [str(rule), str(da), str(en)]} if rule in FILE_RULES:
                raise DeliveryRejected(rule, da, en, file=self._name)
            case {"refusal": _}:
                raise rejected("F13_parser_crashed", file=self._name)

    def _ended(self) -> DeliveryRejected:
        """Why the child ended without having said all."""
        code = self._process.wait()
        if -code in STOP_SIGNALS:
            raise ReaderError("stopped from outside")
        if -code in LIMIT_SIGNALS or code == OVER_LIMITS:
            return over_limits(self._name, self._limits)
        return rejected("F13_parser_crashed", file=self._name)


def _put(queue: Queue[Any], each: object, is_over: threading.Event) -> None:
    """Wait for room, but not for somebody who has gone."""
    while not is_over.is_set():
        try:
            queue.put(each, timeout=0.1)
        except Full:
            continue
        return
