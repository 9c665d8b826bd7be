"""dbt in the running process, with the manifest handed over and the DuckDB file let go afterwards.

Knows nothing of Dagster: a test or a notebook calls `run_dbt` with plain arguments. A subprocess
costs dbt's imports and a parse each time; here the second call of a process costs what the SQL
costs. How results become asset events is the business of `dbt_models`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from pipelines.orchestration.dbt_manifest import (
    WAREHOUSE_ENV,
    common_flags,
    environment,
    load_manifest,
)
from pipelines.orchestration.dbt_outcome import DbtNodeResult, DbtOutcome

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult
    from dbt.contracts.graph.manifest import Manifest


# Unit tests have fixed input: they are run where the SQL changes (make test), not at each delivery.
NO_UNIT_TESTS = ("--exclude-resource-type", "unit_test")


def build(dbt_dir: Path, duckdb_path: Path, args: Sequence[str]) -> DbtOutcome:
    """Run `dbt build`, keeping the failing rows of those tests that fail or warn.

    dbt's `store_failures` writes a table for every test, most of them empty, at a quarter of the
    build's time. Here only the tests that found something are run once more, to keep what they
    found; what an earlier build kept is dropped first.

    Args:
        dbt_dir: The dbt project.
        duckdb_path: The file to build in.
        args: The selection, if any.
    """
    _drop_kept_rows(load_manifest(dbt_dir), duckdb_path)
    outcome = run_dbt(dbt_dir, duckdb_path, ["build", *args])
    found = [n.name for n in outcome.nodes if n.resource_type == "test" and n.failures]
    if not found:
        return outcome
    again = run_dbt(
        dbt_dir,
        duckdb_path,
        ["test", "--store-failures", "--indirect-selection", "empty", "--select", *found],
    )
    kept = {node.unique_id: node.failures_table for node in again.nodes}
    nodes = (replace(n, failures_table=kept.get(n.unique_id)) for n in outcome.nodes)
    return replace(outcome, nodes=tuple(nodes))


def run_dbt(
    dbt_dir: Path,
    duckdb_path: Path,
    args: Sequence[str],
) -> DbtOutcome:
    """Invoke dbt on a DuckDB file.

    Args:
        dbt_dir: The dbt project, with its `profiles.yml`.
        duckdb_path: The file to build in; its stem becomes the catalog's name in views.
        args: The command and its selection, such as `["build"]`.

    Returns:
        What became of each node. A failing test or model is a result, not an exception.

    Raises:
        DbtParseError: If the project does not parse.
    """
    from dbt.cli.main import dbtRunner

    manifest = load_manifest(dbt_dir)
    keeps_rows = "--store-failures" in args
    folder = dbt_dir.resolve()
    try:
        # What dbt writes beside its work goes to a folder of this run: the project may lie where
        # nobody writes, and two runs do not meet in it.
        with (
            TemporaryDirectory(prefix="monitor-dbt-") as written,
            environment({WAREHOUSE_ENV: str(duckdb_path)}),
        ):
            places = ["--target-path", written, "--log-path", written]
            flags = [*common_flags(folder), *places]
            outcome = dbtRunner(manifest=manifest).invoke([*args, "--no-write-json", *flags])
    finally:
        let_go_of_duckdb()
    results = getattr(outcome.result, "results", None) or ()
    return DbtOutcome(
        success=bool(outcome.success),
        nodes=tuple(_node_result(each, keeps_rows) for each in results),
        error=None if outcome.exception is None else str(outcome.exception),
    )


def let_go_of_duckdb() -> None:
    """Close the connection that dbt keeps for its next command.

    As long as it does, this process alone can open the file, and only with the same settings.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    close: Callable[[], None] = DuckDBConnectionManager.close_all_connections
    close()


def _drop_kept_rows(manifest: Manifest, duckdb_path: Path) -> None:
    nodes = manifest.nodes.values()
    tests = {node.schema for node in nodes if str(node.resource_type) == "test"}
    tables = {node.schema for node in nodes if str(node.resource_type) != "test"}
    with duckdb.connect(str(duckdb_path)) as con:
        for schema in tests - tables:
            con.execute(f'drop schema if exists "{schema}" cascade')


def _node_result(result: RunResult, keeps_rows: bool) -> DbtNodeResult:
    node = result.node
    resource_type = str(node.resource_type)
    stored = keeps_rows and resource_type == "test" and bool(result.failures)
    return DbtNodeResult(
        unique_id=node.unique_id,
        name=node.name,
        resource_type=resource_type,
        status=str(result.status),
        seconds=float(result.execution_time),
        message=result.message or None,
        failures=result.failures,
        failures_table=f"{node.schema}.{node.identifier}" if stored else None,
        compiled_sql=getattr(node, "compiled_code", None) if resource_type == "model" else None,
    )
