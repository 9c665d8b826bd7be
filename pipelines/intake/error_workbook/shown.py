"""What of a delivery is shown back to its sender: shapes, and what is never shown.

A workbook lies about longer than a delivery is looked at, so it holds what the sender needs to
mend and no more: no column that the contract does not load, and no cell that looks like personal
data, in whatever column it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.intake.findings import Finding
from pipelines.intake.readers.tables import TextTable, normalise_heading
from pipelines.privacy.personal_data import EMAIL_PATTERN, holds_personal_data

MOST_ROWS: Final = 50_000
"""The longest table that is shown whole: the reader must get through it within its limits."""
MOST_CHARACTERS: Final = 32_000
"""A cell of a workbook holds 32,767 at most; the writer would drop a longer one in silence."""

UNTAKEN_APART: Final = frozenset({"R01_field_count", "R02_broken_quoting"})
GUARDED: Final = UNTAKEN_APART | {
    "R03_formula_without_value",
    "R04_error_value",
    "R05_merged_cells",
}
"""What is wrong by these rules does not show in a table of text: the row could be sent back as it
is and be taken for sound. A cell to the right of such a row keeps it out until it is removed."""

_ADDRESS = re.compile(EMAIL_PATTERN)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the sender's, and where it stands in the workbook.

    `number` is its number in the sender's file; `cells` may be more than the headings are where
    the row could not be taken apart.
    """

    number: int
    sheet_row: int
    cells: tuple[str, ...]
    blanked: frozenset[int] = frozenset()
    """Places left blank because what stood there looks like personal data, or is too long."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A sheet that goes back unchanged: a part of the delivery that nobody mends."""

    name: str
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The table of a delivery as its error workbook shows it."""

    sheet: str
    titles: tuple[str, ...]
    header: tuple[str, ...]
    header_row: int
    rows: Sequence[ShownRow]
    places: Mapping[str, int]
    """Every name that a finding may call a column, normalised, to its place."""
    advice: Mapping[int, str]
    """What would be right in a column, in Danish, by its place."""
    totals: tuple[int, int] | None = None
    """The sheet row and the place of the stated sum, where it is shown."""
    added: frozenset[int] = frozenset()
    """Columns that the file lacks."""
    notes: tuple[str, ...] = ()
    """What the sender should know of what is not shown, in Danish."""
    beside: tuple[Beside, ...] = ()
    is_whole: bool = True

    @property
    def doubled(self) -> frozenset[int]:
        """Columns that share their heading with another."""
        return frozenset(
            place for place, heading in enumerate(self.header) if self.header.count(heading) > 1
        )

    def place(self, column: str | None) -> int | None:
        """Where the column stands that a finding names."""
        return None if column is None else self.places.get(normalise_heading(column))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which columns of a table are shown, and how its rows that are no rows are told.

    `columns` has for each place of the workbook the column of the file, None for one it lacks.
    """

    columns: tuple[int | None, ...]
    keys: frozenset[int]
    untaken: frozenset[int | None]
    """Numbers of the rows that could not be taken apart."""
    delimiter: str | None
    is_all: bool
    """Whether every column of the file is shown."""

    @classmethod
    def of(
        cls,
        table: TextTable,
        columns: Sequence[int | None],
        keys: Iterable[int],
        findings: Iterable[Finding],
    ) -> Selection:
        """Select columns of a table."""
        headed = {i for i, heading in enumerate(table.header) if heading.strip()}
        return cls(
            tuple(columns),
            frozenset(keys),
            frozenset(f.row for f in findings if f.rule in UNTAKEN_APART),
            table.delimiter,
            headed <= set(columns),
        )

    def row(self, number: int, cells: Sequence[str], sheet_row: int) -> ShownRow:
        """What is shown of a row, and where."""
        if number in self.untaken:
            return ShownRow(number, sheet_row, self._untaken(number, cells))
        shown: list[str] = []
        blanked: set[int] = set()
        for place, column in enumerate(self.columns):
            text = "" if column is None or column >= len(cells) else cells[column]
            if text and not may_be_shown(text, is_key=column in self.keys):
                blanked.add(place)
                text = ""
            shown.append(text)
        return ShownRow(number, sheet_row, tuple(shown), frozenset(blanked))

    def _untaken(self, number: int, cells: Sequence[str]) -> tuple[str, ...]:
        """A row that could not be taken apart, where nothing in it may be personal.

        Its cells may stand in any column, so it is only shown where no column is left out;
        otherwise its number stands for it.
        """
        if len(cells) == 1 and self.delimiter:
            cells = cells[0].split(self.delimiter)
        if self.is_all and all(may_be_shown(cell) for cell in cells):
            return tuple(cells)
        return (f"[Række {number} i jeres fil: skriv den her, eller slet rækken]",)


def may_be_shown(text: str, *, is_key: bool = False) -> bool:
    """Whether a cell's text may go back; a key may have the look of a CPR number."""
    looks_personal = bool(_ADDRESS.search(text)) if is_key else holds_personal_data(text)
    return not looks_personal and len(text) <= MOST_CHARACTERS
