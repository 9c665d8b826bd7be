"""What a query may not do to a snapshot, its machine or its program: each attack is tried."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.snapshot.opened import LOCKED, opened_locked

SECRET = "kanariefugl"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot, and beside it what no query may reach; every test sees that it stays as it is."""
    tmp_path = tmp_path_factory.mktemp("snapshot")
    with duckdb.connect(str(tmp_path / "snapshot.duckdb")) as con:
        con.execute("create table open_rows as select 1 as value")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute(f"create table answers as select '{SECRET}' as answer")
    (tmp_path / "secret.csv").write_text(f"answer\n{SECRET}\n")
    (tmp_path / "schema.sql").write_text("select 1")
    return tmp_path


@pytest.fixture
def con(place: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with opened_locked(place / "snapshot.duckdb") as opened:
        yield opened


READ = (
    "select * from read_csv('{place}/secret.csv')",
    "select * from read_text('{place}/secret.csv')",
    "select * from read_blob('{place}/secret.csv')",
    "select * from read_csv('/etc/passwd')",
    "select * from sniff_csv('{place}/secret.csv')",
    "from '{place}/secret.csv'",
    "select * from glob('{place}/*')",
    "select * from read_parquet('https://example.invalid/x.parquet')",
    "attach '{place}/warehouse.duckdb' as other",
    "attach ':memory:' as other",
    "attach '{place}/warehouse.duckdb' as other (read_only)",
    "attach 'https://example.invalid/x.duckdb' as other (read_only)",
    "import database '{place}'",
    "create temp table t as select * from read_csv('{place}/secret.csv')",
)
WRITE = (
    "copy open_rows to '{place}/out.csv'",
    "copy (select 1) to '/dev/stdout'",
    "export database '{place}/out'",
    "create table mine as select 1",
    "insert into open_rows values (2)",
    "delete from open_rows",
    "drop table open_rows",
    "create secret s (type http, bearer_token 'x')",
    "pragma profiling_output = '{place}/out.json'",
    "set log_query_path = '{place}/out.sql'",
)
LOAD = ("install httpfs", "load httpfs", "load '{place}/x.duckdb_extension'", "install x from y")
UNLOCK = (
    *(
        f"set {name} = {str(not is_on).lower()}"
        for name, is_on in LOCKED.items()
        if is_on in (0, 1)
    ),
    "reset enable_external_access",
    "set global enable_external_access = true",
    "set temp_directory = '{place}'",
    "set memory_limit = '1TB'",
    "set threads = 64",
    "set file_search_path = '/etc'",
    "set secret_directory = '{place}'",
    "set extension_directory = '{place}'",
    "set allowed_directories = ['/']",
    "set allowed_paths = ['/etc/passwd']",
)


@pytest.mark.parametrize("attack", [*READ, *WRITE, *LOAD, *UNLOCK])
def test_it_is_refused(attack: str, con: duckdb.DuckDBPyConnection, place: Path) -> None:
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    with pytest.raises(duckdb.Error) as refused:
        con.execute(attack.format(place=place))
    assert not isinstance(refused.value, duckdb.ParserException), "this attack is no SQL"
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert con.execute("select value from open_rows").fetchall() == [(1,)]


def test_the_program_that_asks_is_out_of_reach(con: duckdb.DuckDBPyConnection) -> None:
    answers = pd.DataFrame({"answer": [SECRET]})
    with pytest.raises(duckdb.CatalogException, match="answers"):
        con.sql("select * from answers")
    del answers


def test_a_log_to_a_file_writes_nothing(place: Path) -> None:
    # DuckDB takes this call, fails all that comes after it and takes the process down with it: so
    # each asker has a process of their own (docs/serving.md), and loses no more than that
    program = (
        "import sys; from pathlib import Path; "
        "from pipelines.snapshot.opened import opened_locked\n"
        "with opened_locked(Path(sys.argv[1])) as con:\n"
        "    con.execute(f\"call enable_logging(storage='file', storage_path='{sys.argv[2]}')\")\n"
        "    con.execute('select 1')\n"
    )
    command = [sys.executable, "-c", program, str(place / "snapshot.duckdb"), str(place / "log")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode != 0
    assert not (place / "log").exists()


def test_the_command_opens_it_so(place: Path) -> None:
    def ask(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(
            main, ["sql", "--file", str(place / "snapshot.duckdb"), *arguments]
        )
        return done.exit_code, done.output

    assert ask("--csv", "select value from open_rows") == (0, "value\n1\n")
    code, said = ask(f"from '{place}/secret.csv'")
    assert code == 1
    assert SECRET not in said
