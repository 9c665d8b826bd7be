"""A delivery held against the one before it: is it so much smaller that it may have been cut off?

A file cut exactly at a line's end, or a short list sent in place of the full one, breaks no rule on
rows. What is counted, and how far a count may fall, is declared in the contract (`comparison`). A
sender who confirms the smaller delivery, and says why, is believed: that is on record with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.contracts.forms import danish_day
from pipelines.contracts.model import Comparison, Source
from pipelines.intake.conform.messages import contract_finding, contract_rejection
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import DeliveryRejected, Finding


@dataclass(frozen=True, slots=True)
class Fall:
    """A count that fell further than the contract lets it."""

    label_da: str
    label_en: str
    before: int
    found: int
    share: float

    def words_da(self) -> str:
        """The fall as a sender reads it."""
        least = round(100 * self.share)
        return f"{self.found} {self.label_da} mod {self.before} før (mindst {least} % ventes)"

    def words_en(self) -> str:
        """The same in English."""
        least = round(100 * self.share)
        return f"{self.found} {self.label_en} against {self.before} (at least {least} % expected)"


def smaller_than_before(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    others: Collection[str],
) -> DeliveryRejected | Finding | None:
    """Hold the accepted rows against the delivery before.

    Args:
        con: The database with the raw tables; the delivery's own rows wait in `ACCEPTED`.
        source: The contract.
        delivery: What was delivered.
        others: The deliveries it may be held against, in the order of receipt. The last version
            for the same period goes before the newest earlier period; those that were refused
            have no rows and do not count.

    Returns:
        A rejection; or a warning, where the sender confirmed it; or None.
    """
    if source.comparison is None:
        return None
    before = _before(con, source, delivery, others)
    if before is None:
        return None
    delivery_id, period = before
    falls = tuple(_falls(con, source, source.comparison, delivery, delivery_id, period))
    if not falls:
        return None
    falls_da = "; ".join(fall.words_da() for fall in falls)
    falls_en = "; ".join(fall.words_en() for fall in falls)
    if delivery.meta.confirmed_smaller:
        return contract_finding(
            "K12_confirmed_smaller",
            file=delivery.name,
            period=danish_day(period),
            falls=falls_da,
            falls_en=falls_en,
        )
    return contract_rejection(
        "K11_smaller_than_before",
        file=delivery.name,
        period=danish_day(period),
        falls=falls_da,
        falls_en=falls_en,
    )


def _before(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    others: Collection[str],
) -> tuple[str, str] | None:
    """The delivery before, by id and period, among those whose rows are in the raw table."""
    row = con.execute(
        f"select delivery_id, period from raw.{source.table} "
        "where list_contains($others, delivery_id) and delivery_id <> $own "
        "and period <= $period group by delivery_id, period "
        "order by period desc, list_position($others, delivery_id) desc limit 1",
        {"others": list(others), "own": delivery.delivery_id, "period": delivery.period},
    ).fetchone()
    return (row[0], row[1]) if row else None


def _falls(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    comparison: Comparison,
    delivery: ArchivedDelivery,
    before_id: str,
    before_period: str,
) -> Iterator[Fall]:
    is_same = before_period == delivery.period
    share = comparison.same_period if is_same else comparison.previous_period
    counts = ", ".join(counted.sql for counted in comparison.counts)
    found = _one_row(con.execute(f"select {counts} from {ACCEPTED}"))
    before = _one_row(
        con.execute(
            f"select {counts} from raw.{source.table} where delivery_id = $id", {"id": before_id}
        )
    )
    for counted, now, then in zip(comparison.counts, found, before, strict=True):
        if now < share * then:
            yield Fall(counted.label_da, counted.label_en, then, now, share)


def _one_row(result: duckdb.DuckDBPyConnection) -> Sequence[int]:
    row = result.fetchone()
    if row is None:
        raise RuntimeError("an aggregate without a row")
    return row
