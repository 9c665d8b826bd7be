"""Whether a table that came in chunks was judged by the order of day and month it really has.

Which dates may have their month first is told by the other dates of the column
(`contracts.parsing.month_first_sql`). A chunk knows those that came before it and no others, so the
whole column is looked at once more when all of it has come.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import FieldType, Source
from pipelines.intake.conform.judge import JudgedChunk
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.findings import DeliveryRejected

_RULE = "C10_date_order"
_LOW, _HIGH, _YEAR = "(0[1-9]|1[0-2])", "(1[3-9]|2[0-9]|3[01])", "[1-9][0-9]{3}"


class _Column(NamedTuple):
    field: str
    sign: str


class DateOrder:
    """What the date columns of a stream have shown, chunk after chunk."""

    def __init__(self, source: Source) -> None:
        """Begin with no dates."""
        self._fields = [f.field for f in source.loaded_fields if f.type is FieldType.DATE]
        self._month_first: dict[_Column, set[str]] = defaultdict(set)
        self._day_first: dict[_Column, set[str]] = defaultdict(set)
        self._held: dict[_Column, set[bool]] = defaultdict(set)
        """Whether the dates that may be read in two ways were held back, in any chunk."""

    def add(self, judged: JudgedChunk) -> None:
        """Note the dates of a chunk, and what was made of those that may be read in two ways."""
        flagged = {b.field for b in judged.breaches if b.rule == _RULE}
        for name in self._fields:
            cells = pc.utf8_trim_whitespace(judged.texts[name].cells.cast(pa.string()))
            for sign in "-/":
                column = _Column(name, sign)
                self._month_first[column].update(_matching(cells, _LOW, _HIGH, sign))
                self._day_first[column].update(_matching(cells, _HIGH, _LOW, sign))
                either = _matching(cells, _LOW, _LOW, sign)
                if any(cell[:2] != cell[3:5] for cell in either):
                    self._held[column].add(name in flagged)

    def require_steady(self, source: Source, file: str) -> None:
        """Reject a file whose later dates tell that earlier ones were read in the wrong order.

        Raises:
            DeliveryRejected: K17, with the column.
        """
        for column in self._turned():
            raise _turned(source, column.field, file)

    @property
    def is_steady(self) -> bool:
        """Whether no later date told that earlier ones were read in the wrong order."""
        return not any(True for _ in self._turned())

    def _turned(self) -> Iterator[_Column]:
        for column, held in self._held.items():
            is_month_first = len(self._month_first[column]) > len(self._day_first[column])
            if held != {is_month_first}:
                yield column


def _matching(cells: pa.Array, first: str, second: str, sign: str) -> list[str]:
    pattern = f"^{first}{re.escape(sign)}{second}{re.escape(sign)}{_YEAR}$"
    found: list[str] = cells.filter(pc.match_substring_regex(cells, pattern)).to_pylist()
    return found


def _turned(source: Source, field: str, file: str) -> DeliveryRejected:
    declared = source.field(field)
    return contract_rejection(
        "K17_date_order_turns", file=file, column=declared.header or declared.label_da
    )
