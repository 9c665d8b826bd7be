"""Take in all that waits: receive, decide, load into the build copy, put it on the ledger.

This is the whole intake as one function of plain arguments. It decides each delivery by itself,
so that a wrong one never stops a good one, and it looks again at every delivery whose contract
has changed since it was read. Building and publishing come after, elsewhere.

The caller holds the writer lock (`warehouse.lock`) from here until the build is promoted.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.contracts.loader import contract_fingerprint, load_source, source_names
from pipelines.contracts.tables import raw_ddl
from pipelines.intake.archive import Archive, archive_of
from pipelines.intake.code_book_rows import replace_code_books
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.delivery import ArchivedDelivery, utc_text
from pipelines.intake.events import OUT_OF_USE, DeliveryState, LedgerEvent, deliveries
from pipelines.intake.ledger import Ledger
from pipelines.intake.process import Decision, decide, turned_down
from pipelines.intake.receive import ReceiveReport, receive
from pipelines.intake.sender_report import tell_sender
from pipelines.settings import Settings
from pipelines.warehouse.loads import ensure_loads, loaded_fingerprints, record_load
from pipelines.warehouse.store import (
    begin_build,
    connect,
    ensure_raw_schema,
    replace_delivery_rows,
    write_deliveries,
    write_findings,
)

LOG = logging.getLogger(__name__)

Reasons = tuple[str, str]
"""A reason against a delivery, in Danish and in English."""

Screen = Callable[[Path, Mapping[str, Sequence[str]]], Mapping[str, Sequence[Reasons]]]
"""Given the build copy and {raw table: delivery ids}, the reasons against each delivery."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One delivery that was read in this run, and what became of it."""

    delivery: ArchivedDelivery
    decision: Decision

    @property
    def table(self) -> str:
        """The raw table its rows went to."""
        return self.decision.table


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What one intake did."""

    received: ReceiveReport
    taken: tuple[Taken, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    """Names of deliveries that could not be processed through no fault of their sender, and why;
    they stay as they were and are tried again."""
    states: tuple[DeliveryState, ...] = field(default=())

    def partitions(self) -> dict[str, set[str]]:
        """Raw table to the periods whose rows changed."""
        touched: dict[str, set[str]] = {}
        for each in self.taken:
            touched.setdefault(each.table, set()).add(each.delivery.period)
        return touched


def take_in(
    settings: Settings,
    *,
    now: datetime,
    by: str = "monitor",
    settle_seconds: float = 2.0,
    screen: Screen | None = None,
    again: Iterable[tuple[str, str]] = (),
) -> IntakeReport:
    """Receive, decide and load everything that waits; leaves the build copy ready for dbt.

    Args:
        settings: The installation.
        now: The present, aware; the time of every event written.
        by: Who runs this, for the ledger.
        settle_seconds: How long a file without a manifest must have been quiet.
        screen: The quality gate over newly loaded rows (`quality.screen`).
        again: (source, period) pairs to read anew from the archive whatever their fingerprint.
    """
    received = receive(
        settings,
        source_names(),
        now=now,
        by=by,
        settle_seconds=settle_seconds,
        period_kinds=kinds(),
    )
    archive, ledger = archive_of(settings), Ledger(settings.ledger_path)
    events = ledger.read()
    begin_build(settings)
    with connect(settings.build_path) as con:
        ensure_raw_schema(con, tuple(raw_ddl()))
        ensure_loads(con)
        replace_code_books(con)
        due = _due(deliveries(events), loaded_fingerprints(con), frozenset(again))
        taken, failed = _decide_all(con, archive, due, events)
    taken = _screened(settings, taken, screen)
    decided = [_event(each, now=now, by=by) for each in taken if _is_news(each, events)]
    if decided:
        ledger.append(*decided)
    states = deliveries([*events, *decided])
    with connect(settings.build_path) as con:
        for each in taken:
            if each.decision.state == "rejected":
                _load(con, each.delivery.delivery_id, each.decision, rows=False)
            write_findings(con, each.delivery, each.decision.findings)
            record_load(con, each.delivery.delivery_id, _fingerprint(each.delivery))
        write_deliveries(con, states)
    for each in taken:
        tell_sender(settings, each.delivery, each.decision.findings)
    return IntakeReport(received, tuple(taken), tuple(failed), tuple(states))


def kinds() -> dict[str, str]:
    """Whether each source's periods are years or dates."""
    return {name: load_source(name).period_kind for name in source_names()}


