"""That there are enough cases, each of its own name, and that every rule of the gate has one."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest
from bad_input_harness import Case, check, gate_rules
from test_bad_inputs import GROUPS

from pipelines.intake.findings import finding
from pipelines.intake.process import Decision

AT_LEAST = 150
TESTS = Path(__file__).parents[1]
ALL = [(group.GROUP, case) for group in GROUPS for case in group.CASES]

COMPARISON = "intake/conform/test_comparison.py"
INCREMENTS = "increments/test_increment_rules.py"
NOT_RAISED_HERE = {
    "K07_quality_gate": "intake/check/test_check.py",  # of loaded rows, after the decision
    "K11_smaller_than_before": COMPARISON,  # these are held against earlier deliveries
    "K12_confirmed_smaller": COMPARISON,
    "K13_no_increments": INCREMENTS,
    "K14_increment_without_export": INCREMENTS,
    "K15_increment_without_times": INCREMENTS,
    "K17_date_order_turns": "intake/test_streamed_text.py",  # a small file is seen as a whole
}
"""Rules that one delivery by itself cannot break, and the tests that prove them."""


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len(ALL) >= AT_LEAST
    assert [n for n, count in Counter((g, c.name) for g, c in ALL).items() if count > 1] == []


def test_every_rule_of_the_gate_is_raised_by_a_case() -> None:
    raised = {rule for _, case in ALL for rule in (*case.errors, *case.warnings)}
    assert raised <= gate_rules()
    assert gate_rules() - raised == set(NOT_RAISED_HERE)


@pytest.mark.parametrize(("rule", "proven_in"), NOT_RAISED_HERE.items())
def test_a_rule_without_a_case_is_proven_elsewhere(rule: str, proven_in: str) -> None:
    assert rule in (TESTS / proven_in).read_text("utf-8")


def test_the_harness_notices_each_kind_of_wrong_outcome() -> None:
    case = Case("a", bytes, "quarantined", ("R04_error_value",), ("W01_hidden_rows",))
    error = finding("R04_error_value", file="a.csv", row=2, column="Timer")
    warning = finding("W01_hidden_rows", file="a.csv", count=1)
    good = Decision("quarantined", "s", "t", 2, 1, (error, warning))
    check(case, good)
    wrong_decisions = (
        dataclasses.replace(good, state="accepted"),
        dataclasses.replace(good, findings=(error,)),
        dataclasses.replace(good, findings=(warning,)),
        dataclasses.replace(good, findings=(error, warning, finding("F02_empty_file", file="a"))),
        dataclasses.replace(good, findings=(dataclasses.replace(error, message_en=" "), warning)),
        dataclasses.replace(
            good, findings=(dataclasses.replace(error, message_da="{count}"), warning)
        ),
        dataclasses.replace(
            good, findings=(dataclasses.replace(error, column="Kanarieparken"), warning)
        ),
    )
    for wrong in wrong_decisions:
        with pytest.raises(AssertionError):
            check(case, wrong)
    for stricter in (
        dataclasses.replace(case, accepted=2),
        dataclasses.replace(case, quarantined=2),
        dataclasses.replace(case, places=((3, "Timer"),)),
        dataclasses.replace(case, says=("noget andet",)),
        dataclasses.replace(case, planted=("Timer",)),
    ):
        with pytest.raises(AssertionError):
            check(stricter, good)
