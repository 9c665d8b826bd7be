"""Increments: deliveries of what changed since a full export; only where sender and contract agree.

That a delivery is one is never guessed from what is in it: its sender says so (`is_incremental`
in the `.meta.json`, `monitor deliver --incremental`). It overlaps with what was delivered before
on purpose; which answer of a respondent counts is decided where all are seen (staging).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import duckdb

from pipelines.contracts.model import CodeBook, Source
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.delivery import ArchivedDelivery

MODIFIED: Final = "modified_at"
"""The field that orders a respondent's answers."""


def check_taken(source: Source, delivery: ArchivedDelivery) -> None:
    """Reject an increment of a source that comes whole or not at all (K13)."""
    if delivery.meta.is_incremental and not source.takes_increments:
        raise contract_rejection(
            "K13_no_increments",
            file=delivery.name,
            source_da=source.title_da,
            source_en=source.title_en,
        )


def check_increment(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    book: CodeBook,
    delivery: ArchivedDelivery,
    others: Collection[str],
) -> None:
    """Reject an increment that cannot be put together with what came before it.

    Args:
        con: The database with the raw tables.
        source: The contract.
        book: The wave's code book.
        delivery: The increment.
        others: The deliveries it is held against; the wave's full export must be among them.

    Raises:
        DeliveryRejected: No full export came before it (K14), or its answers carry no time (K15).
    """
    found = con.execute(
        f"select 1 from raw.{source.table} "
        "where list_contains($others, delivery_id) and period = $period limit 1",
        {"others": list(others), "period": delivery.period},
    ).fetchone()
    if found is None:
        raise contract_rejection(
            "K14_increment_without_export", file=delivery.name, period=delivery.period
        )
    if not any(entry.is_asked for entry in book.of_field(MODIFIED)):
        raise contract_rejection(
            "K15_increment_without_times", file=delivery.name, period=delivery.period
        )
