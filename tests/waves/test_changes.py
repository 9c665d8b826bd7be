"""What happens to a questionnaire between two waves is called what it is, whatever the questions.

Properties over made-up questionnaires, and the traps that have a name: a name that is used again,
a label and its opposite, two questions as alike.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_up_survey
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.loader import load_source
from pipelines.contracts.model import LEFT_OUT, CodeBook, CodeBookEntry
from pipelines.waves.compare import Change, Comparison, Status, compare
from pipelines.waves.decisions import decisions
from pipelines.waves.questionnaire import AskedVariable, Kind
from pipelines.waves.similarity import SAME, label_score, text_score

SCHOOL = load_source("school", Path(__file__).with_name("sources")).model_copy(
    update={"ignored_headers": ()}
)
CANONICAL = ("fully_disagree", "disagree", "agree", "fully_agree")
LABELS = tuple(made_up_survey.AGREE.values())
FIELDS = ("motivated", "maths_hard")


def scale(name: str, question: str, codes: tuple[str, ...] = ("1", "2", "3", "4")) -> AskedVariable:
    return AskedVariable(name, name, question, Kind.CHOICE, dict(zip(codes, LABELS, strict=True)))


def book(*asked: tuple[str, AskedVariable]) -> CodeBook:
    by_label = dict(zip(LABELS, CANONICAL, strict=True))
    return CodeBook(
        wave="2020",
        entries=tuple(
            CodeBookEntry(
                field=field,
                variable=variable.variable,
                code=code,
                canonical_code=by_label[label],
                question=variable.question,
                answer=label,
            )
            for field, variable in asked
            for code, label in variable.answers.items()
        ),
    )


def found(
    asked: list[AskedVariable], *known: tuple[str, AskedVariable]
) -> tuple[Comparison, dict[str, Change]]:
    comparison = compare(SCHOOL, "2021", asked, [book(*known)])
    return comparison, {c.field: c for c in comparison.changes if c.field in (*FIELDS, LEFT_OUT)}


QUESTION = "Jeg er meget motiveret for mine fag på skolen"
OTHER = "Matematik er sværere end de fleste andre fag"


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.text("abcdefghijklmnopqrstuvwxyzæøå", min_size=3, max_size=9), min_size=4, max_size=9
    ),
    st.permutations(("1", "2", "3", "4")),
    st.from_regex(r"q_[a-z]{2,6}", fullmatch=True),
)
def test_a_renamed_and_recoded_question_is_found_by_its_words(
    words: list[str], codes: list[str], name: str
) -> None:
    before = scale("m_01", " ".join(words))
    after = scale(name, f"  {' '.join(words).upper()} ", tuple(codes))
    _, changes = found([after], ("motivated", before))
    change = changes["motivated"]
    assert (change.status, change.score) == (Status.RENAMED, SAME)
    meant = {a.code: a.canonical for a in change.answers}
    assert meant == dict(zip(codes, CANONICAL, strict=True))


@settings(max_examples=50, deadline=None)
@given(st.permutations(("1", "2", "3", "4")))
def test_codes_that_moved_follow_their_labels_and_a_person_is_told(codes: list[str]) -> None:
    before, after = scale("m_01", QUESTION), scale("m_01", QUESTION, tuple(codes))
    comparison, changes = found([after], ("motivated", before))
    change = changes["motivated"]
    moved = codes != ["1", "2", "3", "4"]
    assert change.status is (Status.RECODED if moved else Status.MATCHED)
    assert {a.code: a.canonical for a in change.answers} == dict(zip(codes, CANONICAL, strict=True))
    assert bool(decisions(change, comparison)) is moved


def test_a_question_that_is_gone_and_one_that_is_new() -> None:
    comparison, changes = found([scale("m_09", OTHER)], ("motivated", scale("m_01", QUESTION)))
    assert changes["motivated"].status is Status.GONE
    # what is new is proposed for a field that was not asked, here the one it is most like
    assert changes["maths_hard"].status is Status.NEW
    assert [d[:6] for d in decisions(changes["maths_hard"], comparison)] == ["DECIDE"]


def test_a_name_that_is_used_for_another_question_is_not_followed() -> None:
    _, changes = found(
        [scale("m_01", "Hvor bor du henne?")], ("motivated", scale("m_01", QUESTION))
    )
    assert changes["motivated"].status is Status.GONE
    new = changes[LEFT_OUT]
    assert new.asked is not None
    assert (new.status, new.asked.variable) == (Status.NEW, "m_01")


def test_other_words_under_the_same_name_ask_a_person_about_the_series() -> None:
    after = scale("m_01", "Jeg er ret motiveret for fagene på min skole")
    comparison, changes = found([after], ("motivated", scale("m_01", QUESTION)))
    change = changes["motivated"]
    assert change.status is Status.CHANGED
    assert "series_break" in " ".join(decisions(change, comparison))


def test_two_that_are_as_alike_are_for_a_person_to_tell_apart() -> None:
    after = [scale("x_01", f"{QUESTION} nu"), scale("x_02", f"{QUESTION} så")]
    comparison, changes = found(after, ("motivated", scale("m_01", QUESTION)))
    change = changes["motivated"]
    assert change.rivals
    assert any(d.startswith("DECIDE") for d in decisions(change, comparison))


def test_an_answer_that_nobody_knows_gets_no_code_and_a_decision() -> None:
    before = scale("m_01", QUESTION)
    after = replace(before, answers={**before.answers, "5": "Spørg min hund"})
    comparison, changes = found([after], ("motivated", before))
    change = changes["motivated"]
    assert {a.code: a.canonical for a in change.answers}["5"] == ""
    assert any("answer 5 is like none" in d for d in decisions(change, comparison))


def test_an_answer_that_is_gone_is_told() -> None:
    before = scale("m_01", QUESTION)
    after = replace(before, answers={c: t for c, t in before.answers.items() if c != "4"})
    _, changes = found([after], ("motivated", before))
    assert changes["motivated"].gone_answers == ("Helt enig",)
    assert changes["motivated"].status is Status.RECODED


def test_a_question_that_comes_back_is_held_against_the_wave_that_asked_it() -> None:
    asked = scale("m_01", QUESTION)
    skipped = CodeBook(
        wave="2020",
        entries=tuple(CodeBookEntry(field=f.field, variable=LEFT_OUT) for f in SCHOOL.fields),
    )
    before = book(("motivated", asked)).model_copy(update={"wave": "2019"})
    comparison = compare(
        SCHOOL, "2021", [replace(asked, variable="z_1", long_name="z_1")], [before, skipped]
    )
    (change,) = (c for c in comparison.changes if c.field == "motivated")
    assert change.status is Status.RETURNED
    assert change.known is not None
    assert change.known.wave == "2019"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tilfredsstillende", "Ikke tilfredsstillende"),
        ("Matematikk R1", "Matematikk R2"),
        ("Jeg har fået hjælp", "Jeg har aldrig fået hjælp"),
        ("Trin 1: Vidensdeling", "Trin 2: Vidensdeling"),
    ],
)
def test_what_only_looks_alike_is_not_taken_for_the_same(one: str, other: str) -> None:
    assert label_score(one, other) <= 50
    assert text_score(f"Spørgsmål | {one}", f"Spørgsmål | {other}") <= 50


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ja, én ", "ja,  én"),
        ("Hvilke former? (flere kryds er mulige)", "Hvilke former?"),
        ("Hvilke fag? (flere kryss er mulig)", "HVILKE FAG"),
    ],
)
def test_case_blanks_and_the_remark_on_boxes_make_no_difference(one: str, other: str) -> None:
    assert text_score(one, other) == SAME


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_score_is_the_same_both_ways_and_between_0_and_100(one: str, other: str) -> None:
    assert text_score(one, other) == text_score(other, one)
    assert 0 <= text_score(one, other) <= 100
