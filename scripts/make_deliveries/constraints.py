"""How the 2015 answers are constrained: the possible answers, and what each questionnaire obeys.

An *item* is one possible answer, such as ``time.full_time_or_more``; a municipality gave it or not.
A `Total` counts items over municipalities, and a `NoFew` says that such a count is printable (the
report's figures: `report_figures`); a `Rule` holds inside every single questionnaire. Solving is
`reconstruction`; there are no answers in here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# A group of the invited municipalities, or the code of one.
Among = Literal["all", "large", "small", "cases", "leavers", "165", "259", "461", "540", "657"]
Sense = Literal["=", ">=", "<="]

COORDINATOR = ("coordinator.yes_one", "coordinator.yes_several")
UNIT = ("unit.neutral_unit", "unit.specialist_unit")
TIME = ("time.full_time_or_more", "time.half_to_full_time", "time.half_time_or_less")
FORMS = ("form.staff", "form.cash", "form.premises", "form.other")
LEADERS = ("leaders.satisfactory", "leaders.to_some_degree")
POLITICIANS = tuple(
    f"politicians.{answer}"
    for answer in ("satisfactory", "to_some_degree", "not_satisfactory", "dont_know")
)
SAME_PERSON = ("yes", "no", "dont_know")
FREQUENCY = ("always", "often", "rarely", "never", "dont_know")
# Asked apart, drawn together: the report says how the one goes with the other (L695).
DIALOGUE = tuple(f"dialogue.{same}/{often}" for same in SAME_PERSON for often in FREQUENCY)
STEPS = tuple(
    f"step.{answer}"
    for answer in (
        "knowledge_sharing",
        "negative_coordination",
        "positive_coordination",
        "joint_innovation",
        "dont_know",
    )
)
FORUMS = tuple(f"forum.{level}" for level in ("strategic", "tactical", "operational"))
OTHER_CHOICES = ("forum.middle_managers", "forum.in_municipal_plan")
ITEMS = (
    "completed",
    *COORDINATOR,
    "coordinator.no",
    *UNIT,
    *TIME,
    *FORMS,
    "form.at_least_two",
    *LEADERS,
    *POLITICIANS,
    *DIALOGUE,
    *STEPS,
    *FORUMS,
    *OTHER_CHOICES,
)


@dataclass(frozen=True)
class Total:
    """So many municipalities `among` these give one of these answers."""

    name: str
    lines: str
    published: str
    items: tuple[str, ...]
    sense: Sense
    count: int
    among: Among = "all"
    base: int | None = None
    basis: Literal["report", "assumption"] = "report"

    def is_met_by(self, count: int) -> bool:
        """Whether so many satisfy it."""
        if self.sense == "=":
            return count == self.count
        return count >= self.count if self.sense == ">=" else count <= self.count


FEWEST = 3  # one or two municipalities would not be printed


@dataclass(frozen=True)
class NoFew:
    """None of the municipalities `among` these give the answer, or at least `FEWEST`."""

    name: str
    lines: str
    published: str
    item: str
    among: Among
    base: int
    why: str

    def is_met_by(self, count: int) -> bool:
        """Whether so many satisfy it."""
        return count == 0 or count >= FEWEST


@dataclass(frozen=True)
class Rule:
    """Holds for each municipality: the weighted sum of its items, compared with `count`."""

    name: str
    weights: tuple[tuple[str, int], ...]
    sense: Sense
    count: int


def _sums(plus: tuple[str, ...], minus: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((item, 1) for item in plus) + tuple((item, -1) for item in minus)


RULES = (
    Rule(
        "a completed form answers the coordinator question",
        _sums((*COORDINATOR, "coordinator.no"), ("completed",)),
        "=",
        0,
    ),
    Rule("placement is asked where there is a coordinator", _sums(UNIT, COORDINATOR), "=", 0),
    Rule("at most one time band", _sums(TIME, ("completed",)), "<=", 0),
    Rule(
        "nobody works full-time where nobody is appointed",
        (("time.full_time_or_more", 1), ("coordinator.no", 1)),
        "<=",
        1,
    ),
    Rule("every coordinator states the time", _sums(TIME, COORDINATOR), ">=", 0),
    Rule("leaders' priority is answered by who states the time", _sums(LEADERS, TIME), "=", 0),
    Rule("politicians' priority likewise", _sums(POLITICIANS, TIME), "=", 0),
    Rule("one answer on the styringsdialog", _sums(DIALOGUE, ("completed",)), "=", 0),
    Rule("one step of the stairs", _sums(STEPS, ("completed",)), "=", 0),
    Rule(
        "everyone who answers co-finances in a form (L184, L317)",
        _sums(FORMS, ("completed",)),
        ">=",
        0,
    ),
    *(
        Rule(f"no {item} without a form", ((item, 1), ("completed", -1)), "<=", 0)
        for item in (*FORMS, *FORUMS, *OTHER_CHOICES)
    ),
    Rule("two forms or more", (*((form, 1) for form in FORMS), ("form.at_least_two", -2)), ">=", 0),
    Rule("one form at most", (*((form, 1) for form in FORMS), ("form.at_least_two", -3)), "<=", 1),
)
