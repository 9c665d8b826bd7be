"""Check a file as a run would, without delivering it: the same decision, and nothing written.

`check` is the whole gate as one function of plain arguments: what the inbox would refuse, the
contract's rules, the quality gate. It works in a database in memory, beside which it knows only
what the live warehouse holds now. Showing what it found is `pipelines.commands.check`.
"""

from __future__ import annotations

import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.tables import raw_ddl
from pipelines.durable import sha256_of
from pipelines.intake import names
from pipelines.intake.conform.corrections import CorrectedContract, start_corrections
from pipelines.intake.deciding import is_screened, load
from pipelines.intake.delivered_file import is_large_text
from pipelines.intake.delivery import (
    ArchivedDelivery,
    DeliveredFile,
    DeliveryMeta,
    MetaError,
    content_sha256,
    readdressed_id,
)
from pipelines.intake.events import LedgerEvent, deliveries
from pipelines.intake.findings import Finding
from pipelines.intake.held_against import held_against
from pipelines.intake.items import BAD_META
from pipelines.intake.ledger import Ledger, received_event
from pipelines.intake.names import Reason
from pipelines.intake.placing import DeliverRefusedError, files_to_deliver
from pipelines.intake.process import Decision, decide, turned_down
from pipelines.settings import Settings
from pipelines.warehouse.store import ensure_raw_schema

Screen = Callable[
    [duckdb.DuckDBPyConnection, Mapping[str, Sequence[str]]],
    Mapping[str, Sequence[tuple[str, str]]],
]
"""The quality gate: given the rows and {raw table: deliveries}, the reasons against each."""


class PeriodUnknownError(ValueError):
    """No period was given, or one that is not of its source's kind, and the name has none."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a run would make of a file now."""

    name: str
    source: str
    period: str
    status: str
    rows_read: int
    rows_accepted: int
    findings: tuple[Finding, ...]

    @property
    def rows_quarantined(self) -> int:
        """Rows that would be set aside, or all rows of a rejected file."""
        return self.rows_read - self.rows_accepted

    def to_dict(self) -> dict[str, Any]:
        """The report in the form of `monitor check --json`."""
        return {
            "status": self.status,
            "rows": {
                "read": self.rows_read,
                "accepted": self.rows_accepted,
                "quarantined": self.rows_quarantined,
            },
            "findings": [finding.to_dict() for finding in self.findings],
        }


def check(
    settings: Settings,
    path: Path,
    source: str,
    period: str | None = None,
    *,
    screen: Screen | None = None,
) -> CheckReport:
    """Put a file or folder through the gate and say what would become of it.

    Args:
        settings: The installation whose plans and earlier deliveries count; it need not exist.
        path: A file, or the folder of a SurveyXact export.
        source: The source's name.
        period: Year or ISO date; without it the one in the name, where there is just one.
        screen: The quality gate over the accepted rows.

    Raises:
        PeriodUnknownError: If it cannot be said what the file is delivered for.
        OSError: If the file cannot be read.
    """
    period = _period(path, source, period)
    name = unicodedata.normalize("NFC", path.name)
    try:
        files = files_to_deliver(path, source, period)
    except DeliverRefusedError as refusal:
        if refusal.reason is None:
            raise
        return _refused(name, source, period, refusal.reason)
    try:
        meta = _meta(path)
    except MetaError:
        return _refused(name, source, period, BAD_META)
    events = Ledger(settings.ledger_path).read()
    with _payload(files) as payload:
        delivery = _delivery(name, source, period, files, meta, payload, is_folder=path.is_dir())
        known = {e.delivery_id: e for e in events if e.kind == "received"}
        first = known.get(delivery.content_sha256)
        if first is not None and (first.source, first.period) != (source, period):
            # the same bytes at another address are a delivery of their own
            delivery = replace(
                delivery, delivery_id=readdressed_id(delivery.content_sha256, source, period)
            )
        held = _held_against(delivery, events)
        decision = _decision(settings, delivery, payload, held, screen)
    findings = decision.findings
    if delivery.delivery_id in known:
        findings = (_finding(name, names.ALREADY_RECEIVED, "warning"), *findings)
    return CheckReport(
        name,
        source,
        period,
        decision.state,
        decision.rows_read,
        decision.rows_accepted,
        findings,
    )


def _period(path: Path, source: str, period: str | None) -> str:
    kind = load_source(source).period_kind
    found = period or names.period_from_name(path.name, kind)
    if found is None or not names.fits(found, source, {source: kind}):
        raise PeriodUnknownError(kind)
    return found


