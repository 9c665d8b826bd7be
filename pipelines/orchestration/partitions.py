"""The partitions of the raw tables: whatever waves, years and extract dates have been delivered.

Dynamic, so that a new year needs no code: the intake adds a partition when its first delivery
arrives.
"""

from __future__ import annotations

from collections.abc import Iterable

import dagster as dg


def definition_for(source: str) -> dg.DynamicPartitionsDefinition:
    """The partitions of a source's raw tables; its tables share them."""
    return dg.DynamicPartitionsDefinition(name=f"{source}_periods")


def add_periods(instance: dg.DagsterInstance, source: str, periods: Iterable[str]) -> None:
    """Add the periods that are not partitions yet."""
    name = definition_for(source).name
    if name is None:
        raise ValueError(f"the partitions of {source} have no name")
    known = set(instance.get_dynamic_partitions(name))
    if missing := sorted(set(periods) - known):
        instance.add_dynamic_partitions(name, missing)
