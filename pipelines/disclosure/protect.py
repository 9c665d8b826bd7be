"""From release candidates to what may leave the house.

The order of things: numbers behind the cells (`facts`), what is hidden for its own sake
(`primary`), what else must be (`secondary`), tables that would be lost merged into coarser ones
(`coarsening`). An audit of what came out is `release_audit`'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from pipelines.disclosure.cells import NO_ANSWER, TOTAL, Table
from pipelines.disclosure.coarsening import coarsen
from pipelines.disclosure.costs import costs_of
from pipelines.disclosure.derived import hide_derived
from pipelines.disclosure.earlier import Numbers
from pipelines.disclosure.facts import RESPONSE, Facts
from pipelines.disclosure.kept_choices import NOTHING_KEPT, KeptChoices, problem_of
from pipelines.disclosure.publication import (
    Cluster,
    Loss,
    Unit,
    Ways,
    bounds_unit,
    cell_unit,
    find_clusters,
    table_unit,
)
from pipelines.disclosure.secondary import least_loss
from pipelines.disclosure.setting import Rules, Setting, set_up, unmerged
from pipelines.disclosure.status import FREE, SUPPRESSED

BOUNDS = ("population", "lowest_possible", "highest_possible", "lower_bound", "upper_bound")
WEIGHTED = "weighted_value"
REASON_DA = (
    "Tabellen er tilbageholdt af hensyn til diskretion: "
    "Et skjult antal kunne ellers beregnes ud fra det, der vises."
)
REASON_EN = (
    "Withheld for confidentiality: a hidden count could otherwise be derived from what is shown."
)
CHANGED_DA = (
    "Tabellen er tilbageholdt af hensyn til diskretion: Den afviger fra en tidligere udgivelse "
    "for så få kommuner, at forskellen ville vise deres svar."
)
CHANGED_EN = (
    "Withheld for confidentiality: it differs from an earlier release for so few municipalities "
    "that the difference would show their answers."
)
_ANY = 1e-9  # of a table's figures
_WITHHELD_COLUMNS = ["indicator_id", "period", "breakdown", "reason_da", "reason_en"]


@dataclass(frozen=True)
class ProtectedCells:
    """What may leave the house.

    Attributes:
        cells: The cells of all tables that are published, with `conf_status`; suppressed ones
            without value, numerator and bounds (and without base where that, or the group, is
            small). The status does not say which of them are hidden for their own sake, and
            which to protect others: that would tell of both.
        withheld: One row per table that is not published, with the reason.
        secondary: Ids of the cells hidden one by one to protect others (internal).
    """

    cells: pd.DataFrame
    withheld: pd.DataFrame
    secondary: frozenset[str]

    @property
    def suppressed(self) -> int:
        """Number of suppressed cells in the published tables."""
        return int((self.cells["conf_status"] != FREE).sum())


def protect(
    cells: pd.DataFrame,
    rules: Rules | None = None,
    earlier: Mapping[str, Sequence[Numbers]] | None = None,
    kept: KeptChoices = NOTHING_KEPT,
) -> ProtectedCells:
    """Suppress small confidential cells, and hold back what would give one away.

    Args:
        cells: Release candidates, one row per cell.
        rules: What is declared about protection.
        earlier: What earlier releases have shown (`earlier.shown_before`).
        kept: Choices made before.

    Returns:
        The protected cells, in the order they came.
    """
    rules, earlier = rules or Rules(), earlier or {}
    frame = unmerged(cells)
    setting = set_up(frame, rules, earlier)
    loss = _least(setting, kept)
    poor = _tables_with_less_than(0.5, setting, loss) - setting.kept_back
    coarse = coarsen(frame, {t for t in poor if t[2] != TOTAL}, rules.coarsenings)
    if len(coarse) > len(frame):
        setting = set_up(coarse, rules, earlier)
        loss = _least(setting, kept)
    return _apply(setting, loss, rules)


def _least(setting: Setting, kept: KeptChoices) -> Loss:
    facts, ways = setting.facts, setting.ways
    costs = costs_of(setting.cells, setting.primary, ways)
    kept_back = frozenset(table_unit(c) for c in setting.cells if c.table in setting.kept_back)
    loss = kept_back
    for cluster in find_clusters(facts, ways, setting.primary.targets):
        choose = partial(_of_cluster, cluster, facts, ways, costs, kept_back)
        loss |= kept.made(problem_of(cluster, facts, ways, costs, kept_back), choose)
    return loss


def _of_cluster(
    cluster: Cluster, facts: Facts, ways: Ways, costs: Mapping[Unit, float], held: Loss
) -> Loss:
    """Choose what to hold back of a cluster; what is held of others is no part of the choice."""
    return least_loss(cluster, facts, ways, costs, held) & cluster.units


def _lost_tables(setting: Setting, loss: Loss) -> set[Table]:
    """Return the tables that are withheld, those with no answer's figure left among them."""
    return _tables_with_less_than(_ANY, setting, loss)


