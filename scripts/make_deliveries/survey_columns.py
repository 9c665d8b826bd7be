"""The columns of a survey export: system columns around the questions, with a value for each row.

Two naming modes exist: full names and names of eight characters, where the numbering of the status
columns depends on their order (`stat_21` follows `statc_9`). Which bytes a dialect makes of them is
`surveyxact`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scripts.make_deliveries.answers import Respondent
from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.questionnaire import COMMENT, TICKED, Choice, Question, questions

SHORT = {
    "respondentid": "responde",
    "organization": "organiza",
    "closetime": "closetim",
    "starttime": "starttim",
    "responsecollectsessions": "response",
    "numberofreturnedmail": "numberof",
    "importgroup": "importgr",
    "digitaldistributionstatus": "digitald",
    "kommunekode": "kommunek",
}
ORGANISATION = Choice("", "20150", "Boligsocial Monitor (syntetisk)")
STATUS = ("new", "distributed", "some_answers", "completed", "dropped_out")


# Status group: text, then the name of each box in the eight-character mode and what it means.
STATUS_GROUPS: dict[str, tuple[str, dict[str, str]]] = {
    "statcompletion": (
        "Afslutningsstatus",
        {"statc_1": "Afsluttet", "statc_2": "Gennemført", "statc_3": "Afvist ved returneret mail"},
    ),
    "statcreation": (
        "Oprettelsesstatus",
        {
            "statc_4": "Oprettet manuelt",
            "statc_5": "Importeret af administrator",
            "statc_6": "Oprettet af indtaster",
            "statc_7": "Oprettet via link",
            "stat_21": "Oprettet fra panel ",
        },
    ),
    "statdistribution": (
        "Distributionsstatus",
        {"statd_1": "Ingen", "statd_2": "E-mail", "statd_3": "Papir", "statd_4": "Link"},
    ),
    "statcollect": (
        "Indsamlingsstatus",
        {
            "stat_22": "Ingen",
            "stat_23": "Delvist gennemført",
            "stat_24": "Gennemført",
            "stat_25": "Frafaldet",
        },
    ),
    "statoverall": (
        "Samlet status",
        {
            "stato_1": "Ny",
            "stato_2": "Distribueret",
            "stato_3": "Nogen svar",
            "stato_4": "Gennemført",
            "stato_5": "Frafaldet",
        },
    ),
}


@dataclass(frozen=True)
class Column:
    """One column: its question, its name in the data set, and the value of a respondent."""

    question: Question
    name: str
    place: int
    value: Callable[[Respondent], str]

    @property
    def choice(self) -> Choice | None:
        """The choice a box of a multiple question stands for."""
        is_multiple = self.question.kind == "Closed/Multiple"
        return self.question.choices[self.place] if is_multiple else None

    @property
    def labels(self) -> list[tuple[str, str]]:
        """Code and label of each answer."""
        if self.question.kind == "Closed/Multiple":
            return list(TICKED)
        if self.question.kind == "Closed/Single":
            return [(choice.code, choice.label) for choice in self.question.choices]
        return []


def stamp(moment: datetime | None) -> str:
    """A time as the tool writes it, without a zone."""
    return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _seconds(one: Respondent) -> str:
    if not (one.started and one.closed):
        return ""
    thousandths = Dice(f"seconds/{one.number}").whole(0, 999)
    return f"{int((one.closed - one.started).total_seconds())}.{thousandths:03d}"


def _system(is_panel_code_text: bool) -> list[tuple[Question, Callable[[Respondent], str]]]:
    """The columns before the questions."""
    code_kind: Question = Question(
        "kommunekode", "Open/String" if is_panel_code_text else "Open/Double", "Kommunekode"
    )
    return [
        (Question("respondentid", "Open/Double", "Respondent-ID"), lambda r: str(r.number)),
        (
            Question("organization", "Closed/Single", "Organisation", choices=(ORGANISATION,)),
            lambda _: ORGANISATION.code,
        ),
        (Question("created", "Open/Date", "Oprettet"), lambda r: stamp(r.created)),
        (Question("modified", "Open/Date", "Ændret"), lambda r: stamp(r.modified)),
        (Question("closetime", "Open/Date", "Afsluttet"), lambda r: stamp(r.closed)),
        (Question("starttime", "Open/Date", "Startet"), lambda r: stamp(r.started)),
        (Question("difftime", "Open/Double", "Svartid (sekunder)"), _seconds),
        (
            Question("responsecollectsessions", "Open/Double", "Antal sessioner"),
            lambda r: "1" if r.started else "0",
        ),
        (Question("numberofreturnedmail", "Open/Double", "Returnerede mails"), lambda _: "0"),
        (Question("importgroup", "Open/Double", "Importgruppe"), lambda _: ""),
        (
            Question("email", "Open/String", "E-mail"),
            lambda r: f"respondent-{r.number % 1000:03d}@example.org" if r.number % 3 else "",
        ),
        (Question("digitaldistributionstatus", "Closed/Single", "Digital Post"), lambda _: ""),
        (code_kind, lambda r: r.code),
        (
            Question("navn", "Open/String", "Kontaktperson "),
            lambda r: f"Respondent {r.number % 1000:03d} (opdigtet)",
        ),
    ]


def _status(group: str, place: int) -> Callable[[Respondent], str]:
    def value(one: Respondent) -> str:
        done = one.status == "completed"
        ticked = {
            "statcompletion": 1 if done else None,
            "statcreation": 1,
            "statdistribution": None if one.status == "new" else 1,
            "statcollect": {"completed": 2, "some_answers": 1, "dropped_out": 3}.get(one.status, 0),
            "statoverall": STATUS.index(one.status),
        }[group]
        return "1" if ticked == place else "0"

    return value


def _answer(question: Question) -> Callable[[Respondent], str]:
    def value(one: Respondent) -> str:
        if question.holds == "hours":
            return "" if one.answers.hours is None else f"{one.answers.hours:g}"
        if question.holds == "meetings":
            is_in = one.status == "completed"
            return str(Dice(f"meetings/{one.number}").whole(1, 12)) if is_in else ""
        word = one.answers.single.get(question.holds)
        codes = [choice.code for choice in question.choices if choice.word == word]
        if word == "neutral_unit" and any(not choice.word for choice in question.choices):
            codes.append("2")  # the answer that was split off in 2017
        return Dice(f"code/{question.name}/{one.number}").pick(codes) if word and codes else ""

    return value


def _box(question: Question, word: str) -> Callable[[Respondent], str]:
    def value(one: Respondent) -> str:
        ticked = one.answers.forms if question.holds == "forms" else one.answers.forums
        return "1" if word in ticked else "0"  # nobody's untouched boxes are 0 as well

    return value


def columns(wave: str, *, is_short: bool, is_code_text: bool) -> list[Column]:
    """Every column of a wave's data set in its order."""
    found = []
    for question, value in _system(is_code_text):
        name = SHORT.get(question.name, question.name) if is_short else question.name
        found.append(Column(question, name, 0, value))
    for question in questions(wave):
        for place, name in enumerate(question.names):
            value = (
                _box(question, question.choices[place].word)
                if question.kind == "Closed/Multiple"
                else _answer(question)
            )
            found.append(Column(question, name, place, value))
    for name, (text, boxes) in STATUS_GROUPS.items():
        choices = tuple(Choice("", str(p), label) for p, label in enumerate(boxes.values(), 1))
        group = Question(name, "Closed/Multiple", text, choices=choices)
        for place, box in enumerate(boxes if is_short else group.names):
            found.append(Column(group, box, place, _status(name, place)))
    found.append(Column(COMMENT, COMMENT.name, 0, lambda r: r.answers.comment))
    return found
