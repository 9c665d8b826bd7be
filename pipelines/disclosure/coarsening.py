"""What is tried where a table would show less than half of its figures: categories merged.

A coarsening is a row of the seed `coarsenings`: of one indicator's measure, categories that may be
shown as one. The merged cell replaces its parts in the breakdown's table; the total keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipelines.disclosure.cells import Table

NOTE = "coarsened"


@dataclass(frozen=True)
class Coarsening:
    """Categories of one measure that may be shown as one.

    Attributes:
        indicator_id: The indicator.
        measure: The measure.
        category: Code of the categories together.
        parts: Their codes.
    """

    indicator_id: str
    measure: str
    category: str
    parts: tuple[str, ...]


def read_coarsenings(frame: pd.DataFrame) -> list[Coarsening]:
    """Read the declared coarsenings; the parts are separated by bars."""
    return [
        Coarsening(
            str(record["indicator_id"]),
            str(record["measure"]),
            str(record["category"]),
            tuple(str(record["parts"]).split("|")),
        )
        for record in frame.to_dict("records")
    ]


def coarsen(
    cells: pd.DataFrame, tables: Iterable[Table], coarsenings: Sequence[Coarsening]
) -> pd.DataFrame:
    """Merge categories in tables that would otherwise show little or nothing.

    Args:
        cells: Candidates; those already merged into others are marked `is_ghost`.
        tables: The tables.
        coarsenings: What may be merged.

    Returns:
        The candidates with merged cells, at the places of their first parts, and with the parts
        marked as ghosts: nobody shows them, but a reader may work them out.
    """
    frame = cells.copy()
    added: list[pd.DataFrame] = []
    for indicator_id, period, breakdown in sorted(tables):
        for rule in coarsenings:
            if rule.indicator_id != indicator_id:
                continue
            is_part = (
                (frame["indicator_id"] == indicator_id)
                & (frame["period"] == period)
                & (frame["breakdown"] == breakdown)
                & (frame["measure"] == rule.measure)
                & frame["category"].isin(rule.parts)
                & ~frame["is_ghost"]
            )
            merged = {
                int(group.index[0]): _merged(group, rule)
                for _, group in frame[is_part].groupby("breakdown_value", sort=False)
                if set(group["category"]) == set(rule.parts)
            }
            if merged:
                frame["is_ghost"] |= is_part
                rows = pd.DataFrame(list(merged.values()), index=list(merged))
                added.append(rows.astype(frame.dtypes.to_dict()))
    return pd.concat([frame, *added]).sort_index(kind="stable").reset_index(drop=True)


def _merged(parts: pd.DataFrame, rule: Coarsening) -> dict[str, object]:
    first: dict[str, object] = {str(k): v for k, v in parts.iloc[0].items()}
    numerator, base = parts["numerator"].sum(), parts["base"].iloc[0]
    cell_id = ".".join(
        str(first[name]) for name in ("indicator_id", "period", "breakdown", "breakdown_value")
    )
    notes = {n for text in parts["note_ids"] for n in str(text).split("|") if n}
    missing = dict.fromkeys(
        ("lowest_possible", "highest_possible", "lower_bound", "upper_bound", "weighted_value"),
        float("nan"),
    )
    return {
        **first,
        **{name: value for name, value in missing.items() if name in first},
        "category": rule.category,
        "cell_id": f"{cell_id}.{rule.category}.{rule.measure}",
        "numerator": numerator,
        "value": 100 * numerator / base,
        "note_ids": "|".join([*sorted(notes), NOTE]),
        "delivery_ids": sorted({d for ids in parts["delivery_ids"] for d in ids}),
    }
