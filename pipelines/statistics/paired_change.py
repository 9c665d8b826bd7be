"""Change between two waves on those who answered both: McNemar's test, exact and mid-p.

Only the panel of both waves is compared; who joined or left says nothing about change. The same
numbers are computed in SQL for the published cells; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import comb

CHANCE_LEVEL = Fraction(5, 100)
"""From this p-value on a change "kan være tilfældig" (may be due to chance)."""


@dataclass(frozen=True, slots=True)
class PairedAnswers:
    """How the members of the panel answered a yes/no question in two waves, in counts."""

    both: int
    only_before: int
    only_after: int
    neither: int

    def __post_init__(self) -> None:
        if min(self.both, self.only_before, self.only_after, self.neither) < 0:
            raise ValueError("a panel has no negative counts")

    @property
    def panel(self) -> int:
        """Members who answered both waves."""
        return self.both + self.only_before + self.only_after + self.neither

    @property
    def changed(self) -> int:
        """Members whose answer is another than before."""
        return self.only_before + self.only_after

    @property
    def change(self) -> Fraction | None:
        """The change of the share, after minus before; None without a panel."""
        return Fraction(self.only_after - self.only_before, self.panel) if self.panel else None


def exact_p(answers: PairedAnswers) -> Fraction:
    """McNemar's exact two-sided p-value: the changed are equally likely to go either way.

    McNemar 1947, Psychometrika 12, 153-157, with the binomial distribution itself instead of its
    approximation. 1 when nobody changed.
    """
    return min(
        Fraction(1), 2 * _tail(answers.changed, min(answers.only_before, answers.only_after))
    )


def mid_p(answers: PairedAnswers) -> Fraction:
    """McNemar's mid-p value: less cautious than the exact one, which never reaches its level.

    Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91: two-sided exact p less
    the probability of the observed outcome. 1 when nobody changed.
    """
    if not answers.changed:
        return Fraction(1)
    observed = Fraction(comb(answers.changed, answers.only_before), 2**answers.changed)
    fewer = min(answers.only_before, answers.only_after)
    return min(Fraction(1), 2 * _tail(answers.changed, fewer) - observed)


def may_be_chance(answers: PairedAnswers) -> bool:
    """Whether the change is shown with the flag "kan være tilfældig"; mid-p decides."""
    return mid_p(answers) >= CHANCE_LEVEL


def _tail(trials: int, at_most: int) -> Fraction:
    return Fraction(sum(comb(trials, k) for k in range(at_most + 1)), 2**trials)
