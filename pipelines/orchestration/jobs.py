"""Jobs and schedules: what is run together, and when nobody delivers anything.

`process_inbox` is the one that events start. A `reload_…` job reads a source's archived deliveries
of chosen periods anew and rebuilds all. The other two look and change nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.orchestration.custody_checks import ARCHIVE_CHECK, EXPECTED_CHECK
from pipelines.orchestration.layers import RawTable
from pipelines.orchestration.raw_assets import DELIVERIES, LEDGER_TABLES, raw_key
from pipelines.orchestration.run_locks import locked_executor
from pipelines.orchestration.runs import WRITES

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

PROCESS_INBOX = "process_inbox"
TIMEZONE = "Europe/Copenhagen"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""The run's log is in the instance; a person gets the summary or the alert. On a server the console
is the journal, which has no business with errors that may quote a cell."""
SCHEDULED_CHECKS = dg.AssetSelection.checks(
    dg.AssetCheckKey(DELIVERIES, ARCHIVE_CHECK), dg.AssetCheckKey(DELIVERIES, EXPECTED_CHECK)
)


def process_inbox_job(
    tables: Sequence[RawTable], after_raw: Collection[dg.AssetKey]
) -> UnresolvedAssetJobDefinition:
    """Make the job that takes in all that waits and builds, checks and publishes everything.

    Args:
        tables: The raw tables; their checks are part of the job, their assets (by period) are not.
        after_raw: Every asset that follows the raw layer.
    """
    intake = dg.AssetSelection.assets(*(raw_key(name) for name in LEDGER_TABLES))
    return dg.define_asset_job(
        PROCESS_INBOX,
        selection=(intake | _raw_checks(tables) | _assets(after_raw)) - SCHEDULED_CHECKS,
        description="Takes in all that waits in the inbox, builds, checks, goes live, publishes.",
        tags=WRITES,
        config=QUIET,
        executor_def=locked_executor,
    )


def reload_jobs(
    tables: Sequence[RawTable], after_raw: Collection[dg.AssetKey]
) -> list[UnresolvedAssetJobDefinition]:
    """Make a repair job for each source: read archived deliveries anew, rebuild everything."""
    by_source: dict[str, list[RawTable]] = {}
    for table in tables:
        by_source.setdefault(table.source, []).append(table)
    return [
        dg.define_asset_job(
            f"reload_{source}",
            selection=_assets(raw_key(t.table) for t in its)
            | _raw_checks(tables)
            | _assets(after_raw),
            description=(
                f"Reads the archived {source} deliveries of the chosen periods anew and rebuilds, "
                "checks and publishes everything."
            ),
            tags=WRITES,
            config=QUIET,
            executor_def=locked_executor,
        )
        for source, its in by_source.items()
    ]


def check_job(name: str, check: str, description: str) -> UnresolvedAssetJobDefinition:
    """Make a job of one scheduled check."""
    return dg.define_asset_job(
        name,
        selection=dg.AssetSelection.checks(dg.AssetCheckKey(DELIVERIES, check)),
        description=description,
        config=QUIET,
        executor_def=locked_executor,
    )


def schedule(job: UnresolvedAssetJobDefinition, cron: str, *, is_on: bool) -> dg.ScheduleDefinition:
    """Run a job by the clock of the users."""
    return dg.ScheduleDefinition(
        name=f"{job.name}_schedule",
        job=job,
        cron_schedule=cron,
        run_config=QUIET,
        execution_timezone=TIMEZONE,
        description=job.description,
        default_status=(
            dg.DefaultScheduleStatus.RUNNING if is_on else dg.DefaultScheduleStatus.STOPPED
        ),
    )


def _raw_checks(tables: Sequence[RawTable]) -> dg.AssetSelection:
    return dg.AssetSelection.checks_for_assets(*(raw_key(table.table) for table in tables))


def _assets(keys: Iterable[dg.AssetKey]) -> dg.AssetSelection:
    return dg.AssetSelection.assets(*sorted(keys, key=str))
