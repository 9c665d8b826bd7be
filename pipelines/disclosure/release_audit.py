"""The audit of a finished release: everything it shows is laid against every number to protect.

Looks at the released cells alone, not at how they came about, so that a mistake there, or a later
one in their making, is found here. A release that fails must not be published.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from pipelines.disclosure.attack import Interval
from pipelines.disclosure.audit import Audit, TooTight
from pipelines.disclosure.cells import Table
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


class ReleaseAudit:
    """Audits releases made from the same candidates.

    What is worked out about one release serves the next where both leave the same numbers open.
    """

    def __init__(
        self,
        cells: pd.DataFrame,
        rules: Rules | None = None,
        earlier: Mapping[str, Sequence[Numbers]] | None = None,
    ) -> None:
        """Set up the audit.

        Args:
            cells: The release candidates.
            rules: What is declared about protection.
            earlier: What earlier releases have shown.
        """
        self._frame, self._rules, self._earlier = unmerged(cells), rules or Rules(), earlier or {}
        self._cell_ids = frozenset(map(str, self._frame["cell_id"]))
        self._readers: dict[frozenset[Table], _Readers] = {}

    def failures(self, released: pd.DataFrame) -> list[TooTight]:
        """Return what somebody could work out too closely from released cells.

        Args:
            released: The cells; what is hidden is missing there.

        Returns:
            The numbers that are not in enough doubt, the tables that differ from an earlier release
            by too few (as targets named "difference"), and the figures shown although a cell they
            were worked out of is not ("figure"); none if the release is safe.
        """
        readers = self._readers_of(released)
        setting = readers.setting
        known = _shown(setting, released) | setting.ways.public()
        return [
            *readers.failures(known),
            *_told_by_difference(setting, released),
            *_told_by_figures(released),
        ]

    def attainable(self, released: pd.DataFrame) -> dict[str, Interval]:
        """Return what a reader can work out about each suppressed cell, by id.

        Args:
            released: The cells; what is hidden is missing there.
        """
        readers = self._readers_of(released)
        setting = readers.setting
        known = _shown(setting, released) | setting.ways.public()
        hidden = set(released.loc[released["conf_status"] != FREE, "cell_id"])
        rows = [row for row, cell_id in setting.cell_ids.items() if cell_id in hidden]
        wanted = {setting.cell_ids[row]: setting.facts.number[row] for row in rows}
        return readers.intervals(wanted, known)

    def _readers_of(self, released: pd.DataFrame) -> _Readers:
        """Return readers of the candidates, merged where the release has merged them."""
        is_candidate = released["cell_id"].astype(str).map(self._cell_ids.__contains__)
        tables = released[~is_candidate.astype(bool)]
        names = zip(tables["indicator_id"], tables["period"], tables["breakdown"], strict=True)
        merged = frozenset((str(i), str(p), str(b)) for i, p, b in names)
        if merged not in self._readers:
            frame = coarsen(self._frame, merged, self._rules.coarsenings)
            self._readers[merged] = _Readers(set_up(frame, self._rules, self._earlier))
        return self._readers[merged]


class _Readers:
    """Readers of all clusters of numbers of one setting."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        clusters = find_clusters(setting.facts, setting.ways, setting.primary.targets)
        self._readers = [(cluster, Audit(cluster, setting.facts)) for cluster in clusters]
        self._failed: list[dict[frozenset[Fact], list[TooTight]]] = [{} for _ in clusters]
        self._told_before = told_before(setting.ways)

    def failures(self, known: set[Fact]) -> list[TooTight]:
        """Look at each number as if all that was decided before its table had to be shown."""
        public = self.setting.ways.public()
        failures: list[TooTight] = []
        for (cluster, reader), failed in zip(self._readers, self._failed, strict=True):
            # what is known of other clusters' numbers tells nothing here
            shown = frozenset(known.intersection(cluster.facts))
            if shown not in failed:
                failed[shown] = [
                    each
                    for stage in STAGES
                    for each in reader.failures(
                        shown,
                        public | (shown & self._told_before[stage]),
                        [t for t in cluster.targets if stage_of_fact(t.fact) == stage],
                    )
                ]
            failures += failed[shown]
        return failures

    def intervals(self, wanted: Mapping[str, Fact], known: set[Fact]) -> dict[str, Interval]:
        """Return the intervals of the numbers wanted that are in a cluster."""
        found: dict[str, Interval] = {}
        for cluster, reader in self._readers:
            inside = set(cluster.facts)
            found |= {
                name: reader.interval(fact, known)
                for name, fact in wanted.items()
                if fact in inside
            }
        return found


