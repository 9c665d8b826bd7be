"""Expectations that follow from the description of a field."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from pipelines.contracts.loader import load_source
from pipelines.contracts.tables import raw_ddl
from quality.arriving import SOURCES, arriving_suites
from quality.fields import FieldRule, fields_of, parse_bound
from quality.model import SQL_RULE, Suite, between, not_null


def _ids(rule: FieldRule) -> list[str]:
    return [one.rule_id for one in rule.expectations()]


def test_an_optional_text_needs_nothing() -> None:
    assert _ids(FieldRule("plan_name", "text")) == []


def test_a_required_code_is_filled_and_listed() -> None:
    rule = FieldRule("status", "code", True, ("active", "stopped"))
    assert _ids(rule) == ["status_not_null", "status_in_list"]


def test_a_boolean_needs_no_list() -> None:
    assert _ids(FieldRule("has_agreement", "code", codes=("true", "false"))) == []


def test_a_municipality_code_has_three_digits() -> None:
    rule = FieldRule("municipality_code", "code", True, ("101",))
    assert _ids(rule)[1] == "municipality_code_format"


def test_a_joined_field_is_checked_part_by_part() -> None:
    (rule,) = FieldRule("focus_areas", "codes", codes=("Sundhed", "Børn's")).expectations()
    assert rule.kind == SQL_RULE
    assert "'Børn''s'" in rule.kwargs["unexpected_rows_query"]


@pytest.mark.parametrize(
    ("field_type", "text", "bound"),
    [
        ("integer", "10", 10),
        ("decimal", "0.5", 0.5),
        ("kroner", "", None),
        ("date", "2010-01-01", date(2010, 1, 1)),
        ("timestamp", "2010-01-01", datetime(2010, 1, 1)),
    ],
)
def test_bounds_are_read_by_type(field_type: str, text: str, bound: object) -> None:
    assert parse_bound(field_type, text) == bound


def test_a_text_has_no_range() -> None:
    with pytest.raises(ValueError, match="no range"):
        parse_bound("text", "10")


def test_a_range_is_written_in_both_languages() -> None:
    rule = between("amount_kr", 0.5, 1_000_000, "Beløbet", "The amount")
    assert rule.description_da == "Beløbet er mindst 0,5, højst 1.000.000."
    assert rule.description_en == "The amount is at least 0.5, at most 1,000,000."


def test_personal_fields_never_get_this_far() -> None:
    names = {field.field for field in fields_of(load_source("survey"))}
    assert "respondent_id" in names
    assert not names & {"email", "name", "comment"}


def test_suites_speak_of_columns_that_are_there() -> None:
    ddl = " ".join(raw_ddl())
    for suite in arriving_suites({name: load_source(name) for name in SOURCES}):
        assert suite.table in ddl
        for rule in suite.rules:
            if rule.column is not None:
                assert f" {rule.column} " in ddl.replace("(", " ")


def test_rule_ids_are_unique() -> None:
    with pytest.raises(ValueError, match="used twice"):
        Suite("s", "a.b", "", "", ("k",), (not_null("k"), not_null("k")))


def test_every_rule_speaks_both_languages(suites: dict[str, Suite]) -> None:
    for suite in suites.values():
        for rule in suite.rules:
            assert rule.description_da.endswith("."), rule.rule_id
            assert rule.description_en.endswith("."), rule.rule_id
