"""The chart that every figure is drawn with, in Altair: bars, intervals, numbers, breaks, caption.

Putting an Altair chart together costs more than drawing it (each layer copies those before it), so
it is done once, with stand-ins for what differs from figure to figure, and `filled` puts the
figure's own values in their place. Colours are of Okabe and Ito's palette (the vermilion darkened,
so that white numbers on it can be read) and never the only carrier of a meaning.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Final

import altair as alt

from pipelines.publish.figure_content import BREAK

INK, QUIET, TRACK, WARNING = "#12303B", "#4A5A62", "#E9EEF0", "#9B1C1C"
COLOURS = {"large": "#0072B2", "small": "#C05400", "all": "#0072B2", BREAK: TRACK}
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
BARS, LINES = "bars", "lines"
"""Names of the two data sets: one row a bar, one row a line of the caption."""
LINE_PX: Final = 14
_GAP_PX: Final = 18


class StandIn:
    """Values that occur nowhere else in the chart; a list of one text stands for a whole list."""

    PANEL_PX: Final = 1001.5
    LABEL_PX: Final = 1002.5
    CAPTION_X: Final = -1003.5
    CAPTION_PX: Final = 1004.5
    ROW_PX: Final = 1005.5
    SCALE_MAX: Final = 1006.5
    COLUMNS: Final = 1007
    ROWS: Final = "@rows"
    PANELS: Final = "@panels"
    TITLE: Final = "@title"
    UNIT: Final = "@unit"


@lru_cache
def template(*, has_long_rows: bool) -> Mapping[str, Any]:
    """Put the chart together, with stand-ins.

    Args:
        has_long_rows: Whether labels of rows take more than one line.
    """
    chart = alt.vconcat(_panels(has_long_rows), _caption(), spacing=16).properties(
        title=alt.Title([StandIn.TITLE], subtitle=[StandIn.UNIT])
    )
    specification: dict[str, Any] = _styled(chart).to_dict()
    return specification


def filled(node: Any, values: Mapping[Hashable, Any]) -> Any:
    """Return a copy of a specification with the values in the place of their stand-ins."""
    if isinstance(node, Mapping):
        return {key: filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        if len(node) == 1 and isinstance(node[0], str) and node[0] in values:
            return values[node[0]]
        return [filled(value, values) for value in node]
    return values.get(node, node)


def _panels(has_long_rows: bool) -> alt.FacetChart:
    full = alt.Chart().encode(
        y=alt.Y(
            "row:N",
            scale=alt.Scale(domain=[StandIn.ROWS], paddingInner=0.22, paddingOuter=0.1),
            axis=alt.Axis(
                title=None,
                domain=False,
                ticks=False,
                labelLimit=StandIn.LABEL_PX,
                labelPadding=8,
                labelExpr="split(datum.label, '\\n')",
                labelLineHeight=LINE_PX,
                labelBaseline="line-top" if has_long_rows else "middle",
                labelOffset=-LINE_PX * 0.75 if has_long_rows else 0,
            ),
        )
    )
    layers = alt.layer(*_bars(full), *_intervals(full), *_numbers(full), _break_rule(full))
    panels: alt.FacetChart = (
        layers.properties(width=StandIn.PANEL_PX, height=alt.Step(StandIn.ROW_PX))
        .facet(
            data=alt.NamedData(name=BARS),
            facet=alt.Facet(
                "panel:N",
                sort=[StandIn.PANELS],
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
            columns=StandIn.COLUMNS,
            spacing=_GAP_PX,
        )
        .resolve_scale(y="shared")
    )
    return panels


def _across(field: str) -> alt.X:
    scale = alt.Scale(domain=[0, StandIn.SCALE_MAX], nice=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def _bars(full: alt.Chart) -> list[alt.Chart]:
    """The whole scale in grey, and on it the figure."""
    colours = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    return [
        full.mark_bar(color=TRACK).encode(x=_across("track"), x2=alt.datum(0)),
        full.mark_bar().encode(
            x=_across("value"), color=alt.Color("group:N", scale=colours, legend=None)
        ),
    ]


def _intervals(full: alt.Chart) -> list[alt.Chart]:
    """A line from end to end of the interval, with a white edge to be seen on every colour."""
    uncertain = full.transform_filter("isValid(datum.lower)")
    return [
        uncertain.mark_rule(color=colour, strokeWidth=width).encode(
            x=_across("lower"), x2="upper:Q"
        )
        for colour, width in (("white", 5), (INK, 2))
    ]


def _numbers(full: alt.Chart) -> list[alt.Chart]:
    """The printed figure beyond the bar, or inside a long one; the text in place of a bar."""
    number: dict[str, Any] = {"fontSize": 12, "fontWeight": 600, "baseline": "middle"}
    text: dict[str, Any] = {"fontSize": 12, "fontStyle": "italic", "baseline": "middle"}
    styles: dict[str, dict[str, Any]] = {
        "outside": {"align": "left", "dx": 6, "color": INK, **number},
        "inside": {"align": "right", "dx": -6, "color": "white", **number},
        BREAK: {"align": "left", "color": QUIET, **text},
    }
    return [
        full.transform_filter(alt.datum.place == place)
        .mark_text(**style)
        .encode(x=_across("at"), text="text:N")
        for place, style in styles.items()
    ]


def _break_rule(full: alt.Chart) -> alt.Chart:
    """A dashed line above the text that tells of a break."""
    rule: alt.Chart = full.transform_filter(alt.datum.place == BREAK).mark_rule(
        color=QUIET, strokeDash=[3, 3], yOffset=-10
    )
    return rule


def _caption() -> alt.LayerChart | alt.FacetChart:
    place = alt.Chart(alt.NamedData(name=LINES)).encode(
        x=alt.value(StandIn.CAPTION_X), y=alt.Y("line:O", axis=None), text="text:N"
    )
    style: dict[str, Any] = {"align": "left", "baseline": "middle", "fontSize": 11}
    lines = alt.layer(
        place.transform_filter(alt.datum.is_warning).mark_text(
            color=WARNING, fontWeight=700, **style
        ),
        place.transform_filter(~alt.datum.is_warning).mark_text(color=QUIET, **style),
    )
    return lines.properties(width=StandIn.CAPTION_PX, height=alt.Step(16))


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
