from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.statistics.grim import (
    ROUNDINGS,
    PrintedShare,
    Rounding,
    counts_that_fit,
    impossible_shares,
    round_share,
)


# The report's figures with the counts that fit (domain.md, "The report's published figures").
@pytest.mark.parametrize(
    ("published", "base", "rounded", "truncated"),
    [
        ("44", 16, (7,), ()),  # L180 large
        ("13", 22, (), (3,)),  # L180 small: 3/22 = 13.6
        ("91", 44, (40,), ()),  # L341: 40/44 = 90.9, which cut off would be 90
        ("91", 38, (), ()),  # L334: impossible
        ("91", 41, (), ()),
        ("90", 41, (37,), (37,)),  # L234
        ("10", 41, (4,), ()),  # L358
        ("65", 98, (64,), (64,)),  # L689
        ("84", 98, (82,), (83,)),
        ("83", 98, (81,), (82,)),
    ],
)
def test_counts_behind_the_reports_figures(published, base, rounded, truncated):
    assert counts_that_fit(published, base, "half_up") == rounded
    assert counts_that_fit(published, base, "truncation") == truncated


def test_ties_tell_half_up_from_half_even():
    # 1/8 = 12.5 %: up to 13, to even 12; 3/8 = 37.5: 38 both ways
    assert [round_share(1, 8, 0, r) for r in ROUNDINGS] == [13, 12, 12]
    assert [round_share(3, 8, 0, r) for r in ROUNDINGS] == [38, 38, 37]


def test_a_written_decimal_is_a_claim():
    assert counts_that_fit("43.8", 16) == (7,)
    assert counts_that_fit("44.0", 16) == ()


@given(
    base=st.integers(1, 400),
    share=st.fractions(0, 1),
    decimals=st.integers(0, 2),
    rounding=st.sampled_from(ROUNDINGS),
)
def test_every_true_count_fits_its_own_figure(base, share, decimals, rounding: Rounding):
    count = int(share * base)
    figure = round_share(count, base, decimals, rounding)
    by_search = tuple(
        c for c in range(base + 1) if round_share(c, base, decimals, rounding) == figure
    )
    assert counts_that_fit(figure, base, rounding) == by_search
    assert count in by_search


def test_guard_finds_only_the_impossible():
    good = PrintedShare("a", Decimal("43.8"), 7, 16)
    bad = PrintedShare("b", Decimal("43.7"), 7, 16)
    assert impossible_shares([good, bad]) == [bad]


@pytest.mark.parametrize(("count", "base"), [(1, 0), (-1, 5)])
def test_no_share_of_nothing(count, base):
    with pytest.raises(ValueError, match="not a share"):
        round_share(count, base)
