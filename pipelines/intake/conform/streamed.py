"""Apply a contract to a table that comes in chunks; accepted rows go straight into the raw table.

Every chunk is judged as a small table would be. What cannot be known then is put right at the end:
a group of rows that is spread over chunks, or named by a row whose cells cannot be told apart, is
taken out again and judged as a whole. Rows that belong together mostly stand together, so the end
of a chunk waits for the next one, and there is mostly nothing to put right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Source
from pipelines.contracts.parsing import SQL_TYPES
from pipelines.intake.conform.columns import TextColumn, TypedColumn
from pipelines.intake.conform.complaints import Complaints
from pipelines.intake.conform.incomplete import facts_of_unit
from pipelines.intake.conform.judge import HELD_WITH_GROUP, Judge, JudgedChunk, TextChunk
from pipelines.intake.conform.table import (
    ACCEPTED,
    Conformed,
    accepted_columns,
    add_totals,
    column_findings,
    required_headers,
    start_totals,
    texts_of_bad_rows,
    wanted_headers,
)
from pipelines.intake.readers.delimited_stream import DelimitedStream
from pipelines.intake.readers.tables import TextTable, match_header

_HELD = "conformed_held"
"""The temporary table with the typed rows that are held back, for groups judged once more."""


def can_be_streamed(source: Source) -> bool:
    """Whether a contract can be applied to chunks of rows that stand together.

    Not where a rule refers to other tables of the delivery, nor where rows are changed on their
    way into the raw table.
    """
    return not source.pseudonymised and (bool(_locality(source)) or not _group_keys(source))


def conform_stream(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    stream: DelimitedStream,
    period: str,
    title_values: Mapping[str, str],
    delivery_id: str,
) -> tuple[Conformed, TextTable]:
    """Type, check and split a table; the accepted rows are in the raw table.

    Args:
        con: A connection in a transaction, prepared for the source; without rows of the delivery
            in the raw table.
        source: The contract.
        stream: The delivered table.
        period: The delivery's wave, year or date.
        title_values: Text of the fields that stand above the header, by field.
        delivery_id: The delivery.

    Returns:
        What became of it, and the table as delivered but for its rows. `ACCEPTED` is a view of
        the accepted rows.

    Raises:
        DeliveryRejected: the file cannot be used; what was loaded is the caller's to undo.
    """
    match = match_header(stream.head.header, wanted_headers(source)).require(
        stream.head.header, required_headers(source), stream.head.file
    )
    complaints = Complaints(source, stream.head, match.mapping)
    load = _Load(con, source, Judge(con, source, period, title_values), complaints, delivery_id)
    load.begin()
    for chunk in _chunks(stream, _locality(source)):
        load.add(chunk)
    table = stream.table()
    load.put_right(texts_of_bad_rows(con, table))
    complaints.table = table
    findings = (
        *table.findings,
        *column_findings(source, table, match.mapping, match.unknown),
        *complaints.findings(),
    )
    rows_read = stream.rows + len(table.bad_rows)
    return Conformed(rows_read, load.accepted(), findings), table


class _Load:
    """Rows on their way into the raw table."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        source: Source,
        judge: Judge,
        complaints: Complaints,
        delivery_id: str,
    ) -> None:
        self._con = con
        self._source = source
        self._judge = judge
        self._complaints = complaints
        self._id = delivery_id
        self._target = f"raw.{source.table}"
        self._unit = _locality(source)
        self._ranges: list[tuple[str, str, int]] = []
        """The least and the greatest first key of each chunk, and its last row."""
        self._unreadable = np.empty(0, np.int64)
        """The rows that their reader found faulty."""

    def begin(self) -> None:
        """Make the tables to fill."""
        start_totals(self._con)
        fields = self._source.loaded_fields
        columns = ", ".join(f"{f.field} {SQL_TYPES[f.type]}" for f in fields)
        self._con.execute(f"create or replace temp table {_HELD} (row_number bigint, {columns})")
        self._con.execute(f"drop table if exists temp.{ACCEPTED}")
        literal = self._id.replace("'", "''")
        self._con.execute(
            f"create or replace temp view {ACCEPTED} as select * exclude (delivery_id) "
            f"from {self._target} where delivery_id = '{literal}'"
        )

    def add(self, chunk: TextChunk) -> None:
        """Judge a chunk and load what is accepted of it."""
        if not len(chunk.row_numbers):
            return
        judged = self._judge.judge_groups(self._judge.judge_rows(chunk))
        self._unreadable = chunk.unreadable
        add_totals(self._con, self._source, judged)
        if self._unit:
            self._note_range(judged)
        self._put(judged)

    def put_right(self, bad_texts: Sequence[str]) -> None:
        """Judge once more, as a whole, the groups that no chunk could judge for good."""
        if not self._unit:
            return
        self._con.execute("create or replace temp table open_groups as " + self._open_groups())
        bad_texts = [*bad_texts, *self._orphans()]
        if bad_texts and self._source.quarantine_unit:
            self._con.register("bad_texts", pa.table({"x": pa.array(bad_texts, pa.string())}))
            unit = ", ".join(self._unit)
            named = " and ".join(
                f"cast({name} as varchar) in (select x from bad_texts)"
                for name in self._source.quarantine_unit
            )
            self._con.execute(
                f"insert into open_groups select distinct {unit} from {self._all_rows()} "
                f"where {named}"
            )
            self._con.unregister("bad_texts")
        self._judge_open_groups(bad_texts)

    def accepted(self) -> int:
        """How many rows the raw table holds of the delivery."""
        row = self._con.execute(f"select count(*) from {ACCEPTED}").fetchone()
        return int(row[0]) if row else 0

    def _put(self, judged: JudgedChunk) -> None:
        self._complaints.add(judged)
        self._insert(judged, self._target, accepted=True)
        if judged.held.any():
            self._insert(judged, _HELD, accepted=False)

    def _insert(self, judged: JudgedChunk, target: str, *, accepted: bool) -> None:
        rows = judged.table(~judged.held if accepted else judged.held)
        self._con.register("judged_frame", rows)
        columns = accepted_columns(self._source)
        parameters: dict[str, str] = {"period": self._judge.period}
        if accepted:
            columns = f"cast($id as varchar) as delivery_id, {columns}"
            parameters["id"] = self._id
        else:
            columns = f"* exclude (period) from (select {columns}"
        self._con.execute(
            f"insert into {target} by name select {columns} from judged_frame"
            + ("" if accepted else ")"),
            parameters,
        )
        self._con.unregister("judged_frame")

    def _note_range(self, judged: JudgedChunk) -> None:
        column = judged.columns[self._unit[0]]
        keys = column.values.cast(pa.string()) if len(column.values) else column.values
        if len(keys):
            ends = pc.min_max(keys)
            last = int(judged.row_numbers.max())
            self._ranges.append((ends["min"].as_py(), ends["max"].as_py(), last))

    def _open_groups(self) -> str:
        """A query for the groups with rows in several chunks."""
        unit = ", ".join(self._unit)
        ordered = sorted(self._ranges)
        overlap = any(a[1] >= b[0] for a, b in pairwise(ordered))
        if not overlap:
            return f"select {unit} from {_HELD} limit 0"
        ends = ", ".join(str(last) for _, _, last in self._ranges)
        chunk = f"list_position([{ends}], list_filter([{ends}], x -> x >= row_number)[1])"
        filled = " and ".join(f"{name} is not null" for name in self._unit)
        return (
            f"select {unit} from (select {unit}, {chunk} as chunk from {self._all_rows()} "
            f"where {filled}) group by {unit} having min(chunk) <> max(chunk)"
        )

    def _orphans(self) -> list[str]:
        """The keys of the groups that rows without a key belong to (see `incomplete`)."""
        facts = facts_of_unit(self._source)
        if not facts:
            return []
        key, alike = self._source.quarantine_unit[0], ", ".join(facts)
        filled = " and ".join(f"{fact} is not null" for fact in facts)
        rows = self._con.execute(
            f"select cast(any_value({key}) as varchar) from {self._all_rows()} "
            f"where {key} is not null and ({alike}) in "
            f"(select ({alike}) from {_HELD} where {key} is null and {filled}) "
            f"group by {alike} having count(distinct {key}) = 1"
        ).fetchall()
        return [found for (found,) in rows]

    def _all_rows(self) -> str:
        return (
            f"(select * exclude (period) from {ACCEPTED} union all by name select * from {_HELD})"
        )

    def _judge_open_groups(self, bad_texts: Sequence[str]) -> None:
        in_open = (
            f"({', '.join(self._unit)}) in (select ({', '.join(self._unit)}) from open_groups)"
        )
        rows = self._con.execute(
            f"select * from {self._all_rows()} where {in_open} order by row_number"
        ).to_arrow_table()
        if not rows.num_rows:
            return
        literal = self._id.replace("'", "''")
        self._con.execute(
            f"delete from {self._target} where delivery_id = '{literal}' and {in_open}"
        )
        self._con.execute(f"delete from {_HELD} where {in_open}")
        numbers = rows.column("row_number").to_numpy()
        rules = {rule.id for rule in self._source.rules if rule.per} | {HELD_WITH_GROUP}
        self._complaints.forget(rules, numbers)
        columns = {
            f.field: TypedColumn.of(rows.column(f.field).combine_chunks())
            for f in self._source.loaded_fields
        }
        held = self._complaints.rows_with_errors(numbers) | np.isin(numbers, self._unreadable)
        judged = JudgedChunk(numbers, columns, (), held)
        self._put(self._judge.judge_groups(judged, bad_texts))


