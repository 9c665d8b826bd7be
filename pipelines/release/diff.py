"""What is other in one release than in another: cells changed, new and gone.

Compares what readers saw. Why a cell is other is worked out in `causes`, from what the two releases
were made of.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Final, Literal

from pipelines.publish.model import Indicator, Release, ReleasedCell
from pipelines.publish.tidy_csv import as_written, harmless

Kind = Literal["changed", "new", "gone"]
REVISED: Final = "revised"
"""The note of a figure that is other than in the release before."""
_EXACT: Final = 1e-9


@dataclass(frozen=True)
class Change:
    """One cell in two releases; texts are empty, numbers None, on the side that lacks the cell."""

    cell_id: str
    kind: Kind
    indicator_id: str
    period: str
    title_da: str
    title_en: str
    display_old: str
    display_new: str
    value_old: float | None
    value_new: float | None
    base_old: float | None
    base_new: float | None
    obs_status_old: str
    obs_status_new: str
    conf_status_old: str
    conf_status_new: str
    definition_old: str
    definition_new: str
    """The two definitions are told only where they differ."""
    causes: str = ""
    """Codes of `causes.Cause`, divided by `|`."""
    cause_da: str = ""
    cause_en: str = ""

    @property
    def is_revision(self) -> bool:
        """Whether a figure that readers had seen is another now, or is gone."""
        return self.kind == "gone" or (self.kind == "changed" and self.is_figure_changed)

    @property
    def is_seen(self) -> bool:
        """Whether readers see the figure as another: not further decimals, nor a hidden base."""
        return (
            self.kind != "changed"
            or self.display_old != self.display_new
            or self.obs_status_old != self.obs_status_new
        )

    @property
    def is_figure_changed(self) -> bool:
        """Whether number, base or status differ, and not only the definition."""
        return not (
            _same(self.value_old, self.value_new)
            and _same(self.base_old, self.base_new)
            and self.display_old == self.display_new
            and self.obs_status_old == self.obs_status_new
            and self.conf_status_old == self.conf_status_new
        )


COLUMNS: Final = tuple(field.name for field in fields(Change))


def compare(old: Release, new: Release) -> tuple[Change, ...]:
    """Compare two releases cell by cell, in the order the new one prints them, gone ones last."""
    before = {cell.cell_id: cell for cell in old.cells}
    after = {cell.cell_id: cell for cell in new.cells}
    defined_before = {each.indicator_id: _definition(each) for each in old.indicators}
    defined_after = {each.indicator_id: _definition(each) for each in new.indicators}
    changes = []
    for cell_id in (*after, *(gone for gone in before if gone not in after)):
        was, now = before.get(cell_id), after.get(cell_id)
        change = _change(was, now, defined_before, defined_after)
        if change.kind != "changed" or change.is_figure_changed or change.definition_new:
            changes.append(change)
    return tuple(changes)


def diff_csv(changes: Iterable[Change]) -> bytes:
    """Write changes as CSV for machines: comma, decimal point, UTF-8, no text a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for change in changes:
        writer.writerow(texts_of(change))
    return out.getvalue().encode()


def texts_of(change: Change) -> list[str]:
    """A change as texts, in the order of `COLUMNS`; no spreadsheet takes one for a formula."""
    return [_text(getattr(change, name)) for name in COLUMNS]


def read_diff(data: bytes) -> tuple[Change, ...]:
    """Read what `diff_csv` wrote."""
    rows = csv.DictReader(io.StringIO(data.decode()))
    return tuple(change_from(row) for row in rows)


def change_from(row: Mapping[str, str]) -> Change:
    """Make a change of its texts."""
    numbers = {"value_old", "value_new", "base_old", "base_new"}
    kind: Kind = "changed"
    if row["kind"] in ("new", "gone"):
        kind = "new" if row["kind"] == "new" else "gone"
    others = (name for name in COLUMNS if name not in numbers and name != "kind")
    texts = {name: as_written(row[name]) for name in others}
    figures = {name: float(row[name]) if row[name] else None for name in numbers}
    return Change(
        kind=kind,
        value_old=figures["value_old"],
        value_new=figures["value_new"],
        base_old=figures["base_old"],
        base_new=figures["base_new"],
        **texts,
    )


def _change(
    was: ReleasedCell | None,
    now: ReleasedCell | None,
    defined_before: Mapping[str, str],
    defined_after: Mapping[str, str],
) -> Change:
    either = now or was
    if either is None:
        raise ValueError("a change needs a cell on one side at least")
    kind: Kind = "new" if was is None else "gone" if now is None else "changed"
    old_text = defined_before.get(either.indicator_id, "")
    new_text = defined_after.get(either.indicator_id, "")
    is_redefined = kind == "changed" and old_text != new_text
    return Change(
        cell_id=either.cell_id,
        kind=kind,
        indicator_id=either.indicator_id,
        period=either.period,
        title_da=_title(either, "da"),
        title_en=_title(either, "en"),
        display_old=was.display_da if was else "",
        display_new=now.display_da if now else "",
        value_old=was.value if was else None,
        value_new=now.value if now else None,
        base_old=was.base if was else None,
        base_new=now.base if now else None,
        obs_status_old=was.obs_status if was else "",
        obs_status_new=now.obs_status if now else "",
        conf_status_old=was.conf_status if was else "",
        conf_status_new=now.conf_status if now else "",
        definition_old=old_text if is_redefined else "",
        definition_new=new_text if is_redefined else "",
    )


def _title(cell: ReleasedCell, language: str) -> str:
    names = ("indicator_title", "breakdown_value_label", "category_label", "measure_label")
    labels = (str(getattr(cell, f"{name}_{language}")) for name in names)
    return " · ".join(label for label in labels if label)


def _definition(indicator: Indicator) -> str:
    return f"{indicator.definition_da} Grundlag: {indicator.base_da}"


def _same(a: float | None, b: float | None) -> bool:
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=_EXACT, abs_tol=_EXACT)


def _text(value: object) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else harmless(str(value))
