"""SurveyXact's export: dataset, labels and structure, as CSV set or as one workbook.

All dialects of the export give the same `SurveyExport`. What a variable means for us is the code
book's to say (`intake.conform.survey`); here it only gets both of its names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from pipelines.intake.findings import rejected
from pipelines.intake.readers.delimited import read_delimited, split_rows
from pipelines.intake.readers.encoding import decode
from pipelines.intake.readers.layout import Place, RawRow, lay_out
from pipelines.intake.readers.tables import TextTable, normalise_heading
from pipelines.intake.readers.xlsx import Sheet, read_xlsx_sheets

PARTS = ("dataset", "labels", "structure")
STRUCTURE_COLUMNS = (
    "questionName",
    "variableName",
    "questionType",
    "subType",
    "questionText",
    "choiceValue",
    "choiceText",
)
_POINT_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")


@dataclass(frozen=True, slots=True)
class StructureRow:
    """One line of the structure: a variable, or one choice of it."""

    question: str
    variable: str
    question_type: str
    sub_type: str
    text: str
    choice_value: str
    choice_text: str


@dataclass(frozen=True, slots=True)
class SurveyExport:
    """One export, whatever dialect it came in.

    `dataset` has one respondent a row under the file's own variable names; numbers of
    Open/Double variables have a decimal comma. `long_names` maps a variable to its long name
    where the file has the eight-character ones. `labels` maps variable and answer code to text.
    """

    dataset: TextTable
    labels: Mapping[str, Mapping[str, str]]
    structure: tuple[StructureRow, ...]
    long_names: Mapping[str, str]


def read_surveyxact(files: Mapping[str, bytes], name: str) -> SurveyExport:
    """Read an export.

    Args:
        files: The delivered files by name: a CSV set, or one workbook.
        name: The delivery's name, for the messages.

    Raises:
        DeliveryRejected: when a part is missing (F18), or the parts are of different surveys
            (F19), or a file cannot be read.
    """
    workbooks = [n for n in files if PurePath(n).suffix.lower() in {".xlsx", ".xlsm", ".xls"}]
    if len(workbooks) == 1 and len(files) == 1:
        tables = _from_workbook(files[workbooks[0]], workbooks[0])
    else:
        tables = _from_csv_set(files, name)
    dataset, labels, structure = tables
    rows = _structure_rows(structure, name)
    if not {r.variable for r in rows} & set(dataset.header):
        raise rejected(
            "F19_survey_set_inconsistent",
            file=name,
            detail_da="strukturen nævner ingen af datasættets variabler",
            detail_en="the structure names none of the dataset's variables",
        )
    return SurveyExport(
        dataset=_with_decimal_comma(dataset, rows),
        labels=_labels(labels),
        structure=rows,
        long_names=_long_names(rows),
    )


_Tables = tuple[TextTable, Sequence[RawRow], TextTable]


def _from_csv_set(files: Mapping[str, bytes], name: str) -> _Tables:
    found = {part: file for file in files if (part := _part_of(file)) is not None}
    _require_parts(set(found), name)
    dataset = read_delimited(files[found["dataset"]], found["dataset"], has_totals=False)
    structure = read_delimited(
        files[found["structure"]],
        found["structure"],
        {column: (column,) for column in STRUCTURE_COLUMNS[:5]},
        has_totals=False,
        trailing_empty_cells=True,
    )
    text = decode(files[found["labels"]], found["labels"]).text
    delimiter = dataset.delimiter or ";"
    return dataset, list(split_rows(text, delimiter, found["labels"])), structure


def _from_workbook(data: bytes, name: str) -> _Tables:
    sheets = {
        part: sheet
        for sheet in read_xlsx_sheets(data, name)
        if (part := _part_of(sheet.name)) is not None
    }
    _require_parts(set(sheets), name)
    dataset = _sheet_table(sheets["dataset"], name, trailing_empty_cells=False)
    structure = _sheet_table(sheets["structure"], name, trailing_empty_cells=True)
    return dataset, sheets["labels"].rows, structure


def _sheet_table(sheet: Sheet, name: str, *, trailing_empty_cells: bool) -> TextTable:
    return lay_out(
        sheet.rows,
        Place(
            file=name,
            sheet=sheet.name,
            has_totals=False,
            trailing_empty_cells=trailing_empty_cells,
        ),
    )


def _part_of(name: str) -> str | None:
    """Which part a file or sheet is: `dataset.csv`, `Dataset(1)`, `structure_en.csv`."""
    stem = PurePath(name).stem if "." in name else name
    return next((part for part in PARTS if re.match(rf"{part}(?![a-z])", stem.casefold())), None)


def _require_parts(found: set[str], name: str) -> None:
    missing = [part for part in PARTS if part not in found]
    if missing:
        raise rejected("F18_survey_set_incomplete", file=name, parts=", ".join(missing))


def _structure_rows(table: TextTable, name: str) -> tuple[StructureRow, ...]:
    places = {normalise_heading(heading): at for at, heading in enumerate(table.header)}
    missing = [c for c in STRUCTURE_COLUMNS if normalise_heading(c) not in places]
    if missing:
        raise rejected("F18_survey_set_incomplete", file=name, parts=", ".join(missing))
    order = [places[normalise_heading(column)] for column in STRUCTURE_COLUMNS]
    # a row whose text broke over lines lost its choice, not its variable: bad rows still name it
    return tuple(StructureRow(*(cells[at].strip() for at in order)) for _, cells in table.rows)


def _labels(rows: Sequence[RawRow]) -> dict[str, dict[str, str]]:
    """The labels file has no header: variable, code, label."""
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.problem is None and len(row.cells) >= 3 and row.cells[0].strip():
            variable, code, label = (cell.strip() for cell in row.cells[:3])
            labels.setdefault(variable, {})[code] = " ".join(label.split())
    return labels


def _long_names(rows: Sequence[StructureRow]) -> dict[str, str]:
    """A variable's long name: its question, with the choice's number where several may be set."""
    return {
        r.variable: f"{r.question}_{r.choice_value}" if r.sub_type == "Multiple" else r.question
        for r in rows
        if r.variable
    }


def _with_decimal_comma(dataset: TextTable, rows: Sequence[StructureRow]) -> TextTable:
    """Numbers as Danish files write them, whichever dialect the export used."""
    numeric = {r.variable for r in rows if (r.question_type, r.sub_type) == ("Open", "Double")}
    places = [at for at, heading in enumerate(dataset.header) if heading in numeric]
    if not places:
        return dataset
    changed = []
    for number, cells in dataset.rows:
        new = list(cells)
        for at in places:
            if _POINT_DECIMAL.fullmatch(new[at].strip()):
                new[at] = new[at].strip().replace(".", ",")
        changed.append((number, tuple(new)))
    return replace(dataset, rows=changed)
