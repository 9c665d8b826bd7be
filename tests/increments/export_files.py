"""A small survey export in one dialect, for deliveries that are made in the test itself.

Questions of the 2016 wave under their short names; every respondent is made up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.contracts.loader import load_code_book
from pipelines.contracts.model import CodeBook

WAVE = "2016"
TIMES = {"first": "2016-04-01 09:00:00", "later": "2016-05-01 09:00:00"}
TOOL_STATES = ("new", "distributed", "some_answers", "completed", "dropped_out")


@dataclass(frozen=True)
class Answer:
    """One respondent's row: whether a coordinator is appointed, and when it was changed."""

    respondent: str
    municipality: str
    appointed: str
    modified: str
    state: str = "completed"

    def at(self, modified: str, appointed: str) -> Answer:
        """The same respondent's answer at another time."""
        return replace(self, modified=modified, appointed=appointed)


def code_book() -> CodeBook:
    book = load_code_book("survey", WAVE)
    assert book is not None
    return book


def variables() -> list[str]:
    """Every variable that the wave's code book asks for."""
    asked = (e.variable for e in code_book().entries if e.is_asked)
    return list(dict.fromkeys(asked))


def write_export(folder: Path, *answers: Answer) -> Path:
    """Write dataset, labels and structure into a folder."""
    folder.mkdir(parents=True)
    names = variables()
    lines = [";".join(names)] + [";".join(_cells(answer, names)) for answer in answers]
    (folder / "dataset.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "labels.csv").write_text('s_1;1;"Ja, én"\ns_1;2;"Ja, flere"\n', encoding="utf-8")
    head = "questionName;variableName;questionType;subType;questionText;choiceValue;choiceText"
    rows = [f"{name};{name};Open;String;{name};;" for name in names]
    text = "\n".join([head, *rows]) + "\n"
    (folder / "structure.csv").write_text(text, encoding="utf-8")
    return folder


def _cells(answer: Answer, names: list[str]) -> list[str]:
    known = {
        "responde": answer.respondent,
        "kommunek": answer.municipality,
        "modified": answer.modified,
        "closetim": answer.modified,
        "s_1": answer.appointed,
    }
    place = TOOL_STATES.index(answer.state) + 1
    states = {f"stato_{at}": "1" if at == place else "0" for at in range(1, 6)}
    boxes = {name: "0" for name in names if name.startswith(("s_4_", "s_10_"))}
    return [(known | states | boxes).get(name, "") for name in names]
