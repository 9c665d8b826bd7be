"""What is generated is what is committed, and rule ids keep their meaning."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines.documents.outputs import COMMAND, OUTPUTS, ROOT, stale, write
from pipelines.intake.catalogue import CataloguedRule, catalogue
from pipelines.intake.rule_ids import RegisteredId, problems, registered, with_new_ids

RULES = catalogue()
SOME = [
    CataloguedRule("inbox.link", "waits", None, "da", "en", "example"),
    CataloguedRule("F01_empty", "rejected", None, "da", "en", "example"),
    CataloguedRule("T01_repeated", "held_back", "talks", "da", "en", "example"),
]
REGISTER = tuple(RegisteredId(rule.rule, rule.consequence, "2026-01-01") for rule in SOME)


def test_nothing_generated_is_stale() -> None:
    old = [path.relative_to(ROOT).as_posix() for path, _ in stale()]
    assert old == [], f"run `{COMMAND}` and commit what it writes"


def test_what_was_changed_by_hand_is_written_anew_and_the_rest_left_alone(tmp_path: Path) -> None:
    write(tmp_path)
    changed = tmp_path / "dbt_project/models/sources/raw.yml"
    changed.write_text(changed.read_text("utf-8") + "# by hand\n", encoding="utf-8")
    assert [path for path, _ in stale(tmp_path)] == [changed]
    assert write(tmp_path) == [changed]
    assert list(stale(tmp_path)) == []


def test_every_generated_document_says_so_in_its_first_lines() -> None:
    for name in OUTPUTS:
        if not name.endswith(".csv"):
            assert COMMAND in (ROOT / name).read_text("utf-8")[:400], name


def test_the_sources_of_dbt_say_what_a_field_is_and_how_secret() -> None:
    text = (ROOT / "dbt_project/models/sources/raw.yml").read_text("utf-8")
    (raw,) = yaml.safe_load(text)["sources"]
    tables = {table["name"]: table for table in raw["tables"]}
    amount = next(c for c in tables["driftsstoette_lines"]["columns"] if c["name"] == "amount_kr")
    assert amount["data_type"] == "decimal(18, 2)"
    assert amount["config"]["meta"]["unit"] == "kr"
    assert {
        c["config"]["meta"]["confidentiality"]
        for c in tables["survey_answers"]["columns"]
        if "confidentiality" in c["config"]["meta"]
    } == {"confidential"}


def test_no_rule_id_disappears_or_changes_its_meaning() -> None:
    assert list(problems(registered(), RULES)) == []


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        (SOME, None),
        (SOME[1:], "inbox.link is gone"),
        ([replace(SOME[0], consequence="told"), *SOME[1:]], "retire the id and take a new one"),
        ([*SOME, replace(SOME[0], rule="Z99_new")], "Z99_new is not entered"),
        ([*SOME, replace(SOME[1], rule="F01_other")], "F01_other needs a number of its own"),
    ],
)
def test_a_changed_rule_is_noticed(rules: list[CataloguedRule], complaint: str | None) -> None:
    found = list(problems(REGISTER, rules))
    assert len(found) == (complaint is not None)
    assert complaint is None or complaint in found[0]


def test_a_retired_id_is_not_used_again() -> None:
    first = replace(REGISTER[0], retired="2026-01-01")
    (complaint,) = problems([first, *REGISTER[1:]], SOME)
    assert "take a new id" in complaint
    assert list(problems([first, *REGISTER[1:]], SOME[1:])) == []


def test_a_number_stands_for_one_rule_for_good() -> None:
    given_up = RegisteredId("F01_something", "rejected", "2020-01-01", "2021-01-01")
    (complaint,) = problems([given_up, REGISTER[0], REGISTER[2]], SOME)
    assert complaint == "F01 stands for F01_something: F01_empty needs a number of its own"


def test_new_ids_are_entered_with_their_day_and_old_lines_stay() -> None:
    new = [*SOME, replace(SOME[0], rule="inbox.new"), replace(SOME[1], rule="F01_other")]
    lines = with_new_ids(REGISTER, new, date(2030, 1, 2)).splitlines()
    assert lines == [
        "rule,consequence,since,retired",
        "inbox.link,waits,2026-01-01,",
        "inbox.new,waits,2030-01-02,",
        "F01_empty,rejected,2026-01-01,",
        "T01_repeated,held_back,2026-01-01,",
    ]


def test_every_reason_of_the_inbox_is_in_the_catalogue() -> None:
    written = {
        rule
        for path in (ROOT / "pipelines" / "intake").rglob("*.py")
        for rule in re.findall(r'Reason\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert written == {rule.rule for rule in RULES if rule.consequence == "waits"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule)
def test_a_rule_has_an_example_that_is_not_its_message(rule) -> None:
    assert len(rule.example_da) >= 4
    assert rule.example_da != rule.message_da
