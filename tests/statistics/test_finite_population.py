"""Intervals of a share in a nearly complete population, against scipy and by counting."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from pipelines.statistics.finite_population import (
    CountInterval,
    ObservedShare,
    hypergeometric_interval,
    logical_bounds,
    post_stratified_share,
)


@st.composite
def shares(draw, most=98):
    population = draw(st.integers(1, most))
    observed = draw(st.integers(0, population))
    return ObservedShare(population, observed, draw(st.integers(0, observed)))


def test_all_answered_leaves_no_doubt():
    share = ObservedShare(44, 44, 19)
    assert logical_bounds(share) == hypergeometric_interval(share) == CountInterval(19, 19)


def test_nobody_answered_leaves_all_open():
    assert hypergeometric_interval(ObservedShare(6, 0, 0)) == CountInterval(0, 6)


def test_by_hand():
    # 9 of 10 answered, all yes: 9 or 10 in all. If 9, the one no is missed with probability
    # 1/10 > 2.5 %, so 9 is not rejected.
    assert hypergeometric_interval(ObservedShare(10, 9, 9)) == CountInterval(9, 10)
    # 2 of 4 answered, one yes: of 1..3. If 1, it is among the two with probability 1/2.
    assert hypergeometric_interval(ObservedShare(4, 2, 1)) == CountInterval(1, 3)


@given(shares())
def test_inverts_the_tests_of_scipy(share):
    found = hypergeometric_interval(share)
    for count in range(share.successes, share.successes + share.missing + 1):
        drawn = hypergeom(share.population, count, share.observed)
        at_least = drawn.sf(share.successes - 1)
        at_most = drawn.cdf(share.successes)
        if min(abs(at_least - 0.025), abs(at_most - 0.025)) > 1e-9:
            kept = at_least > 0.025 and at_most > 0.025
            assert kept == (found.lowest <= count <= found.highest)


@given(shares())
def test_lies_within_what_is_possible_and_mirrors_the_other_answer(share):
    found, bounds = hypergeometric_interval(share), logical_bounds(share)
    assert bounds.lowest <= found.lowest <= found.highest <= bounds.highest
    no = ObservedShare(share.population, share.observed, share.observed - share.successes)
    other = hypergeometric_interval(no)
    assert (other.lowest, other.highest) == (
        share.population - found.highest,
        share.population - found.lowest,
    )


@pytest.mark.parametrize(("population", "observed"), [(44, 38), (44, 41), (22, 19), (16, 14)])
def test_covers_the_truth_whatever_it_is(population, observed):
    """Exact coverage: the sum over all draws, for every true count."""
    intervals = {
        seen: hypergeometric_interval(ObservedShare(population, observed, seen))
        for seen in range(observed + 1)
    }
    for truth in range(population + 1):
        drawn = hypergeom(population, truth, observed)
        covered = sum(
            drawn.pmf(seen)
            for seen, found in intervals.items()
            if found.lowest <= truth <= found.highest
        )
        assert covered >= 0.95 - 1e-12


@pytest.mark.slow
def test_covers_the_truth_in_simulated_surveys():
    """N = 44, n = 38 as in the report: 4,000 surveys for every true count, seed fixed."""
    dice = random.Random(2015)
    found = {k: hypergeometric_interval(ObservedShare(44, 38, k)) for k in range(39)}
    for truth in range(45):
        population = [True] * truth + [False] * (44 - truth)
        hits = 0
        for _ in range(4000):
            seen = sum(dice.sample(population, 38))
            hits += found[seen].lowest <= truth <= found[seen].highest
        assert hits / 4000 >= 0.95


def test_post_stratified_weighs_by_the_population():
    # 16 large of whom 12 answered, 6 yes; 28 small of whom 14 answered, 7 yes: both one half
    even = post_stratified_share([ObservedShare(16, 12, 6), ObservedShare(28, 14, 7)])
    assert even == Fraction(1, 2)
    # 1/4 of 16 and 1/2 of 28: (16/44)/4 + (28/44)/2 = 4/44 + 14/44
    assert post_stratified_share([ObservedShare(16, 12, 3), ObservedShare(28, 14, 7)]) == Fraction(
        18, 44
    )


def test_post_stratified_is_unknown_where_a_stratum_is():
    assert post_stratified_share([ObservedShare(16, 0, 0), ObservedShare(28, 14, 7)]) is None
    assert post_stratified_share([ObservedShare(0, 0, 0), ObservedShare(28, 14, 7)]) == Fraction(
        1, 2
    )


@pytest.mark.parametrize("counts", [(3, 4, 1), (4, 3, 4), (4, 3, -1)])
def test_refuses_counts_that_are_not_of_one_population(counts):
    with pytest.raises(ValueError, match="not counts of one population"):
        ObservedShare(*counts)
