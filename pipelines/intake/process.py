"""Decide on one archived delivery: read it, hold it against its contract, say what becomes of it.

A decision is a function of the archived bytes, the contract and the plans known by then; nothing
is written but temporary tables of the given connection. Loading, and putting the decision on the
ledger, is `intake.take_in`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import duckdb

from pipelines.contracts.loader import load_source
from pipelines.contracts.model import Source
from pipelines.intake.by_source import judge_delivery
from pipelines.intake.comparison import smaller_than_before
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.table import ACCEPTED, Conformed, prepare_connection
from pipelines.intake.delivered_file import may_be_streamed
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import DeliveryRejected, Finding
from pipelines.intake.increments import check_taken
from pipelines.intake.slots import full_slot

MIN_ACCEPTED_SHARE: Final = 0.5
"""With fewer of its rows left, a delivery would be published as something it is not."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a delivery; accepted rows wait in the temporary table `ACCEPTED`."""

    state: Literal["accepted", "quarantined", "rejected"]
    slot: str
    table: str
    rows_read: int = 0
    rows_accepted: int = 0
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    is_loaded: bool = False
    """The accepted rows are in the raw table already, in place of what was there of the delivery;
    there is no table `ACCEPTED`."""

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside, or all rows of a rejected file."""
        return self.rows_read - self.rows_accepted


def decide(
    con: duckdb.DuckDBPyConnection,
    delivery: ArchivedDelivery,
    payload: Path,
    held: Collection[str] = (),
    *,
    contract: Source | None = None,
) -> Decision:
    """Read, conform and judge a delivery.

    Args:
        con: The build copy, with the raw tables in it.
        delivery: What was delivered.
        payload: The folder with its files, as the archive opened it.
        held: The deliveries it is held against: driftsstøtte extracts, whose plans a
            survey is checked against, and the delivery before it, which it may not be far
            smaller than.
        contract: The contract to hold it to, where that is not its source's as declared: with
            the corrections that reach the delivery, or a benchmark's.
    """
    source = contract or load_source(delivery.source)
    if not may_be_streamed(source, delivery):
        return _decided(con, source, delivery, payload, held)
    con.begin()
    try:
        decision = _decided(con, source, delivery, payload, held)
    except BaseException:
        con.rollback()
        raise
    if decision.state == "rejected":
        con.rollback()
        return decision
    if decision.is_loaded:
        con.execute(f"drop view {ACCEPTED}")
    con.commit()
    return decision


def _decided(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    held: Collection[str],
) -> Decision:
    slot = full_slot(delivery.source, delivery.period)
    try:
        check_taken(source, delivery)
        prepare_connection(con, source)
        judged = judge_delivery(con, source, delivery, payload, held)
    except DeliveryRejected as refusal:
        return Decision(
            "rejected", slot, source.table, findings=(refusal.to_finding(),), reason=refusal.rule
        )
    conformed = judged.conformed
    refused = judged.refusal or _too_little_left(delivery, conformed)
    if refused is None and judged.table == source.table and not delivery.meta.is_incremental:
        told = smaller_than_before(con, source, delivery, held)
        if isinstance(told, Finding):
            conformed = replace(conformed, findings=(told, *conformed.findings))
        else:
            refused = told
    if refused is not None:
        return Decision(
            "rejected",
            judged.slot,
            judged.table,
            conformed.rows_read,
            0,
            (refused.to_finding(), *without_loaded_rows(conformed.findings)),
            refused.rule,
        )
    return Decision(
        "quarantined" if conformed.rows_quarantined else "accepted",
        judged.slot,
        judged.table,
        conformed.rows_read,
        conformed.rows_accepted,
        conformed.findings,
        is_loaded=judged.is_loaded,
    )


def turned_down(
    delivery: ArchivedDelivery, decision: Decision, reasons: Sequence[tuple[str, str]]
) -> Decision:
    """The decision on a delivery that the quality gate finds implausible as a whole (K07).

    Args:
        delivery: What was delivered.
        decision: What its own rows gave.
        reasons: What should hold but does not, in Danish and in English.
    """
    refusal = contract_rejection(
        "K07_quality_gate",
        file=delivery.name,
        reasons="; ".join(da.rstrip(".") for da, _ in reasons),
        reasons_en="; ".join(en.rstrip(".") for _, en in reasons),
    )
    return Decision(
        "rejected",
        decision.slot,
        decision.table,
        decision.rows_read,
        0,
        (refusal.to_finding(), *without_loaded_rows(decision.findings)),
        refusal.rule,
    )


def without_loaded_rows(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of a delivery that is rejected: a warning on a row says that it was loaded."""
    return (f for f in findings if f.severity == "error" or f.row is None)


def _too_little_left(delivery: ArchivedDelivery, conformed: Conformed) -> DeliveryRejected | None:
    """The reason to reject a delivery that was read, if too few of its rows can be loaded."""
    details = {"rows": conformed.rows_read, "held": conformed.rows_quarantined}
    if conformed.rows_read == 0:
        rule = "K09_no_rows"
    elif conformed.rows_accepted == 0:
        rule = "K04_no_row_accepted"
    elif conformed.rows_accepted < MIN_ACCEPTED_SHARE * conformed.rows_read:
        rule = "K10_most_rows_held_back"
    else:
        return None
    return contract_rejection(rule, file=delivery.name, **details)
