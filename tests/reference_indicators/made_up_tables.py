"""What made-up rows share: the tables they are of, some municipalities, the ledger's line."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from evidence_rows import Row

Tables = dict[str, list[Row]]
"""Rows by raw table."""

MUNICIPALITIES = ("101", "147", "165", "253", "259", "461", "540", "751", "840", "860")
"""Of all five regions; what is told of them is invented."""
RECEIVED = datetime(2015, 9, 1, 12)


def delivery(chance: Random, delivery_id: str, source: str, period: str, **more: Any) -> Row:
    """A delivery that counts, unless said otherwise."""
    return {
        "delivery_id": delivery_id,
        "source": source,
        "period": period,
        "slot": f"{source}/{period}",
        "version": 1,
        "file_name": f"{delivery_id}.csv",
        "bytes": 1,
        "received_at": RECEIVED + timedelta(seconds=chance.randrange(10**7)),
        "state": "accepted",
        "is_current": True,
        "is_synthetic": True,
        "rows_quarantined": 0,
    } | more
