"""The bad rows of a text too large to be read whole a second time: its head and those lines.

The file is passed through line by line, so that memory does not grow with it. Row numbers are
those of the sender's file.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipelines.contracts.model import Source
from pipelines.intake.conform.table import required_headers, wanted_headers
from pipelines.intake.delivered_file import OneFile
from pipelines.intake.readers.tables import Row, TextTable
from pipelines.intake.readers.text_table import read_text_table

HEAD_LINES: Final = 12
"""Room for a `sep=` line, title lines with blank ones between them, and the headings."""
MOST_LINES: Final = 50_000
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def excerpt_of(source: Source, file: OneFile, rows: Collection[int | None]) -> TextTable | None:
    """Read the table's head and some of its rows.

    Args:
        source: The contract.
        file: A delimited text.
        rows: Numbers of the rows that are wanted.

    Returns:
        A table with those rows, some of the first ones beside; None where the text is UTF-16,
        whose lines cannot be told apart byte by byte.

    Raises:
        DeliveryRejected: What is left cannot be read as the table.
    """
    taken = _lines(file.path, rows)
    if taken is None:
        return None
    numbers = [number for number, _ in taken]
    data = b"".join(line for _, line in taken)
    table = read_text_table(data, file.name, required_headers(source), wanted_headers(source))

    def at_home(row: Row) -> Row:
        return numbers[row[0] - 1], row[1]

    return replace(
        table,
        rows=[at_home(row) for row in table.rows],
        bad_rows=[at_home(row) for row in table.bad_rows],
        header_row=numbers[table.header_row - 1],
        totals=None,
    )


def _lines(path: Path, rows: Collection[int | None]) -> list[tuple[int, bytes]] | None:
    """The wanted lines with their numbers; one that a quoted cell goes beyond is left out."""
    wanted = frozenset(rows)
    taken: list[tuple[int, bytes]] = []
    with path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            if number == 1 and line.startswith(_WIDE_MARKS):
                return None
            is_whole = line.count(b'"') % 2 == 0
            if (number <= HEAD_LINES or number in wanted) and is_whole:
                taken.append((number, line if line.endswith(b"\n") else line + b"\n"))
                if len(taken) >= MOST_LINES:
                    break
    return taken
