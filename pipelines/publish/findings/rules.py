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

from pipelines.publish.danish import lower_first
from pipelines.publish.findings.evidence import Verdict, compare, interval_of
from pipelines.publish.language import Language
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.tables import TOTAL, short

NBSP = "\u00a0"
_DECLARED = Path(__file__).with_name("declared.yml")
_SIZES = ("large", "small")
_COUNTED = {"count", "persons"}


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
    declared: Mapping[str, Any], cells: Sequence[ReleasedCell], _: Release, language: Language
) -> Finding | None:
    series = sorted(
        (
            c
            for c in cells
            if c.breakdown == TOTAL and c.category == declared.get("category", TOTAL)
        ),
        key=lambda c: c.period,
    )
    if not series:
        return None
    cell = series[-1]
    sentences = [_filled(declared[language.code], cell, language), *_uncertainty(cell, language)]
    verdict = Verdict.UNKNOWN
    if len(series) > 1:
        is_full_count = bool(declared.get("full_count"))
        verdict = compare(cell, series[-2], is_full_count=is_full_count, is_over_time=True)
        if verdict is not Verdict.UNKNOWN:
            before = series[-2]
            sentences.append(
                language.text(
                    _change_key(verdict, cell),
                    period=language.period_in_words(before.period),
                    when=_when(before, language),
                    value=_value(before, language),
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
        language.text(
            "share_of_group",
            value=_value(c, language),
            group=_group(c, language),
            base=language.number(c.base or 0),
        ).replace("N = ", f"N{NBSP}={NBSP}")
        for c in told
    ]
    text = language.text(
        "gap_level",
        subject=declared[f"subject_{language.code}"],
        period=language.period_in_words(period),
        shares=language.listed(shares),
        label=lower_first(language.label(told[0], "category_label")),
    )
    verdict = Verdict.UNKNOWN
    by_size = {c.breakdown_value: c for c in told}
    if by_size.keys() >= set(_SIZES):
        verdict = compare(*(by_size[s] for s in _SIZES))
        if verdict is not Verdict.UNKNOWN:
            group = _group(by_size[_SIZES[0]], language)
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
        c.conf_status != "F"
        for c in release.cells_of(first.indicator_id)
        if (c.breakdown, c.period, c.measure) == (TOTAL, period, first.measure)
    )
    verdicts = {compare(first, other) for other in others}
    words = {
        "period": language.period_in_words(period),
        "subject": declared[f"subject_{language.code}"],
        "base": language.number(first.base or 0),
    }
    shares = [f"{_label(c, language)} {_value(c, language)}" for c in ranked]
    ids = tuple(c.cell_id for c in ranked)
    if others and not hidden and verdicts == {Verdict.HIGHER}:
        text = language.text(
            "leader_sure", label=_label(first, language), value=_value(first, language), **words
        )
        rest = _ended(language.text("leader_rest", shares=language.listed(shares[1:])))
        return Finding(first.indicator_id, _spaced(f"{text} {rest}"), Claim.SURE, ids)
    text = _ended(language.text("leader_open", shares=language.listed(shares), **words))
    if hidden or Verdict.UNKNOWN in verdicts or not others:
        return Finding(first.indicator_id, _spaced(text), Claim.NONE, ids)
    text += " " + language.text("leader_chance", **words)
    return Finding(first.indicator_id, _spaced(text), Claim.CHANCE, ids)


_KINDS = {"level": _level, "gap": _gap, "leader": _leader}


def _filled(template: str, cell: ReleasedCell, language: Language) -> str:
    return _spaced(
        template.format(
            value=_value(cell, language),
            base="" if cell.base is None else language.number(cell.base),
            count="" if cell.numerator is None else language.number(cell.numerator),
            period=language.period_in_words(cell.period),
            when=_when(cell, language),
            label=_label(cell, language),
        )
    )


def _change_key(verdict: Verdict, cell: ReleasedCell) -> str:
    """Counts are more or fewer, all else is more or less."""
    is_count = cell.unit in _COUNTED and verdict in (Verdict.HIGHER, Verdict.LOWER)
    return f"change_{verdict.value}{'_count' if is_count else ''}"


def _when(cell: ReleasedCell, language: Language) -> str:
    kind = "when_date" if "-" in cell.period else "when_year"
    return language.text(kind, period=language.period_in_words(cell.period))


def _ended(text: str) -> str:
    """End a sentence whose last word may be a short form with its own point."""
    return text if text.endswith(".") else f"{text}."


def _uncertainty(cell: ReleasedCell, language: Language) -> list[str]:
    found = interval_of(cell)
    if found is None or found.is_point:
        return []
    lower, upper = (language.number(end, cell.decimals) for end in (found.lower, found.upper))
    return [language.text("with_interval", lower=lower, upper=upper)]


def _value(cell: ReleasedCell, language: Language) -> str:
    """Print a figure within a sentence, where the sign for nil is no word."""
    figure = "0" if cell.value == 0 else language.printed(cell.display_da)
    if cell.unit == "pct":
        return language.text("per_cent", number=figure).replace(" ", NBSP)
    return figure


def _label(cell: ReleasedCell, language: Language) -> str:
    return lower_first(language.label(cell, "category_label"))


def _group(cell: ReleasedCell, language: Language) -> str:
    words = lower_first(short(language.label(cell, "breakdown_value_label")))
    return words if cell.breakdown == TOTAL else language.text("group_words", label=words)


def _spaced(text: str) -> str:
    return text.replace("N = ", f"N{NBSP}={NBSP}")


@lru_cache
def _declared() -> tuple[Mapping[str, Any], ...]:
    return tuple(yaml.safe_load(_DECLARED.read_text(encoding="utf-8")))
