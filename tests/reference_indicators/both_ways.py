"""The figures counted here, held against those dbt made of the same rows."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
from counted_change import count_i15
from counted_dialogue import count_i09
from counted_financing import count_i07
from counted_plans import count_i01, count_i10, count_i13
from counted_profiles import count_i14
from counted_survey import count_survey
from evidence_rows import Cell, Evidence, Figure, Figures, read_evidence

NEAR = 1e-9
"""As a part of the figure: sums of kroner are added in another order and as another type."""
COUNTERS: tuple[Callable[[Evidence], Figures], ...] = (
    count_i01,
    count_survey,
    count_i07,
    count_i09,
    count_i10,
    count_i13,
    count_i14,
    count_i15,
)


def counted_here(con: duckdb.DuckDBPyConnection) -> Figures:
    """Every indicator from the raw rows and seeds of a warehouse."""
    evidence = read_evidence(con)
    figures: Figures = {}
    for count in COUNTERS:
        figures |= count(evidence)
    return figures


def made_by_dbt(con: duckdb.DuckDBPyConnection) -> Figures:
    """The candidates of a warehouse."""
    found = con.execute(
        "select indicator_id, period, breakdown, breakdown_value, category, measure, "
        "numerator, base, value, obs_status from published.pub_indicator_cells"
    ).fetchall()
    return {Cell(*row[:6]): Figure(*row[6:]) for row in found}


def disagreements(here: Figures, there: Figures) -> list[str]:
    """A line for every cell that only one side has, or has otherwise."""
    lines = [
        f"{'.'.join(cell)}: {here.get(cell)} here, {there.get(cell)} of dbt"
        for cell in sorted(here.keys() | there.keys())
        if not _agree(here.get(cell), there.get(cell))
    ]
    return lines


def _agree(one: Figure | None, other: Figure | None) -> bool:
    if one is None or other is None:
        return False
    numbers = zip(one[:3], other[:3], strict=True)
    return one.status == other.status and all(_near(a, b) for a, b in numbers)


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= NEAR * max(abs(one), abs(other))
