"""What came of each correction, written by delivery into `raw.corrections`."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.intake.conform.corrections import CorrectionOutcome
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.warehouse.rows import insert_rows
from pipelines.warehouse.schema import CORRECTIONS


def write_corrections(
    con: duckdb.DuckDBPyConnection,
    delivery: ArchivedDelivery,
    outcomes: Sequence[CorrectionOutcome],
) -> None:
    """Make `raw.corrections` hold exactly these outcomes of a delivery."""
    rows = [
        (
            each.correction_id,
            delivery.delivery_id,
            delivery.source,
            delivery.period,
            each.row,
            each.column,
            each.state,
            each.detail,
            each.old_value,
            each.new_value,
            each.reason,
            each.provider,
            each.corrected_on,
        )
        for each in outcomes
    ]
    con.begin()
    try:
        con.execute("delete from raw.corrections where delivery_id = ?", [delivery.delivery_id])
        insert_rows(con, "raw.corrections", tuple(CORRECTIONS), rows)
        con.commit()
    except BaseException:
        con.rollback()
        raise
