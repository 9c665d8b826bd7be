"""The shape every tabular reader returns, and the matching of headings to wanted columns.

Here belong `TextTable` and what is known about headings. Not here: how a file is taken apart
(delimited, xlsx), where in a file the table stands (layout), or what a column means (conform).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipelines.intake.findings import Finding, rejected

Row = tuple[int, tuple[str, ...]]
"""Row number in the sender's file (1-based line or sheet row) and its cells as text."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """One table of a delivery, every cell as text, `''` for an empty one.

    `rows` are the readable data rows, each with exactly as many cells as the header. Rows that
    could not be read cell by cell are in `bad_rows`, as found, and each has an error in
    `findings`. `findings` also holds errors on rows that are in `rows` (a garbled cell, say):
    such rows are for the caller to set aside, see `rows_with_errors`.
    """

    file: str
    sheet: str | None
    titles: tuple[str, ...]
    header: tuple[str, ...]
    header_row: int
    rows: Sequence[Row]
    totals: Row | None = None
    encoding: str | None = None
    delimiter: str | None = None
    bad_rows: Sequence[Row] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def rows_read(self) -> int:
        """Data rows in the file, readable or not."""
        return len(self.rows) + len(self.bad_rows)

    @property
    def rows_with_errors(self) -> frozenset[int]:
        """Row numbers with at least one error finding."""
        return frozenset(
            f.row for f in self.findings if f.severity == "error" and f.row is not None
        )

    def with_findings(self, *more: Finding) -> TextTable:
        """Return the table with more findings in front."""
        return replace(self, findings=(*more, *self.findings))

    def column(self, index: int) -> list[str]:
        """Return one column's cells, top to bottom."""
        return [cells[index] for _, cells in self.rows]


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """Which wanted column stands where.

    `mapping` is canonical name to column index; `unknown` the headed columns nobody wants, as
    (index, heading); `ambiguous` the wanted names that several columns answer to.
    """

    mapping: Mapping[str, int]
    unknown: tuple[tuple[int, str], ...] = ()
    missing: tuple[str, ...] = ()
    ambiguous: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def require(
        self, header: Sequence[str], names: Mapping[str, Sequence[str]], file: str
    ) -> HeaderMatch:
        """Return self, or reject the file when a wanted column is missing or ambiguous.

        Args:
            header: The heading row that was matched.
            names: The columns that must be there, as given to `match_header`.
            file: The file's name, for the message.
        """
        doubled = sorted({header[i].strip() for m in self.ambiguous.values() for i in m})
        if doubled:
            raise rejected("F04_ambiguous_columns", file=file, columns=", ".join(doubled))
        absent = [display_name(name, names[name]) for name in self.missing if name in names]
        if absent:
            raise rejected("F03_columns_missing", file=file, columns=", ".join(absent))
        return self


def normalise_heading(text: str) -> str:
    """Return a heading as it is compared: case, blanks, NBSP, line breaks and BOM set aside."""
    visible = text.replace("\ufeff", "").replace("\u00ad", "")
    folded = unicodedata.normalize("NFC", visible)
    return " ".join(folded.split()).casefold()


def display_name(canonical: str, aliases: Sequence[str]) -> str:
    """Return the name a sender knows a column by: its first alias, else the canonical name."""
    return aliases[0] if aliases else canonical


def match_header(header: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> HeaderMatch:
    """Find the wanted columns in a heading row.

    Args:
        header: The headings as they stand in the file.
        wanted: Canonical name to the headings it may have. The canonical name itself only counts
            when it is listed, or when there are no aliases.
    """
    owner: dict[str, str] = {}
    for canonical, aliases in wanted.items():
        for alias in aliases or (canonical,):
            owner[normalise_heading(alias)] = canonical
    found: dict[str, list[int]] = {}
    unknown: list[tuple[int, str]] = []
    for index, heading in enumerate(header):
        key = normalise_heading(heading)
        if key in owner:
            found.setdefault(owner[key], []).append(index)
        elif key:
            unknown.append((index, heading))
    return HeaderMatch(
        mapping={name: places[0] for name, places in found.items() if len(places) == 1},
        unknown=tuple(unknown),
        missing=tuple(name for name in wanted if name not in found),
        ambiguous={name: tuple(places) for name, places in found.items() if len(places) > 1},
    )
