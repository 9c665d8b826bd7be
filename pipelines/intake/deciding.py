"""Read archived deliveries into a database and decide on each: what a run and a rebuild share.

Sources are taken in their contracts' order, each screened before the next is read, so that a
survey is held against the plans that count and no others. What a delivery was decided under (its
contract, its corrections, the deliveries it was held against) is one fingerprint: when it
changes, the delivery is read again. So the warehouse is a function of archive, ledger and
contracts, in whatever order things came.

Nothing is written to the ledger here.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.contracts.loader import load_source, source_names
from pipelines.disk_full import is_disk_full
from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.intake.archive import Archive, UnknownDeliveryError
from pipelines.intake.conform.corrections import (
    CorrectedContract,
    CorrectionOutcome,
    outcomes,
    start_corrections,
)
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.delivery import ArchivedDelivery, ManifestError
from pipelines.intake.events import OUT_OF_USE, DeliveryState
from pipelines.intake.held_against import held_against, inputs_fingerprint
from pipelines.intake.process import Decision, decide, turned_down
from pipelines.intake.slots import base_of
from pipelines.privacy.age_stream import DamagedPayloadError
from pipelines.privacy.delivery_keys import DeliveryKeyLostError, ErasedDeliveryError
from pipelines.privacy.master_key import KeyUnavailableError
from pipelines.privacy.pseudonym import pseudonymise
from pipelines.warehouse.loads import loaded_fingerprints
from pipelines.warehouse.rows import replace_delivery_rows
from pipelines.warehouse.store import connect

LOG = logging.getLogger(__name__)

Reasons = tuple[str, str]
"""A reason against a delivery, in Danish and in English."""

Screen = Callable[[Path, Mapping[str, Sequence[str]]], Mapping[str, Sequence[Reasons]]]
"""Given the build copy and {raw table: delivery ids}, the reasons against each delivery."""

DAMAGED = "damaged in the archive"
UNREADABLE = (
    UnknownDeliveryError,
    ManifestError,
    DamagedPayloadError,
    DeliveryKeyLostError,
    ErasedDeliveryError,
)
"""The archive's own trouble with a delivery; its words name no content."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One delivery that was read, and what became of it."""

    delivery: ArchivedDelivery
    decision: Decision
    inputs: str = ""
    """The fingerprint of all that the decision depends on."""
    corrections: tuple[CorrectionOutcome, ...] = ()

    @property
    def table(self) -> str:
        """The raw table its rows went to."""
        return self.decision.table


