"""Assets of the raw layer: the intake of all that waits, and each source's table by period.

`raw/deliveries` is what an event makes run: it takes in everything in the inbox and logs the
partitions it touched. The partitioned tables are materialised by themselves to read the archived
deliveries of a wave, year or extract date anew (the `reload_…` jobs).
"""

import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import dagster as dg
import duckdb

from pipelines.alerting.alert import Alert
from pipelines.orchestration.layers import Layers, RawTable, now
from pipelines.orchestration.links import document_links, source_code
from pipelines.orchestration.partitions import add_periods, definition_for
from pipelines.orchestration.table_metadata import describe, markdown_table, rows_by_period
from pipelines.who import who

if TYPE_CHECKING:
    from pipelines.intake.take_in import IntakeReport

LOG = logging.getLogger(__name__)
GROUP = "intake"
OWNERS = ("team:data",)
KINDS = {"duckdb", "python"}
DELIVERIES = dg.AssetKey(["raw", "deliveries"])
LEDGER_TABLES = {
    "deliveries": "One row per delivery that was decided on, as the ledger has it.",
    "findings": "One row per rule that a row, column or file of a delivery broke.",
    "corrections": (
        "One row per correction and row of a delivery that it met, or delivery it did not meet."
    ),
    "survey_codebook": "One row per wave and canonical field: what the wave's questionnaire asked.",
}
FRESHNESS = {
    "year": dg.FreshnessPolicy.time_window(
        warn_window=timedelta(days=400), fail_window=timedelta(days=460)
    ),
    "date": dg.FreshnessPolicy.time_window(
        warn_window=timedelta(days=200), fail_window=timedelta(days=240)
    ),
}
NOT_PROCESSED = "deliveries not processed (our fault)"
RETRIES = 2
RETRY_SECONDS = 5.0


def run_name(run_id: str) -> str:
    """Who takes in during a run, for the ledger: the user it runs as, and which run."""
    return f"{who()}, run {run_id[:8]}"


def raw_key(table: str) -> dg.AssetKey:
    """The asset key of a raw table."""
    return dg.AssetKey(["raw", table])


