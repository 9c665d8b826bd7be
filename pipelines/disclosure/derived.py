"""Figures worked out from other cells: shown only where every one of those is.

Who knows the bases can solve a p-value, a difference or an odds ratio for the counts behind it, so
disclosure control of the counts would be in vain. Which figures tell which cells is declared here;
what is hidden of the cells themselves is decided before.

Whether a change between waves may be chance also tells a little of how many changed their answer in
either direction: counts that are not published, and that are nobody's answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipelines.disclosure.cells import AFTER, BEFORE
from pipelines.disclosure.status import FREE, SUPPRESSED

_PLACE = ["indicator_id", "period", "breakdown", "category"]


@dataclass(frozen=True)
class Derivation:
    """Figures of an indicator, and the measures and groups of the cells they tell.

    Attributes:
        indicator_id: The indicator.
        figures: Measures of the figures.
        measures: Measures of the cells behind them.
        groups: Groups of those cells; none where they are in the figure's own group.
    """

    indicator_id: str
    figures: frozenset[str]
    measures: frozenset[str]
    groups: frozenset[str] = frozenset()


DERIVATIONS = (
    Derivation(
        "I09",
        frozenset({"difference_pct_points", "odds_ratio", "fisher_exact_p", "may_be_chance"}),
        frozenset({"share_pct"}),
        frozenset({"yes", "no"}),
    ),
    Derivation(
        "I15",
        frozenset({"change_pct_points", "may_be_chance"}),
        frozenset({BEFORE, AFTER}),
    ),
    Derivation(
        "I15",
        frozenset({"mcnemar_exact_p", "mcnemar_mid_p"}),
        frozenset({BEFORE, AFTER, "gained", "lost"}),
    ),
)


def is_derived(indicator_id: str, measure: str) -> bool:
    """Whether a measure is worked out from other cells of its indicator."""
    return any(d.indicator_id == indicator_id and measure in d.figures for d in DERIVATIONS)


def hide_derived(cells: pd.DataFrame) -> pd.DataFrame:
    """Hide each figure of which some cell behind it is not shown.

    Args:
        cells: What disclosure control leaves, with `conf_status`.

    Returns:
        The cells; a figure that is hidden has neither value nor base, which would tell a group's.
    """
    telling = pd.Series(False, index=cells.index)
    for derivation in DERIVATIONS:
        telling |= _of_hidden_cells(cells, derivation)
    hidden = cells.copy()
    hidden.loc[telling & (hidden["conf_status"] == FREE), "conf_status"] = SUPPRESSED
    for column in ("value", "numerator", "base"):
        hidden[column] = pd.to_numeric(hidden[column]).mask(telling)
    return hidden


def _of_hidden_cells(cells: pd.DataFrame, derivation: Derivation) -> pd.Series:
    own = cells[cells["indicator_id"] == derivation.indicator_id]
    place = [*_PLACE, *([] if derivation.groups else ["breakdown_value"])]
    behind = own[own["measure"].isin(derivation.measures) & (own["conf_status"] == FREE)]
    wanted = len(derivation.measures) * max(1, len(derivation.groups))
    if derivation.groups:
        behind = behind[behind["breakdown_value"].isin(derivation.groups)]
    shown = behind.groupby(place).size()
    complete = set(shown[shown == wanted].index)
    figures = own[own["measure"].isin(derivation.figures)]
    places = figures[place].itertuples(index=True, name=None)
    untold = [row for row, *of_figure in places if tuple(of_figure) not in complete]
    return pd.Series(cells.index.isin(untold), index=cells.index)
