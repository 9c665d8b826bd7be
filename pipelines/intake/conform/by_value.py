"""Declared rules over coded columns: each combination of values, or each group, is judged once.

A rule about single rows depends on the values of a few columns; it is put to the combinations of
them that occur, and what it said is remembered while the columns keep their values. A rule about
groups is one hash table over the groups' keys. The SQL is the contract's own in both cases.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.contracts.model import Rule
from pipelines.contracts.rule_kinds import HAVING_REPEATED
from pipelines.intake.conform.columns import MISSING, Codes, Flags, TypedColumn, looked_up

Columns = Mapping[str, TypedColumn]

_WORD = re.compile(r"\b[a-z][a-z0-9_]*\b")
_MOST_PLACES = 1 << 22
"""Up to so many possible combinations a flag for each is cheaper than sorting those that occur."""
_MOST_NUMBERS = 1 << 62
_UNKNOWN = -1


@dataclass
class _Told:
    """What a rule said of combinations of values: by place, 1 where it is true of one."""

    values: tuple[pa.Array, ...]
    by_place: NDArray[np.int8]

    def is_of(self, columns: Sequence[TypedColumn]) -> bool:
        """Whether these columns have the very values that were asked about."""
        return all(a is b.values for a, b in zip(self.values, columns, strict=True))


@dataclass
class ByValue:
    """Judges rows of one table, chunk by chunk; `con` has whatever the rules refer to."""

    con: duckdb.DuckDBPyConnection
    _told: dict[str, _Told] = field(default_factory=dict)

    def rows_where(self, sql: str, columns: Columns, rows: int) -> Flags:
        """Which rows an expression over single rows is true of.

        Args:
            sql: A boolean expression over the columns, without windows.
            columns: The typed columns, by name.
            rows: How many rows there are.
        """
        used = {
            name: columns[name] for name in dict.fromkeys(_WORD.findall(sql)) if name in columns
        }
        places, size = _places(list(used.values()), rows)
        if size > _MOST_PLACES:
            _, examples, at = np.unique(places, return_index=True, return_inverse=True)
            picked = {name: column.pick(examples) for name, column in used.items()}
            return looked_up(self._asked(sql, picked, len(examples)), at)
        told = self._told.get(sql)
        if told is None or not told.is_of(list(used.values())):
            by_place = np.full(size, _UNKNOWN, np.int8)
            told = _Told(tuple(column.values for column in used.values()), by_place)
            self._told[sql] = told
        answer = looked_up(told.by_place, places)
        unknown = answer == _UNKNOWN
        if unknown.any():
            new = np.unique(places[unknown])
            told.by_place[new] = self._asked(sql, _values_at(used, new), len(new))
            answer = looked_up(told.by_place, places)
        return answer.view(np.bool_)

    def rows_of_groups(
        self, rules: Sequence[Rule], columns: Columns, rows: int
    ) -> dict[str, Flags]:
        """Which rows break rules about groups, by rule."""
        flags: dict[str, Flags] = {}
        for per in dict.fromkeys(rule.per for rule in rules):
            groups, count = groups_of([columns[name] for name in per], rows)
            alike = [rule for rule in rules if rule.per == per]
            for rule, broken in _broken(self.con, alike, groups, count, columns):
                broken[count] = False  # the rows without a group
                if not broken.any():
                    flags[rule.id] = np.zeros(rows, np.bool_)
                    continue
                of_rule = looked_up(broken, groups)
                if rule.rows:
                    of_rule &= self.rows_where(rule.rows, columns, rows)
                flags[rule.id] = of_rule
        return flags

    def _asked(self, sql: str, columns: Columns, rows: int) -> Flags:
        """Put an expression to rows."""
        frame: dict[str, pa.Array | NDArray[np.int64]] = {"i": np.arange(rows)}
        frame |= {name: column.array() for name, column in columns.items()}
        self.con.register("combinations", pa.table(frame))
        answer = self.con.execute(f"select coalesce(({sql}), false) from combinations order by i")
        told: Flags = answer.to_arrow_table().column(0).combine_chunks().to_numpy(False)
        self.con.unregister("combinations")
        return told


def groups_of(columns: Sequence[TypedColumn], rows: int) -> tuple[Codes, int]:
    """Number the groups of rows that share values.

    Returns:
        A group per row, MISSING where one of the values is, and how many groups there may be.
    """
    if len(columns) == 1:
        return columns[0].codes, len(columns[0].values)
    absent = np.zeros(rows, np.bool_)
    for column in columns:
        absent |= column.codes == MISSING
    places, count = _places(columns, rows)
    if count > _MOST_PLACES:
        examples, places = np.unique(places, return_inverse=True)
        count = len(examples)
    return np.where(absent, MISSING, places).astype(np.int32), count


def _broken(
    con: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    groups: Codes,
    count: int,
    columns: Columns,
) -> Iterator[tuple[Rule, Flags]]:
    """Which groups break each of some rules about the same groups."""
    aggregates = []
    for rule in rules:
        if rule.facts:
            yield rule, _facts_differ(groups, count, [columns[name] for name in rule.facts])
        elif rule.having == HAVING_REPEATED:
            # a group more than there are, for the rows without one
            times = np.bincount(np.where(groups == MISSING, count, groups), minlength=count + 1)
            yield rule, times > 1
        else:
            aggregates.append(rule)
    if aggregates:
        havings = [rule.having for rule in aggregates]
        yield from zip(aggregates, _groups_where(con, havings, groups, count, columns), strict=True)


def _facts_differ(groups: Codes, count: int, facts: Sequence[TypedColumn]) -> Flags:
    """The groups in which two rows have different values of a fact; a missing one is none."""
    broken = np.zeros(count + 1, np.bool_)
    # numbered as they come and never named again: each group's rows stand together
    together = bool((groups[1:] >= groups[:-1]).all())
    alike = groups[1:] == groups[:-1]
    scattered = []
    for fact in facts:
        differs = alike & (fact.codes[1:] != fact.codes[:-1])
        if together and not differs.any():
            continue  # all rows of each group have the same value, or all have none
        if together and MISSING not in fact.codes:
            broken[groups[1:][differs]] = True
        else:
            scattered.append(fact)
    if scattered:
        broken |= _scattered_facts_differ(groups, count, scattered)
    return broken


def _scattered_facts_differ(groups: Codes, count: int, facts: Sequence[TypedColumn]) -> Flags:
    """The same, wherever the rows of a group stand and whichever of them lack a value."""
    broken = np.zeros(count + 1, np.bool_)
    seen = np.empty(count + 1, np.int32)
    places = groups.astype(np.intp)  # what NumPy counts by: taken over once and not for each fact
    for fact in facts:
        has = (groups != MISSING) & (fact.codes != MISSING)
        at, codes = (places, fact.codes) if has.all() else (places[has], fact.codes[has])
        seen[at] = codes
        broken[at[seen[at] != codes]] = True
    return broken


def _groups_where(
    con: duckdb.DuckDBPyConnection,
    havings: Sequence[str],
    groups: Codes,
    count: int,
    columns: Columns,
) -> Iterator[Flags]:
    """The groups of which each of some expressions over aggregates is true."""
    told = " ".join(havings)
    used = [name for name in dict.fromkeys(_WORD.findall(told)) if name in columns]
    frame = {"of_group": groups, **{name: columns[name].array() for name in used}}
    con.register("grouped_rows", pa.table(frame))
    truths = ", ".join(f"coalesce(({having}), false) as h{n}" for n, having in enumerate(havings))
    found = con.execute(
        f"select of_group, {truths} from grouped_rows where of_group <> {MISSING} "
        f"group by of_group having {' or '.join(f'h{n}' for n in range(len(havings)))}"
    ).fetchnumpy()
    con.unregister("grouped_rows")
    for n in range(len(havings)):
        broken = np.zeros(count + 1, np.bool_)
        broken[np.asarray(found["of_group"], np.int64)] = np.asarray(found[f"h{n}"], np.bool_)
        yield broken


def _places(columns: Sequence[TypedColumn], rows: int) -> tuple[NDArray[Any], int]:
    """Number the combinations of values that are possible: one number per row, and how many."""
    size = math.prod(len(column.values) + 1 for column in columns)
    if size > _MOST_NUMBERS:
        first, rest = _places(columns[:-1], rows), columns[-1]
        examples, places = np.unique(first[0], return_inverse=True)
        return places * (len(rest.values) + 1) + rest.places(), len(examples) * (
            len(rest.values) + 1
        )
    places = np.zeros(rows, np.int32 if size <= _MOST_PLACES else np.int64)
    for column in columns:
        places *= len(column.values) + 1
        places += column.places()
    return places, size


def _values_at(columns: Columns, places: NDArray[Any]) -> dict[str, TypedColumn]:
    """The values of numbered combinations."""
    values: dict[str, TypedColumn] = {}
    for name, column in reversed(list(columns.items())):
        places, codes = np.divmod(places, len(column.values) + 1)
        codes[codes == len(column.values)] = MISSING
        values[name] = TypedColumn(column.values, codes.astype(np.int32))
    return values