def _due(
    states: Sequence[DeliveryState],
    loaded: Mapping[str, str],
    again: frozenset[tuple[str, str]],
) -> list[DeliveryState]:
    """The deliveries to read, in the order that lets each be checked against the ones before."""
    order = {name: place for place, name in enumerate(source_names())}
    due = [
        s
        for s in states
        if s.state not in OUT_OF_USE
        and s.source in order
        and (
            loaded.get(s.delivery_id) != contract_fingerprint(s.source, s.period)
            or s.state == "received"
            or (s.source, s.period) in again
        )
    ]
    return sorted(due, key=lambda s: (order[s.source], s.period, s.received_at))


def _decide_all(
    con: duckdb.DuckDBPyConnection,
    archive: Archive,
    due: Sequence[DeliveryState],
    events: Sequence[LedgerEvent],
) -> tuple[list[Taken], list[tuple[str, str]]]:
    taken: list[Taken] = []
    failed: list[tuple[str, str]] = []
    current = {s.slot: s.delivery_id for s in deliveries(events) if s.is_current}
    for state in due:
        if damage := archive.verify(state.delivery_id):
            LOG.error("delivery %s: %s", state.delivery_id[:12], "; ".join(damage))
            failed.append((state.name, "damaged in the archive"))
            continue
        delivery = archive.load(state.delivery_id)
        try:
            with archive.open_payload(delivery) as payload:
                decision = decide(con, delivery, payload, tuple(current.values()))
            _load(con, delivery.delivery_id, decision, rows=True)
        except Exception as error:
            # our fault, not the sender's: said aloud, and tried again at the next run; the
            # error's own text is left out, for it may quote a cell
            LOG.error(
                "delivery %s could not be processed: %s\n%s",
                delivery.delivery_id[:12],
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            failed.append((state.name, f"{type(error).__name__} in processing"))
            continue
        if decision.state != "rejected":
            current[decision.slot] = delivery.delivery_id
        taken.append(Taken(delivery, decision))
    return taken, failed


def _load(
    con: duckdb.DuckDBPyConnection, delivery_id: str, decision: Decision, *, rows: bool
) -> None:
    """Put a delivery's accepted rows in place of what was loaded of it before."""
    relation = ACCEPTED if rows and decision.state != "rejected" else None
    replace_delivery_rows(con, decision.table, delivery_id, relation)


def _screened(settings: Settings, taken: list[Taken], screen: Screen | None) -> list[Taken]:
    """Turn down the deliveries that are implausible as a whole; the others go on."""
    loaded: dict[str, list[str]] = {}
    for each in taken:
        if each.decision.state != "rejected":
            loaded.setdefault(each.table, []).append(each.delivery.delivery_id)
    if screen is None or not loaded:
        return taken
    against = screen(settings.build_path, loaded)
    return [
        Taken(each.delivery, turned_down(each.delivery, each.decision, reasons))
        if (reasons := against.get(each.delivery.delivery_id))
        else each
        for each in taken
    ]


def _fingerprint(delivery: ArchivedDelivery) -> str:
    return contract_fingerprint(delivery.source, delivery.period)


def _is_news(each: Taken, events: Sequence[LedgerEvent]) -> bool:
    """Whether the decision differs from the one on the ledger (a rebuild says nothing new)."""
    last = next(
        (
            e
            for e in reversed(events)
            if e.delivery_id == each.delivery.delivery_id and e.kind != "received"
        ),
        None,
    )
    return last is None or (
        last.kind,
        last.slot,
        last.rows_accepted,
        last.contract_fingerprint,
    ) != (
        each.decision.state,
        each.decision.slot,
        each.decision.rows_accepted,
        _fingerprint(each.delivery),
    )


def _event(each: Taken, *, now: datetime, by: str) -> LedgerEvent:
    delivery, decision = each.delivery, each.decision
    return LedgerEvent(
        kind=decision.state,
        at=utc_text(now),
        by=by,
        delivery_id=delivery.delivery_id,
        source=delivery.source,
        period=delivery.period,
        name=delivery.name,
        slot=decision.slot,
        reason=decision.reason,
        rows_read=decision.rows_read,
        rows_accepted=decision.rows_accepted,
        rows_quarantined=decision.rows_quarantined,
        contract_fingerprint=_fingerprint(delivery),
    )
