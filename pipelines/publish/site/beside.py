"""What the pages of one indicator tell of beside its part of a release: of all there is, its own.

As with a release's parts: what is not handed over cannot be shown, and need not be looked at to say
whether the pages are still the same.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.publish.parts import Part
from pipelines.publish.site.content import Surroundings
from pipelines.publish.site.downloads import KILOBYTE, kilobytes, of_indicator


def beside(around: Surroundings, part: Part) -> Surroundings:
    """Return what belongs to one indicator's pages.

    Args:
        around: What all pages tell of.
        part: The indicator.
    """
    indicator_id = part.indicator.indicator_id
    cells = part.release.cells_of(indicator_id)
    changes = around.changes
    if changes is not None:
        own = (change for change in changes.cells if change.indicator_id == indicator_id)
        changes = replace(changes, cells=tuple(own))
    return Surroundings(
        # in whole kilobytes, as they are told: a byte more or less is no other page
        files={
            path: KILOBYTE * kilobytes(around.files[path])
            for path in of_indicator(around.files, indicator_id)
        },
        changes=changes,
        trails={c.cell_id: t for c in cells if (t := around.trails.get(c.cell_id)) is not None},
        calculations={k: v for k, v in around.calculations.items() if k == indicator_id},
    )
