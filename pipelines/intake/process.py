"""Decide on one archived delivery: read it, hold it against its contract, say what becomes of it.

A decision is a function of the archived bytes, the contract and the plans known by then; nothing
is written but temporary tables of the given connection. Loading, and putting the decision on the
ledger, is `intake.take_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, NamedTuple

import duckdb

from pipelines.contracts.loader import load_code_book, load_source
from pipelines.contracts.model import CodeBook, Source
from pipelines.contracts.tables import MINUTE_TOPICS_TABLE
from pipelines.intake.comparison import smaller_than_before
from pipelines.intake.conform.frame import check_stated_period, check_totals, title_values
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.minutes import conform_minutes
from pipelines.intake.conform.streamed import conform_stream
from pipelines.intake.conform.survey import apply_code_book
from pipelines.intake.conform.table import (
    ACCEPTED,
    Conformed,
    conform_table,
    prepare_connection,
    required_headers,
    wanted_headers,
)
from pipelines.intake.delivered_file import (
    OneFile,
    check_ending,
    is_minutes,
    is_streamed,
    may_be_streamed,
    one_file,
    table_of,
)
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import DeliveryRejected, Finding
from pipelines.intake.increments import check_increment, check_taken
from pipelines.intake.readers.delimited_stream import stream_delimited
from pipelines.intake.readers.minutes import read_minutes
from pipelines.intake.readers.survey import read_survey
from pipelines.intake.readers.survey_names import with_known_names
from pipelines.intake.readers.surveyxact import SurveyExport
from pipelines.intake.readers.zipped import read_zip
from pipelines.intake.slots import increment_slot

MIN_ACCEPTED_SHARE: Final = 0.5
"""With fewer of its rows left, a delivery would be published as something it is not."""


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
    is_loaded: bool = False
    """The accepted rows are in the raw table already, in place of what was there of the delivery;
    there is no table `ACCEPTED`."""

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside, or all rows of a rejected file."""
        return self.rows_read - self.rows_accepted


def decide(
    con: duckdb.DuckDBPyConnection,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str] = (),
    *,
    contract: Source | None = None,
) -> Decision:
    """Read, conform and judge a delivery.

    Args:
        con: The build copy, with the raw tables in it.
        delivery: What was delivered.
        payload: The folder with its files, as the archive opened it.
        plan_deliveries: The deliveries it is held against: driftsstøtte extracts, whose plans a
            survey is checked against, and the delivery before it, which it may not be far
            smaller than.
        contract: The contract to hold it to, where that is not its source's as declared: with
            the corrections that reach the delivery, or a benchmark's.
    """
    source = contract or load_source(delivery.source)
    if not may_be_streamed(source, delivery):
        return _decided(con, source, delivery, payload, plan_deliveries)
    con.begin()
    try:
        decision = _decided(con, source, delivery, payload, plan_deliveries)
    except BaseException:
        con.rollback()
        raise
    if decision.state == "rejected":
        con.rollback()
        return decision
    if decision.is_loaded:
        con.execute(f"drop view {ACCEPTED}")
    con.commit()
    return decision


def _decided(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str],
) -> Decision:
    slot = f"{delivery.source}/{delivery.period}"
    try:
        check_taken(source, delivery)
        prepare_connection(con, source)
        judged = _KINDS[delivery.source](con, source, delivery, payload, plan_deliveries)
    except DeliveryRejected as refusal:
        return Decision(
            "rejected", slot, source.table, findings=(refusal.to_finding(),), reason=refusal.rule
        )
    conformed = judged.conformed
    refused = judged.refusal or _too_little_left(delivery, conformed)
    if refused is None and judged.table == source.table and not delivery.meta.is_incremental:
        told = smaller_than_before(con, source, delivery, plan_deliveries)
        if isinstance(told, Finding):
            conformed = replace(conformed, findings=(told, *conformed.findings))
        else:
            refused = told
    if refused is not None:
        return Decision(
            "rejected",
            judged.slot,
            judged.table,
            conformed.rows_read,
            0,
            (refused.to_finding(), *without_loaded_rows(conformed.findings)),
            refused.rule,
        )
    return Decision(
        "quarantined" if conformed.rows_quarantined else "accepted",
        judged.slot,
        judged.table,
        conformed.rows_read,
        conformed.rows_accepted,
        conformed.findings,
        is_loaded=judged.is_loaded,
    )


def turned_down(
    delivery: ArchivedDelivery, decision: Decision, reasons: Sequence[tuple[str, str]]
) -> Decision:
    """The decision on a delivery that the quality gate finds implausible as a whole (K07).

    Args:
        delivery: What was delivered.
        decision: What its own rows gave.
        reasons: What should hold but does not, in Danish and in English.
    """
    refusal = contract_rejection(
        "K07_quality_gate",
        file=delivery.name,
        reasons="; ".join(da.rstrip(".") for da, _ in reasons),
        reasons_en="; ".join(en.rstrip(".") for _, en in reasons),
    )
    return Decision(
        "rejected",
        decision.slot,
        decision.table,
        decision.rows_read,
        0,
        (refusal.to_finding(), *without_loaded_rows(decision.findings)),
        refusal.rule,
    )