def _chunks(stream: DelimitedStream, unit: Sequence[str]) -> Iterator[TextChunk]:
    """The stream's rows as chunks that do not end inside a run of rows of one group."""
    kept: pa.Table | None = None
    unreadable: list[int] = []
    for rows, wrong in stream.chunks():
        unreadable += wrong
        table = rows
        if kept is not None and kept.num_rows:
            table = pa.concat_tables([kept, rows]).unify_dictionaries().combine_chunks()
        end = _last_run(table, [name for name in unit if name in stream.columns])
        kept = table.slice(end)
        yield _chunk(table.slice(0, end), stream.columns, unreadable)
    if kept is not None:
        yield _chunk(kept, stream.columns, unreadable)


def _chunk(table: pa.Table, columns: Sequence[str], unreadable: Sequence[int]) -> TextChunk:
    return TextChunk(
        table.column("row_number").to_numpy(),
        {name: TextColumn.of(table.column(name).combine_chunks()) for name in columns},
        np.array(sorted(unreadable), np.int64),
    )


def _last_run(table: pa.Table, unit: Sequence[str]) -> int:
    """Where the run of rows begins that have the group of the last row."""
    rows = int(table.num_rows)
    if not unit or not rows:
        return rows
    differs = np.zeros(rows, np.bool_)
    for name in unit:
        codes = TextColumn.of(table.column(name).combine_chunks()).codes
        differs |= codes != codes[-1]
    found = np.flatnonzero(differs)
    return int(found[-1]) + 1 if len(found) else 0


def _group_keys(source: Source) -> list[frozenset[str]]:
    keys = [frozenset(rule.per) for rule in source.rules if rule.per]
    return [*keys, *([frozenset(source.quarantine_unit)] if source.quarantine_unit else [])]


def _locality(source: Source) -> tuple[str, ...]:
    """The fields that all rows of a group share, whatever rule the group is for."""
    keys = _group_keys(source)
    common = frozenset.intersection(*keys) if keys else frozenset()
    return tuple(f.field for f in source.loaded_fields if f.field in common)
