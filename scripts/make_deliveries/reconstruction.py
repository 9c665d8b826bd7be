"""Solves for the 2015 answers: the likeliest seeded draw that meets `report_figures`.

Each possible answer of each of the 44 municipalities is a 0/1 variable (and each cell that must not
be small has one that says whether it is empty). Its weight in the objective
is the log of how plausible it is plus seeded noise (the Gumbel trick), so the optimum is a random
draw under the constraints. Weights are whole numbers and the optimum is unique: every exact solver
finds the same one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from scripts.make_deliveries.constraints import FEWEST, ITEMS, RULES, Among, Sense
from scripts.make_deliveries.dice import Dice
from scripts.make_deliveries.panel import CASES, Member, invited
from scripts.make_deliveries.report_figures import CASE_TOTALS, NO_FEW, TOTALS

# How likely an answer is before the report's figures are imposed; what is not listed is one in two.
PLAUSIBLE: dict[str, float] = {
    "completed": 0.9,
    "coordinator.yes_one": 0.7,
    "coordinator.yes_several": 0.2,
    "coordinator.no": 0.1,
    "time.half_to_full_time": 0.4,
    "time.half_time_or_less": 0.5,
    "form.staff": 0.9,
    "form.cash": 0.55,
    "form.premises": 0.4,
    "form.other": 0.15,
    "politicians.satisfactory": 0.5,
    "politicians.to_some_degree": 0.35,
    "politicians.not_satisfactory": 0.08,
    "politicians.dont_know": 0.07,
    "step.knowledge_sharing": 0.3,
    "step.negative_coordination": 0.35,
    "step.positive_coordination": 0.22,
    "step.joint_innovation": 0.08,
    "step.dont_know": 0.05,
    "forum.strategic": 0.6,
    "forum.tactical": 0.7,
    "forum.operational": 0.5,
    "forum.middle_managers": 0.4,
    "forum.in_municipal_plan": 0.45,
    "dialogue.yes/always": 0.3,
    "dialogue.yes/often": 0.45,
    "dialogue.yes/rarely": 0.2,
    "dialogue.yes/never": 0.02,
    "dialogue.yes/dont_know": 0.03,
    "dialogue.no/always": 0.08,
    "dialogue.no/often": 0.32,
    "dialogue.no/rarely": 0.45,
    "dialogue.no/never": 0.08,
    "dialogue.no/dont_know": 0.07,
    "dialogue.dont_know/always": 0.001,
    "dialogue.dont_know/often": 0.001,
    "dialogue.dont_know/rarely": 0.01,
    "dialogue.dont_know/never": 0.001,
    "dialogue.dont_know/dont_know": 0.05,
}
CHOICES = ("form.", "forum.", "completed")
NOBODY = ""  # whose column it is whether a cell is filled
SCALE = 1_000_000
VERY_LARGE = 8_000


@dataclass(frozen=True)
class Solution:
    """The items that are 1, for each municipality of the 2015 panel."""

    chosen: dict[str, frozenset[str]]

    def count(self, items: Iterable[str], codes: Iterable[str]) -> int:
        """How often these municipalities gave one of these answers."""
        wanted = frozenset(items)
        return sum(len(self.chosen[code] & wanted) for code in codes)


def among(which: Among) -> tuple[str, ...]:
    """The codes of the invited municipalities a total counts over."""
    members = invited("2015")
    if which == "large":
        return tuple(m.code for m in members if m.is_large)
    if which == "small":
        return tuple(m.code for m in members if not m.is_large)
    if which == "leavers":
        return tuple(m.code for m in members if m.left)
    if which == "cases":
        return tuple(m.code for m in members if m.code in CASES)
    return tuple(m.code for m in members if which in ("all", m.code))


def _likely(member: Member, item: str) -> float:
    """How plausible the answer is of this municipality: size matters for some."""
    if item == "time.full_time_or_more":
        return min(0.95, member.residents / 12_000)
    if item == "time.half_time_or_less" and member.residents > VERY_LARGE:
        return 0.02
    likely = PLAUSIBLE.get(item, 0.5)
    if member.is_large and item == "coordinator.no":
        return likely / 10
    if member.is_large and item in ("coordinator.yes_several", "forum.strategic", "forum.tactical"):
        return min(0.9, likely * 1.5)
    return likely


def _weight(member: Member, item: str, dice: Dice) -> int:
    if item == "form.at_least_two":  # follows from the forms
        return 0
    likely = _likely(member, item)
    if item.startswith(CHOICES):  # a box is ticked or not: the odds decide, not the share
        score = math.log(likely / (1 - likely)) + dice.gumbel() - dice.gumbel()
    else:
        score = math.log(likely) + dice.gumbel()
    return round(score * SCALE)


def _bounds(sense: Sense, count: int) -> tuple[float, float]:
    return {"=": (count, count), ">=": (count, math.inf), "<=": (-math.inf, count)}[sense]


@dataclass(frozen=True)
class Model:
    """The problem as a solver takes it: maximise weights under constraints, all columns 0 or 1."""

    columns: tuple[tuple[str, str], ...]
    weights: tuple[int, ...]
    constraints: LinearConstraint

    def best(self, *more: LinearConstraint) -> tuple[int, frozenset[tuple[str, str]]]:
        """The weight and the columns of the heaviest solution.

        Raises:
            RuntimeError: If the constraints contradict each other.
        """
        result = milp(
            c=-np.array(self.weights, dtype=float),
            constraints=[self.constraints, *more],
            integrality=np.ones(len(self.columns), dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0.0},
        )
        if not result.success:
            raise RuntimeError(f"the 2015 figures cannot be met together: {result.message}")
        picked = [place for place, value in enumerate(result.x) if value > 0.5]
        weight = sum(self.weights[place] for place in picked)
        return weight, frozenset(self.columns[place] for place in picked)


def model() -> Model:
    """The declared constraints over the invited municipalities, with this seed's weights."""
    members = invited("2015")
    filled = tuple((NOBODY, cell.name) for cell in NO_FEW)
    columns = (*((member.code, item) for member in members for item in ITEMS), *filled)
    place = {column: number for number, column in enumerate(columns)}
    rows: list[dict[int, int]] = []
    limits: list[tuple[float, float]] = []
    for rule in RULES:
        for member in members:
            rows.append({place[member.code, item]: weight for item, weight in rule.weights})
            limits.append(_bounds(rule.sense, rule.count))
    for total in (*TOTALS, *CASE_TOTALS):
        rows.append({place[code, item]: 1 for code in among(total.among) for item in total.items})
        limits.append(_bounds(total.sense, total.count))
    for cell in NO_FEW:  # FEWEST * filled <= count <= base * filled
        answers = {place[code, cell.item]: 1 for code in among(cell.among)}
        rows += [answers | {place[NOBODY, cell.name]: -bound} for bound in (FEWEST, cell.base)]
        limits += [_bounds(">=", 0), _bounds("<=", 0)]

    entries = [(row, at, weight) for row, found in enumerate(rows) for at, weight in found.items()]
    matrix = csr_array(
        ([float(e[2]) for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
        shape=(len(rows), len(columns)),
    )
    weights = (
        *(
            _weight(member, item, dice)
            for member in members
            for dice in (Dice(f"answers/2015/{member.code}"),)
            for item in ITEMS
        ),
        *(0 for _ in filled),
    )
    lower, upper = [low for low, _ in limits], [high for _, high in limits]
    return Model(columns, weights, LinearConstraint(matrix, lower, upper))


@cache
def solve() -> Solution:
    """The 2015 answers."""
    _, picked = model().best()
    return Solution(
        {
            member.code: frozenset(item for item in ITEMS if (member.code, item) in picked)
            for member in invited("2015")
        }
    )
