"""The pages of the Evidence site: one for each indicator that the release has cells of.

A page is a template of `evidence/templates` filled with codes alone (the indicator, the measures to
draw, the breakdowns there are); every word on it is fetched by its queries. Which template suits an
indicator follows from its figure's declaration and its cells, so a new one needs no page written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipelines.publish.breaks import PAIR_MARK
from pipelines.publish.figure_data import declared_figures
from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.tables import TOTAL, unique

_CODE: Final = re.compile(r"[A-Za-z0-9_/-]+")
_LONGEST_LIST: Final = 60
"""Characters of a list that stands on one line of a query."""
_MOST_SERIES: Final = 8
"""More groups than this are ranked, not drawn beside each other."""


class UnfitTextError(ValueError):
    """A code or a title that a page's source cannot hold as it is."""


@dataclass(frozen=True)
class IndicatorView:
    """How an indicator is shown.

    Attributes:
        template: Name of the page template.
        measures: Codes of the measures that its figure draws, the first one at first.
        totals: Codes of the measures that, beside the answers, have one figure for all of them.
        breakdowns: Codes of the breakdowns whose groups fit into one figure.
        ranked: Codes of the measures by which many groups are ranked, if there are many.
        ranked_by: The breakdown of those groups.
        categories: Codes of the parts that a whole is drawn of; none where that is not so.
        first_group: The first group of all.
        periods: The periods whose answers are drawn beside each other.
        latest: The latest period with a figure, of all periods, of groups, and of many groups.
        table_measures: How many measures there are to choose from in the table.
        table_breakdowns: How many breakdowns.
    """

    template: str
    measures: tuple[str, ...]
    totals: tuple[str, ...]
    breakdowns: tuple[str, ...]
    ranked: tuple[str, ...]
    ranked_by: str
    categories: tuple[str, ...]
    first_group: str
    periods: tuple[str, ...]
    latest: Mapping[str, str]
    table_measures: int
    table_breakdowns: int


def indicator_pages(release: Release, templates: Path) -> dict[str, str]:
    """Return the source of every indicator's page, by file name.

    Args:
        release: What is published.
        templates: The folder of page templates.

    Raises:
        UnfitTextError: A code or title would change the page around it.
    """
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # braces are Svelte's
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
    )
    environment.filters["listed"] = _listed
    pages = {}
    for indicator in release.published_indicators():
        view = view_of(release.cells_of(indicator.indicator_id))
        template = environment.get_template(f"{view.template}.md")
        (name,) = _checked((indicator.indicator_id,))
        pages[f"{name}.md"] = template.render(id=name, head=_front_matter(indicator), view=view)
    return pages


def view_of(cells: Sequence[ReleasedCell]) -> IndicatorView:
    """Decide how an indicator is shown, from its figure's declaration and its cells."""
    declared = next(
        (d for d in declared_figures() if d["indicator"] == cells[0].indicator_id), None
    )
    groups = {b: len({c.breakdown_value for c in cells if c.breakdown == b}) for b in _seen(cells)}
    few = tuple(b for b, count in groups.items() if count <= _MOST_SERIES)
    many = tuple(b for b in groups if b not in few)
    shown = [c for c in cells if c.value is not None]
    has_total = [c for c in shown if c.category == TOTAL]
    template = _template(declared, cells)
    # an indicator without a declared figure, or with nothing to show, has a page all the same
    measures = _measures(declared, cells, template) or unique(c.measure for c in shown or cells)
    totals = [c for c in has_total if template == "answers" and c.breakdown in few]
    ranked = unique(c.measure for c in has_total if c.breakdown in many)
    periods = sorted({c.period for c in cells if c.measure in measures})
    return IndicatorView(
        template=template,
        measures=_checked(measures),
        totals=_checked(unique(c.measure for c in totals)),
        breakdowns=_checked(few),
        ranked=_checked(ranked),
        ranked_by=many[0] if many else "",
        categories=_checked((declared or {}).get("categories", ())),
        first_group=_checked((cells[0].breakdown_value,))[0],
        periods=_checked(periods[-(declared or {}).get("periods", len(periods)) :]),
        latest={
            "any": _latest(shown),
            "of_groups": _latest(
                c for c in shown if c.measure == measures[0] and c.breakdown in few[1:2]
            ),
            "of_many": _latest(
                c for c in has_total if c.measure in ranked[:1] and c.breakdown in many
            ),
        },
        table_measures=len({c.measure for c in cells}),
        table_breakdowns=len(groups),
    )


def _latest(cells: Iterable[ReleasedCell]) -> str:
    return max(_checked(unique(c.period for c in cells)), default="")


def _template(declared: Mapping[str, Any] | None, cells: Sequence[ReleasedCell]) -> str:
    """Name the template: the kind of figure that suits the indicator."""
    if all(PAIR_MARK in c.period for c in cells):
        return "change"
    if TOTAL not in {c.breakdown for c in cells}:
        return "profile"
    if declared is None:
        return "answers" if len({c.category for c in cells}) > 1 else "course"
    if "categories" in declared:
        return "composition"
    return {"group": "course", "period": "flow"}.get(declared.get("rows", ""), "answers")


def _measures(
    declared: Mapping[str, Any] | None, cells: Sequence[ReleasedCell], template: str
) -> tuple[str, ...]:
    """Choose the measures to draw, those of the declared figure first."""
    first = tuple(declared["measures"]) if declared else ()
    shown = [c for c in cells if c.value is not None]
    if template == "course":
        return unique((*first, *(c.measure for c in shown if c.category == TOTAL)))
    if template == "composition":
        parts = set(declared["categories"]) if declared else set()
        seen = {
            m: {c.category for c in shown if c.measure == m} for m in {c.measure for c in shown}
        }
        whole = [c.measure for c in shown if parts <= seen[c.measure]]
        return unique((*first, *whole))
    if template == "answers":
        units = {c.unit for c in shown if c.measure in first}
        kinds = {c.category for c in shown if c.measure in first}
        like = [c.measure for c in shown if c.unit in units and c.category in kinds]
        return unique((*first, *like))
    return first or unique(c.measure for c in shown)


def _seen(cells: Sequence[ReleasedCell]) -> tuple[str, ...]:
    return unique(c.breakdown for c in cells)


def _front_matter(indicator: Indicator) -> str:
    lines = {
        "title": _checked_title(indicator.title_da),
        "description": _checked_title(indicator.definition_da),
        "sidebar_position": indicator.position,
    }
    return "\n".join(f"{k}: {json.dumps(v, ensure_ascii=False)}" for k, v in lines.items())


def _listed(codes: Iterable[str]) -> str:
    """Codes as a query lists them, on one line or on a line each; they were checked before."""
    quoted = [f"'{code}'" for code in codes]
    on_one_line = ", ".join(quoted)
    if len(on_one_line) <= _LONGEST_LIST:
        return f"({on_one_line})"
    return "(\n        " + ",\n        ".join(quoted) + "\n    )"


def _checked(codes: Iterable[str]) -> tuple[str, ...]:
    """Codes as they are, unless one is more than a word: they stand in queries."""
    found = tuple(codes)
    for code in found:
        if not _CODE.fullmatch(code):
            raise UnfitTextError(f"{code!r} is no code that can stand in a query of a page")
    return found


def _checked_title(text: str) -> str:
    """A title as it is, unless it would end the head of its page or begin a tag."""
    if "<" in text or "---" in text or not text.isprintable():
        raise UnfitTextError(f"{text!r} cannot be the title of a page")
    return text
