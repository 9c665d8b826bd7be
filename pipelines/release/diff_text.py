"""A comparison of two releases told in Danish, and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any, Final

from pipelines.publish.danish import number
from pipelines.publish.language import DANISH, language
from pipelines.release.causes import CAUSES_DA, Cause
from pipelines.release.comparing import Comparison
from pipelines.release.diff import Change, Kind
from pipelines.release.terminal import inert

KINDS_DA: Final[dict[Kind, str]] = {"changed": "ændret", "gone": "udgået", "new": "ny"}
_SHOWN: Final = 25
_DANISH: Final = language(DANISH)
_STATUS_DA: Final = {
    "A": "normal",
    "B": "databrud",
    "M": "mangler",
    "P": "foreløbig",
    "C": "skjult",
    "F": "fri",
}


@inert
def diff_lines(found: Comparison, *, shows_all: bool = False) -> Iterable[str]:
    """Tell what is other: how many of each kind and cause, definitions, then the cells."""
    changes = found.changes
    yield f"Forskelle mellem {found.old} og {found.new}: {len(changes)} celler"
    yield from (f"  Bemærk: {remark}" for remark in found.remarks_da)
    if not changes:
        yield "  Ingen celle er ændret, ny eller udgået, og ingen definition er ændret."
        return
    for kind, word in KINDS_DA.items():
        its = [change for change in changes if change.kind == kind]
        if its:
            yield f"  {word:<8}{len(its):>6}  {_causes(its)}"
    revised = sum(change.is_revision for change in changes)
    yield f"  Heraf {revised} revideret: tal, som læserne har set, er ændret eller udgået."
    yield from _definitions(changes)
    figures = [change for change in changes if change.kind != "changed" or change.is_figure_changed]
    for kind, word in KINDS_DA.items():
        its = [change for change in figures if change.kind == kind]
        shown = its if shows_all else its[:_SHOWN]
        for change in shown:
            yield ""
            period = _DANISH.period_in_words(change.period)
            yield f"{word.capitalize()}: {change.title_da} ({period})"
            yield f"  {change.cell_id}"
            yield from (f"  {line}" for line in _what(change))
        if len(its) > len(shown):
            yield ""
            yield f"… og {len(its) - len(shown)} flere ({word}); `--all` viser dem, `--json` også."


def diff_data(found: Comparison) -> dict[str, Any]:
    """The comparison as plain data."""
    return {
        "old": str(found.old),
        "new": str(found.new),
        "remarks_da": list(found.remarks_da),
        "remarks_en": list(found.remarks_en),
        "changes": [
            {
                **asdict(change),
                "causes": change.causes.split("|"),
                "is_revision": change.is_revision,
            }
            for change in found.changes
        ],
    }


def _definitions(changes: Sequence[Change]) -> Iterable[str]:
    """Each changed definition once, with the number of cells it is of."""
    redefined: dict[str, list[Change]] = {}
    for change in changes:
        if change.definition_new:
            redefined.setdefault(change.indicator_id, []).append(change)
    for indicator_id, its in redefined.items():
        untouched = sum(not change.is_figure_changed for change in its)
        yield ""
        yield f"Ændret definition: {indicator_id} ({len(its)} celler, {untouched} med samme tal)"
        yield f"  før: {its[0].definition_old}"
        yield f"  nu:  {its[0].definition_new}"


def _causes(changes: Iterable[Change]) -> str:
    counted = Counter(cause for change in changes for cause in change.causes.split("|"))
    return ", ".join(f"{CAUSES_DA[Cause(cause)]}: {n}" for cause, n in counted.most_common())


def _what(change: Change) -> Iterable[str]:
    if change.display_old != change.display_new or change.kind != "changed":
        yield f"tal: {change.display_old or 'intet'} → {change.display_new or 'intet'}"
    elif change.value_old != change.value_new:
        yield f"tal: {change.display_new} (uændret, som det vises; flere decimaler er ændret)"
    if change.kind != "changed":  # a cell that was not there had no base, hidden or shown
        yield f"grundlag: {_number(change.base_new if change.kind == 'new' else change.base_old)}"
    elif change.base_old != change.base_new:
        yield f"grundlag: {_number(change.base_old)} → {_number(change.base_new)}"
    for old, new in (
        (change.obs_status_old, change.obs_status_new),
        (change.conf_status_old, change.conf_status_new),
    ):
        if change.kind == "changed" and old != new:
            yield f"status: {_STATUS_DA.get(old, old)} → {_STATUS_DA.get(new, new)}"
    yield f"årsag: {change.cause_da}"


def _number(value: float | None) -> str:
    return "ikke vist" if value is None else number(value, 0 if value.is_integer() else 2)
