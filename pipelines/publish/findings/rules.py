"""Writes the findings that are declared in `declared.yml` from a release.

Which sentence is chosen follows from `evidence`; a figure that is hidden is never spoken of, and
of what is left of a table with hidden figures no order is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.disclosure.status import FREE
from pipelines.publish.findings import wording as words
from pipelines.publish.findings.evidence import Verdict, compare, stand_together
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.tables import TOTAL

_DECLARED = Path(__file__).with_name("declared.yml")
_SIZES = ("large", "small")
PAIRED = "I15"
"""The indicator that tests the change between two waves."""


class Claim(Enum):
    """How sure the difference is that a finding tells of: certain, counted, perhaps chance."""

    SURE = "sure"
    COUNTED = "counted"
    CHANCE = "chance"
    NONE = "none"


_CLAIMS = {
    Verdict.HIGHER: Claim.SURE,
    Verdict.LOWER: Claim.SURE,
    Verdict.EQUAL: Claim.NONE,
    Verdict.CHANCE: Claim.CHANCE,
    Verdict.BROKEN: Claim.NONE,
    Verdict.UNKNOWN: Claim.NONE,
}


@dataclass(frozen=True)
class Finding:
    """One thing the release shows.

    Attributes:
        indicator_id: Of which indicator.
        text: Whole sentences.
        claim: How much they say.
        cell_ids: The figures spoken of.
    """

    indicator_id: str
    text: str
    claim: Claim
    cell_ids: tuple[str, ...]


def findings_of(
    release: Release, language: Language, indicator_id: str = "", measures: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings of a release, in the declared order.

    Args:
        release: What is published.
        language: To write in.
        indicator_id: Only those of one indicator.
        measures: Only those on these measures.
    """
    found = []
    for declared in _declared():
        if indicator_id and declared["indicator"] != indicator_id:
            continue
        if measures and declared["measure"] not in measures:
            continue
        cells = [
            c
            for c in release.cells_of(declared["indicator"])
            if c.measure == declared["measure"] and c.value is not None
        ]
        finding = _KINDS[declared["kind"]](declared, cells, release, language)
        if finding is not None:
            found.append(finding)
    return tuple(found)


def _level(
    declared: Mapping[str, Any], cells: Sequence[ReleasedCell], release: Release, language: Language
) -> Finding | None:
    series = sorted(
        (
            c
            for c in cells
            if c.breakdown == TOTAL and c.category == declared.get("category", TOTAL)
        ),
        key=lambda c: c.period,
    )
    # dates and years do not compare; where an indicator has both, the dates are told of
    series = [c for c in series if "-" in c.period] or series
    if not series:
        return None
    cell = series[-1]
    sentences = [
        words.filled(declared[language.code], cell, language),
        *words.uncertainty(cell, language),
    ]
    verdict = Verdict.UNKNOWN
    if len(series) > 1:
        is_full_count = bool(declared.get("full_count"))
        verdict = compare(cell, series[-2], is_full_count=is_full_count, is_over_time=True)
        if _may_be_chance(declared, series[-2], cell, release):
            verdict = Verdict.CHANCE if verdict is not Verdict.BROKEN else verdict
        if verdict is not Verdict.UNKNOWN:
            before = series[-2]
            sentences.append(
                language.text(
                    words.change_key(verdict, cell),
                    period=language.period_in_words(before.period),
                    when=words.when(before, language),
                    value=words.value(before, language),
                )
            )
    claim = _CLAIMS[verdict]
    if claim is Claim.SURE and cell.lower_bound is None:
        claim = Claim.COUNTED
    return Finding(cell.indicator_id, " ".join(sentences), claim, (cell.cell_id,))


