"""From breaches to findings: what a sender is told of the rows that break a contract's rules.

Breaches are gathered chunk by chunk as row numbers; only what is told becomes a `Finding`, so a
file whose every row is wrong says so a thousand times, not ten million times.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz

from pipelines.contracts.forms import TYPE_FORMS, range_da, range_en
from pipelines.contracts.model import Field, Source
from pipelines.intake.conform.columns import Flags
from pipelines.intake.conform.judge import Breach, JudgedChunk, RowNumbers
from pipelines.intake.conform.messages import CONTRACT_RULES, contract_finding
from pipelines.intake.findings import Finding
from pipelines.intake.readers.tables import TextTable

FINDINGS_PER_RULE = 1000
"""How many rows a sender is told of for each column and rule."""

LEAST_LIKENESS = 60
"""How like a value (per cent) a text must be for the value to be proposed."""

CLEAR_LEAD = 10
"""How much more than the next value it must look like it."""


@dataclass
class Complaints:
    """What has been found so far in one table; `mapping` is field to column of its header."""

    source: Source
    table: TextTable
    mapping: Mapping[str, int]
    _rows: dict[tuple[str, str], list[RowNumbers]] = field(default_factory=dict)
    _proposals: dict[tuple[str, int], str] = field(default_factory=dict)
    _held: list[RowNumbers] = field(default_factory=list)

    def add(self, judged: JudgedChunk) -> None:
        """Take down what the rows of a chunk break."""
        self._held.append(judged.row_numbers[judged.held])
        for breach in judged.breaches:
            told = self._rows.setdefault((breach.field, breach.rule), [])
            numbers = judged.row_numbers[breach.rows]
            if breach.rule == "C04_unknown_code" and sum(map(len, told)) < FINDINGS_PER_RULE:
                self._propose(judged, breach, numbers)
            told.append(numbers)

    def forget(self, rules: Collection[str], rows: RowNumbers) -> None:
        """Drop what was said by some rules of rows that are judged anew, and that they are held."""
        for (_, rule), told in self._rows.items():
            if rule in rules:
                told[:] = [numbers[~np.isin(numbers, rows)] for numbers in told]
        self._held[:] = [numbers[~np.isin(numbers, rows)] for numbers in self._held]

    def rows_with_errors(self, rows: RowNumbers) -> Flags:
        """Which of some rows break a rule that holds rows back."""
        wrong = [np.empty(0, np.int64)]
        for (_, rule), told in self._rows.items():
            if rule not in self._warnings:
                wrong += told
        return np.isin(rows, np.concatenate(wrong))

    def findings(self) -> Iterator[Finding]:
        """What the sender is told, by row."""
        held = np.concatenate([np.empty(0, np.int64), *self._held])
        told = {(f.row, f.column) for f in self.table.findings if f.severity == "error"}
        declared = {rule.id: rule for rule in self.source.rules}
        for row, name, rule in sorted(self._told(held)):
            column = self._column(name)
            if (row, column) in told:
                continue  # the reader has said what is wrong with the cell
            where = (self.table.file, self.table.sheet, row, column, rule)
            if rule in declared:
                entry = declared[rule]
                yield Finding(*where, entry.severity, entry.message_da, entry.message_en)
            else:
                yield contract_finding(
                    rule,
                    file=self.table.file,
                    sheet=self.table.sheet,
                    row=row,
                    column=column,
                    **self._details(self.source.field(name), rule, row),
                )

    def _told(self, held: RowNumbers) -> Iterator[tuple[int, str, str]]:
        for (name, rule), parts in self._rows.items():
            numbers = np.concatenate(parts)
            if rule in self._warnings:  # a warning is about a row that was loaded
                numbers = numbers[~np.isin(numbers, held)]
            for row in np.sort(numbers)[:FINDINGS_PER_RULE].tolist():
                yield row, name, rule

    @property
    def _warnings(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.source.rules if rule.severity == "warning")

    def _column(self, name: str) -> str:
        """What the sender calls the column."""
        if name in self.mapping:
            return self.table.header[self.mapping[name]].strip()
        declared = self.source.field(name)
        return declared.header or declared.field

    def _propose(self, judged: JudgedChunk, breach: Breach, numbers: RowNumbers) -> None:
        """Find the code that was meant; the cell's text serves for that and is not kept."""
        declared, column = self.source.field(breach.field), judged.texts[breach.field]
        codes = column.codes[breach.rows][:FINDINGS_PER_RULE]
        cells = column.cells.take(pa.array(codes)).to_pylist()
        nearest = {cell: _nearest(self.source, declared, cell or "") for cell in set(cells)}
        for row, cell in zip(numbers[:FINDINGS_PER_RULE].tolist(), cells, strict=True):
            self._proposals[breach.field, row] = nearest[cell]

    def _details(self, declared: Field, rule: str, row: int) -> Mapping[str, object]:
        """What a message template of a cell rule needs."""
        if rule not in CONTRACT_RULES:
            raise KeyError(rule)
        proposal = self._proposals.get((declared.field, row), "")
        form = TYPE_FORMS[declared.type]
        return {
            "label": declared.label_da,
            "expected": form.asked_da,
            "expected_en": form.asked_en,
            "range_da": range_da(declared),
            "range_en": range_en(declared),
            "proposal_da": f" Mente du »{proposal}«?" if proposal else "",
            "proposal_en": f" Did you mean “{proposal}”?" if proposal else "",
        }


def _nearest(source: Source, declared: Field, text: str) -> str:
    """The label of the code list that looks most like the text; empty when none clearly does.

    Numbers are not guessed at: 462 looks like 846, and means another municipality. Nor is one of
    two labels that look nearly as much like it: a sender would take the wrong one on our word.
    """
    asked = text.strip().casefold()
    if asked.isdecimal():
        return ""
    likeness: dict[str, float] = {}
    for code in source.codes_of(declared.codelist):
        nearest = max(fuzz.ratio(spelling.casefold(), asked) for spelling in code.spellings)
        likeness[code.label_da] = max(likeness.get(code.label_da, 0.0), nearest)
    ranked = [*sorted(likeness.items(), key=lambda one: -one[1]), ("", 0.0), ("", 0.0)]
    (label, best), (_, second) = ranked[:2]
    return label if best >= LEAST_LIKENESS and best - second >= CLEAR_LEAD else ""
