"""Small tables of release candidates for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

Counts = Mapping[str, Mapping[str, int]]  # group -> category -> count


def share_cells(
    counts: Counts,
    bases: Mapping[str, int],
    *,
    breakdown_of: Mapping[str, str],
    indicator_id: str = "I05",
    period: str = "2015",
    is_confidential: bool = True,
    is_sensitive: bool = False,
    measure: str = "share_pct",
) -> pd.DataFrame:
    """One cell, a share, per group and category."""
    rows = []
    for group, categories in counts.items():
        for category, count in categories.items():
            base = bases[group]
            breakdown = breakdown_of[group]
            rows.append(
                {
                    "cell_id": ".".join(
                        [indicator_id, period, breakdown, group, category, measure]
                    ),
                    "indicator_id": indicator_id,
                    "period": period,
                    "breakdown": breakdown,
                    "breakdown_value": group,
                    "category": category,
                    "measure": measure,
                    "unit": "pct",
                    "numerator": float(count),
                    "base": float(base),
                    "value": 100 * count / base if base else None,
                    "is_confidential": is_confidential,
                    "is_sensitive": is_sensitive,
                }
            )
    return pd.DataFrame(rows)


SIZES = {"all": "all", "large": "size", "small": "size"}


def by_size(
    large: Mapping[str, int],
    small: Mapping[str, int],
    *,
    bases: tuple[int, int] | None = None,
    **options: Any,
) -> pd.DataFrame:
    """A table by size with its total; bases default to the sum of the categories."""
    total = {category: large[category] + small[category] for category in large}
    n_large, n_small = bases or (sum(large.values()), sum(small.values()))
    return share_cells(
        {"all": total, "large": large, "small": small},
        {"all": n_large + n_small, "large": n_large, "small": n_small},
        breakdown_of=SIZES,
        **options,
    )
