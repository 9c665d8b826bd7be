"""Which confidential cells may be published: small counts, and what would give them away.

A confidential cell is suppressed when its count, or what is missing up to its base, is 1 to
`threshold` - 1; when its base is; and, for a sensitive question, when everybody of the group gave
that answer, together with the answers that then nobody gave ("don't know" excepted: it tells of no
answer). That nobody gave an answer, where the others divide, tells no one's and is shown. A per
cent of a small group identifies the count, so value and count go together, in every measure that
shows the same fact. Of a group with fewer members than the threshold nothing is shown, nor a mean
or a base that counts something else (its meetings tell which municipality it is). Where an
indicator holds several questions, each is a measure of its own, and is protected by itself.
Register figures (not confidential) are exempt.

Recoverability rule. A suppressed number counts as recoverable when, given everything published of
the same indicator and period, the sums in `margins`, and the suppression rule itself, only one
value is left for it (`attack` finds the interval by integer programming). That covers the only
unknown of a sum, iterated to a fixed point, complements, and chains of several sums. Where a number
is recoverable, up to four more cells of a question are suppressed, if that helps; else breakdown
tables are withheld whole. The total loses only what it must lose by itself (`recoverability` has
the order). To be on the safe side the bases of a withheld table count as known all the same (other
tables may show them), unless one of them is too small to be shown itself. Where nobody, or
everybody, of all municipalities is in a category and that may be published, it holds for each group
too and is no disclosure.

Not covered: intervals that are narrow without being exact, a municipality that knows its own
answer, sums across indicators or periods, earlier releases, and dominance in kroner.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipelines.statistics.attack import Interval
from pipelines.statistics.margins import Cell, Identity, find_identities, is_small
from pipelines.statistics.recoverability import LinkedTables, Table

FREE, SUPPRESSED, SECONDARY = "F", "C", "D"
DEFAULT_THRESHOLD = 3
NO_ANSWER = "dont_know"
REASON_DA = (
    "Tabellen er tilbageholdt af hensyn til diskretion: "
    "Et skjult antal kunne ellers beregnes ud fra tabellens summer."
)
REASON_EN = "Withheld for confidentiality: a hidden count could be derived from its margins."
_WITHHELD_COLUMNS = ["indicator_id", "period", "breakdown", "reason_da", "reason_en"]


@dataclass(frozen=True)
class ProtectedCells:
    """What may leave the house.

    Attributes:
        cells: The cells of all tables that are published, with `conf_status`; suppressed ones
            without value and numerator (and without base where that, or the group, is small).
        withheld: One row per table that is not published, with the reason.
        intervals: What a reader can work out about each suppressed cell, by cell id (internal).
    """

    cells: pd.DataFrame
    withheld: pd.DataFrame
    intervals: Mapping[str, Interval]

    @property
    def suppressed(self) -> int:
        """Number of suppressed cells in the published tables."""
        return int((self.cells["conf_status"] != FREE).sum())


def protect(cells: pd.DataFrame, threshold: int = DEFAULT_THRESHOLD) -> ProtectedCells:
    """Suppress small confidential cells, and hold back what would give one away.

    Args:
        cells: Release candidates, one row per cell; `is_sensitive` may be missing (then False).
        threshold: The smallest count that is published; at least 3, since with 2 the mark "under
            the threshold" would itself tell the count.

    Returns:
        The protected cells, in the order they came.
    """
    if threshold < 3:
        raise ValueError(f"a threshold of {threshold} hides nothing; the lowest is 3")
    parsed = _parse(cells)
    few = _of_few_members(parsed, threshold)
    hidden = _primary(parsed, threshold) | few
    identities = _identities(parsed)
    withheld: set[Table] = set()
    extra: set[int] = set()
    intervals: dict[int, Interval] = {}
    for indicator_id, linked in _linked(parsed, hidden):
        tables = LinkedTables(linked, identities[indicator_id], hidden, threshold)
        loss = tables.smallest_safe_loss()
        withheld |= loss.tables
        extra |= loss.rows
        intervals |= tables.intervals(loss)
    status = {**dict.fromkeys(extra, SECONDARY), **dict.fromkeys(hidden, SUPPRESSED)}
    return _apply(cells, status, withheld, intervals, few, threshold)


def _parse(frame: pd.DataFrame) -> list[Cell]:
    cells = []
    for row, record in enumerate(frame.to_dict("records")):
        number = _number(record)
        if number is None:
            continue
        cells.append(
            Cell(
                row=row,
                indicator_id=str(record["indicator_id"]),
                period=str(record["period"]),
                breakdown=str(record["breakdown"]),
                group=str(record["breakdown_value"]),
                category=str(record["category"]),
                measure=str(record["measure"]),
                unit=str(record["unit"]),
                number=number,
                base=_float_or_none(record["base"]),
                is_confidential=bool(record["is_confidential"]),
                is_sensitive=bool(record.get("is_sensitive", False))
                and str(record["category"]) != NO_ANSWER,
            )
        )
    return cells


def _number(record: Mapping[Hashable, object]) -> float | None:
    numerator, value = _float_or_none(record["numerator"]), _float_or_none(record["value"])
    if numerator is not None or value is None:
        return numerator
    base = _float_or_none(record["base"])
    return value * base / 100 if record["unit"] == "pct" and base is not None else value


def _float_or_none(value: object) -> float | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    number = float(str(value))
    return None if math.isnan(number) else number


def _primary(cells: Iterable[Cell], threshold: int) -> set[int]:
    """Return the rows to suppress: unsafe cells, and the other measures of the same fact."""
    cells = list(cells)
    agreed = {c.position[:-1] for c in cells if c.is_confidential and c.says_all}
    unsafe = {c.position for c in cells if c.is_confidential and _is_unsafe(c, threshold, agreed)}
    return {c.row for c in cells if c.is_confidential and c.position in unsafe}


def _of_few_members(cells: Iterable[Cell], threshold: int) -> set[int]:
    """Return the rows of groups with too few members, which the bases of their shares count."""
    cells = [c for c in cells if c.is_confidential]
    members: dict[tuple[str, ...], float] = defaultdict(float)
    for cell in cells:
        if cell.unit == "pct" and cell.base is not None:
            members[cell.place] = max(members[cell.place], cell.base)
    few = {place for place, count in members.items() if is_small(count, threshold)}
    return {cell.row for cell in cells if cell.place in few}


def _is_unsafe(cell: Cell, threshold: int, agreed: Collection[tuple[str, ...]]) -> bool:
    """Whether a cell may not be shown; `agreed` has the groups that gave one sensitive answer."""
    if is_small(cell.base, threshold):
        return True
    if not cell.is_count:
        return False
    if is_small(cell.number, threshold):
        return True
    if cell.base is None or cell.number > cell.base:
        return False
    if cell.says_all or (cell.is_sensitive and not cell.number and cell.position[:-1] in agreed):
        return True
    return is_small(cell.base - cell.number, threshold)


def _linked(cells: Iterable[Cell], hidden: set[int]) -> list[tuple[str, list[Cell]]]:
    """Group cells by indicator and period, and keep the groups in which something is hidden."""
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.indicator_id, cell.period].append(cell)
    return [
        (indicator_id, group)
        for (indicator_id, _), group in sorted(groups.items())
        if any(cell.row in hidden for cell in group)
    ]


def _identities(cells: Iterable[Cell]) -> dict[str, dict[str, list[Identity]]]:
    """Find the sums over categories, by indicator and measure."""
    groups: dict[str, dict[str, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:
        groups[cell.indicator_id][cell.measure].append(cell)
    return {
        indicator_id: {
            measure: find_identities(family) if any(c.is_confidential for c in family) else []
            for measure, family in measures.items()
        }
        for indicator_id, measures in groups.items()
    }


def _apply(
    frame: pd.DataFrame,
    status: Mapping[int, str],
    withheld: set[Table],
    intervals: Mapping[int, Interval],
    few: Collection[int],
    threshold: int,
) -> ProtectedCells:
    cells = frame.reset_index(drop=True)
    cells["conf_status"] = [status.get(row, FREE) for row in range(len(cells))]
    is_hidden = cells["conf_status"] != FREE
    base = pd.to_numeric(cells["base"])
    cells["value"] = pd.to_numeric(cells["value"]).mask(is_hidden)
    cells["numerator"] = pd.to_numeric(cells["numerator"]).mask(is_hidden)
    is_telling = base.between(1, threshold - 1) | cells.index.isin(list(few))
    cells["base"] = base.mask(is_hidden & is_telling)
    tables = pd.Series(
        list(zip(cells["indicator_id"], cells["period"], cells["breakdown"], strict=True)),
        index=cells.index,
        dtype=object,
    )
    by_id = {str(cells["cell_id"].iloc[row]): interval for row, interval in intervals.items()}
    return ProtectedCells(
        cells=cells[~tables.isin(withheld)].reset_index(drop=True),
        withheld=pd.DataFrame(
            [(*table, REASON_DA, REASON_EN) for table in sorted(withheld)],
            columns=_WITHHELD_COLUMNS,
        ),
        intervals=by_id,
    )
