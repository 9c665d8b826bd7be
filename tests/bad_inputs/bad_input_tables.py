"""Sound small deliveries that the cases spoil: one place for what a good file looks like.

Every table has canary values in its cells (see `bad_input_harness.CANARIES`), so each case also
proves that no finding repeats what stands in a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts.loader import load_code_book, load_source

Table = list[list[str]]

GRANT_HEADINGS = [
    "Sagsnr", "Helhedsplan", "Boligorganisation", "LBF-nr", "Kommunekode", "Kommune", "Pulje",
    "Indsatsområde", "Bevilling fra", "Bevilling til", "Status", "Antal boliger", "Antal beboere",
    "Finansieringskilde", "Beløb (kr.)", "Timer",
]  # fmt: skip
LIST_HEADINGS = [
    "År", "Kommunekode", "Kommune", "Boligorganisation", "LBF-nr", "Mødedato", "Emne", "Aftale",
]  # fmt: skip


def grants(plans: int = 3, **cells: str) -> Table:
    """A sound driftsstøtte extract: headings, then two financing sources a plan.

    `cells` changes the first data row, by the headings without blanks and signs (`Beløb`,
    `Bevillingfra`); a heading that is not there is an error in the case.
    """
    rows = [list(GRANT_HEADINGS)]
    for plan in range(1, plans + 1):
        facts = [
            f"2011-{plan:04}", "Kanarieparken", "Kanariebo", "0123", "461", "Odense", "2011-14",
            "Sundhed", "01-01-2013", "31-12-2016", "Aktiv", "1.204", "2.890",
        ]  # fmt: skip
        rows.append([*facts, "Landsbyggefonden", "6.000.000,00", ""])
        rows.append([*facts, "Kommune – medarbejdertimer", "2.250.000,00", "4.160,5"])
    return with_cells(rows, 1, **cells)


def meetings(count: int = 4, **cells: str) -> Table:
    """A sound styringsdialog list for 2015: headings, then one meeting a row."""
    rows = [
        ["2015", "461", "Odense", f"Kanariebo {n}", "0123", "11-11-2015", "Beboertryghed", "ja"]
        for n in range(1, count + 1)
    ]
    return with_cells([list(LIST_HEADINGS), *rows], 1, **cells)


def with_cells(table: Table, row: int, **cells: str) -> Table:
    """The table with some cells of one row changed, by squeezed heading."""
    squeezed = {_squeezed(heading): at for at, heading in enumerate(table[0])}
    changed = [list(line) for line in table]
    for name, text in cells.items():
        changed[row][squeezed[_squeezed(name)]] = text
    return changed


def without_column(table: Table, heading: str) -> Table:
    """The table without one column."""
    at = table[0].index(heading)
    return [row[:at] + row[at + 1 :] for row in table]


def with_column(table: Table, heading: str, values: Iterable[str]) -> Table:
    """The table with one column more at its end."""
    return [[*row, text] for row, text in zip(table, (heading, *values), strict=True)]


def text_of(table: Sequence[Sequence[str]], separator: str = ";", end: str = "\r\n") -> str:
    """The table as delimited text, without any quoting."""
    return "".join(separator.join(row) + end for row in table)


def csv_of(table: Sequence[Sequence[str]], encoding: str = "utf-8") -> bytes:
    """The table as the CSV file a sender would save."""
    return text_of(table).encode(encoding)


def answers(wave: str = "2015", respondents: int = 4) -> Table:
    """A sound survey dataset: the first answer code of every question, one row a municipality."""
    book = load_code_book("survey", wave)
    assert book is not None
    fixed = {"municipality_code": "461", "completed_at": "2015-05-02 16:04:20"}
    header: list[str] = []
    cells: list[str] = []
    for entry in book.entries:
        if not entry.is_asked or entry.variable in header:
            continue
        header.append(entry.variable)
        status = {"new": "0", "completed": "1"}.get(entry.canonical_code, "0")
        is_status = entry.field == "response_status"
        cells.append(status if is_status else fixed.get(entry.field, entry.code))
    codes = ("461", "751", "851", "101", "265", "630", "561", "147")
    rows = [header]
    for number in range(respondents):
        changed = {"respondent_id": str(1001 + number), "municipality_code": codes[number]}
        own = {e.variable: changed[e.field] for e in book.entries if e.field in changed}
        free = {e.variable for e in book.entries if e.field == "comment" and e.is_asked}
        rows.append(
            [
                own.get(variable, "kanariefugl" if variable in free else text)
                for variable, text in zip(header, cells, strict=True)
            ]
        )
    return rows


def survey_set(
    dataset: Table | None = None, wave: str = "2015", **files: bytes | None
) -> dict[str, bytes]:
    """A sound SurveyXact set around a dataset; `files` replaces (None removes) a part by name."""
    table = answers(wave) if dataset is None else dataset
    parts: dict[str, bytes | None] = {
        "dataset": csv_of(table),
        "labels": csv_of(_labels(wave)),
        "structure": csv_of(_structure(table[0], wave)),
        **files,
    }
    return {f"{name}.csv": data for name, data in parts.items() if data is not None}


def _labels(wave: str) -> Table:
    book = load_code_book("survey", wave)
    assert book is not None
    labels: Mapping[tuple[str, str], str] = {
        (c.codelist, c.code): c.label_da for c in load_source("survey").codes
    }
    fields = {f.field: f.codelist for f in load_source("survey").fields}
    return [
        [e.variable, e.code, labels.get((fields[e.field], e.canonical_code), e.canonical_code)]
        for e in book.entries
        if e.is_asked and e.code
    ]


def _structure(header: Sequence[str], wave: str) -> Table:
    book = load_code_book("survey", wave)
    assert book is not None
    coded = {e.variable for e in book.entries if e.code}
    rows = [
        ["questionName", "variableName", "questionType", "subType", "questionText", "choiceValue",
         "choiceText"]
    ]  # fmt: skip
    for variable in header:
        kind = ["Closed", "Single"] if variable in coded else ["Open", "String"]
        rows.append([variable, variable, *kind, f"Spørgsmål {variable}", "", ""])
    return rows


def _squeezed(heading: str) -> str:
    return "".join(c for c in heading.split("(")[0].casefold() if c.isalnum())
