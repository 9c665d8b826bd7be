"""The audit of a finished release: everything it shows is laid against every number to protect.

Looks at the released cells alone, not at how they came about, so that a mistake there, or a later
one in their making, is found here. A release that fails must not be published.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from pipelines.disclosure.attack import Interval
from pipelines.disclosure.audit import Audit, TooTight
from pipelines.disclosure.coarsening import coarsen
from pipelines.disclosure.derived import hide_derived
from pipelines.disclosure.earlier import Numbers
from pipelines.disclosure.facts import Fact
from pipelines.disclosure.primary import Target
from pipelines.disclosure.protect import BOUNDS, WEIGHTED
from pipelines.disclosure.publication import find_clusters
from pipelines.disclosure.setting import Rules, Setting, set_up, unmerged
from pipelines.disclosure.stages import STAGES, stage_of_fact, told_before
from pipelines.disclosure.status import FREE


def audit(
    cells: pd.DataFrame,
    released: pd.DataFrame,
    rules: Rules | None = None,
    earlier: Mapping[str, Sequence[Numbers]] | None = None,
) -> list[TooTight]:
    """Return what somebody could work out too closely from released cells.

    Args:
        cells: The release candidates they were made from.
        released: The released cells; what is hidden is missing there.
        rules: What is declared about protection.
        earlier: What earlier releases have shown.

    Returns:
        The numbers that are not in enough doubt, the tables that differ from an earlier release by
        too few (as targets named "difference"), and the figures shown although a cell they were
        worked out of is not ("figure"); none if the release is safe.
    """
    setting = _setting(cells, released, rules or Rules(), earlier or {})
    known = _shown(setting, released) | setting.ways.public()
    return [
        *_failures(setting, known),
        *_told_by_difference(setting, released),
        *_told_by_figures(released),
    ]


class UnsafeReleaseError(RuntimeError):
    """A release must not go out: a number that must stay in doubt can be worked out from it."""


def require_safe(
    cells: pd.DataFrame,
    released: pd.DataFrame,
    rules: Rules,
    earlier: Mapping[str, Sequence[Numbers]],
) -> None:
    """Refuse a release that fails its audit; the error names cells, never what is in them.

    Args:
        cells: The release candidates it was made from.
        released: The released cells.
        rules: What is declared about protection.
        earlier: What earlier releases have shown.

    Raises:
        UnsafeReleaseError: Somebody could work out a number that must stay hidden.
    """
    failures = audit(cells, released, rules, earlier)
    if failures:
        named = ", ".join(".".join(f.target.fact) for f in failures[:5])
        raise UnsafeReleaseError(
            f"{len(failures)} numbers that must stay hidden could be worked out: {named}"
        )


def attainable(
    cells: pd.DataFrame, released: pd.DataFrame, rules: Rules | None = None
) -> dict[str, Interval]:
    """Return what a reader can work out about each suppressed cell, by id.

    Args:
        cells: The release candidates they were made from.
        released: The released cells.
        rules: What is declared about protection.
    """
    setting = _setting(cells, released, rules or Rules(), {})
    known = _shown(setting, released) | setting.ways.public()
    hidden = set(released.loc[released["conf_status"] != FREE, "cell_id"])
    rows = [row for row, cell_id in setting.cell_ids.items() if cell_id in hidden]
    wanted = {row: setting.facts.number[row] for row in rows}
    found: dict[str, Interval] = {}
    for cluster in find_clusters(setting.facts, setting.ways, setting.primary.targets):
        reader = Audit(cluster, setting.facts)
        inside = set(cluster.facts)
        found |= {
            setting.cell_ids[row]: reader.interval(fact, known)
            for row, fact in wanted.items()
            if fact in inside
        }
    return found


def _setting(
    cells: pd.DataFrame,
    released: pd.DataFrame,
    rules: Rules,
    earlier: Mapping[str, Sequence[Numbers]],
) -> Setting:
    """Set up the candidates, merged where the release has merged them."""
    frame = unmerged(cells)
    tables = released[~released["cell_id"].isin(frame["cell_id"])]
    names = zip(tables["indicator_id"], tables["period"], tables["breakdown"], strict=True)
    merged = {(str(i), str(p), str(b)) for i, p, b in names}
    return set_up(coarsen(frame, merged, rules.coarsenings), rules, earlier)


def _shown(setting: Setting, released: pd.DataFrame) -> set[Fact]:
    """Return the numbers that released cells tell."""
    shown = {str(record["cell_id"]): record for record in released.to_dict("records")}
    facts = setting.facts
    known: set[Fact] = set()
    for cell in setting.cells:
        record = shown.get(setting.cell_ids[cell.row])
        if record is None:
            continue
        if pd.notna(record["value"]) or pd.notna(record["numerator"]):
            known.add(facts.number[cell.row])
        if pd.notna(record["base"]) and cell.row in facts.base:
            known.add(facts.base[cell.row])
        if cell.row in facts.asked and any(pd.notna(record.get(b)) for b in BOUNDS):
            known.add(facts.asked[cell.row])
    return known


def _failures(setting: Setting, known: set[Fact]) -> list[TooTight]:
    """Look at each number as if all that was decided before its table had to be shown."""
    public = setting.ways.public()
    before = {stage: public | (known & told_before(setting.ways, stage)) for stage in STAGES}
    failures: list[TooTight] = []
    for cluster in find_clusters(setting.facts, setting.ways, setting.primary.targets):
        reader = Audit(cluster, setting.facts)
        for stage in STAGES:
            targets = [t for t in cluster.targets if stage_of_fact(t.fact) == stage]
            failures += reader.failures(known, before[stage], targets)
    return failures


def _told_by_difference(setting: Setting, released: pd.DataFrame) -> list[TooTight]:
    """Return the tables that are shown although they differ too little from an earlier release."""
    shown = released[released["value"].notna()]
    names = zip(shown["indicator_id"], shown["period"], shown["breakdown"], strict=True)
    tables = {(str(i), str(p), str(b)) for i, p, b in names}
    return [
        TooTight(Target(("difference", *table), 1.0), Interval(0.0, 0.0), 1.0)
        for table in sorted(tables & setting.kept_back)
    ]


def _told_by_figures(released: pd.DataFrame) -> list[TooTight]:
    """Return figures worked out of others, and weighted shares, shown without their parts."""
    hidden = hide_derived(released)
    shown = set(released.loc[released["value"].notna() & hidden["value"].isna(), "cell_id"])
    if WEIGHTED in released:
        share = ["indicator_id", "period", "category", "measure"]
        names = pd.Series(
            list(released[share].itertuples(index=False, name=None)), index=released.index
        )
        parts = released[released["breakdown"].eq("size")]
        gone = set(names[parts.index[parts["value"].isna()]])
        is_without = names.isin(gone) | ~names.isin(set(names[parts.index]))
        shown |= set(released.loc[released[WEIGHTED].notna() & is_without, "cell_id"])
    return [
        TooTight(Target(("figure", cell_id), 1.0), Interval(0.0, 0.0), 1.0)
        for cell_id in sorted(shown)
    ]
