"""McNemar's test on a panel, against scipy and by counting."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from pipelines.statistics.paired_change import PairedAnswers, exact_p, may_be_chance, mid_p

COUNTS = st.integers(0, 40)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_exact_p_is_the_binomial_test_on_those_who_changed(both, before, after, neither):
    answers = PairedAnswers(both, before, after, neither)
    expected = binomtest(before, before + after).pvalue if before + after else 1.0
    assert float(exact_p(answers)) == pytest.approx(expected)


@given(COUNTS, COUNTS)
def test_mid_p_takes_half_the_observed_outcome_off_each_tail(before, after):
    answers = PairedAnswers(0, before, after, 0)
    n, least = before + after, min(before, after)
    expected = (
        min(1.0, 2 * (binom.cdf(least, n, 0.5) - 0.5 * binom.pmf(least, n, 0.5))) if n else 1.0
    )
    assert float(mid_p(answers)) == pytest.approx(expected)


def test_by_hand():
    # five changed, all to yes: exact 2/32, mid-p 2/32 - 1/32
    five = PairedAnswers(10, 0, 5, 20)
    assert (exact_p(five), mid_p(five)) == (Fraction(1, 16), Fraction(1, 32))
    assert not may_be_chance(five)
    assert five.change == Fraction(5, 35)
    # one each way says nothing
    assert mid_p(PairedAnswers(1, 1, 1, 1)) == 1
    assert may_be_chance(PairedAnswers(10, 2, 5, 20))


def test_without_a_panel_there_is_no_change_to_speak_of():
    nobody = PairedAnswers(0, 0, 0, 0)
    assert nobody.change is None
    assert mid_p(nobody) == exact_p(nobody) == 1


def test_refuses_negative_counts():
    with pytest.raises(ValueError, match="negative"):
        PairedAnswers(1, -1, 0, 0)
