"""dbt in the running process, with the manifest handed over and the DuckDB file let go afterwards.

Knows nothing of Dagster: a test or a notebook calls `run_dbt` with plain arguments. A subprocess
costs dbt's imports and a parse each time; here the second call of a process costs what the SQL
costs. How results become asset events is the business of `dbt_models`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipelines.orchestration.dbt_manifest import (
    WAREHOUSE_ENV,
    common_flags,
    environment,
    load_manifest,
)

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

NodeStatus = Literal["success", "pass", "warn", "fail", "error", "skipped", "no-op"]
FAILED: frozenset[str] = frozenset({"fail", "error", "partial success", "runtime error"})


@dataclass(frozen=True)
class DbtNodeResult:
    """What became of one seed, model or test."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    seconds: float
    message: str | None
    failures: int | None
    """Failing rows of a test."""
    failures_table: str | None
    """Where a test's failing rows were stored, as `schema.table`; None if they were not."""

    @property
    def is_failed(self) -> bool:
        """Whether this node makes the build fail."""
        return self.status in FAILED


@dataclass(frozen=True)
class DbtOutcome:
    """The result of one invocation."""

    success: bool
    nodes: tuple[DbtNodeResult, ...]
    error: str | None
    """What stopped dbt before or outside the nodes; None when only nodes failed."""

    @property
    def failed(self) -> tuple[DbtNodeResult, ...]:
        """The nodes that failed; those skipped because of them are not among these."""
        return tuple(node for node in self.nodes if node.is_failed)


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
    folder = dbt_dir.resolve()
    try:
        with environment({WAREHOUSE_ENV: str(duckdb_path)}):
            outcome = dbtRunner(manifest=manifest).invoke(
                [*args, "--no-write-json", *common_flags(folder)]
            )
    finally:
        _release_duckdb()
    results = getattr(outcome.result, "results", None) or ()
    return DbtOutcome(
        success=bool(outcome.success),
        nodes=tuple(_node_result(each) for each in results),
        error=None if outcome.exception is None else str(outcome.exception),
    )


def _release_duckdb() -> None:
    # dbt keeps its connection for the next command; as long as it does, this process alone can
    # open the file, and only with the same settings.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    close: Callable[[], None] = DuckDBConnectionManager.close_all_connections
    close()


def _node_result(result: RunResult) -> DbtNodeResult:
    node = result.node
    resource_type = str(node.resource_type)
    stored = (
        resource_type == "test"
        and bool(result.failures)
        and bool(node.config.get("store_failures"))
    )
    return DbtNodeResult(
        unique_id=node.unique_id,
        name=node.name,
        resource_type=resource_type,
        status=str(result.status),
        seconds=float(result.execution_time),
        message=result.message or None,
        failures=result.failures,
        failures_table=f"{node.schema}.{node.identifier}" if stored else None,
    )
