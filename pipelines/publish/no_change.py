"""Whether a change may be chance, where nothing changed: then there is nothing to ask of it.

The test of a nil change says that it may be chance, and that stays the value. Printed beside a nil
it would read as if there was something: what is printed is that there is no change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pipelines.publish.danish import NO_CHANGE, NO_DIFFERENCE
from pipelines.publish.model import ReleasedCell

_JUDGED: Final = {"change_pct_points": NO_CHANGE, "difference_pct_points": NO_DIFFERENCE}
_JUDGEMENT: Final = "may_be_chance"


def without_a_change(cells: Iterable[ReleasedCell]) -> tuple[ReleasedCell, ...]:
    """Return the cells, those that judge a nil saying that there is nothing to judge."""
    found = tuple(cells)
    nil = {c.place: _JUDGED[c.measure] for c in found if c.measure in _JUDGED and c.value == 0}
    return tuple(
        replace(c, display_da=nil[c.place])
        if c.measure == _JUDGEMENT and c.value is not None and c.place in nil
        else c
        for c in found
    )
