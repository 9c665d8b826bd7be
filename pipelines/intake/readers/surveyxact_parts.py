"""Which file or sheet of a SurveyXact export is which part, and the parts as tables of text.

Exports come as a set of text files (three separators, two encodings, language suffixes) or as one
workbook (sheet names with suffixes). Here the container is dealt with; what the parts say is
`surveyxact`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from pipelines.intake.findings import Finding, finding, rejected
from pipelines.intake.readers.delimited import DELIMITERS, read_delimited, split_rows
from pipelines.intake.readers.encoding import decode
from pipelines.intake.readers.layout import Place, RawRow, lay_out
from pipelines.intake.readers.own_sheets import OWN_SHEETS
from pipelines.intake.readers.tables import TextTable
from pipelines.intake.readers.xlsx import WORKBOOK_SUFFIXES, read_xlsx_sheets, sheet_table

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
_TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv"})
_LABEL_FIELDS = 3

ACCEPTED_FORMS = (
    "SurveyXact-sættet (datasæt, labels, struktur) som CSV eller XLSX, eller SPSS som .sav"
)
"""What a survey may come as, for its sender."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the export was written; `encoding` and `delimiter` are None for a workbook."""

    container: str
    encoding: str | None
    delimiter: str | None


@dataclass(frozen=True, slots=True)
class Parts:
    """The three parts of one export as text; labels have no heading row."""

    dataset: TextTable
    labels: Sequence[RawRow]
    structure: TextTable
    dialect: Dialect
    findings: tuple[Finding, ...]


def read_parts(files: Mapping[str, bytes], name: str) -> Parts:
    """Read the parts of an export, from a set of files or one workbook.

    Raises:
        DeliveryRejected: A part is missing or there twice, or a file cannot be read.
    """
    workbooks = [file for file in files if _suffix(file) in WORKBOOK_SUFFIXES]
    if workbooks and len(files) == 1:
        return _from_workbook(files[workbooks[0]], workbooks[0])
    texts = [file for file in files if _suffix(file) in _TEXT_SUFFIXES]
    if not texts:
        extension = _suffix(next(iter(files), "")) or "(ingen)"
        raise rejected(
            "F22_unsupported_format", file=name, extension=extension, accepted=ACCEPTED_FORMS
        )
    return _from_text_files({file: files[file] for file in texts}, set(files) - set(texts), name)


def _from_text_files(texts: Mapping[str, bytes], others: set[str], name: str) -> Parts:
    chosen = choose_parts(texts, name)
    dataset_file, labels_file, structure_file = (chosen[part] for part in PARTS)
    dataset = read_delimited(texts[dataset_file], dataset_file, has_totals=False)
    structure = read_delimited(
        texts[structure_file],
        structure_file,
        {column: (column,) for column in STRUCTURE_COLUMNS},
        has_totals=False,
        trailing_empty_cells=True,
    )
    labels = _split_labels(decode(texts[labels_file], labels_file).text, labels_file)
    aside = sorted(others | (set(texts) - set(chosen.values())))
    return Parts(
        dataset,
        labels,
        structure,
        Dialect("text", dataset.encoding, dataset.delimiter),
        tuple(finding("W07_file_set_aside", file=file) for file in aside),
    )


def _split_labels(text: str, file: str) -> list[RawRow]:
    """Take the labels apart: the separator is the one that gives most lines of three fields."""

    def rows_of_three(delimiter: str) -> int:
        return sum(len(line.split(delimiter)) >= _LABEL_FIELDS for line in lines)

    lines = text.split("\n")
    return list(split_rows(text, max(DELIMITERS, key=rows_of_three), file))


def _from_workbook(data: bytes, name: str) -> Parts:
    sheets = {sheet.name: sheet for sheet in read_xlsx_sheets(data, name) if sheet.rows}
    chosen = choose_parts(sheets, name)
    dataset, labels, structure = (sheets[chosen[part]] for part in PARTS)
    place = Place(file=name, sheet=structure.name, has_totals=False, trailing_empty_cells=True)
    aside = [sheet for sheet in sheets if sheet not in {*chosen.values(), *OWN_SHEETS}]
    return Parts(
        sheet_table(dataset, name, has_totals=False),
        labels.rows,
        lay_out(structure.rows, place, {column: (column,) for column in STRUCTURE_COLUMNS}),
        Dialect("workbook", None, None),
        tuple(finding("W06_sheet_set_aside", file=name, sheet=sheet) for sheet in aside),
    )


def choose_parts(names: Mapping[str, object], delivery: str) -> dict[str, str]:
    """Say which name is which part.

    `dataset.csv`, `Dataset(1)`, `labels_en.csv` and `2016_structure.csv` are recognised. Where
    labels or structure come in several languages the plain name counts, then Danish, then the
    first; a dataset that is there twice is two data sets.

    Raises:
        DeliveryRejected: A part is missing (F18), or there are two datasets (F15).
    """
    found: dict[str, list[str]] = {}
    for name in names:
        part = part_of(name)
        if part is not None:
            found.setdefault(part, []).append(name)
    absent = [part for part in PARTS if part not in found]
    if absent:
        raise rejected("F18_survey_set_incomplete", file=delivery, parts=", ".join(absent))
    if len(found["dataset"]) > 1:
        doubled = ", ".join(sorted(found["dataset"]))
        raise rejected("F15_several_data_sets", file=delivery, names=doubled)
    return {part: min(found[part], key=_language_order) for part in PARTS}


def part_of(name: str) -> str | None:
    """Return which part a file or sheet is by its name, or None."""
    words = re.split(r"[^a-z]+", _stem(name).casefold())
    return next((part for part in PARTS if part in words), None)


def _language_order(name: str) -> tuple[int, str]:
    suffix = _stem(name).casefold().rpartition("_")[2]
    return {"labels": 0, "structure": 0, "da": 1}.get(suffix, 2), name


def _stem(name: str) -> str:
    path = PurePath(name)
    return path.stem if path.suffix.casefold() in _TEXT_SUFFIXES | WORKBOOK_SUFFIXES else name


def _suffix(name: str) -> str:
    return PurePath(name).suffix.casefold()
