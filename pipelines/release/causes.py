"""Why a cell is other than in the release before: what differs among all that it is made of.

Held against each other: the deliveries behind the cell, the corrections and the contract they were
read with, the SQL of the indicator, the reference data, and what disclosure control hid. Where
several differ all are named: only a rebuild could tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

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


def _explained(change: Change, old: MadeOf, new: MadeOf) -> Change:
    causes = list(dict.fromkeys(_causes(change, old, new)))
    if not causes:
        # disclosure control and printing are Python: named only where nothing nearer differs
        is_other = old.code_fingerprint != new.code_fingerprint
        causes = [Cause.PROGRAM if is_other else Cause.UNEXPLAINED]
    told = {
        language: "; ".join(
            f"{words[cause]} ({_which(change, old, new, went)})"
            if cause is Cause.DELIVERY
            else words[cause]
            for cause in causes
        )
        for language, words, went in (("da", CAUSES_DA, "uden"), ("en", CAUSES_EN, "without"))
    }
    return replace(change, causes="|".join(causes), cause_da=told["da"], cause_en=told["en"])


def _causes(change: Change, old: MadeOf, new: MadeOf) -> Iterable[Cause]:
    if change.kind == "new" and (change.indicator_id, change.period) not in old.periods:
        yield Cause.PERIOD
    before, after = _behind(change, old.lineage), _behind(change, new.lineage)
    is_still_there = before.keys() <= new.lineage.deliveries.keys()
    if before.keys() != after.keys() and (change.kind != "gone" or not is_still_there):
        yield Cause.DELIVERY
    for delivery_id in before.keys() & after.keys():
        was, now = before[delivery_id], after[delivery_id]
        if was.corrections != now.corrections:
            yield Cause.CORRECTION
        elif was.contract_fingerprint != now.contract_fingerprint:
            yield Cause.READING
    chain_was, chain_now = (made.chains.get(change.indicator_id) for made in (old, new))
    if (chain_was and chain_was.code) != (chain_now and chain_now.code):
        yield Cause.CODE
    if (chain_was and chain_was.reference) != (chain_now and chain_now.reference):
        yield Cause.REFERENCE
    if change.kind == "changed" and change.conf_status_old != change.conf_status_new:
        yield Cause.DISCLOSURE
    if change.definition_new:
        yield Cause.DEFINITION


def _behind(change: Change, lineage: Lineage) -> dict[str, DeliveryFacts]:
    ids = lineage.cells.get(change.cell_id, ())
    return {delivery_id: lineage.deliveries[delivery_id] for delivery_id in ids}


def _which(change: Change, old: MadeOf, new: MadeOf, without: str) -> str:
    """Name the deliveries that came, or came anew, and those that went without another."""
    before, after = _behind(change, old.lineage), _behind(change, new.lineage)
    came = {f"{one.source} {one.period}" for key, one in after.items() if key not in before}
    went = {f"{one.source} {one.period}" for key, one in before.items() if key not in after}
    return ", ".join([*sorted(came), *(f"{without} {name}" for name in sorted(went - came))])
