"""Numbers, dates and blanks as properties: nothing is guessed, nothing is changed on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spelling_reference import calendar_day, cleaned, decimal, kroner, whole_number

from pipelines.contracts.parsing import MACROS

CONNECTION = duckdb.connect()
for macro in MACROS:
    CONNECTION.execute(macro)

# what numbers and dates are made of, what looks like it, and what is put around it
NUMBERLIKE = st.text(
    alphabet="0123456789012345678901234567890.,,.- +'()_eE٣３²Ⅷ\u00a0\u2009\u200b", max_size=18
)
DATELIKE = st.text(alphabet="01239-/. :T０", min_size=8, max_size=19)
SPELLED = st.from_regex(r"-?[0-9]{1,4}([.,][0-9]{2,4}){0,4}(,[0-9]{0,3})?", fullmatch=True)
SPELLED_DATES = st.from_regex(
    r"[0-3][0-9][-/][01][0-9][-/][0-9]{4}|[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True
)
BLANK = st.text(alphabet=" \t\n\r\u00a0\u2007\u2009\u202f\u3000", max_size=3)
REFERENCES: dict[str, Callable[[str], object]] = {
    "clean": cleaned,
    "as_integer": whole_number,
    "as_kroner": kroner,
    "as_decimal": decimal,
    "as_date": calendar_day,
}  # fmt: skip


def read_all(macro: str, texts: Sequence[str]) -> list[object]:
    """Many texts in one query: a query a text would be most of the test's time."""
    row = CONNECTION.execute(
        f"select list_transform($texts, lambda x: {macro}(x))", {"texts": list(texts)}
    ).fetchone()
    assert row is not None
    values: list[object] = row[0]
    return values


def grouped(digits: str) -> str:
    return f"{int(digits):,}".replace(",", ".")


@pytest.mark.slow
@pytest.mark.parametrize("macro", REFERENCES)
@given(
    texts=st.lists(
        st.one_of(NUMBERLIKE, DATELIKE, SPELLED, SPELLED_DATES, st.text(max_size=12)),
        min_size=1,
        max_size=60,
    )
)
@example(texts=["0.500", "1.500", "1.500,5", "0.500,00", "00-00-0000", "0000-01-01", "29-02-2015"])
@example(texts=["30-06-2015 00:00:00", "2015-06-30 00:00:00", "2015-06-30  00:00:00", "\u00a0"])
def test_a_macro_reads_what_the_plain_reading_reads(macro: str, texts: list[str]) -> None:
    assert read_all(macro, texts) == [REFERENCES[macro](text) for text in texts]


@given(value=st.integers(0, 10**15 - 1), before=BLANK, after=BLANK)
def test_every_whole_number_is_read_with_and_without_points(
    value: int, before: str, after: str
) -> None:
    spellings = [str(value), grouped(str(value))] if value < 10**12 else [str(value)]
    assert read_all("as_integer", [f"{before}{s}{after}" for s in spellings]) == [value] * len(
        spellings
    )


@given(value=st.decimals(Decimal("-999999999.99"), Decimal("999999999.99"), places=2))
def test_every_amount_is_read_in_each_of_its_spellings(value: Decimal) -> None:
    sign = "-" if value.is_signed() else ""
    whole, _, oere = f"{abs(value):.2f}".partition(".")
    spellings = [f"{sign}{whole},{oere}", f"{sign}{grouped(whole)},{oere}"]
    if oere.endswith("0"):
        spellings.append(f"{sign}{whole},{oere[0]}")
    if oere == "00":
        spellings.append(f"{sign}{whole}")
    for macro in ("as_kroner", "as_decimal"):
        assert read_all(macro, spellings) == [value] * len(spellings)


@given(value=st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_each_of_its_spellings(value: date) -> None:
    year, month, day = str(value.year), f"{value.month:02}", f"{value.day:02}"
    spellings = [f"{day}-{month}-{year}", f"{day}/{month}/{year}", f"{year}-{month}-{day}"]
    assert read_all("as_date", spellings) == [value] * 3


@pytest.mark.slow
@given(texts=st.lists(st.one_of(SPELLED, NUMBERLIKE), min_size=1, max_size=60))
def test_what_is_read_as_a_number_is_spelled_like_it(texts: list[str]) -> None:
    for macro in ("as_integer", "as_kroner", "as_decimal"):
        for text, value in zip(texts, read_all(macro, texts), strict=True):
            if value is None:
                continue
            written = str(cleaned(text)).replace(".", "")
            whole, _, decimals = written.partition(",")
            exact = Decimal(f"{whole}.{decimals or '0'}")
            assert exact == value, "rounded or shifted"


@given(texts=st.lists(st.text(max_size=20), min_size=1, max_size=20))
@settings(max_examples=50)
def test_cleaning_twice_changes_nothing(texts: list[str]) -> None:
    once = read_all("clean", texts)
    assert read_all("clean", [str(x) for x in once if x is not None]) == [
        x for x in once if x is not None
    ]


@given(words=st.lists(st.text("abcæøå", min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_spelling_is_the_same_in_any_case_with_any_blank_and_any_dash(words: list[str]) -> None:
    variants = [
        " - ".join(words),
        "–".join(words).upper(),
        "\u00a0—\u202f".join(words).title(),
        f"  {' ‑ '.join(words)}\u00a0",
    ]
    assert len(set(read_all("spelling_of", variants))) == 1
