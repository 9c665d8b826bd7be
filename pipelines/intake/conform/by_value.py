"""Declared rules over coded columns: each combination of values, or each group, is judged once.

A rule about single rows depends on the values of a few columns; it is put to the combinations of
them that occur. A rule about groups is one hash table over the groups' keys. The SQL is the
contract's own in both cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipelines.contracts.model import Rule
from pipelines.contracts.rule_kinds import HAVING_REPEATED
from pipelines.intake.conform.columns import MISSING, Codes, Flags, TypedColumn

Columns = Mapping[str, TypedColumn]

_WORD = re.compile(r"\b[a-z][a-z0-9_]*\b")
_MOST_PLACES = 1 << 22
"""Up to so many possible combinations a flag for each is cheaper than sorting those that occur."""
_MOST_NUMBERS = 1 << 62


def rows_where(con: duckdb.DuckDBPyConnection, sql: str, columns: Columns, rows: int) -> Flags:
    """Which rows an expression over single rows is true of.

    Args:
        con: A connection with whatever the expression refers to.
        sql: A boolean expression over the columns, without windows.
        columns: The typed columns, by name.
        rows: How many rows there are.
    """
    used = [name for name in dict.fromkeys(_WORD.findall(sql)) if name in columns]
    combined, examples = _combinations([columns[name] for name in used], rows)
    frame: dict[str, pa.Array | NDArray[np.int64]] = {"i": np.arange(len(examples))}
    frame |= {name: columns[name].pick(examples).array() for name in used}
    con.register("combinations", pa.table(frame))
    answer = con.execute(f"select coalesce(({sql}), false) from combinations order by i")
    told = answer.to_arrow_table().column(0).combine_chunks().to_numpy(zero_copy_only=False)
    con.unregister("combinations")
    return np.asarray(told[combined], np.bool_)


def groups_of(columns: Sequence[TypedColumn], rows: int) -> tuple[Codes, int]:
    """Number the groups of rows that share values.

    Returns:
        A group per row, MISSING where one of the values is, and how many groups there may be.
    """
    absent = np.zeros(rows, np.bool_)
    for column in columns:
        absent |= column.codes == MISSING
    if len(columns) == 1:
        return columns[0].codes, len(columns[0].values)
    combined, examples = _combinations(columns, rows)
    return np.where(absent, MISSING, combined).astype(np.int32), len(examples)


def rows_of_groups(
    con: duckdb.DuckDBPyConnection, rules: Sequence[Rule], columns: Columns, rows: int
) -> dict[str, Flags]:
    """Which rows break rules about groups, by rule."""
    flags: dict[str, Flags] = {}
    for per in dict.fromkeys(rule.per for rule in rules):
        groups, count = groups_of([columns[name] for name in per], rows)
        alike = [rule for rule in rules if rule.per == per]
        for rule, broken in _broken(con, alike, groups, count, columns):
            of_rule: Flags = broken[groups] & (groups != MISSING)
            if rule.rows and of_rule.any():
                of_rule &= rows_where(con, rule.rows, columns, rows)
            flags[rule.id] = of_rule
    return flags


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
    seen = np.empty(count + 1, np.int32)
    for fact in facts:
        has = (groups != MISSING) & (fact.codes != MISSING)
        at, codes = (groups, fact.codes) if has.all() else (groups[has], fact.codes[has])
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


def _combinations(
    columns: Sequence[TypedColumn], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the combinations of values that occur: one number per row, one row per number."""
    combined = np.zeros(rows, np.int64)
    size = 1
    for column in columns:
        places = len(column.values) + 1
        if size * places > _MOST_NUMBERS:
            _, combined = np.unique(combined, return_inverse=True)
            size = rows
        combined = combined * places + column.places()
        size *= places
    if size > _MOST_PLACES:
        _, examples, at = np.unique(combined, return_index=True, return_inverse=True)
        return at, examples
    example = np.full(size, -1, np.int64)
    example[combined] = np.arange(rows)
    occurring = np.flatnonzero(example >= 0)
    number = np.empty(size, np.int64)
    number[occurring] = np.arange(len(occurring))
    return number[combined], example[occurring]
