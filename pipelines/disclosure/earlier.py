"""What earlier releases have told: it cannot be taken back, and differences tell more.

A cell that was published with the same numbers is known for good. A table whose numbers have
changed since, but by fewer municipalities than the threshold, is kept back until more have: laid
beside the earlier one it would tell what those few answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipelines.disclosure.cells import TOTAL, Cell, Table, float_or_none, is_small
from pipelines.disclosure.sums import is_equal

Numbers = tuple[float | None, float | None]


def shown_before(earlier: pd.DataFrame) -> dict[str, list[Numbers]]:
    """Return numerator and base of every cell that was ever published, by id, newest last.

    Args:
        earlier: Cells of all published releases with `cell_id`, `numerator`, `base`, in the order
            they were published.
    """
    shown: dict[str, list[Numbers]] = defaultdict(list)
    for record in earlier.to_dict("records"):
        numerator = float_or_none(record["numerator"])
        if numerator is not None:
            shown[str(record["cell_id"])].append((numerator, float_or_none(record["base"])))
    return shown


def is_known(cell: Cell, shown: Sequence[Numbers]) -> bool:
    """Whether a cell was published with the numbers it has now."""
    return any(
        is_equal(number or 0.0, cell.number) and (base is None or base == cell.base)
        for number, base in shown
    )


def changed_too_little(
    cells: Sequence[Cell],
    cell_ids: Mapping[int, str],
    shown: Mapping[str, Sequence[Numbers]],
    threshold: int,
) -> set[Table]:
    """Return the confidential tables that differ from an earlier release by too few.

    How many municipalities changed follows from the counts: of answers that exclude each other at
    least as many as all gains, or all losses, together; else as many as the largest difference.
    Where that is a total, its breakdowns are kept back with it: their sum is the total, also where
    they are shown for the first time.
    """
    groups: dict[tuple[str, ...], list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.is_confidential and cell.is_count and cell_ids[cell.row] in shown:
            groups[cell.position[:-1]].append(cell)
    tables = {
        group[0].table
        for group in groups.values()
        if any(is_small(n, threshold) for n in _changes(group, cell_ids, shown))
    }
    totals = {table[:2] for table in tables if table[2] == TOTAL}
    return tables | {c.table for c in cells if c.is_confidential and c.table[:2] in totals}


def _changes(
    group: Sequence[Cell], cell_ids: Mapping[int, str], shown: Mapping[str, Sequence[Numbers]]
) -> Iterator[float]:
    """Yield how many municipalities of a group changed at least, since each earlier release.

    Cells that were hidden in some of them are taken as they were when last shown before.
    """
    versions = [shown[cell_ids[cell.row]] for cell in group]
    for back in range(1, max(map(len, versions)) + 1):
        yield _changed(group, [of_cell[-min(back, len(of_cell))] for of_cell in versions])


def _changed(group: Sequence[Cell], before: Sequence[Numbers]) -> float:
    """Return how many municipalities of a group changed at least."""
    gains, of_base = [], 0.0
    for cell, (number, base) in zip(group, before, strict=True):
        gains.append(cell.number - (number or 0.0))
        if base is not None and cell.base is not None:
            of_base = max(of_base, abs(cell.base - base))
    is_exclusive = sum(c.number for c in group) <= (group[0].base or 0.0)
    together = (
        max(sum(g for g in gains if g > 0), -sum(g for g in gains if g < 0))
        if is_exclusive
        else max(map(abs, gains))
    )
    return max(together, of_base)
