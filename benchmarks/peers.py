"""The ways into DuckDB that are raced; each runs in a process of its own: `peers.py NAME FILE DIR`.

Every way ends with the rows in a table of a database file, written and closed. `monitor` is the
project's own: receive (hash, compress, encrypt, archive, ledger), then open (decrypt, verify),
read with field counts in a child process, contract rules, quarantine, raw table, findings. Its
contract is the installed one, except that the four columns that the file leaves out to be twelve
wide are optional.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def duckdb_csv(file: Path, folder: Path) -> int:
    """The measure: DuckDB's own reader, with what it finds out by itself."""
    import duckdb

    with duckdb.connect(folder / "peer.duckdb") as con:
        con.execute(f"create table t as select * from read_csv('{file}')")
        return _count(con.execute("select count(*) from t").fetchone())


def duckdb_text(file: Path, folder: Path) -> int:
    """The same without types."""
    import duckdb

    with duckdb.connect(folder / "peer.duckdb") as con:
        con.execute(f"create table t as select * from read_csv('{file}', all_varchar = true)")
        return _count(con.execute("select count(*) from t").fetchone())


def pandas_csv(file: Path, folder: Path) -> int:
    """Read with pandas, written from the frame."""
    import duckdb
    import pandas as pd

    frame = pd.read_csv(file, sep=";", dtype=str)
    with duckdb.connect(folder / "peer.duckdb") as con:
        con.register("frame", frame)
        con.execute("create table t as select * from frame")
        return _count(con.execute("select count(*) from t").fetchone())


def dlt_csv(file: Path, folder: Path) -> int:
    """A dlt pipeline with its own CSV reader for DuckDB, as its documentation has it."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["DLT_DATA_DIR"] = str(folder / "dlt")
    import dlt  # type: ignore[import-not-found, unused-ignore]
    from dlt.sources.filesystem import (  # type: ignore[import-not-found, unused-ignore]
        filesystem,
        read_csv_duckdb,
    )

    files = filesystem(bucket_url=file.parent.as_uri(), file_glob=file.name)
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(str(folder / "peer.duckdb")),
        dataset_name="bench",
        pipelines_dir=str(folder / "dlt"),
    )
    reader = files | read_csv_duckdb(use_pyarrow=True, chunk_size=100_000)
    pipeline.run(reader.with_name("t"))
    with pipeline.sql_client() as client:
        return _count(client.execute_sql("select count(*) from t")[0])


def monitor(file: Path, folder: Path) -> int:
    """The project's intake, from the inbox to accepted raw rows."""
    from datetime import UTC, datetime

    from benchmarks.make_file import PERIOD
    from pipelines.contracts.loader import load_source
    from pipelines.contracts.tables import raw_ddl
    from pipelines.intake.archive import archive_of
    from pipelines.intake.deciding import load
    from pipelines.intake.process import decide
    from pipelines.intake.receive import receive
    from pipelines.settings import Settings
    from pipelines.warehouse.store import (
        begin_build,
        connect,
        ensure_raw_schema,
        write_findings,
    )

    settings = Settings(
        root=folder / "installation",
        data_dir=folder / "installation" / "data",
        dagster_home=folder / "installation" / "dagster",
        key_file=folder / "keys" / "key",
    )
    place = settings.inbox_dir / "driftsstoette" / PERIOD
    place.mkdir(parents=True)
    os.link(file, place / "bench.csv")
    source = load_source("driftsstoette")
    optional = {"homes", "residents"}
    contract = source.model_copy(
        update={
            "fields": tuple(
                field.model_copy(update={"required": False}) if field.field in optional else field
                for field in source.fields
            )
        }
    )
    (delivery,) = receive(
        settings, ["driftsstoette"], now=datetime.now(UTC), settle_seconds=0.0
    ).received
    begin_build(settings)
    with connect(settings.build_path) as con:
        ensure_raw_schema(con, tuple(raw_ddl()))
        with archive_of(settings).open_payload(delivery) as payload:
            decision = decide(con, delivery, payload, contract=contract)
        load(con, delivery.delivery_id, decision, rows=True)
        write_findings(con, delivery, decision.findings)
    if decision.state != "quarantined" or not decision.rows_quarantined:
        raise RuntimeError(f"the race is not the one declared: {decision.state}")
    return decision.rows_read


def _count(row: object) -> int:
    if not isinstance(row, tuple):
        raise TypeError("an aggregate without a row")
    return int(row[0])


PEERS: Mapping[str, tuple[str, Callable[[Path, Path], int]]] = {
    "duckdb": ("DuckDB read_csv", duckdb_csv),
    "duckdb-text": ("DuckDB read_csv, all_varchar", duckdb_text),
    "pandas": ("pandas read_csv, to DuckDB", pandas_csv),
    "dlt": ("dlt read_csv_duckdb", dlt_csv),
    "monitor": ("monitor: receive and take in", monitor),
}

if __name__ == "__main__":
    name, file, folder = sys.argv[1:]
    sys.stdout.write(f"{PEERS[name][1](Path(file), Path(folder))}\n")
