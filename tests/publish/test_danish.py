import pytest

from pipelines.publish.danish import (
    LEGEND,
    Shown,
    decimals_of,
    listed,
    lower_first,
    number,
    plain,
    rounded,
    show,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234.5, 1, "1.234,5"),
        (1234567.0, 0, "1.234.567"),
        (43.75, 1, "43,8"),  # 7 of 16, half up
        (13.636363, 1, "13,6"),  # 3 of 22
        (-1234.5, 1, "-1.234,5"),
        (0.5, 0, "1"),
    ],
)
def test_numbers_are_printed_the_danish_way(value, decimals, text):
    assert number(value, decimals) == text


def test_a_half_goes_up_even_where_binary_floats_fall_short():
    assert str(rounded(0.05, 1)) == "0.1"
    assert str(rounded(1.005, 2)) == "1.01"


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ({"value": 43.75}, Shown("43,8", "")),
        ({"value": 0.0}, Shown("-", "-")),
        ({"value": 0.04}, Shown("0", "")),
        ({"value": None}, Shown("…", "…")),
        ({"value": None, "base": 0.0}, Shown(".", ".")),
        ({"value": None, "conf_status": "C"}, Shown("..", "..")),
        ({"value": 12.0, "conf_status": "D"}, Shown("..", "..")),
        ({"value": 12.0, "obs_status": "P"}, Shown("12,0*", "*")),
        ({"value": float("nan")}, Shown("…", "…")),
    ],
)
def test_symbols_follow_from_status(arguments, shown):
    assert show(decimals=1, **arguments) == shown


def test_every_symbol_is_explained_in_both_languages():
    assert [s.sign for s in LEGEND] == ["-", "0", ".", "..", "…", "*", "¦"]
    assert all(s.meaning_da and s.meaning_en for s in LEGEND)


def test_a_count_that_is_a_ratio_gets_a_decimal():
    assert decimals_of("count") == 0
    assert decimals_of("count", all_whole=False) == 1
    assert decimals_of("kr", all_whole=False) == 0


def test_numbers_for_machines_have_a_decimal_comma_and_no_thousands_point():
    assert plain(1234567.25) == "1234567,25"
    assert plain(100 / 3) == "33,333333"
    assert plain(2.0) == "2"
    assert plain(None) == ""


def test_words():
    assert listed(["a", "b", "c"]) == "a, b og c"
    assert listed(["a"]) == "a"
    assert lower_first("Store kommuner") == "store kommuner"
    assert lower_first("I nogen grad") == "i nogen grad"
    assert lower_first("KL og LBF") == "KL og LBF"
