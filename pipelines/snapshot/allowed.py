"""The allow-list of the snapshot, as `allowed.yml` declares it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RELEASED = "released"
"""The schema of the tables that come out of `publish.duckdb`; all others are the warehouse's."""
_DECLARED = Path(__file__).with_name("allowed.yml")


@dataclass(frozen=True)
class AllowedTable:
    """A table of the snapshot, and the columns of it that are in."""

    schema: str
    name: str
    columns: tuple[str, ...]

    @property
    def is_released(self) -> bool:
        """Whether it holds what has been through disclosure control."""
        return self.schema == RELEASED


def allowed_tables() -> tuple[AllowedTable, ...]:
    """Every table of the snapshot."""
    declared: dict[str, dict[str, Any]] = yaml.safe_load(_DECLARED.read_text(encoding="utf-8"))
    return tuple(
        AllowedTable(schema, name, tuple(columns))
        for schema, tables in declared.items()
        for name, columns in tables.items()
    )
