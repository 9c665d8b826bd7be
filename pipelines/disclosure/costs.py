"""What it costs to hold something back: which of several safe choices readers lose least by.

Prices are relative. A cell costs about a thousand, those of categories that come last in the table
a little less; a table less than all its cells together, so that it is withheld when most of them
would be; the bounds of a group's shares less than a cell. Tables that are derived from others
(change between waves) go first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipelines.disclosure.cells import Cell, Position
from pipelines.disclosure.primary import Primary
from pipelines.disclosure.publication import Unit, Ways, bounds_unit, cell_unit, table_unit

CELL, BOUNDS, WHOLE_TABLE = 1000.0, 300.0, 0.8
DERIVED = {"I15": 0.5}


def costs_of(cells: Sequence[Cell], primary: Primary, ways: Ways) -> dict[Unit, float]:
    """Price everything that can be held back.

    Args:
        cells: All cells with a number.
        primary: What is hidden for its own sake, and so has no price.
        ways: What tells the numbers; only what is named there can be held back.
    """
    ranks: dict[str, int] = {}
    for cell in cells:
        ranks.setdefault(cell.category, len(ranks))
    positions: dict[Position, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.is_confidential:
            positions[cell.position].append(cell)
    costs: dict[Unit, float] = {}
    tables: dict[Unit, float] = defaultdict(float)
    for position, group in positions.items():
        first = group[0]
        weight = DERIVED.get(first.indicator_id, 1.0)
        price = weight * (CELL - ranks[first.category]) * (1 + 0.1 * (len(group) - 1))
        tables[table_unit(first)] += price
        if all(cell.row not in primary.rows for cell in group):
            costs[cell_unit(position)] = price
            costs[bounds_unit(first)] = weight * BOUNDS
    costs |= {table: WHOLE_TABLE * price for table, price in tables.items()}
    return {unit: price for unit, price in costs.items() if unit in ways.rows}
