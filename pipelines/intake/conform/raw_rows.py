"""Judged rows on their way into the raw table, and into a table of those that are held back.

DuckDB compresses what it is given, which takes longer than judging it; so it is done in a thread,
one chunk behind. Nobody else may use the connection meanwhile: `wait` says when it is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

import duckdb
import pyarrow as pa

from pipelines.contracts.model import Source
from pipelines.contracts.parsing import SQL_TYPES
from pipelines.intake.conform.judge import JudgedChunk
from pipelines.intake.conform.table import ACCEPTED, accepted_columns, add_totals, start_totals

HELD = "conformed_held"
"""The temporary table with the typed rows that are held back, for groups judged once more."""

_APPENDING: Mapping[str, int] = {
    # several put the parts of each chunk together anew, and write what does not fill a row group
    # twice
    "threads": 1,
    # a row group is compressed as soon as it is full: five that wait are five times the memory
    "write_buffer_row_group_count": 1,
}


def make_room(con: duckdb.DuckDBPyConnection, source: Source, delivery_id: str) -> None:
    """Remove a delivery's rows, and the rows or the view of them that wait to be loaded."""
    con.execute(f"delete from raw.{source.table} where delivery_id = ?", [delivery_id])
    views = con.execute(
        f"select count(*) from duckdb_views() where temporary and view_name = '{ACCEPTED}'"
    ).fetchone()
    kind = "view" if views and views[0] else "table"
    con.execute(f"drop {kind} if exists temp.{ACCEPTED}")


class RawRows:
    """The rows of one delivery under way."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        source: Source,
        period: str,
        delivery_id: str,
        worker: ThreadPoolExecutor,
    ) -> None:
        self._con = con
        self._source = source
        self._period = period
        self._id = delivery_id
        self._worker = worker
        self._under_way: Future[None] | None = None
        self.target = f"raw.{source.table}"

    @classmethod
    @contextmanager
    def begun(
        cls, con: duckdb.DuckDBPyConnection, source: Source, period: str, delivery_id: str
    ) -> Iterator[Self]:
        """Make the tables to fill; at the end of the block nothing is under way any more.

        There is room for them (`make_room`).
        """
        start_totals(con)
        columns = ", ".join(f"{f.field} {SQL_TYPES[f.type]}" for f in source.loaded_fields)
        con.execute(f"create or replace temp table {HELD} (row_number bigint, {columns})")
        literal = delivery_id.replace("'", "''")
        con.execute(
            f"create or replace temp view {ACCEPTED} as select * exclude (delivery_id) "
            f"from raw.{source.table} where delivery_id = '{literal}'"
        )
        with _appending(con), ThreadPoolExecutor(1) as worker:
            yield cls(con, source, period, delivery_id, worker)

    def put(self, judged: JudgedChunk, *, in_totals: bool = True) -> None:
        """Load what is accepted of a chunk, and keep what is held back.

        Args:
            judged: The rows.
            in_totals: Whether they count in the sums of the table; rows judged again have before.
        """
        accepted = judged.table(~judged.held)
        held = judged.table(judged.held)
        self.wait()
        self._under_way = self._worker.submit(self._put, judged, accepted, held, in_totals)

    def wait(self) -> None:
        """Wait until the connection is free; raises what went wrong on it."""
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way.result()

    def _put(
        self, judged: JudgedChunk, accepted: pa.Table, held: pa.Table, in_totals: bool
    ) -> None:
        if in_totals:
            add_totals(self._con, self._source, judged)
        columns = accepted_columns(self._source)
        parameters = {"period": self._period}
        self._insert(
            f"insert into {self.target} by name "
            f"select cast($id as varchar) as delivery_id, {columns} from rows",
            accepted,
            {"id": self._id, **parameters},
        )
        self._insert(
            f"insert into {HELD} by name "
            f"select * exclude (period) from (select {columns} from rows)",
            held,
            parameters,
        )

    def _insert(self, sql: str, rows: pa.Table, parameters: dict[str, str]) -> None:
        # named in the statement: a registered table would be kept until the transaction ends
        if rows.num_rows:
            self._con.execute(sql, parameters)

    def all_rows(self) -> str:
        """A query for all typed rows, held back or not."""
        return f"(select * exclude (period) from {ACCEPTED} union all by name select * from {HELD})"

    def take_out(self, condition: str) -> pa.Table:
        """Take the rows out again for which a condition holds, by row number."""
        rows = self._con.execute(
            f"select * from {self.all_rows()} where {condition} order by row_number"
        ).to_arrow_table()
        if rows.num_rows:
            literal = self._id.replace("'", "''")
            self._con.execute(
                f"delete from {self.target} where delivery_id = '{literal}' and {condition}"
            )
            self._con.execute(f"delete from {HELD} where {condition}")
        return rows

    def accepted(self) -> int:
        """How many rows the raw table holds of the delivery."""
        row = self._con.execute(f"select count(*) from {ACCEPTED}").fetchone()
        return int(row[0]) if row else 0


@contextmanager
def _appending(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let DuckDB append as suits one chunk after the other."""
    # not on the connection itself: where its transaction has failed it takes no command
    with con.cursor() as setting:
        before = {name: _setting(setting, name) for name in _APPENDING}
        for name, value in _APPENDING.items():
            setting.execute(f"set {name} = {value}")
        try:
            yield
        finally:
            for name, value in before.items():
                setting.execute(f"set {name} = {value}")


def _setting(con: duckdb.DuckDBPyConnection, name: str) -> int:
    row = con.execute(f"select current_setting('{name}')").fetchone()
    return int(row[0]) if row else 1
