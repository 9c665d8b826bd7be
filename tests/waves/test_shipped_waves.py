"""The committed code books, found again from the shipped exports up to what a person decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts.loader import code_books, load_code_book, load_source
from pipelines.waves.compare import Comparison, Status, compare
from pipelines.waves.decisions import decisions
from pipelines.waves.export_file import read_export
from pipelines.waves.proposal import proposed_lines
from pipelines.waves.questionnaire import asked_variables

SHIPPED = Path(__file__).parents[2] / "deliveries" / "survey"
EXPORTS = {
    "2016": SHIPPED / "2016" / "surveyxact_2016_SYNTETISK",
    "2017": SHIPPED / "2017" / "surveyxact_2017_SYNTETISK.xlsx",
}


def found(wave: str) -> Comparison:
    books = [book for book in code_books("survey") if book.wave < wave]
    return compare(load_source("survey"), wave, asked_variables(read_export(EXPORTS[wave])), books)


@pytest.fixture(scope="module")
def compared() -> dict[str, Comparison]:
    return {wave: found(wave) for wave in EXPORTS}


def mapping(wave: str) -> set[tuple[str, str, str, str]]:
    book = load_code_book("survey", wave)
    assert book is not None
    return {(e.field, e.variable, e.code, e.canonical_code) for e in book.entries}


def proposed(comparison: Comparison) -> set[tuple[str, str, str, str]]:
    entries = [line.entry for line in proposed_lines(comparison)]
    return {(e.field, e.variable, e.code, e.canonical_code) for e in entries}


def test_the_code_book_of_2016_is_proposed_as_it_is(compared: dict[str, Comparison]) -> None:
    assert proposed(compared["2016"]) == mapping("2016")


def test_the_code_book_of_2017_is_proposed_but_for_the_question_nobody_has_a_field_for(
    compared: dict[str, Comparison],
) -> None:
    assert proposed(compared["2017"]) - mapping("2017") == {("-", "s_13", "", "")}
    assert mapping("2017") <= proposed(compared["2017"])


@pytest.mark.parametrize(
    ("wave", "field", "status"),
    [
        ("2016", "coordinator_appointed", Status.MATCHED),
        ("2016", "leaders_priority", Status.RENAMED),
        ("2016", "same_person_coordinates", Status.RECODED),
        ("2016", "coordinator_hours_per_week", Status.NEW),
        ("2017", "coordinator_time_band", Status.GONE),
        ("2017", "politicians_priority", Status.GONE),
        ("2017", "coordinator_unit", Status.RECODED),
        ("2017", "coordinator_hours_per_week", Status.RENAMED),
        ("2017", "social_topics_frequency", Status.RENAMED),
        ("2017", "collaboration_step", Status.RECODED),
        ("2017", "response_status", Status.MATCHED),
        ("2017", "-", Status.NEW),
    ],
)
def test_each_change_is_called_what_it_is(
    compared: dict[str, Comparison], wave: str, field: str, status: Status
) -> None:
    assert {c.status for c in compared[wave].changes if c.field == field} == {status}


def test_a_person_decides_on_what_changed_and_on_nothing_else(
    compared: dict[str, Comparison],
) -> None:
    asked = {
        wave: {c.field for c in comparison.changes if decisions(c, comparison)}
        for wave, comparison in compared.items()
    }
    assert asked["2016"] == {
        "leaders_priority",
        "same_person_coordinates",
        "coordinator_hours_per_week",
    }
    assert asked["2017"] == {
        "coordinator_unit",
        "coordinator_time_band",
        "coordinator_hours_per_week",
        "politicians_priority",
        "same_person_coordinates",
        "social_topics_frequency",
        "collaboration_step",
        "-",
    }