def audit(
    cells: pd.DataFrame,
    released: pd.DataFrame,
    rules: Rules | None = None,
    earlier: Mapping[str, Sequence[Numbers]] | None = None,
) -> list[TooTight]:
    """Audit one release: `ReleaseAudit.failures`."""
    return ReleaseAudit(cells, rules, earlier).failures(released)


def attainable(
    cells: pd.DataFrame, released: pd.DataFrame, rules: Rules | None = None
) -> dict[str, Interval]:
    """Return what a reader can work out about one release: `ReleaseAudit.attainable`."""
    return ReleaseAudit(cells, rules).attainable(released)


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


def _shown(setting: Setting, released: pd.DataFrame) -> set[Fact]:
    """Return the numbers that released cells tell."""
    is_there = released.reindex(columns=["value", "numerator", "base", *BOUNDS]).notna()
    told = pd.DataFrame(
        {
            "number": is_there["value"] | is_there["numerator"],
            "base": is_there["base"],
            "asked": is_there[[*BOUNDS]].any(axis=1),
        }
    )
    shown = dict(zip(released["cell_id"].astype(str), told.itertuples(index=False), strict=True))
    facts = setting.facts
    known: set[Fact] = set()
    for cell in setting.cells:
        tells = shown.get(setting.cell_ids[cell.row])
        if tells is None:
            continue
        if tells.number:
            known.add(facts.number[cell.row])
        if tells.base and cell.row in facts.base:
            known.add(facts.base[cell.row])
        if tells.asked and cell.row in facts.asked:
            known.add(facts.asked[cell.row])
    return known


def _told_by_difference(setting: Setting, released: pd.DataFrame) -> list[TooTight]:
    """Return the tables that are shown although they differ too little from an earlier release."""
    if not setting.kept_back:
        return []
    shown = released[released["value"].notna()]
    names = zip(shown["indicator_id"], shown["period"], shown["breakdown"], strict=True)
    tables = {(str(i), str(p), str(b)) for i, p, b in names}
    return [
        TooTight(Target(("difference", *table), 1.0), Interval(0.0, 0.0), 1.0)
        for table in sorted(tables & setting.kept_back)
    ]


def _shares(cells: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Yield what each cell is a share of, whatever group it is of."""
    place = cells[["indicator_id", "period", "category", "measure"]]
    yield from place.itertuples(index=False, name=None)


def _told_by_figures(released: pd.DataFrame) -> list[TooTight]:
    """Return figures worked out of others, and weighted shares, shown without their parts."""
    hidden = hide_derived(released)
    shown = set(released.loc[released["value"].notna() & hidden["value"].isna(), "cell_id"])
    if WEIGHTED in released:
        weighted = released[released[WEIGHTED].notna()]
        parts = released[released["breakdown"].eq("size")]
        there = set(_shares(parts)) - set(_shares(parts[parts["value"].isna()]))
        named = zip(weighted["cell_id"], _shares(weighted), strict=True)
        shown |= {cell_id for cell_id, share in named if share not in there}
    return [
        TooTight(Target(("figure", cell_id), 1.0), Interval(0.0, 0.0), 1.0)
        for cell_id in sorted(shown)
    ]
