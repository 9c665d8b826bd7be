"""How each source's deliveries are read and held against their contract: one function a source.

What comes of it is decided in `process`: here a delivery is judged, and only one that cannot be
read is turned down.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.contracts.loader import load_code_book
from pipelines.contracts.model import CodeBook, Source
from pipelines.contracts.tables import MINUTE_TOPICS_TABLE
from pipelines.intake.conform.answer_labels import check_answer_labels
from pipelines.intake.conform.frame import check_stated_period, check_totals, title_values
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.minutes import conform_minutes
from pipelines.intake.conform.raw_rows import make_room
from pipelines.intake.conform.streamed import JudgeAsAWholeError, conform_stream
from pipelines.intake.conform.survey import apply_code_book
from pipelines.intake.conform.table import (
    Conformed,
    conform_table,
    required_headers,
    wanted_headers,
)
from pipelines.intake.delivered_file import (
    OneFile,
    check_ending,
    is_large_text,
    is_minutes,
    is_streamed,
    one_file,
    table_of,
)
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.increments import check_increment
from pipelines.intake.readers.delimited_answer import NotAsItBeganError
from pipelines.intake.readers.delimited_stream import stream_delimited
from pipelines.intake.readers.minutes import read_minutes
from pipelines.intake.readers.survey import read_survey
from pipelines.intake.readers.survey_names import with_known_names
from pipelines.intake.readers.surveyxact import SurveyExport
from pipelines.intake.readers.tables import TextTable
from pipelines.intake.readers.zipped import read_zip
from pipelines.intake.slots import full_slot, increment_slot, list_slot, minutes_slot


class Judged(NamedTuple):
    """A delivery held against its contract; `refusal` is one that came after its rows were read."""

    table: str
    slot: str
    conformed: Conformed
    refusal: DeliveryRejected | None = None
    is_loaded: bool = False


def judge_delivery(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    held: Collection[str],
) -> Judged:
    """Read a delivery in its source's own way, and hold its rows against the contract.

    Args:
        con: A connection that is prepared for the source.
        source: The contract.
        delivery: What was delivered.
        payload: The folder with its files.
        held: The deliveries it is held against, in the order of receipt.

    Raises:
        DeliveryRejected: It cannot be read as a delivery of its source.
    """
    return _BY_SOURCE[delivery.source](con, source, delivery, payload, held)


def _table_delivery(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    held: Collection[str],
) -> Judged:
    del held
    return _table_of(con, source, delivery, one_file(source, delivery, payload))


def _table_of(
    con: duckdb.DuckDBPyConnection, source: Source, delivery: ArchivedDelivery, file: OneFile
) -> Judged:
    ending = check_ending(file.name, file.path)
    judged = _streamed_delivery(con, source, delivery, file) if is_streamed(source, file) else None
    judged = judged or _whole_delivery(con, source, delivery, file)
    if ending is None:
        return judged
    findings = (ending, *judged.conformed.findings)
    return judged._replace(conformed=replace(judged.conformed, findings=findings))


def _whole_delivery(
    con: duckdb.DuckDBPyConnection, source: Source, delivery: ArchivedDelivery, file: OneFile
) -> Judged:
    """Read the whole table at once."""
    table = table_of(source, file)
    check_stated_period(con, source, table, delivery.period)
    facts = title_values(source, table, delivery.period)
    conformed = conform_table(con, source, table, delivery.period, facts)
    slot = full_slot(delivery.source, delivery.period)
    try:
        check_totals(con, source, table)
    except DeliveryRejected as refusal:
        return Judged(source.table, slot, conformed, refusal)
    return Judged(source.table, slot, conformed)


def _streamed_delivery(
    con: duckdb.DuckDBPyConnection, source: Source, delivery: ArchivedDelivery, file: OneFile
) -> Judged | None:
    """Read and load in chunks, in a transaction that `decide` ends.

    Returns:
        What became of it; None where that takes the whole table, and nothing is loaded.
    """
    try:
        try:
            conformed, table = _streamed(con, source, delivery, file, at_sight=True)
        except NotAsItBeganError:
            conformed, table = _streamed(con, source, delivery, file, at_sight=False)
    except JudgeAsAWholeError:
        make_room(con, source, delivery.delivery_id)
        return None
    slot = full_slot(delivery.source, delivery.period)
    judged = Judged(source.table, slot, conformed, is_loaded=True)
    try:
        check_totals(con, source, table)
    except DeliveryRejected as refusal:
        return judged._replace(refusal=refusal)
    return judged


def _streamed(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    file: OneFile,
    *,
    at_sight: bool,
) -> tuple[Conformed, TextTable]:
    """Put the rows in place of all that was loaded of the delivery, also by an earlier attempt."""
    make_room(con, source, delivery.delivery_id)
    needed, wanted = required_headers(source), wanted_headers(source)
    columns = [f.field for f in source.loaded_fields if not f.is_title_fact]
    with stream_delimited(
        file.path, file.name, needed, wanted, columns, at_sight=at_sight
    ) as stream:
        try:
            check_stated_period(con, source, stream.head, delivery.period)
            facts = title_values(source, stream.head, delivery.period)
            return conform_stream(
                con,
                source,
                stream,
                delivery.period,
                facts,
                delivery.delivery_id,
                fits=not is_large_text(file.name, file.path),
            )
        except DeliveryRejected:
            stream.finish()  # that a file cannot be read goes before what it says
            raise


def _survey(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    held: Collection[str],
) -> Judged:
    book = load_code_book(source.source, delivery.period)
    if book is None:
        raise contract_rejection("K01_no_code_book", file=delivery.name, period=delivery.period)
    files = survey_files(delivery, payload)
    endings = [check_ending(name, data) for name, data in files.items()]
    slot = full_slot(delivery.source, delivery.period)
    if delivery.meta.is_incremental:
        check_increment(con, source, book, delivery, held)
        slot = increment_slot(slot, delivery.delivery_id)
    _know_plans(con, delivery.period, held)
    export = _export(book, delivery.name, files)
    check_answer_labels(book, export.dataset, export.long_names, export.labels)
    survey = apply_code_book(source, book, export.dataset, export.long_names)
    conformed = conform_table(con, source, survey.table, delivery.period, {})
    told = Conformed(
        conformed.rows_read,
        conformed.rows_accepted,
        (*filter(None, endings), *survey.in_senders_words(conformed.findings)),
    )
    return Judged(source.table, slot, told)


def _styringsdialog(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    delivery: ArchivedDelivery,
    payload: Path,
    held: Collection[str],
) -> Judged:
    del held
    file = one_file(source, delivery, payload)
    if not is_minutes(source, file):
        judged = _table_of(con, source, delivery, file)
        return judged._replace(slot=list_slot(judged.slot))
    minutes = read_minutes(file.name, file.path.read_bytes())
    meeting, conformed = conform_minutes(con, minutes, delivery, source.corrections.topics)
    slot = minutes_slot(full_slot(delivery.source, delivery.period), meeting)
    return Judged(MINUTE_TOPICS_TABLE, slot, conformed)


def survey_export(book: CodeBook, delivery: ArchivedDelivery, payload: Path) -> SurveyExport:
    """A survey's delivery as delivered, its variables joined to the names the code book has.

    Raises:
        DeliveryRejected: It cannot be read.
    """
    return _export(book, delivery.name, survey_files(delivery, payload))


def _export(book: CodeBook, name: str, files: Mapping[str, bytes]) -> SurveyExport:
    export = read_survey(files, name)
    variables = (entry.variable for entry in book.entries if entry.is_asked)
    names = with_known_names(export.long_names, export.variables, variables)
    return replace(export, long_names=names)


def survey_files(delivery: ArchivedDelivery, payload: Path) -> dict[str, bytes]:
    """The files of a survey's delivery by name, taken out of the zip they may have come in."""
    if not delivery.is_folder and delivery.files[0].name.lower().endswith(".zip"):
        name = delivery.files[0].name
        return read_zip((payload / name).read_bytes(), name)
    return {file.name: (payload / file.name).read_bytes() for file in delivery.files}


def _know_plans(con: duckdb.DuckDBPyConnection, wave: str, held: Collection[str]) -> None:
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
        {"deliveries": sorted(held), "wave": int(wave)},
    )


_BY_SOURCE: Mapping[str, Callable[..., Judged]] = {
    "driftsstoette": _table_delivery,
    "survey": _survey,
    "styringsdialog": _styringsdialog,
}
