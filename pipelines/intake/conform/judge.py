"""Hold rows against a contract: which rule each row breaks, and which rows are held back.

Works on a chunk of rows at a time, in whole-array steps over coded columns; a table that fits into
memory is one chunk. A group of rows that is spread over several chunks is for the caller to judge
again as a whole (`judge_groups`). The text of a row that is held back stays with the sender's
file: a breach says where, never what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.contracts.model import Rule, Source
from pipelines.intake.conform.by_value import ByValue, groups_of
from pipelines.intake.conform.cell_checks import cell_checks
from pipelines.intake.conform.cell_values import CellReader, CheckedColumn
from pipelines.intake.conform.columns import MISSING, Flags, TextColumn, TypedColumn, looked_up
from pipelines.intake.conform.corrections import corrected
from pipelines.intake.conform.incomplete import keys_of_orphans, named_rows
from pipelines.intake.findings import Severity

HELD_WITH_GROUP = "C06_held_back_with_its_group"

RowNumbers = NDArray[np.int64]

_BATCH_ROWS = 122_880
"""The rows of one of DuckDB's row groups."""


@dataclass(frozen=True)
class TextChunk:
    """Rows as delivered: the loaded fields that the file has, and rows its reader found faulty."""

    row_numbers: RowNumbers
    columns: Mapping[str, TextColumn]
    unreadable: RowNumbers = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True)
class Breach:
    """The rows of a chunk that break a rule at a field."""

    field: str
    rule: str
    severity: Severity
    rows: Flags


@dataclass(frozen=True)
class JudgedChunk:
    """Typed rows, what they break, and which of them are held back."""

    row_numbers: RowNumbers
    columns: Mapping[str, TypedColumn]
    breaches: tuple[Breach, ...]
    held: Flags
    texts: Mapping[str, TextColumn] = field(default_factory=dict)

    def table(self, rows: Flags) -> pa.Table:
        """Some of the rows as a table: row_number and the fields."""
        arrays = {name: column.pick(rows).array() for name, column in self.columns.items()}
        table = pa.table({"row_number": self.row_numbers[rows], **arrays})
        # DuckDB takes a batch of another size than its own apart and puts it together again
        return pa.Table.from_batches(table.to_batches(max_chunksize=_BATCH_ROWS), table.schema)


@dataclass(frozen=True)
class Judge:
    """A contract ready to be applied; `con` is a connection prepared for its source."""

    con: duckdb.DuckDBPyConnection
    source: Source
    period: str
    title_values: Mapping[str, str]
    _readers: dict[str, CellReader] = field(default_factory=dict)

    @cached_property
    def _by_value(self) -> ByValue:
        return ByValue(self.con)

    @cached_property
    def _period(self) -> pa.Array:
        return pa.array([self.period])

    def judge_whole(self, chunk: TextChunk, bad_texts: Sequence[str] = ()) -> JudgedChunk:
        """Judge rows that are all of their table."""
        judged = self.judge_rows(chunk)
        orphans = keys_of_orphans(self.source, judged.columns, judged.held)
        return self.judge_groups(judged, [*bad_texts, *orphans])

    def judge_rows(self, chunk: TextChunk) -> JudgedChunk:
        """Type rows and judge each by itself."""
        rows = len(chunk.row_numbers)
        delivered = corrected(self.con, self.source, self.period, chunk.row_numbers, chunk.columns)
        texts = {
            declared.field: delivered.get(declared.field)
            or TextColumn.constant(
                self.title_values.get(declared.field) if declared.is_title_fact else None, rows
            )
            for declared in self.source.loaded_fields
        }
        checked = self._typed(texts)
        columns = {name: column.typed for name, column in checked.items()}
        faulty = (
            Breach(name, rule, "error", looked_up(flags, texts[name].codes))
            for name, column in checked.items()
            for rule, flags in column.faults.items()
        )
        breaches = [breach for breach in faulty if breach.rows.any()]
        held = np.isin(chunk.row_numbers, chunk.unreadable)
        for each in breaches:
            held |= each.rows
        for declared_rule in self.source.rules:
            if not declared_rule.per:
                flags = self._rows_breaking(declared_rule, columns, rows)
                _note(breaches, held, declared_rule, flags)
        return JudgedChunk(chunk.row_numbers, columns, tuple(breaches), held, texts)

    def judge_groups(self, judged: JudgedChunk, bad_texts: Sequence[str] = ()) -> JudgedChunk:
        """Add what groups of rows break, and hold back each group with a row that is held.

        Args:
            judged: Rows of which single cells and rows have been judged.
            bad_texts: Cells of rows that could not be told apart, cleaned, and keys of groups
                that lack a row: a group that one of them names is held back.
        """
        rows = len(judged.row_numbers)
        breaches, held = list(judged.breaches), judged.held.copy()
        unit = [judged.columns[name] for name in self.source.quarantine_unit]
        named = named_rows(unit, bad_texts, rows)
        rules = [rule for rule in self.source.rules if rule.per]
        broken = self._by_value.rows_of_groups(rules, judged.columns, rows)
        for rule in rules:
            flags = broken[rule.id]
            if rule.per == self.source.quarantine_unit:
                flags &= ~named  # what a group lacks may be in the row that names it
            _note(breaches, held, rule, flags)
        if unit:
            waiting = self._waiting(unit, held, named)
            if waiting.any():
                name = self.source.quarantine_unit[0]
                breaches.append(Breach(name, HELD_WITH_GROUP, "error", waiting))
                held |= waiting
        return JudgedChunk(judged.row_numbers, judged.columns, tuple(breaches), held, judged.texts)

    def _typed(self, texts: Mapping[str, TextColumn]) -> dict[str, CheckedColumn]:
        if not self._readers:
            checks: dict[str, list[tuple[str, str]]] = {}
            for name, rule, condition in cell_checks(self.source, are_clean=True):
                checks.setdefault(name, []).append((rule, condition))
            for declared in self.source.loaded_fields:
                own = checks.get(declared.field, ())
                self._readers[declared.field] = CellReader(self.con, declared, own)
        return {name: reader.read(texts[name]) for name, reader in self._readers.items()}

    def _rows_breaking(self, rule: Rule, columns: Mapping[str, TypedColumn], rows: int) -> Flags:
        period = TypedColumn(self._period, np.zeros(rows, np.int32))
        return self._by_value.rows_where(rule.sql, {"period": period, **columns}, rows)

    def _waiting(self, unit: Sequence[TypedColumn], held: Flags, named: Flags) -> Flags:
        """The rows that nothing is wrong with, in a group that waits for its mending."""
        groups, count = groups_of(unit, len(held))
        waits = np.zeros(count + 1, np.bool_)
        waits[groups[held & (groups != MISSING)]] = True
        found: Flags = (waits[groups] & (groups != MISSING)) | named
        return found & ~held


def _note(breaches: list[Breach], held: Flags, rule: Rule, flags: Flags) -> None:
    if not flags.any():
        return
    breaches.append(Breach(rule.column, rule.id, rule.severity, flags))
    if rule.severity == "error":
        held |= flags
