"""The questionnaire of each wave: variables, texts and answer codes, as the survey tool holds them.

The drift between the waves is here: 2016 renames s_5, swaps the codes of s_7 and adds hours; 2017
asks hours instead of bands, drops the politicians, splits the placement, turns a scale round and
adds a question no contract knows. The code books say the same from the reader's side; a test
compares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["Closed/Single", "Closed/Multiple", "Open/String", "Open/Double", "Open/Date"]

TICKED = (("0", "Ikke valgt"), ("1", "Valgt"))
DONT_KNOW = "Ved ikke"


@dataclass(frozen=True)
class Choice:
    """An answer: its canonical word, the wave's code, its label."""

    word: str
    code: str
    label: str


@dataclass(frozen=True)
class Question:
    """A question of a wave; `holds` is the canonical question whose answer it takes."""

    name: str
    kind: Kind
    text: str
    holds: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of the data set: one a choice for multiple choice, else one."""
        if self.kind != "Closed/Multiple":
            return (self.name,)
        return tuple(f"{self.name}_{place}" for place in range(1, len(self.choices) + 1))


def _choices(*pairs: tuple[str, str], dont_know: str | None = "9") -> tuple[Choice, ...]:
    coded = [Choice(word, str(place), label) for place, (word, label) in enumerate(pairs, 1)]
    if dont_know:
        coded.append(Choice("dont_know", dont_know, DONT_KNOW))
    return tuple(coded)


COORDINATOR = _choices(("yes_one", "Ja, én "), ("yes_several", "Ja, flere "), ("no", "Nej"))
UNIT = _choices(
    ("neutral_unit", "Borgmesterkontor eller anden fagneutral enhed"),
    ("specialist_unit", "Fagforvaltning "),
)
UNIT_SPLIT = _choices(
    ("neutral_unit", "Borgmesterkontor"),
    ("", "Anden fagneutral enhed, fx stab eller sekretariat "),
    ("specialist_unit", "Fagforvaltning"),
)
TIME = _choices(
    ("full_time_or_more", "En fuldtidsstilling eller mere"),
    ("half_to_full_time", "Mellem en halv og en hel stilling"),
    ("half_time_or_less", "En halv stilling eller mindre, eller meget begrænset "),
)
FORMS = _choices(
    ("staff", "Medarbejderressourcer "),
    ("cash", "Kontante midler"),
    ("premises", "Lokaler"),
    ("other", "Andet"),
    dont_know=None,
)
PRIORITY = _choices(
    ("satisfactory", "Tilfredsstillende"),
    ("to_some_degree", "I nogen grad"),
    ("not_satisfactory", "Ikke tilfredsstillende"),
)
YES_NO = _choices(("yes", "Ja"), ("no", "Nej"))
NO_YES = _choices(("no", "Nej"), ("yes", "Ja"))
OFTEN = (("always", "Altid"), ("often", "Ofte"), ("rarely", "Sjældent"), ("never", "Aldrig"))
STEPS = (
    ("knowledge_sharing", "Trin 1: Vidensdeling"),
    ("negative_coordination", "Trin 2: Negativ koordinering"),
    ("positive_coordination", "Trin 3: Positiv koordinering"),
    ("joint_innovation", "Trin 4: Fælles innovation"),
)
FORUMS = _choices(
    ("strategic", "Mødeforum på strategisk niveau"),
    ("tactical", "Mødeforum på taktisk niveau"),
    ("operational", "Mødeforum på udførende niveau "),
    ("middle_managers", "Mellemledere deltager"),
    ("in_municipal_plan", "Helhedsplanen er nævnt i kommuneplanen"),
    dont_know=None,
)
LEADERS_TEXT = (
    "Hvor tilfredsstillende prioriterer de kommunale ledere det boligsociale helhedsplansarbejde?"
)


def _single(name: str, text: str, holds: str, choices: tuple[Choice, ...]) -> Question:
    return Question(name, "Closed/Single", text, holds, choices)


def questions(wave: str) -> tuple[Question, ...]:
    """The wave's questions in the order of its form; the open comment comes last of all."""
    is_2015, is_2017 = wave == "2015", wave == "2017"
    asked = [
        _single(
            "s_1", "Har kommunen udpeget en boligsocial koordinator?", "coordinator", COORDINATOR
        ),
        _single("s_2", "Hvor er koordinatoren placeret? ", "unit", UNIT_SPLIT if is_2017 else UNIT),
    ]
    hours = "Hvor mange timer om ugen bruges i alt på koordineringen? "
    if is_2017:
        asked.append(Question("s_3h", "Open/Double", hours, "hours"))
    else:
        asked.append(_single("s_3", "Hvor meget tid bruges på koordineringen?", "time", TIME))
    asked += [
        Question(
            "s_4",
            "Closed/Multiple",
            "Hvordan medfinansierer kommunen helhedsplaner? (flere kryds er mulige)",
            "forms",
            FORMS,
        ),
        _single("s_5" if is_2015 else "s_5a", LEADERS_TEXT, "leaders", PRIORITY),
    ]
    if not is_2017:
        text = LEADERS_TEXT.replace("de kommunale ledere", "kommunalpolitikerne")
        asked.append(_single("s_6", text, "politicians", PRIORITY))
    same = "Koordinerer samme person styringsdialogen og helhedsplansarbejdet?"
    asked.append(_single("s_7", same, "same", NO_YES if wave == "2016" else YES_NO))
    often = "Hvor ofte er boligsociale emner på styringsdialogmøderne?"
    if is_2017:
        asked.append(_single("s_8_ny", often, "frequency", _choices(*reversed(OFTEN))))
    else:
        asked.append(_single("s_8", often, "frequency", _choices(*OFTEN)))
    stairs = "Hvilket trin på samarbejdstrappen er I på?"
    asked.append(
        _single("s_9", stairs, "step", _choices(*STEPS, dont_know="-7" if is_2017 else "9"))
    )
    forums = "Hvilke af disse findes i kommunen? (flere kryds er mulige)"
    asked.append(Question("s_10", "Closed/Multiple", forums, "forums", FORUMS))
    if wave == "2016":
        asked.append(Question("s_12", "Open/Double", hours, "hours"))
    if is_2017:
        meetings = "Hvor mange møder om helhedsplaner har I holdt det seneste år?"
        asked.append(Question("s_13", "Open/Double", meetings, "meetings"))
    return tuple(asked)


COMMENT = Question("s_11", "Open/String", "Har du kommentarer?   ", "comment")
