"""Writes the three survey waves as SurveyXact exports, each in another dialect.

2015: zip with semicolon files in Windows-1252, quoted texts, full names, decimal comma. 2016:
folder with tab files in UTF-16LE with a byte order mark, eight-character names. 2017: one workbook
with suffixed sheet names. The traps are those of real exports: rows of multiple choices with one
field too many, trailing blanks in labels, boxes that are 0 for people who never answered.
"""

from __future__ import annotations

from collections.abc import Sequence

from scripts.make_deliveries.answers import Respondent, respondents_2015
from scripts.make_deliveries.evolution import respondents
from scripts.make_deliveries.files import (
    MARK,
    Cell,
    Delivery,
    Sheet,
    csv_text,
    single,
    stored_zip,
    workbook,
)
from scripts.make_deliveries.survey_columns import Column, columns

STRUCTURE = (
    "questionName",
    "variableName",
    "questionType",
    "subType",
    "questionText",
    "choiceValue",
    "choiceText",
)
NOTE = {
    "2015": "Rekonstrueret bølge: svarene er beregnet ud fra rapportens tal; ingen er afgivet.",
    "2016": "Syntetisk bølge: svarene er trukket tilfældigt videre fra 2015.",
    "2017": "Syntetisk bølge: svarene er trukket tilfældigt videre fra 2016.",
}
Table = list[list[str]]


def _dataset(found: Sequence[Column], rows: Sequence[Respondent], point: str) -> Table:
    table = [[column.name for column in found]]
    for one in rows:
        cells = []
        for column in found:
            text = column.value(one)
            is_number = column.question.kind == "Open/Double"
            cells.append(text.replace(".", point) if is_number else text)
        table.append(cells)
    return table


def _labels(found: Sequence[Column]) -> Table:
    return [[column.name, code, label] for column in found for code, label in column.labels]


def _structure(found: Sequence[Column], *, is_short: bool) -> Table:
    """A row a variable; rows of multiple choices carry one empty field too many."""
    table = [list(STRUCTURE)]
    for column in found:
        kind, subtype = column.question.kind.split("/")
        choice = column.choice
        row = [column.question.name, column.name, kind, subtype, column.question.text]
        row += [choice.code, choice.label, ""] if choice else ["", ""]
        table.append(row)
    if is_short:  # this export carries the surplus field everywhere, the heading included
        return [[*row, ""][: len(STRUCTURE) + 1] for row in table]
    return table


def _quoted(table: Table, texts: Sequence[int], heading: bool) -> str:
    """Semicolon text whose text columns are quoted, as one dialect of the tool does it."""
    lines = []
    for number, row in enumerate(table):
        is_heading = heading and number == 0
        cells = [
            '"' + cell.replace('"', '""') + '"'
            if place in texts and cell and not is_heading
            else cell
            for place, cell in enumerate(row)
        ]
        lines.append(";".join(cells) + "\n")
    return "".join(lines)


def wave_2015() -> Delivery:
    """The zip with full names."""
    found = columns("2015", is_short=False, is_code_text=True)
    parts = {
        "dataset.csv": csv_text(_dataset(found, respondents_2015(), ","), newline="\n"),
        "labels.csv": _quoted(_labels(found), (0, 2), heading=False),
        "structure.csv": _quoted(_structure(found, is_short=False), (4, 6), heading=True),
    }
    content = stored_zip({name: text.encode("cp1252") for name, text in parts.items()})
    return single("survey", "2015", f"surveyxact_2015_{MARK}.zip", content, NOTE["2015"])


def wave_2016() -> Delivery:
    """The folder with eight-character names."""
    found = columns("2016", is_short=True, is_code_text=True)
    tables = {
        "dataset.csv": _dataset(found, respondents("2016"), "."),
        "labels.csv": _labels(found),
        "structure.csv": _structure(found, is_short=True),
    }
    files = {
        name: b"\xff\xfe" + csv_text(table, delimiter="\t").encode("utf-16-le")
        for name, table in tables.items()
    }
    name = f"surveyxact_2016_{MARK}"
    return Delivery("survey", "2016", name, NOTE["2016"], files, is_folder=True)


def wave_2017() -> Delivery:
    """The workbook: numbers are numbers, an empty answer is an empty text."""
    found = columns("2017", is_short=False, is_code_text=False)
    dataset = _dataset(found, respondents("2017"), ".")
    numeric = [column.question.kind not in ("Open/String", "Open/Date") for column in found]
    rows: list[Sequence[Cell]] = [dataset[0]]
    rows += [
        [_number(cell) if is_number else cell for cell, is_number in zip(row, numeric, strict=True)]
        for row in dataset[1:]
    ]
    labels = [[name, _number(code), label] for name, code, label in _labels(found)]
    structure = _structure(found, is_short=False)
    sheets = [
        Sheet("Labels(1)", labels),
        Sheet("Dataset(1)", rows),
        Sheet("Structure(1)", [[*r[:5], _number(r[5]), r[6]] for r in structure]),
    ]
    content = workbook(sheets, "SurveyXact-eksport 2017")
    return single("survey", "2017", f"surveyxact_2017_{MARK}.xlsx", content, NOTE["2017"])


def _number(text: str) -> Cell:
    """A number where the text is one."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def deliveries() -> list[Delivery]:
    """The three waves."""
    return [wave_2015(), wave_2016(), wave_2017()]
