"""A release with a table that no page of explanations takes: I05 by seven sizes."""

from __future__ import annotations

from dataclasses import replace

from pipelines.publish.model import Release
from pipelines.publish.site.content import Calculation

GROUPS, OF_EACH = 7, 100
STEPS = {
    "I05": (
        Calculation(
            "pub_i05", "One row per cell.", "select 1", "{{ one }}", tests=("grain", "adds_up")
        ),
        Calculation("stg_rows", "One row per row.", "select 2", "{{ two }}", tests=("grain",)),
    )
}


def long_release(release: Release) -> Release:
    """I05 alone: its total as it is, and seven sizes with a hundred figures each."""
    model = next(c for c in release.cells_of("I05") if c.breakdown == "size")
    cells = [
        replace(
            model,
            cell_id=f"I05.2015.size.s{group}.c{place}.share_pct",
            breakdown_value=f"s{group}",
            breakdown_value_label_da=f"Gruppe {group}",
            breakdown_value_label_en=f"Group {group}",
            category=f"c{place}",
        )
        for group in range(GROUPS)
        for place in range(OF_EACH)
    ]
    total = [c for c in release.cells_of("I05") if c.breakdown == "all"]
    return replace(release, cells=(*total, *cells))
