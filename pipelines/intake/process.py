"""Decide on one archived delivery: read it, hold it against its contract, say what becomes of it.

A decision is a function of the archived bytes, the contract and the plans known by then; nothing
is written but temporary tables of the given connection. Loading, and putting the decision on the
ledger, is `intake.take_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from pipelines.contracts.loader import load_code_book, load_source
from pipelines.contracts.model import Source
from pipelines.contracts.tables import MINUTE_TOPICS_TABLE
from pipelines.intake.conform.frame import check_stated_period, check_totals, title_values
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.minutes import conform_minutes
from pipelines.intake.conform.survey import apply_code_book
from pipelines.intake.conform.table import (
    Conformed,
    conform_table,
    prepare_connection,
    required_headers,
    wanted_headers,
)
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import DeliveryRejected, Finding, rejected
from pipelines.intake.readers.delimited import read_delimited
from pipelines.intake.readers.minutes import read_minutes
from pipelines.intake.readers.surveyxact import read_surveyxact
from pipelines.intake.readers.tables import TextTable
from pipelines.intake.readers.xlsx import read_xlsx_table
from pipelines.intake.readers.zipped import read_zip

MINUTES = frozenset({".docx", ".pdf"})
TEXT_TABLES = frozenset({".csv", ".txt"})
WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls"})


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a delivery; accepted rows wait in the temporary table `ACCEPTED`."""

    state: Literal["accepted", "quarantined", "rejected"]
    slot: str
    table: str
    rows_read: int = 0
    rows_accepted: int = 0
    findings: tuple[Finding, ...] = ()
    reason: str | None = None

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside, or all rows of a rejected file."""
        return self.rows_read - self.rows_accepted


def decide(
    con: duckdb.DuckDBPyConnection,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str] = (),
) -> Decision:
    """Read, conform and judge a delivery.

    Args:
        con: The build copy, with the raw tables in it.
        delivery: What was delivered.
        payload: The folder with its files, as the archive opened it.
        plan_deliveries: The driftsstøtte deliveries that count now; the survey is checked
            against their plans.
    """
    source = load_source(delivery.source)
    slot = f"{delivery.source}/{delivery.period}"
    try:
        prepare_connection(con, source)
        table, slot, conformed = _KINDS[delivery.source](
            con, source, delivery, payload, plan_deliveries
        )
        if conformed.rows_accepted == 0:
            raise contract_rejection(
                "K04_no_row_accepted", file=delivery.name, rows=conformed.rows_read
            )
    except DeliveryRejected as refusal:
        return Decision(
            "rejected", slot, source.table, findings=(refusal.to_finding(),), reason=refusal.rule
        )
    return Decision(
        "quarantined" if conformed.rows_quarantined else "accepted",
        slot,
        table,
        conformed.rows_read,
        conformed.rows_accepted,
        conformed.findings,
    )


_Judged = tuple[str, str, Conformed]


def _table_delivery(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str],
) -> _Judged:
    del plan_deliveries
    table = _read_table(source, delivery, payload)
    check_stated_period(con, source, table, delivery.period)
    facts = title_values(source, table, delivery.period)
    conformed = conform_table(con, source, table, delivery.period, facts)
    check_totals(con, source, table)
    return source.table, f"{delivery.source}/{delivery.period}", conformed


def _survey(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str],
) -> _Judged:
    book = load_code_book(source.source, delivery.period)
    if book is None:
        raise contract_rejection("K01_no_code_book", file=delivery.name, period=delivery.period)
    _know_plans(con, delivery.period, plan_deliveries)
    export = read_surveyxact(_survey_files(delivery, payload), delivery.name)
    survey = apply_code_book(source, book, export.dataset, export.long_names)
    conformed = conform_table(con, source, survey.table, delivery.period, {})
    told = Conformed(
        conformed.rows_read,
        conformed.rows_accepted,
        survey.in_senders_words(conformed.findings),
    )
    return source.table, f"{delivery.source}/{delivery.period}", told


def _styringsdialog(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str],
) -> _Judged:
    if not _is_minutes(source, delivery, payload):
        table, slot, conformed = _table_delivery(con, source, delivery, payload, plan_deliveries)
        return table, f"{slot}/list", conformed
    name = delivery.files[0].name
    minutes = read_minutes(name, (payload / name).read_bytes())
    meeting, conformed = conform_minutes(con, minutes, delivery)
    slot = f"{delivery.source}/{delivery.period}/minutes/{meeting}"
    return MINUTE_TOPICS_TABLE, slot, conformed


def _is_minutes(source: Source, delivery: ArchivedDelivery, payload: Path) -> bool:
    """Whether a file is the minutes of a meeting; a text file is, when it holds no list."""
    name = delivery.files[0].name
    suffix = Path(name).suffix.lower()
    if suffix != ".txt":
        return suffix in MINUTES
    try:
        read_delimited((payload / name).read_bytes(), name, required_headers(source))
    except DeliveryRejected:
        return True
    return False


_KINDS: Mapping[str, Callable[..., _Judged]] = {
    "driftsstoette": _table_delivery,
    "survey": _survey,
    "styringsdialog": _styringsdialog,
}


def _read_table(source: Source, delivery: ArchivedDelivery, payload: Path) -> TextTable:
    """The one table of a delivery, whatever container it came in."""
    needed, wanted = required_headers(source), wanted_headers(source)
    name = delivery.files[0].name
    suffix = Path(name).suffix.lower()
    if delivery.is_folder:
        raise rejected(
            "F22_unsupported_format",
            file=delivery.name,
            extension="(mappe)",
            accepted=", ".join(source.formats),
        )
    if suffix == ".zip":
        members = read_zip((payload / name).read_bytes(), name)
        if len(members) != 1:
            raise rejected("F15_several_data_sets", file=name, names=", ".join(sorted(members)))
        inner, data = next(iter(members.items()))
        if Path(inner).suffix.lower() in TEXT_TABLES:
            return read_delimited(data, inner, needed, wanted_headers=wanted)
        name, suffix = inner, Path(inner).suffix.lower()
        if suffix in WORKBOOKS:
            return read_xlsx_table(data, name, needed, wanted_headers=wanted)
    elif suffix in TEXT_TABLES:
        data = (payload / name).read_bytes()
        return read_delimited(data, name, needed, wanted_headers=wanted)
    elif suffix in WORKBOOKS:
        data = (payload / name).read_bytes()
        return read_xlsx_table(data, name, needed, wanted_headers=wanted)
    raise rejected(
        "F22_unsupported_format",
        file=name,
        extension=suffix or "(ingen)",
        accepted=", ".join(source.formats),
    )


def _survey_files(delivery: ArchivedDelivery, payload: Path) -> dict[str, bytes]:
    if not delivery.is_folder and delivery.files[0].name.lower().endswith(".zip"):
        name = delivery.files[0].name
        return read_zip((payload / name).read_bytes(), name)
    return {file.name: (payload / file.name).read_bytes() for file in delivery.files}


def _know_plans(
    con: duckdb.DuckDBPyConnection, wave: str, plan_deliveries: Collection[str]
) -> None:
    """Put the municipalities that had a plan in the wave's year into plan_municipalities.

    From the newest extract that is not older than a year and a half; without one the table is
    empty and the survey is not checked against plans.
    """
    con.execute(
        "create or replace temp table plan_municipalities as "
        "with known as (select * from raw.driftsstoette_lines "
        "  where list_contains($deliveries, delivery_id) "
        "  and extract_date between make_date($wave - 1, 6, 30) and make_date($wave, 12, 31)) "
        "select distinct municipality_code from known "
        "where extract_date = (select max(extract_date) from known) "
        "and status <> 'prequalified' and grant_start <= make_date($wave, 12, 31) "
        "and grant_end >= make_date($wave, 1, 1)",
        {"deliveries": sorted(plan_deliveries), "wave": int(wave)},
    )
