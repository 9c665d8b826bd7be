"""Draws figures as SVG with Altair: small multiples of bars, labelled directly, in two widths.

The wide drawing has its panels side by side, the narrow one (for phones) below each other. Colours
are of Okabe and Ito's palette (the vermilion darkened, so that white numbers on it can be read) and
never the only carrier of a meaning. What is drawn, and the
words, come from `figure_data`. No script and no font or address from outside is in the SVG.
"""

from __future__ import annotations

import json
import re
import textwrap
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

import altair as alt
import pandas as pd
import vl_convert as vlc

from pipelines.publish.figure_data import BREAK, FigureContent
from pipelines.publish.words import SYNTHETIC_MARK_DA

INK, QUIET, TRACK, WARNING = "#12303B", "#4A5A62", "#E9EEF0", "#9B1C1C"
COLOURS = {"large": "#0072B2", "small": "#C05400", "all": "#0072B2", BREAK: TRACK}
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_ROW_PX, _GAP_PX = 24, 18
_INSIDE = 80  # from this per cent on the number stands inside its bar


@dataclass(frozen=True)
class Layout:
    """How wide a drawing is, and whether its panels stand side by side."""

    name: str
    width_px: int
    side_by_side: bool

    def characters(self, font_px: int) -> int:
        """Return about how many characters fit on a line."""
        return round(self.width_px / (font_px * 0.52))


WIDE = Layout("bred", 860, True)
NARROW = Layout("smal", 336, False)


def draw(content: FigureContent, layout: Layout) -> str:
    """Draw a figure.

    Args:
        content: What to show.
        layout: In which width.

    Returns:
        An SVG document with title and description, fit for inlining; the same content gives the
        same text.
    """
    label_px = round(max(map(len, content.rows)) * 6.4) + 10
    columns = len(content.panels) if layout.side_by_side else 1
    panel_px = (layout.width_px - label_px - _GAP_PX * (columns - 1)) // columns
    chart = alt.vconcat(
        _panels(content, columns, panel_px, label_px),
        _caption(content, layout, label_px),
        spacing=16,
    ).properties(
        title=alt.Title(
            textwrap.wrap(content.title_da, layout.characters(16)),
            subtitle=textwrap.wrap(content.unit_da, layout.characters(12)),
        )
    )
    specification = json.loads(_styled(chart).to_json())
    svg = vlc.vegalite_to_svg(specification, format_locale="da-DK")
    return _accessible(_renumbered(svg), content, layout)


def svg_to_png(svg: str, scale: float = 2) -> bytes:
    """Turn a drawing into a picture."""
    return bytes(vlc.svg_to_png(svg, scale=scale))


