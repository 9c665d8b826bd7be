"""A builder in a process of its own, to be killed: builds generation after generation.

`warehouse_builder.py <folder>` writes one line to standard output for each generation promoted.
"""

from __future__ import annotations

import sys
from pathlib import Path

from custody_support import installation

from pipelines.settings import Settings
from pipelines.warehouse.lock import writer_lock
from pipelines.warehouse.store import begin_build, connect, ensure_raw_schema, promote

ROWS = 20_000
DDL = tuple(
    f"create table if not exists raw.{table} (delivery_id varchar, generation int, filling varchar)"
    for table in ("left_half", "right_half")
)


def build(settings: Settings, generation: int) -> None:
    """Make every row of both tables carry the generation, one statement at a time."""
    with connect(begin_build(settings)) as con:
        ensure_raw_schema(con, DDL)
        for table in ("left_half", "right_half"):
            con.execute(f"delete from raw.{table}")
            con.execute(
                f"insert into raw.{table} select 'd', {generation}, md5(range::varchar) "
                f"from range({ROWS})"
            )
    promote(settings)


def main(folder: Path) -> None:
    settings = installation(folder)
    generation = 1
    with writer_lock(settings):
        while True:
            build(settings, generation)
            sys.stdout.write(f"{generation}\n")
            sys.stdout.flush()
            generation += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]))