def without_loaded_rows(findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings of a delivery that is rejected: a warning on a row says that it was loaded."""
    return (f for f in findings if f.severity == "error" or f.row is None)


def _too_little_left(delivery: ArchivedDelivery, conformed: Conformed) -> DeliveryRejected | None:
    """The reason to reject a delivery that was read, if too few of its rows can be loaded."""
    details = {"rows": conformed.rows_read, "held": conformed.rows_quarantined}
    if conformed.rows_read == 0:
        rule = "K09_no_rows"
    elif conformed.rows_accepted == 0:
        rule = "K04_no_row_accepted"
    elif conformed.rows_accepted < MIN_ACCEPTED_SHARE * conformed.rows_read:
        rule = "K10_most_rows_held_back"
    else:
        return None
    return contract_rejection(rule, file=delivery.name, **details)


class _Judged(NamedTuple):
    """A delivery held against its contract; `refusal` is one that came after its rows were read."""

    table: str
    slot: str
    conformed: Conformed
    refusal: DeliveryRejected | None = None
    is_loaded: bool = False


def _table_delivery(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str],
) -> _Judged:
    del plan_deliveries
    return _table_of(con, source, delivery, one_file(source, delivery, payload))


def _table_of(
    con: duckdb.DuckDBPyConnection, source: Source, delivery: ArchivedDelivery, file: OneFile
) -> _Judged:
    ending = check_ending(file.name, file.path)
    judge = _streamed_delivery if is_streamed(source, file) else _whole_delivery
    judged = judge(con, source, delivery, file)
    if ending is None:
        return judged
    findings = (ending, *judged.conformed.findings)
    return judged._replace(conformed=replace(judged.conformed, findings=findings))


def _whole_delivery(
    con: duckdb.DuckDBPyConnection, source: Source, delivery: ArchivedDelivery, file: OneFile
) -> _Judged:
    """Read the whole table at once."""
    table = table_of(source, file)
    check_stated_period(con, source, table, delivery.period)
    facts = title_values(source, table, delivery.period)
    conformed = conform_table(con, source, table, delivery.period, facts)
    slot = f"{delivery.source}/{delivery.period}"
    try:
        check_totals(con, source, table)
    except DeliveryRejected as refusal:
        return _Judged(source.table, slot, conformed, refusal)
    return _Judged(source.table, slot, conformed)


def _streamed_delivery(
    con: duckdb.DuckDBPyConnection, source: Source, delivery: ArchivedDelivery, file: OneFile
) -> _Judged:
    """Read and load in chunks, in a transaction that `decide` ends."""
    con.execute(f"delete from raw.{source.table} where delivery_id = ?", [delivery.delivery_id])
    needed, wanted = required_headers(source), wanted_headers(source)
    columns = [f.field for f in source.loaded_fields if not f.is_title_fact]
    with stream_delimited(file.path, file.name, needed, wanted, columns) as stream:
        check_stated_period(con, source, stream.head, delivery.period)
        facts = title_values(source, stream.head, delivery.period)
        conformed, table = conform_stream(
            con, source, stream, delivery.period, facts, delivery.delivery_id
        )
    slot = f"{delivery.source}/{delivery.period}"
    judged = _Judged(source.table, slot, conformed, is_loaded=True)
    try:
        check_totals(con, source, table)
    except DeliveryRejected as refusal:
        return judged._replace(refusal=refusal)
    return judged


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
    for each in delivery.files:
        check_ending(each.name, payload / each.name)
    slot = f"{delivery.source}/{delivery.period}"
    if delivery.meta.is_incremental:
        check_increment(con, source, book, delivery, plan_deliveries)
        slot = increment_slot(slot, delivery.delivery_id)
    _know_plans(con, delivery.period, plan_deliveries)
    export = survey_export(book, delivery, payload)
    survey = apply_code_book(source, book, export.dataset, export.long_names)
    conformed = conform_table(con, source, survey.table, delivery.period, {})
    told = Conformed(
        conformed.rows_read,
        conformed.rows_accepted,
        survey.in_senders_words(conformed.findings),
    )
    return _Judged(source.table, slot, told)


def _styringsdialog(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    plan_deliveries: Collection[str],
) -> _Judged:
    del plan_deliveries
    file = one_file(source, delivery, payload)
    if not is_minutes(source, file):
        judged = _table_of(con, source, delivery, file)
        return judged._replace(slot=f"{judged.slot}/list")
    minutes = read_minutes(file.name, file.path.read_bytes())
    meeting, conformed = conform_minutes(con, minutes, delivery, source.corrections.topics)
    slot = f"{delivery.source}/{delivery.period}/minutes/{meeting}"
    return _Judged(MINUTE_TOPICS_TABLE, slot, conformed)


_KINDS: Mapping[str, Callable[..., _Judged]] = {
    "driftsstoette": _table_delivery,
    "survey": _survey,
    "styringsdialog": _styringsdialog,
}


def survey_export(book: CodeBook, delivery: ArchivedDelivery, payload: Path) -> SurveyExport:
    """A survey's delivery as delivered, its variables joined to the names the code book has.

    Raises:
        DeliveryRejected: It cannot be read.
    """
    export = read_survey(survey_files(delivery, payload), delivery.name)
    variables = (entry.variable for entry in book.entries if entry.is_asked)
    names = with_known_names(export.long_names, export.variables, variables)
    return replace(export, long_names=names)


def survey_files(delivery: ArchivedDelivery, payload: Path) -> dict[str, bytes]:
    """The files of a survey's delivery by name, taken out of the zip they may have come in."""
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
