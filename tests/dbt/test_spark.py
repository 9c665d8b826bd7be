"""Spark makes of the shipped deliveries, through the lake, what DuckDB made of them, cell by cell.

Needs the extra `spark` and Java. The environment of developers has neither; an interpreter that
has the extra is named by SPARK_TEST_PYTHON (docs/scaling.md).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from shipped_installation import Installation

from pipelines.settings import PROJECT_ROOT

SPARK_PYTHON = os.environ.get("SPARK_TEST_PYTHON", sys.executable)
LAYERS = ("reference", "intermediate", "marts", "published", "docs")
CONTRACTED = frozenset({"marts", "published", "docs"})

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(3600)]


def missing() -> str | None:
    """What this machine lacks to run Spark."""
    if shutil.which("java") is None:
        return "no Java, which Spark runs on"
    asked = subprocess.run(
        [SPARK_PYTHON, "-c", "import pyspark, dbt.adapters.spark"], capture_output=True, check=False
    )
    return f"{SPARK_PYTHON} has not the extra `spark`" if asked.returncode else None


@pytest.fixture(scope="module")
def tables(shipped_copy: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Spark made: `<layer>.db/<table>/*.parquet`."""
    if reason := missing():
        pytest.skip(reason)
    place = tmp_path_factory.mktemp("spark")
    pushed = shipped_copy.monitor("lake", "push", f"file://{place}/lake")
    assert pushed.returncode == 0, pushed.stderr
    command = [SPARK_PYTHON, "-m", "pipelines.lake.spark_build", f"file://{place}/lake"]
    done = subprocess.run(
        [*command, str(place / "tables")],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
    return place / "tables"


def compared(name: str, kind: str) -> str:
    """A column as it is compared: sums of floating numbers depend on the order of their terms."""
    if kind != "DOUBLE":
        return f"cast({name} as {kind}) as {name}"
    # ten digits, of whatever size the number is
    size = f"coalesce(cast(floor(log10(nullif(abs({name}), 0))) as integer), 0)"
    return f"round({name}, 9 - {size}) as {name}"


def differences(con: duckdb.DuckDBPyConnection, tables: Path) -> dict[str, tuple[int, int]]:
    """Rows that only Spark has, and that only DuckDB has, of each table where there are any."""
    found = {}
    for layer, table in con.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in "
        f"{LAYERS} order by all"
    ).fetchall():
        spark = f"read_parquet('{tables}/{layer}.db/{table}/*.parquet')"
        columns = con.execute(f"describe {layer}.{table}").fetchall()
        names, made = (
            [each[0] for each in described]
            for described in (columns, con.execute(f"describe from {spark}").fetchall())
        )
        # only contracts promise an order: Spark puts the columns of a `using` first
        assert (made if layer in CONTRACTED else sorted(made)) == (
            names if layer in CONTRACTED else sorted(names)
        ), table
        chosen = ", ".join(compared(name, kind) for name, kind, *_ in columns)
        one, other = f"select {chosen} from {spark}", f"select {chosen} from {layer}.{table}"
        only = [
            con.execute(f"select count(*) from ({a} except all {b})").fetchall()[0][0]
            for a, b in ((one, other), (other, one))
        ]
        if any(only):
            found[f"{layer}.{table}"] = (only[0], only[1])
    return found


def test_the_tables_are_the_same(shipped_copy: Installation, tables: Path) -> None:
    with duckdb.connect(str(shipped_copy.settings.live_path), read_only=True) as con:
        assert differences(con, tables) == {}


def test_another_figure_would_be_found(
    shipped_copy: Installation, tables: Path, tmp_path: Path
) -> None:
    path = shutil.copy(shipped_copy.settings.live_path, tmp_path / "monitor.duckdb")
    with duckdb.connect(str(path)) as con:
        con.execute(
            "update published.pub_i05_coordinator_time set value = value + 0.1 "
            "where value = (select max(value) from published.pub_i05_coordinator_time)"
        )
        assert set(differences(con, tables)) == {"published.pub_i05_coordinator_time"}
