"""A release's records as plain dictionaries and frames, field by field.

`dataclasses.asdict` copies every value of every record, which for a release's cells takes longer
than to hash or to write them. What the fields mean is `model`'s business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

import pandas as pd


def field_names(record_type: type[Any]) -> tuple[str, ...]:
    """The names of a record type's fields, in order."""
    return tuple(field.name for field in fields(record_type))


def as_dicts(records: Sequence[Any]) -> list[dict[str, Any]]:
    """Return records of one type as dictionaries; what is in them is not copied."""
    if not records:
        return []
    names = field_names(type(records[0]))
    values = attrgetter(*names)
    return [dict(zip(names, values(record), strict=True)) for record in records]


def as_frame(records: Iterable[Any], record_type: type[Any]) -> pd.DataFrame:
    """Return records as a frame with a column for each field, also where there are none."""
    names = field_names(record_type)
    values = attrgetter(*names)
    return pd.DataFrame([values(record) for record in records], columns=list(names))
