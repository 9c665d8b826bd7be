"""A large delimited file as a stream of column chunks, read by a child process with limits.

The table comes as `TextTable` does, but for its rows: they come in chunks of Arrow columns, and
what was wrong with single lines is known when the last chunk has come. How the child's answer is
taken in is `delimited_answer`.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from pipelines.durable import open_regular
from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.findings import Finding, finding, rejected
from pipelines.intake.readers.delimited_answer import Answer, Batches
from pipelines.intake.readers.layout import Wanted
from pipelines.intake.readers.safe_parse import CHILD_ENVIRONMENT, Limits, child_command
from pipelines.intake.readers.tables import Row, TextTable

BLOCK_BYTES = 1 << 22
"""Text that the child takes apart at a time."""
CHUNK_ROWS = 1 << 17
"""Rows that are judged at a time: about as many as DuckDB compresses at a time."""
_CHILD = "pipelines.intake.readers.delimited_child"
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
    _batches: Batches
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

    @property
    def tells_all(self) -> bool:
        """Whether no finding so far is one too many to be told."""
        return len(self._findings) == sum(1 for _ in self._told())

    def finish(self) -> None:
        """Take the rest without looking at it, for what it says of the file as a whole.

        Raises:
            DeliveryRejected, NotAsItBeganError: See `stream_delimited`.
        """
        for _ in self._batches:
            pass

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
    *,
    at_sight: bool = False,
) -> Iterator[DelimitedStream]:
    """Read a delimited text file in a child process, chunk by chunk.

    Args:
        path: The file.
        name: Its name, for findings.
        required: Canonical name to headings, by which the heading row is found.
        wanted: All columns somebody reads; faults of cells elsewhere are then warnings.
        columns: The canonical names whose columns are handed on; the others stay in the child.
        limits: For a small file; those of the installation by default. They grow with the file.
        at_sight: Give out rows before the whole file has been looked over, taking it for UTF-8.

    Raises:
        DeliveryRejected: The file cannot be used, or reading it ran into a limit; also while the
            chunks are taken.
        NotAsItBeganError: Read at sight, it is not UTF-8 after all; while the chunks are taken.
    """
    task = {
        "name": name,
        "required": required,
        "wanted": wanted,
        "columns": list(columns),
        "block_bytes": BLOCK_BYTES,
        "at_sight": at_sight,
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
            answer = Answer(process, process.stdout, name, limits, at_sight=at_sight)
            yield DelimitedStream(*answer.begin())
        finally:
            process.kill()


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold as much as it may, so that its two ends take turns less often."""
    with suppress(OSError):  # more than this user's pipes may hold
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
