"""The catalogue of file rules: stable ids, two languages, templates that fill."""

import re
import string

import pytest

from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.findings import DeliveryRejected, finding, rejected

EFFECT_OF_LETTER = {"F": "reject", "R": "error", "W": "warning"}


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("rule", FILE_RULES.values(), ids=lambda r: r.rule)
def test_ids_say_what_follows_and_both_languages_have_a_message(rule):
    assert re.fullmatch(r"[FRW]\d\d_[a-z0-9_]+", rule.rule)
    assert rule.effect == EFFECT_OF_LETTER[rule.rule[0]]
    assert rule.message_da
    assert rule.message_en
    assert rule.example_da
    shared = {re.sub(r"_(da|en)$", "", f) for f in fields_of(rule.message_da)}
    assert shared == {re.sub(r"_(da|en)$", "", f) for f in fields_of(rule.message_en)}


def test_numbers_are_not_used_twice():
    numbers = [rule[:3] for rule in FILE_RULES]
    assert len(set(numbers)) == len(numbers)


def test_a_rejection_becomes_the_one_finding_of_the_file():
    refusal = rejected("F03_columns_missing", file="a.csv", sheet="Ark1", columns="Kommunekode")
    assert isinstance(refusal, DeliveryRejected)
    found = refusal.to_finding()
    assert (found.file, found.sheet, found.row, found.rule) == (
        "a.csv",
        "Ark1",
        None,
        "F03_columns_missing",
    )
    assert "Kommunekode" in found.message_da
    assert list(found.to_dict()) == [
        "file",
        "sheet",
        "row",
        "column",
        "rule",
        "severity",
        "message_da",
        "message_en",
    ]


def test_warnings_are_warnings():
    assert finding("W06_sheet_set_aside", file="a.xlsx").severity == "warning"
    assert finding("R04_error_value", file="a.xlsx", row=3, column="Beløb").severity == "error"
