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

from pipelines.contracts.model import Field, FieldType
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
_NUMBER = re.compile(
    r"-?(?:0|[1-9][0-9]{0,8}|[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,3})(?:,[0-9]{1,6})?", re.ASCII
)
_DATE = re.compile(
    r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?", re.ASCII
)
_FORMS: Final = {
    FieldType.INTEGER: _NUMBER,
    FieldType.KRONER: _NUMBER,
    FieldType.DECIMAL: _NUMBER,
    FieldType.DATE: _DATE,
    FieldType.TIMESTAMP: _DATE,
}


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
class ShownColumn:
    """One column of the workbook: its heading, its place in the file if it has one, its field."""

    heading: str
    index: int | None
    field: Field
    is_key: bool

    def may_show(self, text: str) -> bool:
        """Whether a cell's text may go back.

        A number or a date may have the look of a phone number, a key that of a CPR number.
        """
        form = _FORMS.get(self.field.type)
        if len(text) > MOST_CHARACTERS:
            return False
        if form is not None and form.fullmatch(text.strip()):
            return True
        return not (_ADDRESS.search(text) if self.is_key else holds_personal_data(text))


@dataclass(frozen=True, slots=True)
class Selection:
    """Which columns of a table are shown, and how its rows that are no rows are told."""

    columns: tuple[ShownColumn, ...]
    untaken: frozenset[int | None]
    """Numbers of the rows that could not be taken apart."""
    delimiter: str | None
    is_all: bool
    """Whether every column of the file is shown."""

    @classmethod
    def of(
        cls, table: TextTable, columns: Sequence[ShownColumn], findings: Iterable[Finding]
    ) -> Selection:
        """Select columns of a table."""
        headed = {i for i, heading in enumerate(table.header) if heading.strip()}
        return cls(
            tuple(columns),
            frozenset(f.row for f in findings if f.rule in UNTAKEN_APART),
            table.delimiter,
            headed <= {column.index for column in columns},
        )

    def row(self, number: int, cells: Sequence[str], sheet_row: int) -> ShownRow:
        """What is shown of a row, and where."""
        if number in self.untaken:
            return ShownRow(number, sheet_row, self._untaken(number, cells))
        shown: list[str] = []
        blanked: set[int] = set()
        for place, column in enumerate(self.columns):
            index = column.index
            text = "" if index is None or index >= len(cells) else cells[index]
            if text and not column.may_show(text):
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
        joined = " ".join(cells)
        if self.is_all and len(joined) <= MOST_CHARACTERS and not holds_personal_data(joined):
            return tuple(cells)
        return (f"[Række {number} i jeres fil: skriv den her, eller slet rækken]",)
