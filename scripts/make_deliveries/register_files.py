"""Writes the driftsstøtte extracts: one file a date, in the shapes office programs give.

The five extracts differ on purpose (dash, headings, column order, totals row, CSV or XLSX): all of
it is within the contract. What they say is `register`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from scripts.make_deliveries.files import MARK, Cell, Delivery, Sheet, csv_text, single, workbook
from scripts.make_deliveries.financing import Line
from scripts.make_deliveries.register import Plan, municipality_name, plans

HEADINGS = (
    "Sagsnr",
    "Helhedsplan",
    "Boligorganisation",
    "LBF-nr",
    "Kommunekode",
    "Kommune",
    "Pulje",
    "Indsatsområde",
    "Bevilling fra",
    "Bevilling til",
    "Status",
    "Antal boliger",
    "Antal beboere",
    "Finansieringskilde",
    "Beløb (kr.)",
    "Timer",
)
STATUS = {
    "prequalified": "Prækvalificeret",
    "active": "Aktiv",
    "finished": "Afsluttet",
    "stopped": "Stoppet",
}
SOURCE = {
    "lbf": "Landsbyggefonden",
    "municipality_cash": "Kommune – kontant",
    "municipality_staff": "Kommune – medarbejdertimer",
    "municipality_premises": "Kommune – lokaler",
    "municipality_other": "Kommune – andet",
    "housing_organisation": "Boligorganisation",
    "other": "Andre",
}
NOTE = "Syntetisk udtræk af driftsstøttesystemet; planer, organisationer og beløb er opdigtede."


@dataclass(frozen=True)
class Shape:
    """How one extract is written."""

    on: date
    is_workbook: bool = False
    dash: str = "–"
    has_totals: bool = False
    has_sep_line: bool = False
    renamed: dict[str, str] = field(default_factory=dict)
    order: tuple[int, ...] = tuple(range(len(HEADINGS)))

    @property
    def name(self) -> str:
        """The file's name."""
        suffix = "xlsx" if self.is_workbook else "csv"
        return f"driftsstoette_{self.on.isoformat()}_{MARK}.{suffix}"

    @property
    def headings(self) -> list[str]:
        """Its heading row."""
        return [self.renamed.get(HEADINGS[place], HEADINGS[place]) for place in self.order]


SHAPES = (
    Shape(date(2015, 6, 30), has_totals=True),
    Shape(
        date(2015, 12, 31),
        dash="-",
        renamed={"Kommunekode": "KOMMUNEKODE ", "Antal boliger": "Antal\u00a0boliger"},
    ),
    Shape(date(2016, 6, 30), is_workbook=True),
    Shape(
        date(2016, 12, 31),
        has_sep_line=True,
        renamed={"Sagsnr": "Sagsnr.", "Beløb (kr.)": "Beløb", "Timer": "Antal timer"},
        order=(0, 4, 5, 1, 2, 3, 6, 7, 10, 8, 9, 11, 12, 13, 14, 15),
    ),
    Shape(date(2017, 12, 31), is_workbook=True, has_totals=True),
)


def day(value: date) -> str:
    """A date as Danish offices write it."""
    return value.strftime("%d-%m-%Y")


def danish(value: Decimal | int, places: int = 0) -> str:
    """A number with thousands points and decimal comma."""
    return f"{value:,.{places}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def extract_rows(on: date) -> list[tuple[Plan, Line]]:
    """Plan and line of every row of an extract, in its order."""
    known = (plan for plan in plans() if plan.status(on))
    return [(plan, line) for plan in known for line in plan.lines_on(on)]


def text_row(shape: Shape, plan: Plan, line: Line) -> list[str]:
    """One row as text, in the contract's column order."""
    return [
        plan.case_number,
        plan.name,
        plan.organisation.name,
        plan.organisation.lbf_number,
        plan.municipality_code,
        municipality_name(plan),
        plan.pool,
        "|".join(plan.focus_areas),
        day(plan.start),
        day(plan.end),
        STATUS[plan.status(shape.on) or ""],
        danish(plan.homes),
        danish(plan.residents_on(shape.on)),
        SOURCE[line.source].replace("–", shape.dash),
        danish(line.kroner, 2),
        "" if line.hours is None else danish(line.hours, 1),
    ]


def _cell_row(shape: Shape, plan: Plan, line: Line) -> list[Cell]:
    """The same row with the types a workbook holds; the code as a number, as a sender would."""
    cells: list[Cell] = list(text_row(shape, plan, line))
    cells[4] = int(plan.municipality_code)
    cells[8], cells[9] = plan.start, plan.end
    cells[11], cells[12] = plan.homes, plan.residents_on(shape.on)
    cells[14] = float(line.kroner)
    cells[15] = None if line.hours is None else float(line.hours)
    return cells


def titles(shape: Shape) -> list[str]:
    """The lines above the table."""
    return [
        "Udtræk fra driftsstøttesystemet – SYNTETISKE DATA, ikke fra Landsbyggefonden",
        f"Udtræksdato: {day(shape.on)}",
    ]


def totals(rows: Sequence[tuple[Plan, Line]]) -> tuple[Decimal, Decimal]:
    """The kroner and hours of all rows."""
    hours = sum((line.hours or Decimal(0) for _, line in rows), Decimal(0))
    return sum((line.kroner for _, line in rows), Decimal(0)), hours


Edit = Callable[[list[list[str]]], None]


def as_csv(shape: Shape, edit: Edit | None = None) -> bytes:
    """The extract as a semicolon file in Windows-1252; `edit` may spoil the table's rows."""
    rows = extract_rows(shape.on)
    table = [text_row(shape, plan, line) for plan, line in rows]
    if shape.has_totals:
        kroner, hours = totals(rows)
        table.append(["I alt", *[""] * 13, danish(kroner, 2), danish(hours, 1)])
    table = [[cells[place] for place in shape.order] for cells in table]
    table.insert(0, shape.headings)
    if edit:
        edit(table)
    above = ["sep=;"] if shape.has_sep_line else []
    text = "".join(f"{line}\r\n" for line in above + titles(shape)) + csv_text(table)
    return text.encode("cp1252")


def as_workbook(shape: Shape) -> bytes:
    """The extract as a workbook with true dates and numbers."""
    rows = extract_rows(shape.on)
    table: list[list[Cell]] = [[line] for line in titles(shape)]
    table.append(list(shape.headings))
    table += [_cell_row(shape, plan, line) for plan, line in rows]
    if shape.has_totals:
        kroner, hours = totals(rows)
        table.append(["I alt", *[None] * 13, float(kroner), float(hours)])
    return workbook([Sheet("Udtræk", table)], f"Driftsstøtteudtræk {shape.on.isoformat()}")


def deliveries() -> list[Delivery]:
    """The five extracts."""
    return [
        single(
            "driftsstoette",
            shape.on.isoformat(),
            shape.name,
            as_workbook(shape) if shape.is_workbook else as_csv(shape),
            NOTE,
        )
        for shape in SHAPES
    ]
