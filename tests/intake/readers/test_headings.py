"""Matching headings to wanted columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.tables import match_header, normalise_heading

WANTED = {"case": ("Sagsnr", "Sagsnummer"), "amount": ("Beløb (kr.)",), "hours": ("Timer",)}
SPACE = st.text(alphabet=" \u00a0\t\n\u2009", max_size=3)


def test_found_unknown_missing_and_ambiguous_are_told_apart():
    match = match_header(("SAGSNR", "x", "", "beløb (kr.)", "Sagsnummer"), WANTED)
    assert match.mapping == {"amount": 3}
    assert match.unknown == ((1, "x"),)
    assert match.missing == ("hours",)
    assert match.ambiguous == {"case": (0, 4)}


@given(st.permutations(["Sagsnr", "Beløb (kr.)", "Timer", "Andet"]), SPACE, SPACE, st.booleans())
def test_order_case_and_blanks_do_not_matter(headings, before, after, upper):
    written = [before + (h.upper() if upper else h) + after for h in headings]
    match = match_header(written, WANTED)
    assert {name: headings[at] for name, at in match.mapping.items()} == {
        "case": "Sagsnr",
        "amount": "Beløb (kr.)",
        "hours": "Timer",
    }
    assert [at for at, _ in match.unknown] == [headings.index("Andet")]


@given(st.text(max_size=30))
def test_normalising_twice_changes_nothing(text):
    once = normalise_heading(text)
    assert normalise_heading(once) == once


def test_blanks_inside_a_heading_count_once_and_decomposed_letters_match():
    assert match_header(("Belo\u0308b", "Be løb"), {"a": ("Beløb",)}).missing == ("a",)
    assert match_header(("A\u030ar",), {"year": ("År",)}).mapping == {"year": 0}
    assert match_header(("Bevilling \n fra",), {"from": ("Bevilling fra",)}).mapping == {"from": 0}


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        (("Sagsnr",), "F03_columns_missing"),
        (("Sagsnr", "Sagsnummer", "Timer"), "F04_ambiguous_columns"),
    ],
)
def test_requiring_rejects_with_the_names_a_sender_knows(header, rule):
    match = match_header(header, WANTED)
    with pytest.raises(DeliveryRejected) as refusal:
        match.require(header, {"case": ("Sagsnr",), "amount": ("Beløb (kr.)",)}, "a.csv")
    assert refusal.value.rule == rule


def test_optional_columns_may_be_missing():
    match = match_header(("Sagsnr",), WANTED)
    assert match.require(("Sagsnr",), {"case": ("Sagsnr",)}, "a.csv") is match
