"""A made-up school survey, and its export in the four dialects that real ones come in.

The project's own stand-in for the real exports beside the checkout: same shape, same variables of
the small contract, other words and no pupil behind it.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook

from pipelines.intake.readers.surveyxact_parts import STRUCTURE_COLUMNS

TICKED = {"0": "Ikke valgt ", "1": "Valgt"}
AGREE = {"1": "Helt uenig", "2": "Uenig", "3": "Enig ", "4": "Helt enig"}
PERSONAL = ("forn", "ettern", "email")
CANARY = "Kanariefugl"


@dataclass(frozen=True)
class Variable:
    """One variable of the questionnaire."""

    name: str
    question: str
    kind: str = "Closed;Single"
    answers: Mapping[str, str] = field(default_factory=dict)
    choice: str = ""
    group: str = ""


def questionnaire() -> tuple[Variable, ...]:
    """The questions; two names are as alike as the real survey's."""
    electives = "Hvilke valgfag havde du? (flere kryds er mulige)"
    states = ("Ny", "Distribueret", "Nogen svar", "Gennemført ", "Frafaldet")
    return (
        _box("v_1", 1, electives, "Design"),
        _box("v_1", 2, electives, "Forskning i praksis "),
        Variable(
            "s_2",
            "Hvilket program går du på?",
            answers=dict(
                enumerate_codes("Idræt", "Kunst", "Medier", "Musik", "Almen", "Andet, skriv:")
            ),
        ),
        _box("s_4", 1, "Hvilken linje går du på?", "Naturfag"),
        Variable(
            "s_6",
            "Hvornår valgte du linje?",
            answers={
                "5": "I de små klasser",
                "1": "I udskolingen   ",
                "3": "I efteråret",
                "4": "I foråret",
                "7": "Man kan ikke vælge",
                "6": "Ved ikke",
                "8": "Andet",
            },
        ),
        Variable("m_1", "Hvilket hold har du?", answers={"1": "Hold 1T", "2": "Hold 1P"}),
        Variable(
            "i_01",
            "Hvor meget lyst gav lærerne dig?",
            answers={"1": "I ringe grad", "2": "2", "3": "3", "4": "I høj grad"},
        ),
        Variable("up_01", "Jeg er meget motiveret for mine fag", answers=AGREE),
        Variable("up_02", "Jeg er i tvivl om, hvorvidt jeg har valgt rigtigt", answers=AGREE),
        Variable("hm_1", "Matematik er sværere end de fleste andre fag", answers=AGREE),
        Variable("a_p", "Andre fag, skriv gerne:", kind="Open;String"),
        Variable("b_9", "Hvor mange timer læser du om ugen?", kind="Open;Double"),
        *(_box("stato", at, "Samlet status", text) for at, text in enumerate(states, 1)),
    )


def enumerate_codes(*labels: str) -> list[tuple[str, str]]:
    """Labels with the codes 1, 2, …"""
    return [(str(at), label) for at, label in enumerate(labels, 1)]


def _box(group: str, at: int, question: str, choice: str) -> Variable:
    return Variable(f"{group}_{at}", question, "Closed;Multiple", TICKED, choice, group)


Rows = Sequence[Sequence[str]]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Parts:
    """Dataset, labels and structure as rows of text."""

    dataset: Rows
    labels: Rows
    structure: Rows


def parts(variables: Sequence[Variable], *, pupils: int = 40, personal: bool = False) -> Parts:
    """Fill in the questionnaire for some pupils; the same ones each time."""
    dice = random.Random(20)
    extra = PERSONAL if personal else ()
    rows = [[*(v.name for v in variables), *extra]]
    for pupil in range(pupils):
        state = f"stato_{1 + pupil % 5}"
        row = [_answer(v, dice, state) for v in variables]
        rows.append([*row, *(f"{CANARY} {name} {pupil}" for name in extra)])
    labels = [[v.name, c, label] for v in variables for c, label in v.answers.items()]
    structure = [list(STRUCTURE_COLUMNS)]
    for v in variables:
        number = v.name.rpartition("_")[2] if v.choice else ""
        structure.append([v.group or v.name, v.name, *v.kind.split(";"), v.question, number])
        structure[-1].append(v.choice)
    return Parts(rows, labels, structure)


def _answer(variable: Variable, dice: random.Random, state: str) -> str:
    if variable.group == "stato":
        return "1" if variable.name == state else "0"
    if variable.answers:
        return dice.choice([*variable.answers, "" if not variable.choice else "0"])
    return f"{CANARY} æøå" if variable.name == "a_p" else f"{dice.randrange(40)}.5"


def _text(rows: Rows, delimiter: str, encoding: str, *, quoted: bool = False) -> bytes:
    text = io.StringIO()
    quoting = csv.QUOTE_NONNUMERIC if quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _files(told: Parts, delimiter: str, encoding: str, *, quoted: bool = False) -> Files:
    return {
        f"{name}.csv": _text(rows, delimiter, encoding, quoted=quoted)
        for name, rows in vars(told).items()
    }


def _workbook(told: Parts) -> Files:
    book = Workbook()
    book.remove(book.active)
    for name, rows in vars(told).items():
        sheet = book.create_sheet(name.capitalize())
        for row in rows:
            sheet.append([cell or None for cell in row])
    data = io.BytesIO()
    book.save(data)
    return {"skole.xlsx": data.getvalue()}


DIALECTS: Mapping[str, Callable[[Sequence[Variable]], Files]] = {
    "semicolon_cp1252": lambda v: _files(parts(v), ";", "cp1252"),
    "tab_utf16": lambda v: _files(parts(v), "\t", "utf-16"),
    "comma_cp1252_personal": lambda v: _files(parts(v, personal=True), ",", "cp1252", quoted=True),
    "xlsx": lambda v: _workbook(parts(v)),
}
