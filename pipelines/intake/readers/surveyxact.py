"""SurveyXact's export: the answers, what the codes are called, and how the questions are built.

All dialects of the export give the same `SurveyExport`. What a variable means for us is the code
book's to say (`intake.conform.survey`); here it only gets both of its names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.intake.findings import rejected
from pipelines.intake.readers.layout import RawRow
from pipelines.intake.readers.survey_names import SHORT_NAME_LENGTH
from pipelines.intake.readers.surveyxact_parts import (
    STRUCTURE_COLUMNS,
    Dialect,
    read_parts,
)
from pipelines.intake.readers.tables import TextTable, match_header, normalise_heading

_POINT_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class StructureRow:
    """One row of the structure: a variable, or one choice of it."""

    question: str
    variable: str
    question_type: str
    sub_type: str
    text: str
    choice_value: str
    choice_text: str

    @property
    def is_number(self) -> bool:
        """Whether respondents typed a number."""
        return (self.question_type, self.sub_type) == ("Open", "Double")

    @property
    def long_name(self) -> str:
        """The question's name, with the choice's number where several may be chosen."""
        if self.sub_type == "Multiple":
            return f"{self.question}_{self.choice_value}"
        return self.question


@dataclass(frozen=True, slots=True)
class SurveyExport:
    """One export, whatever dialect it came in.

    `dataset` has one respondent a row under the file's own variable names; numbers of
    Open/Double variables have a decimal comma. `long_names` maps each of the dataset's variables
    that the structure knows to its long name. `labels` maps a variable, as the dataset calls it,
    to its answer codes and their texts.
    """

    dataset: TextTable
    labels: Mapping[str, Mapping[str, str]]
    structure: tuple[StructureRow, ...]
    long_names: Mapping[str, str]
    dialect: Dialect

    @property
    def variables(self) -> tuple[str, ...]:
        """The dataset's variables, as the file names them."""
        return self.dataset.header


def read_surveyxact(files: Mapping[str, bytes], name: str) -> SurveyExport:
    """Read an export.

    Args:
        files: The delivered files by name: a set of text files, or one workbook.
        name: The delivery's name, for the messages.

    Raises:
        DeliveryRejected: A part is missing (F18), the parts are of different surveys (F19), two
            variables have one name (F04), or a file cannot be read.
    """
    parts = read_parts(files, name)
    dataset = parts.dataset
    _check_names(dataset)
    structure = _structure_rows(parts.structure)
    in_dataset = _names_in_dataset(dataset, structure)
    labels = _labels(parts.labels, in_dataset)
    _check_fit(in_dataset, labels, name)
    dataset = _with_decimal_comma(
        dataset, {in_dataset.get(r.variable) for r in structure if r.is_number}
    )
    return SurveyExport(
        dataset=dataset.with_findings(*parts.findings),
        labels=labels,
        structure=structure,
        long_names={
            in_dataset[row.variable]: row.long_name
            for row in structure
            if row.variable in in_dataset
        },
        dialect=parts.dialect,
    )


def _check_names(dataset: TextTable) -> None:
    counted = Counter(normalise_heading(heading) for heading in dataset.header)
    doubled = sorted(name for name, count in counted.items() if name and count > 1)
    if doubled:
        raise rejected(
            "F04_ambiguous_columns",
            file=dataset.file,
            sheet=dataset.sheet,
            columns=", ".join(doubled),
        )


def _structure_rows(table: TextTable) -> tuple[StructureRow, ...]:
    match = match_header(table.header, {column: (column,) for column in STRUCTURE_COLUMNS})
    order = [match.mapping[column] for column in STRUCTURE_COLUMNS]
    rows = (StructureRow(*(" ".join(cells[at].split()) for at in order)) for _, cells in table.rows)
    return tuple(row for row in rows if row.variable)


def _names_in_dataset(dataset: TextTable, structure: Sequence[StructureRow]) -> dict[str, str]:
    """Map the structure's variable names to the dataset's.

    They are the same as a rule; but a dataset may have some names in full (`generated_id`) where
    the structure has the eight-character ones (`generate`), or the other way
    round. What has the same name in both is matched first, so that a shortened name never takes
    another variable's column.
    """
    headings = {normalise_heading(heading): heading for heading in dataset.header}
    names = {
        row.variable: headings[normalise_heading(row.variable)]
        for row in structure
        if normalise_heading(row.variable) in headings
    }
    claimed = set(names.values())
    for row in structure:
        for candidate in (row.long_name, row.long_name[:SHORT_NAME_LENGTH]):
            heading = headings.get(normalise_heading(candidate))
            if row.variable not in names and heading is not None and heading not in claimed:
                names[row.variable] = heading
                claimed.add(heading)
    return names


def _labels(rows: Sequence[RawRow], in_dataset: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Read variable, code, label; there is no heading row, and texts have stray blanks."""
    labels: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.problem is None and len(row.cells) >= 3 and row.cells[0].strip():
            variable, code, label = (" ".join(cell.split()) for cell in row.cells[:3])
            labels.setdefault(in_dataset.get(variable, variable), {})[code] = label
    return labels


def _check_fit(
    in_dataset: Mapping[str, str], labels: Mapping[str, Mapping[str, str]], name: str
) -> None:
    """Reject parts that come from different surveys: nothing in common is no accident."""
    known = set(in_dataset.values())
    if not known:
        raise rejected(
            "F19_survey_set_inconsistent",
            file=name,
            detail_da="strukturen nævner ingen af datasættets variabler",
            detail_en="the structure names none of the dataset's variables",
        )
    if labels and not known & set(labels):
        raise rejected(
            "F19_survey_set_inconsistent",
            file=name,
            detail_da="labels nævner ingen af datasættets variabler",
            detail_en="the labels name none of the dataset's variables",
        )


def _with_decimal_comma(dataset: TextTable, numeric: set[str | None]) -> TextTable:
    """Write numbers as Danish files do, whichever dialect the export used."""
    places = [at for at, heading in enumerate(dataset.header) if heading in numeric]
    if not places:
        return dataset
    rows = []
    for number, cells in dataset.rows:
        changed = list(cells)
        for at in places:
            if _POINT_DECIMAL.fullmatch(changed[at].strip()):
                changed[at] = changed[at].strip().replace(".", ",")
        rows.append((number, tuple(changed)))
    return replace(dataset, rows=rows)
