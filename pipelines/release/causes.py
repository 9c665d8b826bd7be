"""Why a cell is other than in the release before: what differs among all that it is made of.

Held against each other is what that very cell rests on: what the rows of its group say (by hash),
the SQL of each model that counts it, the reference data as far as they are about its indicator, and
what disclosure control hid. A new delivery whose rows say the same is no cause; a model that only
names is none. What differs is named, and where several things differ all are: only a rebuild could
tell how much each of them did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from pipelines.publish.language import language
from pipelines.release.diff import Change
from pipelines.release.folder import LINEAGE, MANIFEST, MODELS, ReleaseFolder
from pipelines.release.lineage import DeliveryFacts, Lineage, lineage_from
from pipelines.release.models import Chain, models_from


class Cause(StrEnum):
    """What may make a cell other than it was."""

    PERIOD = "new_period"
    DELIVERY = "delivery"
    CORRECTION = "correction"
    READING = "reading"
    CODE = "code"
    REFERENCE = "reference"
    DISCLOSURE = "disclosure"
    DEFINITION = "definition"
    PROGRAM = "program"
    UNEXPLAINED = "unexplained"


CAUSES_DA: Final[Mapping[Cause, str]] = {
    Cause.PERIOD: "ny periode",
    Cause.DELIVERY: "ny leverance",
    Cause.CORRECTION: "rettelse",
    Cause.READING: "ændret kontrakt eller kodebog",
    Cause.CODE: "ændret beregning",
    Cause.REFERENCE: "ændrede referencedata",
    Cause.DISCLOSURE: "diskretionering",
    Cause.DEFINITION: "ændret definition",
    Cause.PROGRAM: "ændret program",
    Cause.UNEXPLAINED: "ikke forklaret",
}
CAUSES_EN: Final[Mapping[Cause, str]] = {
    Cause.PERIOD: "new period",
    Cause.DELIVERY: "new delivery",
    Cause.CORRECTION: "correction",
    Cause.READING: "contract or code book changed",
    Cause.CODE: "calculation changed",
    Cause.REFERENCE: "reference data changed",
    Cause.DISCLOSURE: "disclosure control",
    Cause.DEFINITION: "definition changed",
    Cause.PROGRAM: "program changed",
    Cause.UNEXPLAINED: "not explained",
}


@dataclass(frozen=True)
class MadeOf:
    """All that a release's cells were made of."""

    lineage: Lineage
    chains: Mapping[str, Chain]
    code_fingerprint: str
    periods: frozenset[tuple[str, str]]
    """Indicator and period of every table in it."""


def made_of(folder: ReleaseFolder) -> MadeOf:
    """Read what a prepared release was made of."""
    manifest: Any = folder.json(MANIFEST)
    return MadeOf(
        lineage=lineage_from(folder.json(LINEAGE)),
        chains=models_from(folder.json(MODELS)).chains,
        code_fingerprint=manifest["code"]["fingerprint"],
        periods=frozenset((i, p) for i, p in manifest["periods"]),
    )


def with_causes(changes: Iterable[Change], old: MadeOf, new: MadeOf) -> tuple[Change, ...]:
    """Say of each change what brought it about."""
    return tuple(_explained(change, old, new) for change in changes)


@dataclass(frozen=True)
class _Found:
    """One cause, and what exactly differs, in the words of either language."""

    cause: Cause
    what_da: str = ""
    what_en: str = ""


def _explained(change: Change, old: MadeOf, new: MadeOf) -> Change:
    found = [*_causes(change, old, new)]
    if not found:
        # disclosure control and printing are Python: named only where nothing nearer differs
        is_other = old.code_fingerprint != new.code_fingerprint
        found = [_Found(Cause.PROGRAM if is_other else Cause.UNEXPLAINED)]
    return replace(
        change,
        causes="|".join(each.cause for each in found),
        cause_da="; ".join(_told(CAUSES_DA[each.cause], each.what_da) for each in found),
        cause_en="; ".join(_told(CAUSES_EN[each.cause], each.what_en) for each in found),
    )


def _told(cause: str, what: str) -> str:
    return f"{cause} ({what})" if what else cause


def _causes(change: Change, old: MadeOf, new: MadeOf) -> Iterable[_Found]:
    if change.kind == "new" and (change.indicator_id, change.period) not in old.periods:
        yield _Found(Cause.PERIOD)
    yield from _of_rows(change, old.lineage, new.lineage)
    was, now = (made.chains.get(change.indicator_id) for made in (old, new))
    for cause, before, after in (
        (Cause.CODE, was.code if was else {}, now.code if now else {}),
        (Cause.REFERENCE, was.reference if was else {}, now.reference if now else {}),
    ):
        if other := sorted(k for k in {*before, *after} if before.get(k) != after.get(k)):
            yield _Found(cause, ", ".join(other), ", ".join(other))
    if change.kind == "changed" and change.conf_status_old != change.conf_status_new:
        yield _Found(Cause.DISCLOSURE)
    if change.definition_new:
        yield _Found(Cause.DEFINITION)


def _of_rows(change: Change, old: Lineage, new: Lineage) -> Iterable[_Found]:
    """What differs in the rows behind a cell, and how they came to be other ones."""
    before, after = _behind(change, old), _behind(change, new)
    is_still_there = before.keys() <= new.deliveries.keys()
    if change.kind == "gone" and is_still_there:
        return
    said_before, said_after = _said(change, before, old), _said(change, after, new)
    if None not in said_before and sorted(map(str, said_before)) == sorted(map(str, said_after)):
        return
    if before.keys() != after.keys():
        yield _Found(Cause.DELIVERY, _which(before, after, "da"), _which(before, after, "en"))
    for delivery_id in sorted(before.keys() & after.keys()):
        was, now = before[delivery_id], after[delivery_id]
        if was.corrections != now.corrections:
            other = ", ".join(sorted({*was.corrections} ^ {*now.corrections}))
            yield _Found(Cause.CORRECTION, other, other)
        elif was.contract_fingerprint != now.contract_fingerprint:
            yield _Found(Cause.READING, _name(now, "da"), _name(now, "en"))


def _behind(change: Change, lineage: Lineage) -> dict[str, DeliveryFacts]:
    ids = lineage.cells.get(change.cell_id, ())
    return {delivery_id: lineage.deliveries[delivery_id] for delivery_id in ids}


def _said(
    change: Change, behind: Mapping[str, DeliveryFacts], lineage: Lineage
) -> list[tuple[str, ...] | None]:
    """What the rows of the cell's group say in each delivery; None where it is not known."""
    _, _, breakdown, *group = change.cell_id.split(".")[:-2]
    place = breakdown, ".".join(group)
    return [lineage.content_behind(each, *place) or None for each in behind]


def _which(
    before: Mapping[str, DeliveryFacts], after: Mapping[str, DeliveryFacts], code: str
) -> str:
    """Name the deliveries that came, or came anew, and those that went without another."""
    came = {_name(one, code) for key, one in after.items() if key not in before}
    went = {_name(one, code) for key, one in before.items() if key not in after}
    without = {"da": "uden", "en": "without"}[code]
    return ", ".join([*sorted(came), *(f"{without} {name}" for name in sorted(went - came))])


def _name(facts: DeliveryFacts, code: str) -> str:
    spoken = language(code)
    return f"{spoken.label(facts, 'source_title')} {spoken.period_in_words(facts.period)}"
