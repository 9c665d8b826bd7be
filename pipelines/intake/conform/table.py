"""Apply a contract to one table: typed rows, findings, and which rows are held back.

The table is one chunk to `judge`; what comes of it is told by `complaints`. Tables that do not fit
into memory take the same way chunk by chunk (`streamed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Confidentiality, Field, Source
from pipelines.contracts.parsing import MACROS, SQL_TYPES
from pipelines.intake.conform.columns import TextColumn
from pipelines.intake.conform.complaints import Complaints
from pipelines.intake.conform.headings import column_left_out
from pipelines.intake.conform.judge import Judge, JudgedChunk, TextChunk
from pipelines.intake.findings import Finding
from pipelines.intake.readers.tables import TextTable, match_header

_SEPARATORS = re.compile(r'[;,|\t"]')

ACCEPTED = "conformed_accepted"
"""The temporary table with the accepted rows: row_number, period and the loaded fields."""

TOTALS = "conformed_totals"
"""The temporary table with the sum of the total field and the number of rows without one, by
chunk of all rows typed, held back or not."""


@dataclass(frozen=True, slots=True)
class Conformed:
    """What a contract made of a table; the accepted rows wait in the table `ACCEPTED`."""

    rows_read: int
    rows_accepted: int
    findings: tuple[Finding, ...]

    @property
    def rows_quarantined(self) -> int:
        """Rows held back."""
        return self.rows_read - self.rows_accepted


def prepare_connection(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Put the parsing macros and the source's code lists into the connection."""
    for macro in MACROS:
        con.execute(macro)
    listed = [(c.codelist, s, c.code) for c in source.codes for s in c.spellings]
    names = ("codelist", "spelling", "code")
    rows = [dict(zip(names, each, strict=True)) for each in listed]
    spellings = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in names]))
    con.register("spellings_frame", spellings)
    con.execute(
        "create or replace temp table code_spellings as "
        "select distinct codelist, spelling_of(spelling) as spelling, code from spellings_frame"
    )
    con.unregister("spellings_frame")


def wanted_headers(source: Source) -> dict[str, tuple[str, ...]]:
    """Canonical field to the headings it may have, for the readers."""
    return {f.field: _headings(f) for f in source.fields if not f.is_title_fact}


def required_headers(source: Source) -> dict[str, tuple[str, ...]]:
    """The headings without which a file is rejected."""
    return {
        f.field: _headings(f) for f in source.loaded_fields if f.required and not f.is_title_fact
    }


def _headings(field: Field) -> tuple[str, ...]:
    return (field.header or field.field, *field.aliases)


def conform_table(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    table: TextTable,
    period: str,
    title_values: Mapping[str, str],
) -> Conformed:
    """Type, check and split a table; the accepted rows are left in the temporary table.

    Args:
        con: A connection that `prepare_connection` has prepared for the source.
        source: The contract.
        table: The delivered table as text.
        period: The delivery's wave, year or date; rules may use it as a column.
        title_values: Text of the fields that stand above the header, by field.

    Raises:
        DeliveryRejected: a required column is missing or stands there twice.
    """
    names = wanted_headers(source)
    match = match_header(table.header, names).require(
        table.header, required_headers(source), table.file
    )
    complaints = Complaints(source, table, match.mapping)
    judge = Judge(con, source, period, title_values)
    judged = judge.judge_whole(
        _as_chunk(source, table, match.mapping), texts_of_bad_rows(con, table)
    )
    complaints.add(judged)
    start_totals(con)
    add_totals(con, source, judged)
    accepted = judged.table(~judged.held)
    con.register("accepted_frame", accepted)
    con.execute(
        f"create or replace temp table {ACCEPTED} as "
        f"select {accepted_columns(source)} from accepted_frame",
        {"period": period},
    )
    con.unregister("accepted_frame")
    findings = (
        *table.findings,
        *column_findings(source, table, match.mapping, match.unknown),
        *complaints.findings(),
    )
    return Conformed(table.rows_read, accepted.num_rows, findings)


def accepted_columns(source: Source) -> str:
    """The columns of accepted rows as they are loaded, selected from a judged chunk's table."""
    typed = (f"cast({f.field} as {SQL_TYPES[f.type]}) as {f.field}" for f in source.loaded_fields)
    return ", ".join(["row_number", "cast($period as varchar) as period", *typed])


def column_findings(
    source: Source,
    table: TextTable,
    mapping: Mapping[str, int],
    unknown: Sequence[tuple[int, str]],
) -> Iterator[Finding]:
    """What the sender is told of columns that are not loaded."""
    for index, _ in unknown:
        yield column_left_out(table, index)
    for field in source.fields:
        if field.confidentiality is Confidentiality.PERSONAL and field.field in mapping:
            yield column_left_out(table, mapping[field.field], is_personal=True)


def _as_chunk(source: Source, table: TextTable, mapping: Mapping[str, int]) -> TextChunk:
    """Text of the loaded fields only: what is cut off at the gate goes no further."""
    return TextChunk(
        np.array([number for number, _ in table.rows], np.int64),
        {
            declared.field: TextColumn.of(table.column(mapping[declared.field]))
            for declared in source.loaded_fields
            if declared.field in mapping
        },
        np.array(sorted(table.rows_with_errors), np.int64),
    )


def texts_of_bad_rows(con: duckdb.DuckDBPyConnection, table: TextTable) -> list[str]:
    """Every cell of the rows whose cells cannot be told apart, in whatever column it stands."""
    parts = {
        part
        for _, cells in table.bad_rows
        for cell in cells
        # whatever separates them, for the row may have been written with another separator
        for part in (_SEPARATORS.split(cell) if table.delimiter else [cell])
    }
    return cleaned(con, parts)


def cleaned(con: duckdb.DuckDBPyConnection, texts: Iterable[str]) -> list[str]:
    """Texts as a contract compares them, without the empty ones."""
    con.register("texts_frame", pa.table({"x": pa.array(texts, pa.string())}))
    rows = con.execute(
        "select distinct clean(x) from texts_frame where clean(x) is not null"
    ).fetchall()
    con.unregister("texts_frame")
    return [text for (text,) in rows]


def start_totals(con: duckdb.DuckDBPyConnection) -> None:
    """Begin the sums of a table."""
    con.execute(f"create or replace temp table {TOTALS} (total decimal(38, 2), without_one bigint)")


def add_totals(con: duckdb.DuckDBPyConnection, source: Source, judged: JudgedChunk) -> None:
    """Add a chunk to the sums of its table."""
    if not source.total_field:
        return
    amounts = judged.columns[source.total_field].array()
    con.execute(
        f"insert into {TOTALS} values (?, ?)", [pc.sum(amounts).as_py(), amounts.null_count]
    )
