"""The database's own books around a reading: tables made ready before, filled in after.

A run and a rebuild share this. Which events a reading gives is `decision_events`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.contracts.tables import raw_ddl
from pipelines.intake.code_book_rows import replace_code_books
from pipelines.intake.deciding import Taken
from pipelines.intake.events import OUT_OF_USE, DeliveryState
from pipelines.warehouse.correction_rows import write_corrections
from pipelines.warehouse.loads import (
    ensure_loads,
    forget,
    keep_only,
    loaded_fingerprints,
    record_load,
)
from pipelines.warehouse.store import (
    connect,
    ensure_raw_schema,
    write_deliveries,
    write_findings,
)


def prepare(database: Path) -> None:
    """Make the tables that are missing, and let the code books say what they say now."""
    with connect(database) as con:
        con.begin()  # some 300 statements: flushed to disk one by one they take a second
        ensure_raw_schema(con, tuple(raw_ddl()))
        ensure_loads(con)
        replace_code_books(con)
        con.commit()


class RowsMissingError(RuntimeError):
    """A delivery that counts could not be read, and the database has no rows of it from before."""


def insist_on_rows(database: Path, states: Sequence[DeliveryState]) -> None:
    """Stop before something is published without a delivery that the ledger says counts.

    Raises:
        RowsMissingError: If a current delivery was never loaded here; the message names it.
    """
    with connect(database) as con:
        loaded = loaded_fingerprints(con)
    lost = [s for s in states if s.is_current and s.delivery_id not in loaded]
    if lost:
        which = "; ".join(
            f"{s.delivery_id[:12]} {s.source}/{s.period} ({s.failure or 'not read'})"
            for s in lost[:5]
        )
        raise RowsMissingError(
            f"{len(lost)} accepted deliveries could not be read again: {which}. What is live stays "
            "as it is. Restore the archive's files from a backup (`monitor ledger --verify "
            "--rehash` names them), mend the code, or `monitor withdraw` the delivery"
        )


def keep_books(database: Path, taken: Sequence[Taken], states: Sequence[DeliveryState]) -> None:
    """Make the database say what was decided, and clear it of what is out of use.

    Args:
        database: The build copy.
        taken: What was read; its rows are loaded.
        states: Where every delivery stands, these decisions included.
    """
    with connect(database) as con:
        keep_only(
            con,
            {
                t.delivery.delivery_id: None if t.decision.state == "rejected" else t.table
                for t in taken
            },
        )
        for each in taken:
            write_findings(con, each.delivery, each.decision.findings)
            write_corrections(con, each.delivery, each.corrections)
            record_load(con, each.delivery.delivery_id, each.inputs)
        forget(con, [s.delivery_id for s in states if s.state in OUT_OF_USE])
        write_deliveries(con, states)
