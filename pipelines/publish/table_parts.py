"""Which tables an indicator's figures are divided into where they are of several kinds.

Declared in `table_parts.yml`, for every product alike; how a table is arranged is in `tables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

_DECLARED: Final = Path(__file__).with_name("table_parts.yml")


@dataclass(frozen=True)
class TablePart:
    """One of the tables: its measures, what titles add, and what stands below."""

    part_id: str
    measures: tuple[str, ...]
    label_da: str
    label_en: str
    sheet: str
    remark_da: str = ""
    remark_en: str = ""


@lru_cache
def parts_of(indicator_id: str) -> tuple[TablePart, ...]:
    """Return the parts of an indicator's tables, in order; most have none."""
    declared = yaml.safe_load(_DECLARED.read_text(encoding="utf-8"))
    return tuple(
        TablePart(
            part_id=part["id"],
            measures=tuple(part["measures"]),
            label_da=part["da"],
            label_en=part["en"],
            sheet=part["sheet"],
            remark_da=part.get("remark_da", ""),
            remark_en=part.get("remark_en", ""),
        )
        for part in declared.get(indicator_id, ())
    )


def part_of(indicator_id: str, measure: str) -> TablePart | None:
    """Return the part that a measure belongs to."""
    return next((p for p in parts_of(indicator_id) if measure in p.measures), None)
