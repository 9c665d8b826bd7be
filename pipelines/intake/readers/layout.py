"""Where in a sheet or text file the table stands: title lines, heading row, data, totals row.

Shared by every tabular reader. It works on rows of text cells that a reader has taken apart, and
never guesses: the heading row is the one with the wanted headings, a totals row calls itself so,
and a row whose cells cannot be told apart is set aside with a finding, never shifted into shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipelines.intake.findings import DeliveryRejected, Finding, finding, rejected
from pipelines.intake.readers.encoding import is_garbled, is_garbled_spelling
from pipelines.intake.readers.tables import (
    HeaderMatch,
    Row,
    TextTable,
    display_name,
    match_header,
    normalise_heading,
)

MAX_TITLE_LINES = 5
_SEARCHED_ROWS = 100
"""How far down headings are looked for, only to say that they stand there."""
_TOTALS = frozenset({"i alt", "ialt", "total", "totalt", "sum", "samlet", "hovedtotal"})
_TOTALS_BEGIN = frozenset(word[0] for word in _TOTALS) | {word[0].upper() for word in _TOTALS}

Wanted = Mapping[str, Sequence[str]]


class RawRow(NamedTuple):
    """One row as a reader took it apart.

    `problem` is the rule of a fault of the whole row; `cell_problems` are (cell index, rule) of
    faults of single cells; `stated_width` is false where trailing empty cells are simply left out
    (workbooks), so that the number of cells says nothing.
    """

    number: int
    cells: tuple[str, ...]
    problem: str | None = None
    cell_problems: tuple[tuple[int, str], ...] = ()
    stated_width: bool = True

    @property
    def is_blank(self) -> bool:
        """Whether nothing at all stands in the row."""
        return (
            self.problem is None and not self.cell_problems and not any(map(str.strip, self.cells))
        )


@dataclass(frozen=True, slots=True)
class Place:
    """What a table is read from and how; the parts of `lay_out` that stay the same per file."""

    file: str
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    has_totals: bool = True
    """Whether a row that calls itself a total is one (not so in a survey's answers)."""
    trailing_empty_cells: bool = False
    """Whether surplus cells are dropped when they are empty (SurveyXact's structure files)."""


@dataclass(slots=True)
class _Body:
    rows: list[Row] = field(default_factory=list)
    bad_rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    totals: Row | None = None


def lay_out(
    raw: Sequence[RawRow],
    place: Place,
    required: Wanted | None = None,
    wanted: Wanted | None = None,
) -> TextTable:
    """Find the table in raw rows.

    Args:
        raw: Every row of the file or sheet, in order.
        place: The file and its peculiarities.
        required: Canonical name to headings; the heading row is the first that has them all.
            Without it the first row that is not blank is the heading row.
        wanted: All columns somebody reads. Faults of cells in other columns are warnings then.

    Raises:
        DeliveryRejected: When there is no heading row, or two columns claim the same name.
    """
    filled = [row for row in raw if not row.is_blank]
    if not filled:
        raise rejected("F02_empty_file", file=place.file, sheet=place.sheet)
    at = find_heading(filled, required)
    if at is None:
        raise _headings_missing(filled, required or {}, place)
    heading = filled[at]
    width = max((i + 1 for i, c in enumerate(heading.cells) if c.strip()), default=0)
    header = heading.cells[:width]
    if required:
        match_header(header, required).require(header, required, place.file)
    body = _Body()
    for row in filled[at + 1 :]:
        _place_row(row, header, len(heading.cells), place, body)
    _cell_findings(filled[at + 1 :], header, place, body, wanted)
    return TextTable(
        file=place.file,
        sheet=place.sheet,
        titles=tuple(_title(row) for row in filled[:at]),
        header=header,
        header_row=heading.number,
        rows=body.rows,
        totals=body.totals,
        encoding=place.encoding,
        delimiter=place.delimiter,
        bad_rows=body.bad_rows,
        findings=tuple(sorted(body.findings, key=lambda f: (f.row or 0, f.rule))),
    )


def find_heading(filled: Sequence[RawRow], required: Wanted | None) -> int | None:
    """Return the index of the first row with all required headings, at most five lines down."""
    if not required:
        return 0
    for index, row in enumerate(filled[: MAX_TITLE_LINES + 1]):
        if not match_header(row.cells, required).missing:
            return index
    return None


def count_found(filled: Sequence[RawRow], required: Wanted) -> int:
    """Return how many required headings the best candidate row has."""
    return len(required) - len(_best_match(filled, required).missing)


def _headings_missing(filled: Sequence[RawRow], required: Wanted, place: Place) -> DeliveryRejected:
    """The rejection of a table without its headings: garbled, too far down, or not there."""
    looked_at = filled[: MAX_TITLE_LINES + 1]
    absent = _best_match(filled, required).missing
    columns = ", ".join(display_name(name, required[name]) for name in absent)
    aliases = [alias for name in absent for alias in required[name] or (name,)]
    cells = {cell.strip() for row in looked_at for cell in row.cells if cell.strip()}
    if any(is_garbled_spelling(cell, alias) for alias in aliases for cell in cells):
        return rejected("F25_garbled_headings", file=place.file, sheet=place.sheet, columns=columns)
    below = filled[len(looked_at) : _SEARCHED_ROWS]
    for row in below:
        if not match_header(row.cells, required).missing:
            return rejected(
                "F26_headings_too_far_down", file=place.file, sheet=place.sheet, line=row.number
            )
    return rejected("F03_columns_missing", file=place.file, sheet=place.sheet, columns=columns)


def _best_match(filled: Sequence[RawRow], required: Wanted) -> HeaderMatch:
    matches = [match_header(row.cells, required) for row in filled[: MAX_TITLE_LINES + 1]]
    return min(matches, key=lambda match: len(match.missing))


def _title(row: RawRow) -> str:
    return " ".join(cell.strip() for cell in row.cells if cell.strip())


def calls_itself_total(cells: Sequence[str]) -> bool:
    """Whether the first cell with something in it is a word for a sum."""
    first = next((c for c in cells if c.strip()), "")
    # most first cells are codes: no heading is compared that cannot be one of these words
    return first.strip()[:1] in _TOTALS_BEGIN and (normalise_heading(first).rstrip(":.") in _TOTALS)


def _place_row(
    row: RawRow, header: tuple[str, ...], stated_width: int, place: Place, body: _Body
) -> None:
    """Put one row where it belongs: data, totals, or aside with a finding."""
    width = len(header)
    cells = row.cells
    if place.trailing_empty_cells and len(cells) > stated_width and not any(cells[stated_width:]):
        cells = cells[:stated_width]
    problem = row.problem
    if problem is None and body.totals is not None:
        problem = "R06_after_totals"
    elif problem is None and row.stated_width and len(cells) != stated_width:
        problem = "R01_field_count"
    elif problem is None and len(cells) > width and any(map(str.strip, cells[width:])):
        problem = "R08_outside_table"
    if problem is not None:
        body.bad_rows.append((row.number, row.cells))
        body.findings.append(
            finding(
                problem,
                file=place.file,
                sheet=place.sheet,
                row=row.number,
                found=len(cells),
                expected=stated_width,
            )
        )
        return
    if len(cells) != width:
        cells = cells[:width] + ("",) * (width - len(cells))
    placed = (row.number, cells)
    if place.has_totals and calls_itself_total(cells):
        body.totals = placed
    else:
        body.rows.append(placed)


def _cell_findings(
    rows: Sequence[RawRow],
    header: tuple[str, ...],
    place: Place,
    body: _Body,
    wanted: Wanted | None,
) -> None:
    """Add the faults of single cells; in columns nobody reads they are warnings."""
    read = set(range(len(header)))
    if wanted is not None:
        match = match_header(header, wanted)
        read = set(match.mapping.values())
    kept = dict(body.rows)
    for row in rows:
        cells = kept.get(row.number)
        if cells is None or not (row.cell_problems or not "".join(cells).isascii()):
            continue
        for index, rule in _faults(row, cells):
            column = header[index].strip() if index < len(header) else None
            found = finding(rule, file=place.file, sheet=place.sheet, row=row.number, column=column)
            body.findings.append(found if index in read else replace(found, severity="warning"))


def _faults(row: RawRow, cells: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    yield from row.cell_problems
    yield from ((i, "R07_garbled_text") for i, cell in enumerate(cells) if is_garbled(cell))
