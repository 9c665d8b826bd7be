"""Draws figures as SVG: small multiples of bars, labelled directly, in two widths.

The wide drawing has its panels side by side, the narrow one (for phones) below each other. What is
drawn, and the words, come from `figure_data`; the chart itself is put together in
`figure_template`. No script and no font or address from outside is in the SVG.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import vl_convert as vlc

from pipelines.publish.figure_content import BREAK, Bar, FigureContent
from pipelines.publish.figure_template import BARS, LINE_PX, LINES, StandIn, filled, template
from pipelines.publish.kept_drawings import NOTHING_KEPT, KeptDrawings
from pipelines.publish.language import language

_ROW_PX, _GAP_PX = 24, 18
_PNG_SCALE = 1.5
_INSIDE = 0.8  # from this part of the scale on the number stands inside its bar
_ROOM = 0.35  # a number inside needs this part of the scale before the interval begins


@dataclass(frozen=True)
class Layout:
    """How wide a drawing is, and how many panels stand side by side at most."""

    name: str
    width_px: int
    most_columns: int
    label_characters: int

    def characters(self, font_px: int) -> int:
        """Return about how many characters fit on a line."""
        return round(self.width_px / (font_px * 0.52))


WIDE = Layout("bred", 860, 4, 34)
NARROW = Layout("smal", 336, 1, 20)


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold; the renderer ends the whole process where it meets one."""


def draw(content: FigureContent, layout: Layout, kept: KeptDrawings = NOTHING_KEPT) -> str:
    """Draw a figure.

    Args:
        content: What to show.
        layout: In which width.
        kept: Drawings made before.

    Returns:
        An SVG document with title and description, fit for inlining; the same content gives the
        same text.
    """
    content = _as_xml_can(content)
    rows = _wrapped(content.rows, layout.label_characters)
    lines = [line for row in rows.values() for line in row.split("\n")]
    label_px = round(max(map(len, lines)) * 6.4) + 10
    columns = min(len(content.panels), layout.most_columns)
    panel_px = (layout.width_px - label_px - _GAP_PX * (columns - 1)) // columns
    panels = _wrapped(content.panels, max(12, panel_px // 7))
    most_lines = max(row.count("\n") + 1 for row in rows.values())
    specification = filled(
        template(has_long_rows=most_lines > 1),
        {
            StandIn.PANEL_PX: panel_px,
            StandIn.LABEL_PX: label_px,
            StandIn.CAPTION_X: -label_px,
            StandIn.CAPTION_PX: layout.width_px - label_px,
            StandIn.ROW_PX: max(_ROW_PX, LINE_PX * most_lines + 8),
            StandIn.COLUMNS: columns,
            StandIn.SCALE_MAX: content.scale_max,
            StandIn.ROWS: list(rows.values()),
            StandIn.PANELS: list(panels.values()),
            StandIn.TITLE: textwrap.wrap(content.title, layout.characters(16)),
            StandIn.UNIT: textwrap.wrap(content.unit, layout.characters(12)),
        },
    )
    specification["datasets"] = {
        BARS: [_bar_row(b, panels[b.panel], rows[b.row], content.scale_max) for b in content.bars],
        LINES: _caption_rows(content, layout),
    }
    svg = kept.drawn("svg", json.dumps(specification, sort_keys=True), _rendered).decode()
    return _accessible(_renumbered(svg), content, layout)


def svg_to_png(svg: str, kept: KeptDrawings = NOTHING_KEPT) -> bytes:
    """Turn a drawing into a picture, sharp enough for a slide."""
    return kept.drawn("png", svg, lambda source: bytes(vlc.svg_to_png(source, scale=_PNG_SCALE)))


def _as_xml_can(content: FigureContent) -> FigureContent:
    """Leave out the signs of every text that a drawing cannot hold."""

    def kept(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(_NOT_XML.sub("", text) for text in texts)

    bars = [
        replace(bar, panel=panel, row=row, group=group, text=text)
        for bar in content.bars
        for panel, row, group, text in (kept((bar.panel, bar.row, bar.group, bar.text)),)
    ]
    title, unit, finding = kept((content.title, content.unit, content.finding))
    return replace(
        content,
        title=title,
        unit=unit,
        panels=kept(content.panels),
        rows=kept(content.rows),
        bars=tuple(bars),
        caption=kept(content.caption),
        finding=finding,
    )


def _rendered(specification: str) -> bytes:
    return vlc.vegalite_to_svg(json.loads(specification), format_locale="da-DK").encode()


def _wrapped(labels: Sequence[str], characters: int) -> dict[str, str]:
    """Break labels into lines; blank ones are kept, for they are gaps."""
    return {label: "\n".join(textwrap.wrap(label, characters)) or label for label in labels}


def _bar_row(bar: Bar, panel: str, row: str, scale_max: float) -> dict[str, Any]:
    """Return what the marks of one bar need, its number beyond the interval or before it."""
    ends = [end for end in (bar.lower, bar.upper) if end is not None]
    left, right = min([bar.value, *ends]), max([bar.value, *ends])
    # rounded, so that bars that look alike have their numbers in the same place
    is_inside = round(right / scale_max, 2) > _INSIDE and left > scale_max * _ROOM
    is_uncertain = bool(ends) and right - left > scale_max / 1000
    return {
        "panel": panel,
        "row": row,
        "group": bar.group,
        "value": bar.value,
        "text": bar.text,
        "place": BREAK if bar.group == BREAK else "inside" if is_inside else "outside",
        "at": left if is_inside else right,
        "track": 0 if bar.group == BREAK else scale_max,
        "lower": left if is_uncertain else None,
        "upper": right if is_uncertain else None,
    }


def _caption_rows(content: FigureContent, layout: Layout) -> list[dict[str, Any]]:
    lines: list[tuple[str, bool]] = []
    if content.is_synthetic:
        mark = language(content.language).text("synthetic_caption")
        lines += [(t, True) for t in textwrap.wrap(mark, layout.characters(12))]
    for text in content.caption:
        lines += [(t, False) for t in textwrap.wrap(text, layout.characters(11))]
    return [{"text": t, "is_warning": w, "line": i} for i, (t, w) in enumerate(lines)]


def _renumbered(svg: str) -> str:
    """Number ids from 1 in each drawing: the renderer counts on from one drawing to the next."""
    ids: Sequence[str] = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))
    for count, old in enumerate(ids, 1):
        svg = re.sub(rf'(id="|#){re.escape(old)}(?=["\)])', rf"\g<1>e{count}", svg)
    return svg


def _accessible(svg: str, content: FigureContent, layout: Layout) -> str:
    """Give the drawing one role, a title and a description in place of the renderer's own."""
    svg = re.sub(r'\s(?:aria-[a-z]+|role|tabindex)="[^"]*"', "", svg)
    stem = f"{content.figure_id}-{layout.name}"
    head = (
        f'<title id="{stem}-titel">{escape(content.title)}</title>'
        f'<desc id="{stem}-tekst">{escape(" ".join((content.finding, *content.caption)))}</desc>'
    )
    svg = svg.replace(
        "<svg ",
        f'<svg role="img" lang="{content.language}" aria-labelledby="{stem}-titel {stem}-tekst" ',
        1,
    )
    svg = re.sub(r'\bid="e(\d+)"', rf'id="{stem}-e\1"', svg)
    svg = re.sub(r"#e(\d+)\)", rf"#{stem}-e\1)", svg)
    return re.sub(r"(<svg [^>]*>)", lambda m: m.group(1) + head, svg, count=1)
