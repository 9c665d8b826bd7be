"""Spark builds the models from the lake's raw tables: the same dbt project, `--target spark`.

Runs where the extra `spark` and Java are, which need not be where the installation is; it needs no
key, and asks neither archive nor ledger. On one machine:

    python -m pipelines.lake.spark_build file:///mnt/lake /mnt/tables

On a cluster, with `spark-submit`, what its settings say of master and catalogue goes before
what is said here (docs/scaling.md).
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from pathlib import Path

import click
from pyspark import SparkConf
from pyspark.sql import SparkSession

from pipelines.lake.generation import Generation, read_current
from pipelines.lake.place import LakeError, place_of
from pipelines.settings import PROJECT_ROOT

SPARKS_NAMES = {"s3": "s3a", "gcs": "gs"}
"""Kinds of URL that Hadoop calls otherwise than fsspec."""

ALWAYS = {
    # as DuckDB: an overflow or a text that is no number is an error, and times have no zone
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
}
ON_ONE_MACHINE = {
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.memory": "4g",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # hundreds of small statements: compiling each to bytecode costs more than it saves; and the
    # longest nest deeper than Java's usual stack
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-Xss16m -XX:TieredStopAtLevel=1 "
    "-XX:ReservedCodeCacheSize=512m",
}


def session(tables: str) -> SparkSession:
    """The Spark session that dbt will find: the cluster's, or one on this machine.

    Args:
        tables: Where Spark keeps the tables it makes.
    """
    conf = SparkConf()
    local = str(conf.get("spark.master", "local[*]"))
    conf.setIfMissing("spark.master", local)
    conf.setIfMissing("spark.sql.warehouse.dir", tables)
    for name, value in (ON_ONE_MACHINE if local.startswith("local") else {}).items():
        conf.setIfMissing(name, value)
    for name, value in ALWAYS.items():
        conf.set(name, value)
    made = SparkSession.builder.config(conf=conf).getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def take_raw(spark: SparkSession, url: str, generation: Generation) -> int:
    """Copy the raw rows of a generation into tables of Spark's own.

    A copy, for the next push removes the files of this generation while models are still made.

    Returns:
        The number of rows.
    """
    scheme, rest = url.split("://", 1)
    start = f"{SPARKS_NAMES.get(scheme, scheme)}://{rest}"
    files: dict[str, list[str]] = defaultdict(list)
    for raw in generation.raw:
        files[raw.table].append(f"{start}/{raw.file.name}")
    spark.sql("create database if not exists raw")
    for table, names in files.items():
        spark.read.parquet(*names).write.mode("overwrite").saveAsTable(f"raw.{table}")
    taken = {table: spark.table(f"raw.{table}").count() for table in files}
    for table in files:
        pushed = sum(raw.rows for raw in generation.raw if raw.table == table)
        if taken[table] != pushed:
            raise LakeError(f"raw.{table}: {taken[table]} rows were read, {pushed} were pushed")
    return sum(taken.values())


def build() -> bool:
    """Make the models in the session that is open, and test their rows; whether all went well."""
    from dbt.cli.main import dbtRunner

    project = str(PROJECT_ROOT / "dbt_project")
    with tempfile.TemporaryDirectory() as work:
        places = ["--project-dir", project, "--profiles-dir", project]
        places += ["--target-path", f"{work}/target", "--log-path", f"{work}/logs"]
        # unit tests hold rows in DuckDB's words; what they try is tried there
        kinds = ["--exclude-resource-type", "unit_test"]
        return dbtRunner().invoke(["build", "--target", "spark", *kinds, *places]).success


@click.command()
@click.argument("url")
@click.argument("tables", type=click.Path(file_okay=False, path_type=Path))
def main(url: str, tables: Path) -> None:
    """Build all models on Spark from the lake at URL; the tables are made below TABLES."""
    try:
        generation = read_current(place_of(url))
        if generation is None:
            raise LakeError(f"nothing was ever pushed to {url}")
        began = time.monotonic()
        rows = take_raw(session(str(tables.resolve())), url.rstrip("/"), generation)
    except LakeError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{rows} raw rows taken from {url} in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    if not build():
        raise click.ClickException("not all models were made, or a test failed; dbt says which")
    click.echo(f"all models made and tested in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
