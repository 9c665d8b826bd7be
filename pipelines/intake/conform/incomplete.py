"""Groups of rows that are known to lack one: they wait for it, and are not judged as if whole.

A row whose cells cannot be told apart names its group by any of its texts. A row without its
group's key may still tell where it belongs, by the facts that all rows of a group share; where
several groups share them too it cannot be told, and only the row itself is held back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Source
from pipelines.intake.conform.by_value import groups_of
from pipelines.intake.conform.columns import MISSING, Flags, TypedColumn


def named_rows(unit: Sequence[TypedColumn], texts: Sequence[str], rows: int) -> Flags:
    """The rows of the groups that texts name.

    Args:
        unit: The columns that make a group.
        texts: Cleaned texts of rows that could not be read.
        rows: How many rows there are.
    """
    if not texts or not unit:
        return np.zeros(rows, np.bool_)
    wanted = pa.array(sorted(set(texts)), pa.string())
    named = np.ones(rows, np.bool_)
    for column in unit:
        known = pc.is_in(column.values.cast(pa.string()), wanted)
        flags = np.append(known.to_numpy(zero_copy_only=False), False)
        named &= flags[column.codes]
    return named


def facts_of_unit(source: Source) -> tuple[str, ...]:
    """What all rows of a group share beside its one key, by the rule that they must not differ."""
    if len(source.quarantine_unit) != 1:
        return ()
    return next((r.facts for r in source.rules if r.facts and r.per == source.quarantine_unit), ())


def keys_of_orphans(source: Source, columns: Mapping[str, TypedColumn], held: Flags) -> list[str]:
    """The keys of the groups that rows without a key belong to, by what a group's rows share.

    Args:
        source: The contract; the facts are those of its rule that they must not differ.
        columns: The typed columns.
        held: The rows that are held back by themselves.
    """
    facts = facts_of_unit(source)
    if not facts:
        return []
    key = columns[source.quarantine_unit[0]]
    without_key = (key.codes == MISSING) & held
    if not without_key.any():
        return []
    alike, _ = groups_of([columns[name] for name in facts], len(held))
    without_key &= alike != MISSING
    candidates = np.isin(alike, alike[without_key]) & (key.codes != MISSING)
    pairs = np.unique(np.stack([alike[candidates], key.codes[candidates]]), axis=1)
    found, how_many = np.unique(pairs[0], return_counts=True)
    sole = np.isin(pairs[0], found[how_many == 1])
    return [str(value) for value in key.values.take(pa.array(pairs[1][sole])).to_pylist()]