def intake_asset(tables: tuple[RawTable, ...]) -> dg.AssetsDefinition:
    """Make the asset that takes in the inbox and writes the ledger's tables."""

    @dg.multi_asset(
        name="intake",
        specs=[
            dg.AssetSpec(
                raw_key(name),
                description=text,
                group_name=GROUP,
                owners=OWNERS,
                kinds=KINDS,
                tags={"layer": "raw"},
                freshness_policy=FRESHNESS["date"],
                metadata={**document_links("raw"), **source_code("pipelines/intake/take_in.py")},
            )
            for name, text in LEDGER_TABLES.items()
        ],
    )
    def intake(
        context: dg.AssetExecutionContext, writer: dg.ResourceParam[Layers]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        started = time.perf_counter()
        with retrying_transient():
            report = writer.take_in(by=run_name(context.run_id))
        seconds = round(time.perf_counter() - started, 3)
        log_decisions(report)
        for alert in alerts_of(report, now()):
            writer.tell(alert)
        for event in partition_events(context.instance, writer, tables, report):
            context.log_event(event)
        facts = describe(writer.settings.build_path, [("raw", name) for name in LEDGER_TABLES])
        for name in LEDGER_TABLES:
            found = facts.get(("raw", name))
            yield dg.MaterializeResult(
                asset_key=raw_key(name),
                metadata={
                    **(found.metadata() if found else {}),
                    **(intake_metadata(report) if name == "deliveries" else {}),
                    "seconds": seconds,
                },
            )

    return intake


def raw_table_asset(table: RawTable, tables: tuple[RawTable, ...]) -> dg.AssetsDefinition:
    """Make the partitioned asset of a raw table; running it reads archived deliveries anew."""
    with warnings.catch_warnings():
        # Backfill policies are "beta" in Dagster 1.13; we know, and users need not hear of it.
        warnings.simplefilter("ignore", dg.BetaWarning)
        return _raw_table_asset(table, tables)


def _raw_table_asset(table: RawTable, tables: tuple[RawTable, ...]) -> dg.AssetsDefinition:
    @dg.asset(
        key=raw_key(table.table),
        description=table.description,
        group_name=GROUP,
        owners=OWNERS,
        kinds=KINDS,
        tags={"layer": "raw", "source": table.source},
        partitions_def=definition_for(table.source),
        backfill_policy=dg.BackfillPolicy.single_run(),  # one intake, however many periods
        freshness_policy=FRESHNESS[table.period_kind],
        metadata={
            **document_links("raw"),
            **source_code(f"pipelines/sources/{table.source}/source.yml"),
        },
    )
    def reload(
        context: dg.AssetExecutionContext, writer: dg.ResourceParam[Layers]
    ) -> dg.MaterializeResult[Any]:
        again = [(table.source, period) for period in context.partition_keys]
        with retrying_transient():
            report = writer.take_in(by=run_name(context.run_id), again=again)
        for event in partition_events(context.instance, writer, tables, report):
            if (
                event.asset_key != context.asset_key
                or event.partition not in context.partition_keys
            ):
                context.log_event(event)
        context.log_event(dg.AssetMaterialization(DELIVERIES, metadata=intake_metadata(report)))
        facts = describe(writer.settings.build_path, [("raw", table.table)])
        found = facts.get(("raw", table.table))
        return dg.MaterializeResult(
            metadata={
                **(found.metadata() if found else {}),
                "periods read anew": ", ".join(context.partition_keys),
                "deliveries read anew": len(report.taken),
            }
        )

    return reload


def partition_events(
    instance: dg.DagsterInstance,
    layers: Layers,
    tables: Iterable[RawTable],
    report: "IntakeReport",
) -> Iterator[dg.AssetMaterialization]:
    """Say which partitions of which raw tables an intake changed, adding those that are new."""
    touched = report.partitions()
    by_name = {table.table: table for table in tables}
    database = layers.settings.build_path
    facts = describe(database, [("raw", name) for name in touched])
    for name, periods in sorted(touched.items()):
        if name not in by_name or ("raw", name) not in facts:
            continue
        add_periods(instance, by_name[name].source, periods)
        counts = rows_by_period(database, ("raw", name))
        for period in sorted(periods):
            yield dg.AssetMaterialization(
                raw_key(name),
                partition=period,
                metadata={
                    **facts["raw", name].metadata(),
                    "dagster/partition_row_count": counts.get(period, 0),
                },
            )


def intake_metadata(report: "IntakeReport") -> dict[str, Any]:
    """What an intake did, for the asset's page: counts, and a line a delivery."""
    states: list[str] = [each.decision.state for each in report.taken]
    metadata: dict[str, Any] = {
        f"deliveries {state}": states.count(state)
        for state in ("accepted", "quarantined", "rejected")
    }
    metadata["deliveries known already"] = len(report.received.already_known)
    metadata[NOT_PROCESSED] = len(report.failed)
    if report.taken:
        metadata["decisions"] = dg.MetadataValue.md(
            markdown_table(
                ("source", "period", "delivery", "decision", "rows", "set aside", "reason"),
                (
                    (
                        each.delivery.source,
                        each.delivery.period,
                        each.delivery.name,
                        each.decision.state,
                        each.decision.rows_accepted,
                        each.decision.rows_quarantined,
                        each.decision.reason,
                    )
                    for each in report.taken
                ),
            )
        )
    findings = [(each.delivery.name, f) for each in report.taken for f in each.decision.findings]
    if findings:
        metadata["findings (first 50)"] = dg.MetadataValue.md(
            markdown_table(
                ("delivery", "row", "column", "rule", "severity", "message"),
                (
                    (name, f.row, f.column, f.rule, f.severity, f.message_en)
                    for name, f in findings[:50]
                ),
            )
        )
    return metadata


def log_decisions(report: "IntakeReport") -> None:
    """A line a delivery, with its facts as fields; its name may name a person, and stays out."""
    for each in report.taken:
        LOG.info(
            "%s %s %s",
            *(each.delivery.source, each.delivery.period, each.decision.state),
            extra={
                "delivery": each.delivery.delivery_id,
                "source": each.delivery.source,
                "period": each.delivery.period,
                "state": each.decision.state,
                "rows": each.decision.rows_accepted,
            },
        )


def alerts_of(report: "IntakeReport", at: datetime) -> Iterator[Alert]:
    """What an intake has to tell of deliveries: by id, for a file's name may name a person."""
    for state, kind_id in (("rejected", "delivery_rejected"), ("quarantined", "delivery_in_part")):
        found = [each for each in report.taken if each.decision.state == state]
        if not found:
            continue
        rows = sum(each.decision.rows_quarantined for each in found)
        what = f"{len(found)} deliveries" + (f", {rows} rows set aside" if rows else "")
        subjects = tuple(
            f"{each.delivery.source}/{each.delivery.period} {each.delivery.delivery_id[:12]}"
            for each in found
        )
        yield Alert(kind_id, what, at, subjects)


@contextmanager
def retrying_transient() -> Iterator[None]:
    """Try a step again when disk or locks failed it; anything else fails at once.

    The intake may be repeated at any point: what is archived stays, what is decided is decided.
    """
    try:
        yield
    except (OSError, duckdb.IOException) as error:
        raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=RETRY_SECONDS) from error
