"""Delimited text (CSV and its kin) to a table of text.

Fields are counted here, since a database's reader may shift cells in silence when a separator is
missing or one too many. Python's csv module does the quoting, in strict mode; a row that breaks
its rules is set aside and reading goes on with the next line. The separator is the one stated by a
`sep=` line, else the one under which the wanted headings are found.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from pipelines.intake.findings import DeliveryRejected, finding, rejected
from pipelines.intake.readers.encoding import DecodedText, decode
from pipelines.intake.readers.layout import (
    MAX_TITLE_LINES,
    Place,
    RawRow,
    Wanted,
    count_found,
    find_heading,
    lay_out,
)
from pipelines.intake.readers.tables import TextTable

DELIMITERS = (";", ",", "\t", "|")
_SEP_LINE = re.compile(r'\A"?sep=(.)"?[^\S\n]*(?:\n|\Z)', re.IGNORECASE)
csv.field_size_limit(1 << 20)
_MOST_LINES = 100
"""A cell of more lines is two stray quotation marks with sound rows between them."""


def read_delimited(
    data: bytes,
    name: str,
    required_headers: Wanted | None = None,
    *,
    wanted_headers: Wanted | None = None,
    has_totals: bool = True,
    trailing_empty_cells: bool = False,
) -> TextTable:
    """Read a delimited text file.

    Args:
        data: The file's bytes.
        name: Its name, for findings.
        required_headers: Canonical name to headings, by which the heading row is found. Without
            it the first line that is not blank is the heading row.
        wanted_headers: All columns somebody reads; faults of cells elsewhere are then warnings.
        has_totals: Whether a row that calls itself a total is one.
        trailing_empty_cells: Whether surplus empty fields at a row's end are dropped.

    Raises:
        DeliveryRejected: When the text or its heading row cannot be read.
    """
    decoded = decode(data, name)
    text, first_line, stated = without_sep_line(decoded.text)
    delimiter = stated or choose_delimiter(text, required_headers)
    table = lay_out(
        list(split_rows(text, delimiter, name, first_line)),
        Place(
            file=name,
            encoding=decoded.encoding,
            delimiter=delimiter,
            has_totals=has_totals,
            trailing_empty_cells=trailing_empty_cells,
        ),
        required_headers,
        wanted_headers,
    )
    return _with_marks_finding(table, decoded)


def choose_delimiter(text: str, required: Wanted | None) -> str:
    """Return the separator under which the heading row is found.

    Where no separator gives all required headings, the one that gives most of them is returned,
    so that the message names what is really missing. Without required headings it is the one that
    splits the first line into most fields.
    """
    counts = {d: _headings_found(text, d, required) for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: counts[d])


def split_rows(text: str, delimiter: str, name: str, first_line: int = 1) -> Iterator[RawRow]:
    """Take text apart into rows of fields, numbered by the line they begin in.

    A row with broken quoting comes with its problem and with the line as it is in one cell.

    Raises:
        DeliveryRejected: When a quotation mark is never closed, since nobody can say then which
            rows it swallows.
    """
    if '"' not in text:
        for number, line in enumerate(text.split("\n"), first_line):
            yield RawRow(number, tuple(line.split(delimiter)))
        return
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        if '"' not in lines[at]:
            yield RawRow(first_line + at, tuple(lines[at].split(delimiter)))
            at += 1
            continue
        row, taken = quoted_row(lines, at, delimiter, first_line + at)
        if row is None:
            raise unclosed_quote(name, first_line + at)
        yield row
        at += taken


def quoted_row(
    lines: Sequence[str], at: int, delimiter: str, number: int
) -> tuple[RawRow | None, int]:
    """Read the row that begins in a line, in which there may be quotation marks.

    Args:
        lines: Lines without their ends; a field may go on over several.
        at: The line it begins in.
        delimiter: The separator.
        number: The line's number.

    Returns:
        The row, and how many lines it takes; no row where a quotation mark is still open at the
        end of the lines (0 of them are taken), or after more lines than a cell may have.
    """
    taken = _Lines(lines, at)
    try:
        fields = next(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None, 0
        if "field larger than field limit" in str(error) and taken.at - at > 1:
            return None, taken.at - at
        fields = []
    if not fields or taken.at - at > _MOST_LINES:
        # the lines up to the mark that does not fit may be sound rows: they are read as such
        return RawRow(number, (lines[at],), problem="R02_broken_quoting"), 1
    return RawRow(number, tuple(fields)), taken.at - at


def unclosed_quote(name: str, line: int) -> DeliveryRejected:
    """The rejection of a file with a quotation mark that is never closed.

    Nobody can say then which rows it swallows.
    """
    return rejected("F23_unclosed_quote", file=name, line=line)


class _Lines:
    """The lines of a text for csv.reader from one on, counted as they are taken."""

    def __init__(self, lines: Sequence[str], at: int) -> None:
        self.lines = lines
        self.at = at

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        line = self.lines[self.at]
        self.at += 1
        return line + "\n"


def without_sep_line(text: str) -> tuple[str, int, str | None]:
    """Return the text below a `sep=` line, the number of its first line, and the separator."""
    stated = _SEP_LINE.match(text)
    if stated is None:
        return text, 1, None
    return text[stated.end() :], 2, stated.group(1)


def _headings_found(text: str, delimiter: str, required: Wanted | None) -> int:
    """Return how good a separator is: required headings found, or fields in the first line."""
    filled = []
    for line in text.split("\n", 200)[:200]:
        row = RawRow(0, _fields(line, delimiter))
        if not row.is_blank:
            filled.append(row)
        if len(filled) > MAX_TITLE_LINES:
            break
    if not filled:
        return 0
    if not required:
        return len(filled[0].cells)
    found = count_found(filled, required)
    return found + (find_heading(filled, required) is not None)


def _fields(line: str, delimiter: str) -> tuple[str, ...]:
    """Take one line apart for a first look, however broken its quoting."""
    if '"' not in line:
        return tuple(line.split(delimiter))
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter), ()))
    except csv.Error:
        return ()


def _with_marks_finding(table: TextTable, decoded: DecodedText) -> TextTable:
    if not decoded.invisible_marks:
        return table
    mark = finding("W05_invisible_marks", file=table.file, count=decoded.invisible_marks)
    return table.with_findings(mark)
