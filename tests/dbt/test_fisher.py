"""Fisher's exact test in SQL, against scipy and against exact fractions, on every small table."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import comb, isnan
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from rendered_sql import rendered
from scipy.stats import fisher_exact

MOST = 7
LARGE = ((14, 20, 11, 18), (19, 20, 9, 18), (0, 25, 6, 19), (17, 17, 20, 27), (31, 60, 12, 38))
SUPPOSED = 1e-9


class Found(NamedTuple):
    """What the model makes of one table."""

    difference_pct_points: float
    odds_ratio: float | None
    fisher_exact_p: float


Table = tuple[int, int, int, int]
"""Municipalities that discussed it and all, where one person coordinates; the same where two do."""


def tables() -> Iterator[Table]:
    for same_base in range(1, MOST + 1):
        for other_base in range(1, MOST + 1):
            for same in range(same_base + 1):
                for other in range(other_base + 1):
                    yield same, same_base, other, other_base
    yield from LARGE


def exact_p(table: Table) -> Fraction:
    """Add up the tables with the same margins that are at most as likely, in whole numbers."""
    same, same_base, other, other_base = table
    discussed = same + other
    ways = {
        k: comb(same_base, k) * comb(other_base, discussed - k)
        for k in range(max(0, discussed - other_base), min(same_base, discussed) + 1)
    }
    return Fraction(sum(w for w in ways.values() if w <= ways[same]), sum(ways.values()))


@pytest.fixture(scope="module")
def found(dbt_dir: Path) -> dict[Table, Found]:
    """The model on made-up members: each table is a period of its own."""
    model = "models/intermediate/int_styringsdialog__comparisons.sql"
    every = list(tables())
    with duckdb.connect() as con:
        con.execute(
            "create table tables (period varchar, answer varchar, members integer, base integer)"
        )
        con.executemany(
            "insert into tables values (?, ?, ?, ?)",
            [
                (str(number), answer, table[place], table[place + 1])
                for number, table in enumerate(every)
                for answer, place in (("yes", 0), ("no", 2))
            ],
        )
        con.execute(
            """
            create table members as
            select period, 'resident_safety' as category, 'same_person' as breakdown,
                answer as breakdown_value, unnest(range(base)) < members as is_member,
                'A' as obs_status, '' as note_ids, true as is_synthetic, ['d'] as delivery_ids
            from tables
            union all
            -- neither counts: those who do not know, and the table for all municipalities
            select distinct period, 'resident_safety', breakdown, breakdown_value, true,
                'A', '', true, ['d']
            from tables cross join (
                values ('same_person', 'dont_know'), ('all', 'all')
            ) as other(breakdown, breakdown_value)
            """
        )
        rows = con.execute(
            "select period, difference_pct_points, odds_ratio, fisher_exact_p from ("
            + rendered(dbt_dir, model, ("lineage",), lambda _: "members")
            + ")"
        ).fetchall()
    assert len(rows) == len(every)
    return {every[int(period)]: Found(*values) for period, *values in rows}


def test_the_p_value_is_that_of_exact_fractions(found: dict[Table, Found]) -> None:
    wrong = {
        table: (row.fisher_exact_p, float(exact_p(table)))
        for table, row in found.items()
        if abs(row.fisher_exact_p - exact_p(table)) > SUPPOSED
    }
    assert wrong == {}


def test_p_value_and_odds_ratio_are_those_of_scipy(found: dict[Table, Found]) -> None:
    for table, row in found.items():
        same, same_base, other, other_base = table
        theirs = fisher_exact([[same, same_base - same], [other, other_base - other]])
        assert row.fisher_exact_p == pytest.approx(theirs.pvalue, abs=SUPPOSED), table
        odds_ratio = float(theirs.statistic)
        if isnan(odds_ratio) or odds_ratio == float("inf"):
            assert row.odds_ratio is None, table
        else:
            assert row.odds_ratio == pytest.approx(odds_ratio), table


def test_a_table_worked_out_by_hand(found: dict[Table, Found]) -> None:
    # 3 of 3 against 0 of 3: of the 20 ways to choose 3 of 6 one is this, one its mirror.
    assert found[3, 3, 0, 3] == pytest.approx(Found(100.0, None, 2 / 20))
    # 3 of 4 against 1 of 4, the lady and her tea: 1 + 16 of 70 ways, and as many the other way.
    assert found[3, 4, 1, 4] == pytest.approx(Found(50.0, 9.0, 34 / 70))
    # No difference is no evidence.
    assert found[2, 4, 3, 6] == pytest.approx(Found(0.0, 1.0, 1.0))
