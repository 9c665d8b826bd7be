"""Which whole-number counts can stand behind a published per cent (the GRIM check).

Exact arithmetic on fractions, under the three ways figures get rounded in print. Used on the
report's figures and, as a guard, on our own tables. What a figure *is* belongs in the models.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Rounding = Literal["half_up", "half_even", "truncation"]
ROUNDINGS: tuple[Rounding, ...] = ("half_up", "half_even", "truncation")


def round_share(
    count: int, base: int, decimals: int = 0, rounding: Rounding = "half_up"
) -> Decimal:
    """Print `100 * count / base` with `decimals` decimals, computed without binary floats.

    Args:
        count: The numerator, 0 or more.
        base: The denominator, 1 or more.
        decimals: Number of decimals that are printed.
        rounding: How the rest is dealt with.

    Returns:
        The per cent as printed.
    """
    if base < 1 or count < 0:
        raise ValueError(f"not a share of a group: {count} of {base}")
    whole, rest = divmod(100 * count * 10**decimals, base)
    up = {
        "half_up": 2 * rest >= base,
        "half_even": 2 * rest > base or (2 * rest == base and whole % 2 == 1),
        "truncation": False,
    }[rounding]
    return Decimal(whole + int(up)).scaleb(-decimals)


def counts_that_fit(
    published: Decimal | str | int, base: int, rounding: Rounding = "half_up"
) -> tuple[int, ...]:
    """List every count of 0..base that prints as `published`; empty = impossible on that base.

    The number of decimals is that of `published` as written: 44 and "44.0" are different claims.
    """
    figure = Decimal(published)
    decimals = _decimals(figure)
    middle = int(figure * base / 100)
    near = range(max(0, middle - 2 - base // 100), min(base, middle + 3 + base // 100) + 1)
    return tuple(c for c in near if round_share(c, base, decimals, rounding) == figure)


@dataclass(frozen=True)
class PrintedShare:
    """One per cent as a table prints it, with the count and base it claims to rest on."""

    cell_id: str
    printed: Decimal
    count: int
    base: int


def impossible_shares(shares: Iterable[PrintedShare]) -> list[PrintedShare]:
    """Return the printed per cents that their own count and base do not give (should be none)."""
    return [s for s in shares if round_share(s.count, s.base, _decimals(s.printed)) != s.printed]


def _decimals(figure: Decimal) -> int:
    exponent = figure.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
