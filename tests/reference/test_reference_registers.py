"""The official facts are complete, agree with each other and are what they were carried from."""

from __future__ import annotations

import runpy
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[2]
YEARS = [*range(2007, 2024), 2026]


def test_there_are_98_municipalities_with_three_digit_codes(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    codes = seeds.sql("select municipality_code from municipalities").fetchall()
    assert len(codes) == len(set(codes)) == 98
    assert all(len(code) == 3 and code.isdigit() and code[0] != "0" for (code,) in codes)
    named = dict(
        seeds.sql(
            "select municipality_code, municipality_name from municipalities "
            "where municipality_code in ('101', '860')"
        ).fetchall()
    )
    assert named == {"101": "København", "860": "Hjørring"}


def test_every_year_has_the_population_of_every_municipality(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    found = seeds.sql(
        "select cast(year as integer), count(distinct municipality_code), count(*) "
        "from municipality_population where cast(population as integer) > 0 "
        "group by all order by all"
    ).fetchall()
    assert found == [(year, 98, 98) for year in YEARS]


def test_the_two_figures_of_2026_are_the_same(seeds: duckdb.DuckDBPyConnection) -> None:
    differing = seeds.sql(
        "select municipality_code from municipalities join municipality_population "
        "using (municipality_code) where year = '2026' and population <> population_2026"
    ).fetchall()
    assert differing == []


def test_crosswalk_reaches_every_municipality_and_only_those(
    seeds: duckdb.DuckDBPyConnection,
) -> None:
    unmatched = seeds.sql(
        "select m.municipality_code, c.municipality_code from municipalities m "
        "full join (select distinct municipality_code, municipality_name "
        "from municipality_crosswalk_2007) c using (municipality_code, municipality_name) "
        "where m.municipality_code is null or c.municipality_code is null"
    ).fetchall()
    assert unmatched == []
    not_itself = seeds.sql(
        "select municipality_code from municipalities anti join municipality_crosswalk_2007 c "
        "on c.municipality_code = municipalities.municipality_code "
        "and c.old_municipality_code = municipalities.municipality_code"
    ).fetchall()
    assert not_itself == []


def test_thirteen_old_municipalities_were_split(seeds: duckdb.DuckDBPyConnection) -> None:
    split = seeds.sql(
        "select old_municipality_code from municipality_crosswalk_2007 group by all "
        "having count(distinct municipality_code) > 1"
    ).fetchall()
    assert len(split) == 13


def test_listed_areas_lie_in_the_municipality_named(seeds: duckdb.DuckDBPyConnection) -> None:
    wrong = seeds.sql(
        "select area_name from listed_areas anti join municipalities "
        "using (municipality_code, municipality_name)"
    ).fetchall()
    assert wrong == []


def test_listed_areas_are_as_many_as_bl_counted(seeds: duckdb.DuckDBPyConnection) -> None:
    """Until 2021 the areas now called parallel societies were the "ghettoområder" of the list."""
    differing = seeds.sql(
        "select year, areas, listed from listed_area_counts join ("
        "  select year(cast(list_date as date))::varchar as year, count(*) as listed"
        "  from listed_areas group by all"
        ") using (year) where list_type = 'parallel_society' and cast(areas as integer) <> listed"
    ).fetchall()
    assert differing == []


def test_focus_areas_belong_to_a_pool(seeds: duckdb.DuckDBPyConnection) -> None:
    assert (
        seeds.sql("from lbf_focus_areas anti join lbf_frames using (grant_pool)").fetchall() == []
    )


def test_register_seeds_are_what_the_converter_makes(
    reference_folder: Path, tmp_path: Path
) -> None:
    import_all = runpy.run_path(str(ROOT / "scripts" / "import_reference.py"))["import_all"]
    made = import_all(reference_folder, tmp_path)
    assert len(made) == 8
    for path in made:
        assert path.read_bytes() == (ROOT / "dbt_project" / "seeds" / path.name).read_bytes()
