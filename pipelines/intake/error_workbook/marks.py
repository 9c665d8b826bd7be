"""Where each finding is marked in the workbook, and what the mark says to the sender."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pipelines.intake.conform.judge import HELD_WITH_GROUP
from pipelines.intake.error_workbook.shown import GUARDED, ShownTable
from pipelines.intake.findings import Finding

Kind = Literal["error", "held", "blank", "warning"]
Place = tuple[int, int]
"""A sheet row, from 1, and a column of the workbook, from 0."""

_ORDER: Final[Sequence[Kind]] = ("error", "blank", "held", "warning")
_WITH_ADVICE: Final = frozenset(
    {"C01_required_missing", "C02_not_a_number", "C03_not_a_date", "C04_unknown_code"}
)

GUARD: Final = "◄ Ret rækken, og slet så denne celle"
GUARD_COMMENT: Final = (
    "Rækken kan ikke indlæses, som den er. Ret cellerne til venstre ud fra jeres egne oplysninger, "
    "og slet derefter indholdet af denne celle."
)
BLANKED: Final = (
    "Det, der stod her, er ikke vist, fordi det ligner personoplysninger (e-mail eller CPR-nummer) "
    "eller er for langt. Skriv det, der skal stå her, uden personoplysninger."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked cell and its comment."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A finding and the cells of the workbook it is about: none where it is about the file."""

    finding: Finding
    kind: Kind
    cells: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Marks:
    """All that is marked in a workbook."""

    listed: tuple[Listed, ...]
    cells: Mapping[Place, Mark]
    guards: frozenset[Place]
    """Cells outside the table that keep a row out until its sender removes them."""


def marks_of(table: ShownTable, findings: Sequence[Finding]) -> Marks:
    """Find the place of every finding, and write what its cell's comment says."""
    rows = {row.number: row for row in table.rows}
    listed = []
    marked: dict[Place, list[tuple[Kind, str]]] = {}
    guards: set[Place] = set()
    for finding in sorted(findings, key=_urgency):
        row = rows.get(finding.row) if finding.row is not None else None
        if finding.row is None:
            cells = tuple(_file_cells(table, finding.rule))
        elif row is None:
            cells = ()
        else:
            cells = ((row.sheet_row, table.place(finding.column) or 0),)
            if finding.rule in GUARDED and finding.severity == "error":
                guards.add((row.sheet_row, max(len(table.header), len(row.cells))))
        kind = _kind(finding)
        listed.append(Listed(finding, kind, cells))
        for cell in cells:
            marked.setdefault(cell, []).append((kind, _comment(table, finding, cell)))
    for row in table.rows:
        for place in row.blanked:
            marked.setdefault((row.sheet_row, place), []).append(("blank", BLANKED))
    for guard in guards:
        marked.setdefault(guard, []).append(("error", GUARD_COMMENT))
    return Marks(
        tuple(listed),
        {cell: _joined(said) for cell, said in sorted(marked.items())},
        frozenset(guards),
    )


def _urgency(finding: Finding) -> tuple[bool, int, int]:
    """What concerns the whole file first, then what has to be mended, by row."""
    return finding.row is not None, _ORDER.index(_kind(finding)), finding.row or 0


def _kind(finding: Finding) -> Kind:
    if finding.rule == HELD_WITH_GROUP:
        return "held"
    return "error" if finding.severity == "error" else "warning"


def _file_cells(table: ShownTable, rule: str) -> Iterator[Place]:
    """The cells that a finding on the whole file is about."""
    match rule:
        case "K02_other_period" if table.titles:
            yield 1, 0
        case "K03_totals_disagree" if table.totals is not None:
            yield table.totals
        case "F03_columns_missing":
            yield from ((table.header_row, place) for place in sorted(table.added))
        case "F04_ambiguous_columns":
            yield from ((table.header_row, place) for place in sorted(table.doubled))


def _comment(table: ShownTable, finding: Finding, cell: Place) -> str:
    advice = table.advice.get(cell[1], "") if finding.rule in _WITH_ADVICE else ""
    # a message on a number or a date ends with the form it should have
    said = finding.message_da
    return said if advice in said else f"{said} {advice}"


def _joined(said: Sequence[tuple[Kind, str]]) -> Mark:
    """One mark of several: the gravest kind, each text once."""
    kind = min((kind for kind, _ in said), key=_ORDER.index)
    return Mark(kind, "\n\n".join(dict.fromkeys(text for _, text in said)))
