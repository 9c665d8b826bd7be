"""The steps of a run without an orchestrator: what Dagster's assets call, and tests and notebooks.

Take in, build (dbt, elsewhere), promote, publish. Each step takes the settings and leaves files;
none knows of the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import duckdb

import pipelines.intake.take_in as intake
from pipelines.contracts.loader import load_source
from pipelines.durable import Checkpoint, no_checkpoint
from pipelines.fingerprint import wanted_fingerprint
from pipelines.intake.archive import archive_of
from pipelines.intake.events import deliveries
from pipelines.intake.ledger import Ledger
from pipelines.intake.take_in import IntakeReport, Reasons
from pipelines.settings import Settings
from pipelines.warehouse.store import (
    connect,
    get_ledger_head,
    live_build_fingerprint,
    set_build_fingerprint,
)
from pipelines.warehouse.store import promote as swap_in


def take_in(
    settings: Settings,
    *,
    now: datetime,
    by: str,
    settle_seconds: float = 2.0,
    again: Iterable[tuple[str, str]] = (),
    from_nothing: bool = False,
    checkpoint: Checkpoint = no_checkpoint,
) -> IntakeReport:
    """Receive, decide, screen and load all that waits; the caller holds the writer lock."""
    return intake.take_in(
        settings,
        now=now,
        by=by,
        settle_seconds=settle_seconds,
        screen=quality_gate,
        again=again,
        from_nothing=from_nothing,
        checkpoint=checkpoint,
    )


def quality_gate(
    database: duckdb.DuckDBPyConnection | Path, loaded: Mapping[str, Sequence[str]]
) -> Mapping[str, Sequence[Reasons]]:
    """Hold newly loaded deliveries against the arriving suites of Great Expectations.

    Args:
        database: The build copy, or a connection that has the rows.
        loaded: Raw table to the deliveries that were loaded into it.

    Returns:
        For each delivery that does not pass, the reasons in Danish and English.
    """
    from quality.arriving import SOURCES, arriving_suites
    from quality.screen import screen_new_deliveries

    suites = {s.table: s for s in arriving_suites({name: load_source(name) for name in SOURCES})}
    against: dict[str, list[Reasons]] = {}
    for table, ids in loaded.items():
        found = screen_new_deliveries(database, ids, [suites[f"raw.{table}"]])
        for delivery_id, reasons in found.items():
            against[delivery_id] = [(r.message_da, r.message_en) for r in reasons]
    return against


def build_needed(settings: Settings) -> str | None:
    """Why the live warehouse is not the one a run would make now; None when it is."""
    if not settings.live_path.is_file():
        return "there is no warehouse yet"
    if not settings.publish_path.is_file() or not settings.published_dir.is_dir():
        return "nothing is published yet"
    if live_build_fingerprint(settings) != wanted_fingerprint(settings):
        return "the ledger or the code has changed since the warehouse was built"
    states = deliveries(Ledger(settings.ledger_path).read())
    if failing := [s for s in states if s.failure]:
        return f"{len(failing)} deliveries could not be processed when they were last tried"
    archive = archive_of(settings)
    if set(archive.all_ids()) - {s.delivery_id for s in states}:
        return "there are archived deliveries that the ledger does not know"
    if archive.keys.erased_ids() & {s.delivery_id for s in states if s.state != "erased"}:
        return "an erasure was interrupted"
    return None


def promote(settings: Settings, *, checkpoint: Checkpoint = no_checkpoint) -> None:
    """Stamp the build copy with what it was made from, and swap it in as the live warehouse."""
    with connect(settings.build_path) as con:
        set_build_fingerprint(con, wanted_fingerprint(settings, get_ledger_head(con)))
    checkpoint("promote.stamped")
    swap_in(settings, checkpoint=checkpoint)
