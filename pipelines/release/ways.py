"""The way from received rows to a figure: how many are left after each step.

Of a register's public figures the steps are the models' rows. Of answers given in confidence they
are numbers that the same release shows: who was asked, who answered, the base, the count. So
nothing is told here that a reader of the release could not read in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.disclosure.status import FREE
from pipelines.publish.danish import number
from pipelines.publish.model import ReleasedCell
from pipelines.publish.tables import TOTAL
from pipelines.release.steps import Step

_RESPONSE: Final = "I02"
"""The indicator that tells how many were asked and answered."""
_RESPONSE_MEASURES: Final = ("invited", "answered")
_SHARE: Final = "pct"
_COUNTS: Final = ("count", "persons")


@dataclass(frozen=True)
class Station:
    """What is left at one point of the way."""

    what_da: str
    count: float
    remark_da: str = ""


def way_of(
    cell: ReleasedCell, released: Mapping[str, ReleasedCell], steps: Sequence[Step]
) -> tuple[Station, ...]:
    """The way to a cell that is shown; of a hidden one nothing is told.

    Args:
        cell: The cell.
        released: The cells of the same release, by id.
        steps: The rows left in each model, if they may be told.
    """
    if cell.conf_status != FREE:
        return ()
    before = _through_models(steps) if steps else _through_response(cell, released)
    return (*before, *_ends(cell))


def _through_models(steps: Iterable[Step]) -> Iterable[Station]:
    for step in steps:
        remark = "" if step.active is None else f"heraf {number(step.active)} af aktive planer"
        yield Station(f"rækker i {step.model}", step.rows, remark)


def _through_response(
    cell: ReleasedCell, released: Mapping[str, ReleasedCell]
) -> Iterable[Station]:
    if cell.indicator_id == _RESPONSE:
        return
    groups = dict.fromkeys([(TOTAL, TOTAL), (cell.breakdown, cell.breakdown_value)])
    for breakdown, group in groups:
        for measure in _RESPONSE_MEASURES:
            parts = (_RESPONSE, cell.period, breakdown, group, TOTAL, measure)
            found = released.get(".".join(parts))
            if found and found.conf_status == FREE and found.value is not None:
                yield Station(
                    f"{found.measure_label_da.lower()}, {found.breakdown_value_label_da}",
                    found.value,
                )
    if cell.population is not None:
        yield Station("kunne have svaret på spørgsmålet", cell.population)


def is_part_of_base(cell: ReleasedCell) -> bool:
    """Whether a figure counts some of the units of its base, as a share or as their number.

    Kroner of plans or time of municipalities rest on these units and are none of them.
    """
    if cell.numerator is None or cell.base is None or cell.numerator > cell.base:
        return False
    return cell.unit == _SHARE or (cell.unit in _COUNTS and cell.value == cell.numerator)


def _ends(cell: ReleasedCell) -> Iterable[Station]:
    is_sum = cell.value == cell.numerator
    if cell.base is not None:
        yield Station("grundlaget" if is_sum else "grundlaget (nævneren)", cell.base)
    if cell.numerator is not None and (cell.unit == _SHARE or cell.numerator != cell.base):
        yield Station("talt med" if is_sum else "talt med (tælleren)", cell.numerator)
