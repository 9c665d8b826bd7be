"""Dates and years stand in tables of their own, in the arrangement that workbook and site share."""

from __future__ import annotations

import dataclasses

import pytest

from pipelines.publish.model import Release
from pipelines.publish.periods import IN_A_YEAR, ON_A_DATE
from pipelines.publish.tables import breakdown_tables

YEAR = {"2015-06-30": "2015", "2016-12-31": "2016"}


@pytest.fixture(scope="module")
def both(release: Release) -> Release:
    """The release with I07's extracts told of by calendar year too."""
    years = tuple(
        dataclasses.replace(
            cell,
            period=YEAR[cell.period],
            measure=f"year_{cell.measure}",
            cell_id=cell.cell_id.replace(cell.period, YEAR[cell.period]),
        )
        for cell in release.cells_of("I07")
    )
    return dataclasses.replace(release, cells=(*release.cells, *years))


def test_no_table_has_both(both: Release) -> None:
    tables = breakdown_tables(both, "I07")
    assert [(t.breakdown, t.kind, t.periods, t.part.part_id) for t in tables if t.part] == [
        (breakdown, kind, periods, part)
        for breakdown in ("all", "grant_pool")
        for kind, periods in ((ON_A_DATE, tuple(YEAR)), (IN_A_YEAR, tuple(YEAR.values())))
        for part in ("kroner", "procent")
    ]
    assert all(t.part for t in tables)


def test_no_table_of_a_divided_indicator_has_two_units(both: Release) -> None:
    for table in breakdown_tables(both, "I07"):
        assert len({row.any_cell.unit for row in table.rows}) == 1
        totals = [row for row in table.rows if row.category == "all"]
        assert not any(map(table.named_by_measure, totals))  # "I alt" beside its parts


def test_a_measure_is_in_the_table_of_its_own_periods(both: Release) -> None:
    for table in breakdown_tables(both, "I07"):
        of_year = {row.measure.startswith("year_") for row in table.rows}
        assert of_year == {table.kind == IN_A_YEAR}
        assert all(cell is not None for row in table.rows for cell in row.cells)


def test_titles_tell_the_two_apart_and_say_nothing_where_there_is_one(
    both: Release, release: Release
) -> None:
    tables = breakdown_tables(both, "I07")
    titles = [(t.label_da, t.of_kind_da, t.of_part_da) for t in tables]
    assert len(set(titles)) == len(titles)
    assert {t.of_kind_da for t in breakdown_tables(release, "I07")} == {""}
