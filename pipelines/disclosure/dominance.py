"""Kroner of which too much comes from one or two: the second could work out the first's part.

The p per cent rule (Hundepool et al. 2012, Statistical Disclosure Control, section 4.2.2): a total
is unsafe if what is left of it without its two largest parts is less than p per cent of the
largest, for then the second largest contributor knows the largest's part to within p per cent. So
is a total of fewer contributors than the threshold. Applies to confidential amounts only: what a
municipality gives is a register figure, and public.
"""

from __future__ import annotations

import pandas as pd

P_PCT = 10


def dominated_cells(contributions: pd.DataFrame, threshold: int) -> set[str]:
    """Return the ids of cells that one or two contributors dominate.

    Args:
        contributions: One row per cell and kind of contributor: `contributors`, `largest_kr`,
            `second_largest_kr`, `total_kr`.
        threshold: The fewest contributors of a total that is published.
    """
    left_kr = (
        contributions["total_kr"] - contributions["largest_kr"] - contributions["second_largest_kr"]
    )
    few = contributions["contributors"].between(1, threshold - 1)
    unsafe = few | (left_kr < P_PCT / 100 * contributions["largest_kr"])
    return set(contributions.loc[unsafe & contributions["contributors"].gt(0), "cell_id"])
