"""The spelling rules of each type, by example and by property."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.parsing import MACROS

CONNECTION = duckdb.connect()
for macro in MACROS:
    CONNECTION.execute(macro)


def read(macro: str, text: str) -> object:
    row = CONNECTION.execute(f"select {macro}($text)", {"text": text}).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.500,00", Decimal("1500.00")),
        ("6.000.000,00", Decimal("6000000.00")),
        ("1500,5", Decimal("1500.50")),
        ("1500", Decimal("1500.00")),
        ("-3,00", Decimal("-3.00")),
        (" 1500,00\u00a0", Decimal("1500.00")),
    ],
)
def test_kroner_are_read(text: str, value: Decimal) -> None:
    assert read("as_kroner", text) == value


@pytest.mark.parametrize(
    "text",
    [
        "1,500.00",
        "1.500",
        "1.50",
        "nan",
        "inf",
        "1e2",
        "1_500",
        "١٢",
        "１２",
        "1.50.000,00",
        "kr. 5",
    ],
)
def test_kroner_that_could_be_something_else_are_not_guessed(text: str) -> None:
    assert read("as_kroner", text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30-06-2015", date(2015, 6, 30)),
        ("30/06/2015", date(2015, 6, 30)),
        ("2015-06-30", date(2015, 6, 30)),
        ("2015-06-30 00:00:00", date(2015, 6, 30)),
    ],
)
def test_dates_are_read(text: str, value: date) -> None:
    assert read("as_date", text) == value


@pytest.mark.parametrize(
    "text", ["31-02-2015", "06/30/2015", "30-06-15", "1-6-2015", "42185", "30.06.2015", "2015-6-3"]
)
def test_dates_that_are_none_are_not_guessed(text: str) -> None:
    assert read("as_date", text) is None


@pytest.mark.parametrize("text", ["1,5", "12.04", "-3", "1 204", "1.2045"])
def test_whole_numbers_are_whole(text: str) -> None:
    assert read("as_integer", text) is None


def test_a_spelling_ignores_case_blanks_and_the_kind_of_dash() -> None:
    spellings = [
        "Kommune – kontant",
        "KOMMUNE - kontant",
        "kommune\u00a0—kontant ",
        "Kommune‑kontant",
    ]
    assert {read("spelling_of", s) for s in spellings} == {"kommune-kontant"}


def danish(value: Decimal, *, thousands: bool) -> str:
    whole, _, ore = f"{abs(value):.2f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", ".") if thousands else whole
    return f"{'-' if value < 0 else ''}{grouped},{ore}"


@given(
    value=st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), places=2),
    thousands=st.booleans(),
)
def test_every_danish_amount_is_read_to_the_oere(value: Decimal, thousands: bool) -> None:
    assert read("as_kroner", danish(value, thousands=thousands)) == value


@given(value=st.dates(min_value=date(1900, 1, 1)), separator=st.sampled_from("-/"))
def test_every_danish_date_is_read(value: date, separator: str) -> None:
    assert read("as_date", value.strftime(f"%d{separator}%m{separator}%Y")) == value


@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=20))
@settings(max_examples=40)
def test_no_text_makes_a_parser_fail(texts: list[str]) -> None:
    for macro in ("as_kroner", "as_integer", "as_decimal", "as_date", "as_moment", "as_truth"):
        CONNECTION.execute(f"select list_transform($texts, lambda x: {macro}(x))", {"texts": texts})


@pytest.mark.parametrize("text", ["37,5", "4.160,5", "37"])
def test_hours_are_read(text: str) -> None:
    assert read("as_decimal", text) == Decimal(text.replace(".", "").replace(",", "."))