def _refused(name: str, source: str, period: str, reason: Reason) -> CheckReport:
    """The report on what the inbox would not take: no row of it was looked at."""
    finding = _finding(name, reason, "error")
    return CheckReport(names.printable(name), source, period, "rejected", 0, 0, (finding,))


def _finding(name: str, reason: Reason, severity: Any) -> Finding:
    return Finding(
        names.printable(name),
        None,
        None,
        None,
        reason.rule,
        severity,
        reason.message_da,
        reason.message_en,
    )


def _meta(path: Path) -> DeliveryMeta:
    side = path.with_name(path.name + names.META_SUFFIX)
    return DeliveryMeta.from_json(side.read_text("utf-8")) if side.is_file() else DeliveryMeta()


@contextmanager
def _payload(files: Mapping[str, Path]) -> Iterator[Path]:
    """A private folder with the files under their names, which readers may put parts into.

    A large text stays where it is: nothing is put beside it.
    """
    if len(files) == 1:
        ((name, path),) = files.items()
        if path.name == name and is_large_text(name, path):
            yield path.parent
            return
    with tempfile.TemporaryDirectory(prefix="monitor-check-") as folder:
        for name, path in files.items():
            shutil.copyfile(path, Path(folder, name))
        yield Path(folder)


def _delivery(
    name: str,
    source: str,
    period: str,
    files: Mapping[str, Path],
    meta: DeliveryMeta,
    payload: Path,
    *,
    is_folder: bool,
) -> ArchivedDelivery:
    """The delivery that these files would become."""
    listed = tuple(
        DeliveredFile(each, sha256_of(path), path.stat().st_size)
        for each, path in sorted(files.items(), key=lambda item: item[0].encode("utf-8"))
    )
    content = content_sha256(listed, is_folder=is_folder)
    return ArchivedDelivery(
        delivery_id=content,
        source=source,
        period=period,
        name=name,
        files=listed,
        payload_dir=payload,
        meta=meta.with_names((name, *files)),
        received_at=datetime.now(UTC),
        content_sha256=content,
        is_folder=is_folder,
        bytes=sum(file.bytes for file in listed),
    )


def _decision(
    settings: Settings,
    delivery: ArchivedDelivery,
    payload: Path,
    held: tuple[str, ...],
    screen: Screen | None,
) -> Decision:
    with scratch_warehouse(settings, held) as con:
        start_corrections(con)
        contract = CorrectedContract.of(delivery).applied
        decision = decide(con, delivery, payload, held, contract=contract)
        if screen is None or not is_screened(decision):
            return decision
        load(con, delivery.delivery_id, decision, rows=True)
        against = screen(con, {decision.table: [delivery.delivery_id]})
        reasons = against.get(delivery.delivery_id)
        return turned_down(delivery, decision, reasons) if reasons else decision


@contextmanager
def scratch_warehouse(
    settings: Settings, held: Sequence[str] = ()
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with the raw tables, and in them what the live warehouse has of some.

    Args:
        settings: The installation; without a live warehouse the tables are empty.
        held: The deliveries whose rows are wanted.
    """
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as con:
        ensure_raw_schema(con, tuple(raw_ddl()))
        if held and settings.live_path.is_file():
            _copy_rows(con, settings.live_path, held)
        yield con


def _copy_rows(con: duckdb.DuckDBPyConnection, live: Path, held: Sequence[str]) -> None:
    quoted = str(live).replace("'", "''")
    con.execute(f"attach '{quoted}' as live (read_only)")
    try:
        for source in source_names():
            table = load_source(source).table
            # what was built under an earlier contract may lack columns, or have others
            common = con.execute(
                "select string_agg(column_name, ', ') from (select column_name "
                "from duckdb_columns() where schema_name = 'raw' and table_name = $table "
                "group by column_name having count(distinct database_name) = 2)",
                {"table": table},
            ).fetchone()
            if common and common[0]:
                con.execute(
                    f"insert into raw.{table} ({common[0]}) select {common[0]} "
                    f"from live.raw.{table} where list_contains($held, delivery_id)",
                    {"held": list(held)},
                )
    finally:
        con.execute("detach live")


def _held_against(delivery: ArchivedDelivery, events: Sequence[LedgerEvent]) -> tuple[str, ...]:
    """The deliveries a run would hold it against, were it received now."""
    event = received_event(delivery, at=delivery.received_at, by="check")
    states = deliveries([*events, event])
    own = next(s for s in states if s.delivery_id == delivery.delivery_id)
    return held_against(own, states, {})
