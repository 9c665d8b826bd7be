"""A warehouse of made-up years, built by dbt as the real one is.

dbt takes seconds to start however little there is to do. So all that is to be tried lies in one
warehouse, as waves, extracts and meetings of different years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
from evidence_rows import Row
from made_up_answers import draw_wave
from made_up_meetings import draw_meetings
from made_up_plans import draw_extract, draw_plans
from made_up_tables import MUNICIPALITIES, Tables

from pipelines.contracts.tables import raw_ddl
from pipelines.orchestration.dbt_runner import run_dbt
from pipelines.settings import PROJECT_ROOT
from pipelines.warehouse.schema import own_ddl

YEARS = range(2004, 2034)
"""Some with inhabitants and lists of areas in the seeds, some without."""
CELLS = "+pub_indicator_cells"


def build_made_up_warehouse(path: Path, chance: Random, seeds_of: Path) -> None:
    """Draw the rows, take the seeds from a built warehouse, and run the models.

    Args:
        path: The file to make; its stem is that of every warehouse.
        chance: What to draw from.
        seeds_of: A built warehouse.
    """
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.4.0"}) as con:
        for statement in (*own_ddl(), *raw_ddl()):
            con.execute(statement)
        topics = _copy_seeds(con, seeds_of)
        waves, tables = _draw(chance, topics)
        con.execute("delete from reference.survey_waves")
        gone = chance.sample(MUNICIPALITIES, 2)
        con.execute(
            "delete from reference.municipality_population "
            "where municipality_code in $gone and year % 5 = 0",
            {"gone": gone},
        )
        _insert(con, {"reference.survey_waves": waves})
        _insert(con, {f"raw.{name}": rows for name, rows in tables.items()})
    outcome = run_dbt(PROJECT_ROOT / "dbt_project", path, ["run", "-s", CELLS])
    assert outcome.success, [f"{node.name}: {node.message}" for node in outcome.failed]


def _copy_seeds(con: duckdb.DuckDBPyConnection, seeds_of: Path) -> list[str]:
    con.execute(f"attach '{seeds_of}' as built (read_only)")
    con.execute("create schema reference")
    seeds = con.execute(
        "select table_name from duckdb_tables() "
        "where database_name = 'built' and schema_name = 'reference'"
    ).fetchall()
    for (seed,) in seeds:
        con.execute(f"create table reference.{seed} as from built.reference.{seed}")
    con.execute("detach built")
    topics = con.execute("select topic from reference.styringsdialog_topics order by topic")
    return [topic for (topic,) in topics.fetchall()]


def _draw(chance: Random, topics: list[str]) -> tuple[list[Row], Tables]:
    tables: Tables = defaultdict(list)
    waves: list[Row] = []
    last = date(YEARS[-1], 6, 30)
    plans = draw_plans(chance, YEARS, last)
    for year in YEARS:
        planned, others = date(year, 6, 30), [date(year, 3, 31), date(year, 12, 31)]
        if chance.random() < 0.9:
            waves.append({"wave": str(year), "size_extract_date": planned})
        draw_wave(chance, year, tables)
        for day in (planned, *others):
            drawn = chance.random() < (0.6 if day == planned else 0.2)
            if day == last or (drawn and day < last):
                draw_extract(chance, day, plans, tables)
        draw_meetings(chance, year, topics, tables)
    return waves, tables


def _insert(con: duckdb.DuckDBPyConnection, tables: Mapping[str, list[Row]]) -> None:
    for table, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        columns = {name: [row.get(name) for row in rows] for name in names}
        drawn = pa.table(columns)
        con.register("drawn", drawn)
        con.execute(f"insert into {table} by name from drawn")
        con.unregister("drawn")
