"""Which figures there are and what each shows: bars, captions and findings, by declaration.

The figures are declared in `figure_declared.yml`; three of them are of the kinds of the 2015
report's figures 2, 3 and 4, as small multiples over waves. How they are drawn is in `figures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.publish.figure_answers import answers
from pipelines.publish.figure_content import FigureContent
from pipelines.publish.figure_grid import grid
from pipelines.publish.figure_words import in_words
from pipelines.publish.language import DANISH, Language, language
from pipelines.publish.model import Release

_DECLARED = Path(__file__).with_name("figure_declared.yml")
_KINDS = {"answers": answers, "grid": grid}


def figure_contents(release: Release, code: str = DANISH) -> tuple[FigureContent, ...]:
    """Return the declared figures for which the release has cells.

    Args:
        release: What is published.
        code: The language of the figures.
    """
    spoken = language(code)
    found = (_content(declared, release, spoken) for declared in declared_figures())
    return tuple(figure for figure in found if figure is not None)


def _content(
    declared: Mapping[str, Any], release: Release, spoken: Language
) -> FigureContent | None:
    shown = _KINDS[declared["kind"]](declared, release, spoken)
    if shown is None:
        return None
    return FigureContent(
        figure_id=declared["id"],
        indicator_id=declared["indicator"],
        language=spoken.code,
        title=declared[f"title_{spoken.code}"],
        unit=declared[f"unit_{spoken.code}"],
        panels=shown.panels,
        rows=shown.rows,
        bars=shown.bars,
        scale_max=shown.scale_max,
        caption=shown.caption,
        finding=in_words(shown.cells, release, spoken),
        is_synthetic=shown.is_synthetic,
        is_on_start=bool(declared.get("start")),
    )


@lru_cache
def declared_figures() -> tuple[Mapping[str, Any], ...]:
    """Return what is declared of each figure, in the declared order."""
    return tuple(yaml.safe_load(_DECLARED.read_text(encoding="utf-8")))
