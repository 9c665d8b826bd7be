"""Plans through the extracts: versions, calendar years, and residents against inhabitants."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

pytestmark = pytest.mark.slow


def test_a_plan_has_a_new_version_when_an_extract_tells_something_else(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    rows = tiny.execute(
        """
        select case_number, plan_version, valid_from, valid_to, last_seen, is_latest
        from marts.dim_plan_version where case_number in ('A', 'B') order by all
        """
    ).fetchall()
    first, second = date(2015, 6, 30), date(2016, 12, 31)
    assert rows == [
        ("A", 1, first, second, first, False),  # 2,500 residents
        ("A", 2, second, None, second, True),  # 4,500
        ("B", 1, first, None, first, True),  # not in the later extract: nothing else is known
    ]
    # eight plans, of which A and F changed
    assert tiny.execute("select count(*) from marts.dim_plan_version").fetchone() == (10,)


def test_a_grant_is_spread_over_its_days(tiny: duckdb.DuckDBPyConnection) -> None:
    rows = tiny.execute(
        """
        select calendar_year, grant_days, amount_kr from marts.fct_plan_financing_year
        where case_number = 'B' and financing_source = 'lbf' order by calendar_year
        """
    ).fetchall()
    # 800.05 kr over 1,826 days; 365 of them are 159.922…, 366 with the rest before 160.36
    assert [days for _, days, _ in rows] == [365, 365, 365, 366, 365]
    assert rows[0] == (2013, 365, Decimal("159.92"))
    assert rows[3] == (2016, 366, Decimal("160.36"))
    assert sum(amount for *_, amount in rows) == Decimal("800.05")


def test_residents_covered_against_the_inhabitants_of_the_year(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    inhabitants = tiny.execute(
        """
        select sum(population) from reference.municipality_population as people
        inner join reference.municipalities as places using (municipality_code)
        where people.year = 2015 and places.region = 'Syddanmark'
        """
    ).fetchone()
    assert inhabitants is not None
    # 9,000 in Odense's active plan and 1,000 in Sønderborg's
    assert tiny.execute(
        "select numerator, base, value from published.pub_indicator_cells "
        "where cell_id = 'I10.2015-06-30.region.Syddanmark.all.share_pct'"
    ).fetchone() == pytest.approx((10_000, inhabitants[0], 100 * 10_000 / inhabitants[0]))


def test_the_dictionary_tells_of_every_column_of_the_marts(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    untold = tiny.execute(
        """
        select schema_name, table_name, column_name from duckdb_columns()
        where schema_name in ('marts', 'published', 'raw', 'reference')
        except
        select table_schema, table_name, column_name from docs.columns where description <> ''
        """
    ).fetchall()
    assert untold == []


def test_a_price_far_from_any_pay_is_told_to_whoever_asks_the_sender(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    rows = tiny.execute(
        """
        select extract_date, case_number, broken_rule, staff_hour_kr, row_number
        from marts.fct_staff_hour_finding order by extract_date
        """
    ).fetchall()
    # Plan A says 250 kr for 100.5 hours in both extracts, on its second row.
    assert [(*row[:3], row[4]) for row in rows] == [
        (date(2015, 6, 30), "A", "too_cheap", 2),
        (date(2016, 12, 31), "A", "too_cheap", 2),
    ]
    assert [row[3] for row in rows] == pytest.approx([250 / 100.5] * 2)


CONTRIBUTIONS = {
    # 101 has plans A and B of 1,000 kr each; 165, 259 and 751 have 400 kr, 461 has 200, 540 100.
    ("I07.2015-06-30.all.all.all.amount_kr", "municipality"): (6, 2000, 400, 3500),
    # All grants are held by one organisation.
    ("I07.2015-06-30.all.all.all.amount_kr", "housing_organisation"): (1, 3500, 0, 3500),
    ("I07.2015-06-30.all.all.municipality_staff.amount_kr", "municipality"): (1, 250, 0, 250),
    ("I07.2015-06-30.all.all.municipality_premises.amount_kr", "municipality"): (0, 0, 0, 0),
    # D alone had a grant in 2009: 184 of its 1,096 days.
    ("I07.2009.all.all.all.year_amount_kr", "municipality"): (1, 151.09, 0, 151.09),
}


@pytest.mark.parametrize(("cell_id", "kind"), CONTRIBUTIONS)
def test_who_stands_behind_a_cell_in_kroner(
    tiny: duckdb.DuckDBPyConnection, cell_id: str, kind: str
) -> None:
    row = tiny.execute(
        """
        select contributors, largest_kr, second_largest_kr, total_kr
        from intermediate.int_disclosure__contributions
        where cell_id = ? and contributor_kind = ?
        """,
        [cell_id, kind],
    ).fetchone()
    assert row is not None
    assert tuple(map(float, row)) == pytest.approx(CONTRIBUTIONS[cell_id, kind])


def test_every_cell_in_kroner_of_more_than_a_municipality_has_its_contributors(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    untold = tiny.execute(
        """
        select cell_id from published.pub_i07_cofinancing_mix
        where measure in ('amount_kr', 'year_amount_kr') and breakdown <> 'municipality'
        except all
        select cell_id from intermediate.int_disclosure__contributions group by cell_id
        having count(*) = 2
        """
    ).fetchall()
    assert untold == []
