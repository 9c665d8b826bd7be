from __future__ import annotations

import os
from pathlib import Path

import pytest
from warehouse_fixture import build_warehouse, release_of

from pipelines.publish.candidates import Candidates, read_candidates
from pipelines.publish.model import Release
from pipelines.publish.service import PublishReport, publish
from pipelines.settings import Settings


@pytest.fixture(scope="session")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_warehouse(tmp_path_factory.mktemp("warehouse") / "monitor.duckdb")


@pytest.fixture(scope="session")
def candidates(warehouse: Path) -> Candidates:
    return read_candidates(warehouse)


@pytest.fixture(scope="session")
def release(candidates: Candidates) -> Release:
    return release_of(candidates)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, PublishReport]:
    """One installation, published once; tests must not change it."""
    data = tmp_path_factory.mktemp("data")
    settings = Settings.from_env({**os.environ, "MONITOR_DATA_DIR": str(data)})
    build_warehouse(settings.live_path)
    return settings, publish(settings)
