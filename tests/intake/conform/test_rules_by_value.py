"""Rules over coded columns say of each row what the same SQL says of it in a plain table."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipelines.intake.conform import by_value
from pipelines.intake.conform.by_value import ByValue, groups_of
from pipelines.intake.conform.columns import MISSING, TypedColumn

RULE = "a is null or (b = 'y' and a > 2)"
A = pa.array([1, 2, 3, 4])
B = pa.array(["x", "y"])


def columns(rows: int, seed: int) -> Mapping[str, TypedColumn]:
    dice = random.Random(seed)

    def codes(values: int) -> Sequence[int]:
        return [dice.randrange(MISSING, values) for _ in range(rows)]

    return {
        "a": TypedColumn(A, np.array(codes(len(A)), np.int32)),
        "b": TypedColumn(B, np.array(codes(len(B)), np.int32)),
    }


def told_by_sql(con: duckdb.DuckDBPyConnection, of: Mapping[str, TypedColumn]) -> list[bool]:
    con.register("rows", pa.table({name: column.array() for name, column in of.items()}))
    found = con.execute(f"select coalesce(({RULE}), false) from rows").fetchall()
    return [truth for (truth,) in found]


@pytest.mark.parametrize("most_places", [1, by_value._MOST_PLACES])
def test_each_chunk_is_told_what_sql_says(
    most_places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_value, "_MOST_PLACES", most_places)
    with duckdb.connect() as con:
        judge = ByValue(con)
        # the first chunk has few of the combinations: the others are asked about when they come
        for rows, seed in ((3, 1), (200, 2), (200, 3)):
            chunk = columns(rows, seed)
            assert judge.rows_where(RULE, chunk, rows).tolist() == told_by_sql(con, chunk)


def test_what_was_told_is_forgotten_with_the_values() -> None:
    with duckdb.connect() as con:
        judge = ByValue(con)
        chunk = columns(50, 1)
        judge.rows_where(RULE, chunk, 50)
        # the same codes, which now stand for other values
        other = {**chunk, "b": TypedColumn(pa.array(["y", "x"]), chunk["b"].codes)}
        assert judge.rows_where(RULE, other, 50).tolist() == told_by_sql(con, other)


def test_a_combination_that_was_asked_about_is_not_asked_about_again() -> None:
    with duckdb.connect() as con:
        judge = ByValue(con)
        chunk = columns(200, 2)
        first = judge.rows_where(RULE, chunk, 200).tolist()
        con.close()
        assert judge.rows_where(RULE, chunk, 200).tolist() == first


@pytest.mark.parametrize("most_places", [1, by_value._MOST_PLACES])
def test_rows_share_a_group_when_they_share_all_values(
    most_places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_value, "_MOST_PLACES", most_places)
    chunk = columns(200, 4)
    groups, count = groups_of([chunk["a"], chunk["b"]], 200)
    codes = list(zip(chunk["a"].codes.tolist(), chunk["b"].codes.tolist(), strict=True))
    assert max(groups.tolist()) < count
    for one, group in zip(codes, groups.tolist(), strict=True):
        assert (group == MISSING) == (MISSING in one)
        if group != MISSING:
            assert {
                other for other, of in zip(codes, groups.tolist(), strict=True) if of == group
            } == {one}


@pytest.mark.parametrize("spread", ["together", "scattered", "together, some unknown"])
@pytest.mark.parametrize("missing", [0.0, 0.3, 1.0])
def test_facts_that_differ_are_found_wherever_a_groups_rows_stand(
    spread: str, missing: float
) -> None:
    dice = random.Random(f"{spread} {missing}")
    for _ in range(40):
        rows, count = dice.randrange(12), dice.randint(1, 5)
        groups = [dice.randrange(MISSING if "some" in spread else 0, count) for _ in range(rows)]
        if "together" in spread:
            groups.sort()
        facts = [
            [MISSING if dice.random() < missing else dice.randrange(2) for _ in range(rows)]
            for _ in range(2)
        ]
        found = by_value._facts_differ(
            np.array(groups, np.int32),
            count,
            [TypedColumn(B, np.array(codes, np.int32)) for codes in facts],
        )
        for group in range(count):
            values = [
                {code for code, of in zip(codes, groups, strict=True) if of == group} - {MISSING}
                for codes in facts
            ]
            assert found[group] == any(len(told) > 1 for told in values)
