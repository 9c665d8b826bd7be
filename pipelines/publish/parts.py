"""What the files of one indicator are made from: its own part of a release, and nothing else.

A renderer that is handed a part cannot show what is not in it. So the part says all that its files
depend on, and files of a part that did not change need not be made again (`kept_files`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from pipelines.publish.findings.rules import PAIRED
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.source_names import deliveries_behind
from pipelines.publish.tables import RESPONSE, TOTAL

_SURVEY: Final = "survey"


@dataclass(frozen=True)
class Part:
    """An indicator with its part of a release."""

    indicator: Indicator
    release: Release


def parts_of(release: Release) -> tuple[Part, ...]:
    """Return the parts of a release, one for each published indicator in the catalogue's order."""
    return tuple(Part(each, _part(release, each)) for each in release.published_indicators())


def _part(release: Release, indicator: Indicator) -> Release:
    own = release.cells_of(indicator.indicator_id)
    notes = {note for cell in own for note in cell.notes}
    return replace(
        release,
        cells=(*own, *_spoken_of(release, indicator)),
        indicators=(indicator,),
        notes=tuple(n for n in release.notes if n.note_id in notes),
        withheld=tuple(w for w in release.withheld if w.indicator_id == indicator.indicator_id),
        deliveries=deliveries_behind(release, own),
    )


def _spoken_of(release: Release, indicator: Indicator) -> Iterator[ReleasedCell]:
    """Yield figures of others that a survey's indicator tells of: response and tested change."""
    if _SURVEY not in indicator.sources.split("|"):
        return
    for other in (RESPONSE, PAIRED):
        if other != indicator.indicator_id:
            yield from (c for c in release.cells_of(other) if c.breakdown == TOTAL)
