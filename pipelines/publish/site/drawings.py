"""Draws the declared figures in both languages, for the pages and as files of their own."""

from __future__ import annotations

from markupsafe import Markup

from pipelines.publish.figure_content import FigureContent
from pipelines.publish.figure_data import figure_contents
from pipelines.publish.figures import NARROW, WIDE, draw, svg_to_png
from pipelines.publish.kept_drawings import NOTHING_KEPT, KeptDrawings
from pipelines.publish.language import CODES, DANISH
from pipelines.publish.model import Release
from pipelines.publish.site.content import SiteFigure

FOLDER = "site/figurer"


def site_figures(
    release: Release, kept: KeptDrawings = NOTHING_KEPT
) -> tuple[tuple[SiteFigure, ...], dict[str, bytes]]:
    """Return the figures of a release, and their files by path inside the published folder."""
    figures: list[SiteFigure] = []
    files: dict[str, bytes] = {}
    for code in CODES:
        for content in figure_contents(release, code):
            wide, narrow = draw(content, WIDE, kept), draw(content, NARROW, kept)
            stem = _stem(content)
            drawn = {"SVG": wide.encode(), "PNG": svg_to_png(wide, kept)}
            names = {kind: f"{stem}.{kind.lower()}" for kind in drawn}
            files |= {f"{FOLDER}/{names[kind]}": data for kind, data in drawn.items()}
            figures.append(
                SiteFigure(
                    figure_id=content.figure_id,
                    indicator_id=content.indicator_id,
                    language=code,
                    title=content.title,
                    finding=content.finding,
                    wide=Markup(wide),  # our own drawing; its texts are escaped
                    narrow=Markup(narrow),
                    files=names,
                    is_on_start=content.is_on_start,
                )
            )
    return tuple(figures), files


def _stem(content: FigureContent) -> str:
    language = "" if content.language == DANISH else f"_{content.language}"
    return f"{content.figure_id}{language}{'_syntetisk' if content.is_synthetic else ''}"