def _gap(
    declared: Mapping[str, Any], cells: Sequence[ReleasedCell], release: Release, language: Language
) -> Finding | None:
    """Tell the latest period that shows something: its first answer of those most groups show."""
    del release
    sized = [c for c in cells if c.breakdown == "size" and c.base]
    visible = sized or [c for c in cells if c.breakdown == TOTAL and c.base]
    if not visible:
        return None
    period = max(c.period for c in visible)
    latest = [c for c in visible if c.period == period]
    answers = dict.fromkeys(c.category for c in sorted(latest, key=lambda c: c.sort_order))
    told = max(([c for c in latest if c.category == a] for a in answers), key=len)
    shares = [
        words.spaced(
            language.text(
                "share_of_group",
                value=words.value(c, language),
                group=words.group(c, language),
                base=language.number(c.base or 0),
            )
        )
        for c in told
    ]
    text = language.text(
        "gap_level",
        subject=declared[f"subject_{language.code}"],
        period=language.period_in_words(period),
        shares=language.listed(shares),
        label=words.label(told[0], language),
    )
    verdict = Verdict.UNKNOWN
    by_size = {c.breakdown_value: c for c in told}
    if by_size.keys() >= set(_SIZES):
        verdict = compare(*(by_size[s] for s in _SIZES))
        if verdict is not Verdict.UNKNOWN:
            group = words.group(by_size[_SIZES[0]], language)
            text += " " + language.text(f"gap_{verdict.value}", group=group)
    ids = tuple(c.cell_id for c in told)
    return Finding(told[0].indicator_id, text, _CLAIMS[verdict], ids)


def _leader(
    declared: Mapping[str, Any], cells: Sequence[ReleasedCell], release: Release, language: Language
) -> Finding | None:
    """Say how many used each; which one leads only if all can be seen and the intervals part."""
    visible = [c for c in cells if c.breakdown == TOTAL]
    if not visible:
        return None
    period = max(c.period for c in visible)
    ranked = sorted((c for c in visible if c.period == period), key=lambda c: -(c.value or 0))
    first, *others = ranked
    hidden = any(
        c.conf_status != FREE
        for c in release.cells_of(first.indicator_id)
        if (c.breakdown, c.period, c.measure) == (TOTAL, period, first.measure)
    )
    verdicts = {compare(first, other) for other in others}
    filling = {
        "period": language.period_in_words(period),
        "subject": declared[f"subject_{language.code}"],
        "base": language.number(first.base or 0),
    }
    shares = [f"{words.label(c, language)} {words.value(c, language)}" for c in ranked]
    ids = tuple(c.cell_id for c in ranked)
    if others and not hidden and verdicts == {Verdict.HIGHER}:
        text = language.text(
            "leader_sure",
            label=words.label(first, language),
            value=words.value(first, language),
            **filling,
        )
        rest = words.ended(language.text("leader_rest", shares=language.listed(shares[1:])))
        return Finding(first.indicator_id, words.spaced(f"{text} {rest}"), Claim.SURE, ids)
    text = words.ended(language.text("leader_open", shares=language.listed(shares), **filling))
    if hidden or Verdict.UNKNOWN in verdicts or not others:
        return Finding(first.indicator_id, words.spaced(text), Claim.NONE, ids)
    text += " " + language.text("leader_chance", **filling)
    return Finding(first.indicator_id, words.spaced(text), Claim.CHANCE, ids)


def _tests(
    declared: Mapping[str, Any], cells: Sequence[ReleasedCell], release: Release, language: Language
) -> Finding | None:
    """Say which differences of the latest period stand when all tests are looked at together."""
    del release
    tested = [c for c in cells if c.breakdown == declared["breakdown"]]
    if not tested:
        return None
    period = max(c.period for c in tested)
    latest = {c.cell_id: c for c in tested if c.period == period}
    standing = stand_together({cell_id: c.value or 0.0 for cell_id, c in latest.items()})
    before, _, after = period.partition("/")
    filling = {"before": before, "after": after, "period": period}
    ids = tuple(cell_id for cell_id in latest if cell_id in standing)
    labels = [f"»{language.label(latest[i], 'category_label')}«" for i in ids]
    text = declared[f"{'sure' if ids else 'none'}_{language.code}"].format(
        labels=language.listed(labels), count=language.number(len(latest)), **filling
    )
    claim = Claim.SURE if ids else Claim.CHANCE
    return Finding(tested[0].indicator_id, text, claim, ids or tuple(latest))


def _may_be_chance(
    declared: Mapping[str, Any], old: ReleasedCell, new: ReleasedCell, release: Release
) -> bool:
    """Whether the test of the paired change, if there is one, says that it may be chance."""
    return any(
        (c.period, c.breakdown, c.category, c.measure)
        == (f"{old.period}/{new.period}", TOTAL, declared.get("paired"), "may_be_chance")
        and c.value == 1
        for c in release.cells_of(PAIRED)
    )


_KINDS = {"level": _level, "gap": _gap, "leader": _leader, "tests": _tests}


@lru_cache
def _declared() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(_DECLARED.read_text(encoding="utf-8")))
