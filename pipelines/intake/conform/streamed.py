"""Apply a contract to a table that comes in chunks; accepted rows go straight into the raw table.

Every chunk is judged as a small table would be. What cannot be known then is put right at the end:
a group of rows that is spread over chunks, or named by a row whose cells cannot be told apart, is
taken out again and judged as a whole. Rows that belong together mostly stand together, so the end
of a chunk waits for the next one, and there is mostly nothing to put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Source
from pipelines.intake.conform.chunks import chunks_of
from pipelines.intake.conform.columns import TypedColumn
from pipelines.intake.conform.complaints import Complaints
from pipelines.intake.conform.corrections import move_hits
from pipelines.intake.conform.date_order import DateOrder
from pipelines.intake.conform.incomplete import facts_of_unit
from pipelines.intake.conform.judge import HELD_WITH_GROUP, Judge, JudgedChunk, TextChunk
from pipelines.intake.conform.raw_rows import HELD, RawRows
from pipelines.intake.conform.table import (
    Conformed,
    column_findings,
    prepare_connection,
    required_headers,
    texts_of_bad_rows,
    wanted_headers,
)
from pipelines.intake.readers.delimited_stream import DelimitedStream
from pipelines.intake.readers.tables import TextTable, match_header


class JudgeAsAWholeError(RuntimeError):
    """What the chunks gave is not what the table gives as a whole."""


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
    *,
    fits: bool,
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
        fits: Whether the table might be read as a whole instead.

    Returns:
        What became of it, and the table as delivered but for its rows. `ACCEPTED` is a view of
        the accepted rows.

    Raises:
        DeliveryRejected: the file cannot be used; what was loaded is the caller's to undo.
        JudgeAsAWholeError: it fits, and chunks cannot tell all of it; to be undone likewise.
    """
    match = match_header(stream.head.header, wanted_headers(source)).require(
        stream.head.header, required_headers(source), stream.head.file
    )
    complaints = Complaints(source, stream.head, match.mapping)
    with (
        # cells are never spilled to disk, and least of all into the folder we were started in
        duckdb.connect(config={"threads": 1, "temp_directory": ""}) as own,
        RawRows.begun(con, source, period, delivery_id) as rows,
    ):
        # chunks are judged on a connection of their own, while the one before is loaded
        prepare_connection(own, source)
        load = _Load(con, source, Judge(own, source, period, title_values), complaints, rows)
        for chunk in chunks_of(stream, _locality(source)):
            load.add(chunk)
        rows.wait()
        if fits and not (load.dates.is_steady and stream.tells_all):
            raise JudgeAsAWholeError
        load.dates.require_steady(source, stream.head.file)
        move_hits(own, con)
        table = stream.table()
        load.put_right(texts_of_bad_rows(con, table))
        rows.wait()
        accepted = rows.accepted()
    complaints.table = table
    findings = (
        *table.findings,
        *column_findings(source, table, match.mapping, match.unknown),
        *complaints.findings(),
    )
    rows_read = stream.rows + len(table.bad_rows)
    return Conformed(rows_read, accepted, findings), table


class _Load:
    """Rows on their way into the raw table."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        source: Source,
        judge: Judge,
        complaints: Complaints,
        rows: RawRows,
    ) -> None:
        self._con = con
        self._source = source
        self._judge = judge
        self._complaints = complaints
        self._rows = rows
        self._unit = _locality(source)
        self.dates = DateOrder(source)
        self._ranges: list[tuple[str, str, int]] = []
        """The least and the greatest first key of each chunk, and its last row."""
        self._unreadable = np.empty(0, np.int64)
        """The rows that their reader found faulty."""

    def add(self, chunk: TextChunk) -> None:
        """Judge a chunk and load what is accepted of it."""
        if not len(chunk.row_numbers):
            return
        judged = self._judge.judge_groups(self._judge.judge_rows(chunk))
        self._unreadable = chunk.unreadable
        self.dates.add(judged)
        if self._unit:
            self._note_range(judged)
        self._complaints.add(judged)
        self._rows.put(judged)

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
                f"insert into open_groups select distinct {unit} from {self._rows.all_rows()} "
                f"where {named}"
            )
            self._con.unregister("bad_texts")
        self._judge_open_groups(bad_texts)

    def _note_range(self, judged: JudgedChunk) -> None:
        keys = judged.columns[self._unit[0]].occurring()
        if len(keys):
            ends = pc.min_max(keys.cast(pa.string()))
            last = int(judged.row_numbers.max())
            self._ranges.append((ends["min"].as_py(), ends["max"].as_py(), last))

    def _open_groups(self) -> str:
        """A query for the groups with rows in several chunks."""
        unit = ", ".join(self._unit)
        ordered = sorted(self._ranges)
        overlap = any(a[1] >= b[0] for a, b in pairwise(ordered))
        if not overlap:
            return f"select {unit} from {HELD} limit 0"
        ends = ", ".join(str(last) for _, _, last in self._ranges)
        chunk = f"list_position([{ends}], list_filter([{ends}], x -> x >= row_number)[1])"
        filled = " and ".join(f"{name} is not null" for name in self._unit)
        return (
            f"select {unit} from (select {unit}, {chunk} as chunk from {self._rows.all_rows()} "
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
            f"select cast(any_value({key}) as varchar) from {self._rows.all_rows()} "
            f"where {key} is not null and ({alike}) in "
            f"(select ({alike}) from {HELD} where {key} is null and {filled}) "
            f"group by {alike} having count(distinct {key}) = 1"
        ).fetchall()
        return [found for (found,) in rows]

    def _judge_open_groups(self, bad_texts: Sequence[str]) -> None:
        unit = ", ".join(self._unit)
        rows = self._rows.take_out(f"({unit}) in (select ({unit}) from open_groups)")
        if not rows.num_rows:
            return
        numbers = rows.column("row_number").to_numpy()
        rules = {rule.id for rule in self._source.rules if rule.per} | {HELD_WITH_GROUP}
        self._complaints.forget(rules, numbers)
        columns = {
            f.field: TypedColumn.of(rows.column(f.field).combine_chunks())
            for f in self._source.loaded_fields
        }
        held = self._complaints.rows_with_errors(numbers) | np.isin(numbers, self._unreadable)
        judged = JudgedChunk(numbers, columns, (), held)
        judged = self._judge.judge_groups(judged, bad_texts)
        self._complaints.add(judged)
        self._rows.put(judged, in_totals=False)


def _group_keys(source: Source) -> list[frozenset[str]]:
    keys = [frozenset(rule.per) for rule in source.rules if rule.per]
    return [*keys, *([frozenset(source.quarantine_unit)] if source.quarantine_unit else [])]


def _locality(source: Source) -> tuple[str, ...]:
    """The fields that all rows of a group share, whatever rule the group is for."""
    keys = _group_keys(source)
    common = frozenset.intersection(*keys) if keys else frozenset()
    return tuple(f.field for f in source.loaded_fields if f.field in common)
