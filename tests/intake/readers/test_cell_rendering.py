"""Numbers and dates of workbooks as text: exact, Danish, never in exponents."""

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.readers.rendering import render_moment, render_number

PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(,[0-9]*[1-9])?")


@given(st.integers())
def test_integers_keep_every_digit(number):
    assert render_number(str(number)) == str(number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_come_back_exactly(number):
    text = render_number(repr(number))
    assert PLAIN.fullmatch(text)
    assert float(text.replace(",", ".")) == number


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_amounts_are_what_was_typed(amount):
    text = render_number(format(float(amount), ".17g"))
    assert amount == type(amount)(text.replace(",", "."))


@given(st.datetimes(min_value=dt.datetime(1900, 3, 1), max_value=dt.datetime(9999, 12, 30)))
def test_moments_are_iso_to_the_second(moment):
    text = render_moment(moment)
    read_back = dt.datetime.fromisoformat(text)
    assert abs(read_back - moment) <= dt.timedelta(seconds=0.5)
    assert ("T" not in text) and (len(text) in (10, 19))


def test_dates_times_and_durations():
    assert render_moment(dt.date(2015, 6, 30)) == "2015-06-30"
    assert render_moment(dt.timedelta(hours=37, minutes=30)) == "37:30:00"
    assert render_moment(-dt.timedelta(minutes=90)) == "-1:30:00"
    assert render_moment(None) == ""