@dataclass(slots=True)
class Reading:
    """What was read so far: decisions, and the deliveries that our own code failed on."""

    taken: dict[str, Taken] = field(default_factory=dict)
    failed: dict[str, tuple[DeliveryState, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """How archived deliveries are read into one database."""

    database: Path
    archive: Archive
    screen: Screen | None = None
    follows_ledger: bool = False
    """Take what counts from the ledger alone, as for the state at an earlier time; otherwise a
    decision made here counts at once for what is held against it."""
    corrections_until: date | None = None
    """Leave out corrections that are dated later."""
    checkpoint: Checkpoint = no_checkpoint

    def read(
        self,
        states: Sequence[DeliveryState],
        is_due: Callable[[DeliveryState, str], bool],
    ) -> Reading:
        """Read and decide on every delivery that is due; its rows are loaded.

        Args:
            states: Where each delivery stands, in the order of receipt.
            is_due: Whether to read one, given the fingerprint it would be decided under.
        """
        reading = Reading()
        for source in source_names():
            of_source = sorted(
                (s for s in states if s.source == source and s.state not in OUT_OF_USE),
                key=lambda s: (s.period, s.received_at),
            )
            # a delivery that is turned down as a whole may change what others are held against
            while taken := self._decide(of_source, states, is_due, reading):
                self.checkpoint("load.decided")
                for each in self._screened(taken):
                    reading.taken[each.delivery.delivery_id] = each
                self.checkpoint("load.screened")
        return reading

    def _decide(
        self,
        of_source: Sequence[DeliveryState],
        states: Sequence[DeliveryState],
        is_due: Callable[[DeliveryState, str], bool],
        reading: Reading,
    ) -> list[Taken]:
        taken: dict[str, Taken] = {}
        with connect(self.database) as con:
            for state in of_source:
                if state.delivery_id in reading.failed:
                    continue
                known = {} if self.follows_ledger else {**reading.taken, **taken}
                decided = {delivery_id: each.decision for delivery_id, each in known.items()}
                held = held_against(state, states, decided)
                inputs = inputs_fingerprint(state, held)
                before = reading.taken.get(state.delivery_id)
                if before.inputs == inputs if before else not is_due(state, inputs):
                    continue
                outcome = self._decide_one(con, state, held, inputs)
                if isinstance(outcome, Taken):
                    taken[state.delivery_id] = outcome
                else:
                    reading.failed[state.delivery_id] = (state, outcome)
        return list(taken.values())

    def _decide_one(
        self,
        con: duckdb.DuckDBPyConnection,
        state: DeliveryState,
        held: Collection[str],
        inputs: str,
    ) -> Taken | str:
        try:
            delivery = self.archive.load(state.delivery_id)
            with self.archive.open_payload(delivery) as payload:
                contract = CorrectedContract.of(delivery, self.corrections_until)
                start_corrections(con)
                decision = decide(con, delivery, payload, held, contract=contract.applied)
                told = _corrections_of(con, contract, delivery, decision)
            self._pseudonymise(con, delivery.source, decision)
            load(con, delivery.delivery_id, decision, rows=True)
            self.checkpoint("load.rows_loaded")
        except UNREADABLE as error:
            LOG.error("delivery %s: %s", state.delivery_id[:12], error)
            return DAMAGED
        except KeyUnavailableError:
            raise  # nothing can be read without it: the run says so and stops
        except Exception as error:
            if is_disk_full(error):
                raise  # so it is with every other; the run says so and stops
            # our fault, not the sender's: said aloud, and tried again at the next run; the
            # error's own text is left out, for it may quote a cell
            LOG.error(
                "delivery %s could not be processed: %s\n%s",
                state.delivery_id[:12],
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            return f"{type(error).__name__} in processing"
        return Taken(delivery, decision, inputs, told)

    def _pseudonymise(
        self, con: duckdb.DuckDBPyConnection, source: str, decision: Decision
    ) -> None:
        """Rules see what was delivered; what is loaded is linked by pseudonyms only."""
        declared = load_source(source)
        if decision.state == "rejected" or decision.table != declared.table:
            return
        if declared.pseudonymised:
            key = self.archive.keys.master().pseudonym_key()
            pseudonymise(con, ACCEPTED, source, declared.pseudonymised, key)

    def _screened(self, taken: list[Taken]) -> list[Taken]:
        """Turn down the deliveries that are implausible as a whole; the others go on."""
        loaded: dict[str, list[str]] = {}
        for each in taken:
            if is_screened(each.decision):
                loaded.setdefault(each.table, []).append(each.delivery.delivery_id)
        if self.screen is None or not loaded:
            return taken
        against = self.screen(self.database, loaded)
        screened = [
            replace(
                each, decision=turned_down(each.delivery, each.decision, reasons), corrections=()
            )
            if (reasons := against.get(each.delivery.delivery_id))
            else each
            for each in taken
        ]
        with connect(self.database) as con:
            for before, after in zip(taken, screened, strict=True):
                if after is not before:
                    load(con, after.delivery.delivery_id, after.decision, rows=False)
        return screened


def is_screened(decision: Decision) -> bool:
    """Whether the quality gate is asked about a delivery.

    What an increment should look like as a whole nobody can say: it is what changed.
    """
    return decision.state != "rejected" and base_of(decision.slot) is None


def _corrections_of(
    con: duckdb.DuckDBPyConnection,
    contract: CorrectedContract,
    delivery: ArchivedDelivery,
    decision: Decision,
) -> tuple[CorrectionOutcome, ...]:
    """What came of the corrections: nothing, in a delivery that is rejected or of minutes."""
    if decision.state == "rejected":
        return ()
    is_table = decision.table == contract.declared.table
    topics = {decision.id for decision in contract.declared.corrections.topics}
    found = outcomes(con, contract, is_part=delivery.meta.is_incremental)
    return tuple(each for each in found if is_table or each.correction_id in topics)


def due_for_reading(
    con: duckdb.DuckDBPyConnection, again: Collection[tuple[str, str]]
) -> Callable[[DeliveryState, str], bool]:
    """Say which deliveries a database lacks, or holds as read under something else.

    Args:
        con: The database.
        again: (source, period) pairs to read anew whatever their fingerprint.
    """
    loaded = loaded_fingerprints(con)

    def is_due(state: DeliveryState, inputs: str) -> bool:
        return (
            state.state == "received"
            or state.failure is not None
            or loaded.get(state.delivery_id) != inputs
            or (state.source, state.period) in again
        )

    return is_due


def load(
    con: duckdb.DuckDBPyConnection, delivery_id: str, decision: Decision, *, rows: bool
) -> None:
    """Put a delivery's accepted rows in place of what was loaded of it before."""
    if rows and decision.is_loaded:
        return
    relation = ACCEPTED if rows and decision.state != "rejected" else None
    replace_delivery_rows(con, decision.table, delivery_id, relation)
