"""One file put through the gate as a delivery, for tests that look past the reader."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.process import Decision, decide


def decided(
    con: duckdb.DuckDBPyConnection, folder: Path, data: bytes, source: str, period: str
) -> Decision:
    """Decide on bytes; `con` has the raw tables."""
    (folder / "fil.csv").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    delivery = ArchivedDelivery(
        delivery_id=digest,
        source=source,
        period=period,
        name="fil.csv",
        files=(DeliveredFile("fil.csv", digest, len(data)),),
        payload_dir=folder,
        meta=DeliveryMeta(),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256=digest,
        bytes=len(data),
    )
    return decide(con, delivery, folder)