def _panels(content: FigureContent, columns: int, panel_px: int, label_px: int) -> alt.FacetChart:
    data = pd.DataFrame([asdict(bar) for bar in content.bars])
    data["track"] = [0 if group == BREAK else 100 for group in data["group"]]
    wrapped = {p: "\n".join(textwrap.wrap(p, max(12, panel_px // 7))) for p in content.panels}
    data["panel"] = data["panel"].map(wrapped)
    full = alt.Chart().encode(
        y=alt.Y(
            "row:N",
            scale=alt.Scale(domain=list(content.rows), paddingInner=0.22, paddingOuter=0.1),
            axis=alt.Axis(
                title=None, domain=False, ticks=False, labelLimit=label_px, labelPadding=8
            ),
        )
    )
    scale = alt.Scale(domain=[0, 100], nice=False)
    track = full.mark_bar(color=TRACK).encode(
        x=alt.X("track:Q", scale=scale, axis=None), x2=alt.datum(0)
    )
    bars = full.mark_bar().encode(
        x=alt.X("value:Q", scale=scale, axis=None),
        color=alt.Color(
            "group:N",
            scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
            legend=None,
        ),
    )
    inside, outside = alt.datum.value > _INSIDE, alt.datum.value <= _INSIDE
    numbers: dict[str, Any] = {"fontSize": 12, "fontWeight": 600, "baseline": "middle"}
    right = full.transform_filter(outside & (alt.datum.group != BREAK)).mark_text(
        align="left", dx=5, color=INK, **numbers
    )
    left = full.transform_filter(inside).mark_text(align="right", dx=-5, color="white", **numbers)
    is_break = alt.datum.group == BREAK
    broken = full.transform_filter(is_break).mark_text(
        align="left", color=QUIET, fontStyle="italic", fontSize=12, baseline="middle"
    )
    rule = full.transform_filter(is_break).mark_rule(
        color=QUIET, strokeDash=[3, 3], yOffset=-_ROW_PX * 0.42
    )
    labels = [
        mark.encode(x=alt.X("value:Q", scale=scale, axis=None), text="text:N")
        for mark in (right, left, broken)
    ]
    chart: alt.FacetChart = (
        alt.layer(track, bars, *labels, rule)
        .properties(width=panel_px, height=alt.Step(_ROW_PX))
        .facet(
            data=data,
            facet=alt.Facet(
                "panel:N",
                sort=list(wrapped.values()),
                header=alt.Header(
                    title=None,
                    labelExpr="split(datum.label, '\\n')",
                    labelAnchor="start",
                    labelAlign="left",
                    labelFontSize=12,
                    labelFontWeight=600,
                    labelColor=INK,
                    labelLineHeight=15,
                    labelPadding=6,
                ),
            ),
            columns=columns,
            spacing=_GAP_PX,
        )
        .resolve_scale(y="shared")
    )
    return chart


def _caption(
    content: FigureContent, layout: Layout, label_px: int
) -> alt.LayerChart | alt.FacetChart:
    lines: list[tuple[str, bool]] = []
    if content.is_synthetic:
        mark = f"{SYNTHETIC_MARK_DA} – må ikke bruges som oplysninger om kommunerne."
        lines += [(t, True) for t in textwrap.wrap(mark, layout.characters(12))]
    for text in content.caption:
        lines += [(t, False) for t in textwrap.wrap(text, layout.characters(11))]
    data = pd.DataFrame([{"text": t, "is_warning": w, "line": i} for i, (t, w) in enumerate(lines)])
    place = alt.Chart(data).encode(
        x=alt.value(-label_px), y=alt.Y("line:O", axis=None), text="text:N"
    )
    style: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 11}
    warning = place.transform_filter(alt.datum.is_warning)
    quiet = place.transform_filter(~alt.datum.is_warning)
    return alt.layer(
        warning.mark_text(color=WARNING, fontWeight=700, **style),
        quiet.mark_text(color=QUIET, **style),
    ).properties(width=layout.width_px - label_px, height=alt.Step(16))


def _styled(chart: alt.VConcatChart) -> alt.VConcatChart:
    styled: alt.VConcatChart = (
        chart.configure(font=FONT, background="white", padding=12)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, labelColor=INK)
        .configure_title(
            anchor="start",
            fontSize=16,
            fontWeight=700,
            color=INK,
            subtitleFontSize=12,
            subtitleColor=QUIET,
            subtitlePadding=4,
            offset=14,
        )
    )
    return styled


def _renumbered(svg: str) -> str:
    """Number ids from 1 in each drawing: the renderer counts on from one drawing to the next."""
    ids = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for count, old in enumerate(ids, 1):
        svg = re.sub(rf'(id="|#){re.escape(old)}(?=["\)])', rf"\g<1>e{count}", svg)
    return svg


def _accessible(svg: str, content: FigureContent, layout: Layout) -> str:
    """Give the drawing one role, a title and a description in place of the renderer's own."""
    svg = re.sub(r'\s(?:aria-[a-z]+|role|tabindex)="[^"]*"', "", svg)
    stem = f"{content.figure_id}-{layout.name}"
    head = (
        f'<title id="{stem}-titel">{escape(content.title_da)}</title>'
        f'<desc id="{stem}-tekst">{escape(content.finding_da)}</desc>'
    )
    svg = svg.replace(
        "<svg ", f'<svg role="img" lang="da" aria-labelledby="{stem}-titel {stem}-tekst" ', 1
    )
    svg = re.sub(r'\bid="e(\d+)"', rf'id="{stem}-e\1"', svg)
    svg = re.sub(r"#e(\d+)\)", rf"#{stem}-e\1)", svg)
    return re.sub(r"(<svg [^>]*>)", lambda m: m.group(1) + head, svg, count=1)