def _tables_with_less_than(part: float, setting: Setting, loss: Loss) -> set[Table]:
    """Return the confidential tables that show less than a part of their figures.

    "Don't know" is no figure one would open a table for.
    """
    ghosts = set(setting.frame.index[setting.frame["is_ghost"]])
    shown: dict[Table, list[bool]] = defaultdict(list)
    for cell in setting.cells:
        is_answer = cell.is_confidential and cell.indicator_id != RESPONSE
        if is_answer and cell.row not in ghosts and cell.category != NO_ANSWER:
            units = {table_unit(cell), cell_unit(cell.position)}
            is_shown = cell.row not in setting.primary.rows and units.isdisjoint(loss)
            shown[cell.table].append(is_shown)
    return {table for table, figures in shown.items() if sum(figures) < part * len(figures)}


def _apply(setting: Setting, loss: Loss, rules: Rules) -> ProtectedCells:
    cells = setting.frame.copy()
    primary = setting.primary
    whole = {c.row for c in setting.cells if c.is_confidential and table_unit(c) in loss}
    single = {c.row for c in setting.cells if c.is_confidential and cell_unit(c.position) in loss}
    extra = (whole | single) - primary.rows
    is_hidden = pd.Series(cells.index.isin([*primary.rows, *extra]), index=cells.index)
    cells["conf_status"] = pd.Series(FREE, index=cells.index).mask(is_hidden, SUPPRESSED)
    for name in ("value", "numerator"):
        cells[name] = pd.to_numeric(cells[name]).mask(is_hidden)
    base = pd.to_numeric(cells["base"])
    is_telling = base.between(1, rules.threshold - 1) | cells.index.isin(list(primary.few))
    is_telling |= cells["indicator_id"].eq(RESPONSE)
    cells["base"] = base.mask((is_hidden & is_telling) | cells.index.isin(list(whole)))
    lost = _lost_tables(setting, loss)
    boundless = {c.row for c in setting.cells if c.is_confidential and bounds_unit(c) in loss}
    _hide_bounds(cells, is_hidden | cells.index.isin(list(boundless)), lost)
    tables = _tables(cells)
    released = cells[~tables.isin(lost) & ~cells["is_ghost"]]
    return ProtectedCells(
        cells=hide_derived(released.drop(columns="is_ghost").reset_index(drop=True)),
        withheld=_withheld(lost, setting.kept_back),
        secondary=frozenset(setting.cell_ids[row] for row in single - whole - primary.rows),
    )


def _hide_bounds(cells: pd.DataFrame, is_hidden: pd.Series, lost: set[Table]) -> None:
    """Take the bounds from cells without them, and the weighted share where a class has none."""
    for name in BOUNDS:
        if name in cells:
            cells[name] = pd.to_numeric(cells[name]).mask(is_hidden)
    if WEIGHTED not in cells:
        return
    shares = ["indicator_id", "period", "category", "measure"]
    is_gone = is_hidden | _tables(cells).isin(lost) | cells["is_ghost"]
    by_class = cells["breakdown"].eq("size") & is_gone
    gone = set(cells.loc[by_class, shares].itertuples(index=False, name=None))
    names = pd.Series(list(cells[shares].itertuples(index=False, name=None)), index=cells.index)
    is_total = cells["breakdown"].eq(TOTAL)
    is_unknown = is_hidden | (is_total & names.isin(list(gone)))
    cells[WEIGHTED] = pd.to_numeric(cells[WEIGHTED]).mask(is_unknown)


def _tables(cells: pd.DataFrame) -> pd.Series:
    names = zip(cells["indicator_id"], cells["period"], cells["breakdown"], strict=True)
    return pd.Series(list(names), index=cells.index, dtype=object)


def _withheld(lost: set[Table], kept_back: frozenset[Table]) -> pd.DataFrame:
    rows = [
        (*table, *((CHANGED_DA, CHANGED_EN) if table in kept_back else (REASON_DA, REASON_EN)))
        for table in sorted(lost)
    ]
    return pd.DataFrame(rows, columns=_WITHHELD_COLUMNS)
