"""The tiny warehouse, built once for all tests of the models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tiny_warehouse import build_tiny_warehouse

from pipelines.orchestration.dbt_execution import build
from pipelines.orchestration.dbt_outcome import DbtOutcome
from pipelines.orchestration.dbt_runner import run_dbt
from pipelines.settings import Settings


@pytest.fixture(scope="session")
def dbt_dir() -> Path:
    return Settings.from_env().dbt_dir


@pytest.fixture(scope="session")
def tiny_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "monitor.duckdb"
    build_tiny_warehouse(path)
    return path


@pytest.fixture(scope="session")
def outcome(dbt_dir: Path, tiny_path: Path) -> DbtOutcome:
    """What became of the models and their tests, and of the unit tests, which are dbt's own."""
    built = build(dbt_dir, tiny_path)
    units = run_dbt(dbt_dir, tiny_path, ["test", "--select", "test_type:unit"])
    return DbtOutcome(
        success=built.success and units.success and bool(units.nodes),
        nodes=(*built.nodes, *units.nodes),
        error=units.error,
    )


@pytest.fixture(scope="session")
def tiny(outcome: DbtOutcome, tiny_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built warehouse, open for reading."""
    assert outcome.success
    with duckdb.connect(str(tiny_path), read_only=True) as connection:
        yield connection
