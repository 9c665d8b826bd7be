"""Fixtures of the wiring's tests: an installation with fake layers and its Dagster instance."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from installations import FakeLayers, new_settings

from pipelines.orchestration.home import opened_instance
from pipelines.settings import Settings


@pytest.fixture(autouse=True)
def environment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "set by prepare_dagster_home, undone after the test")
    monkeypatch.delenv("MONITOR_SENSORS", raising=False)


@pytest.fixture(scope="session")
def parsed_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny project with its manifest and its plan, made once."""
    from pipelines.orchestration.dbt_plan import ensure_plan

    settings = new_settings(tmp_path_factory.mktemp("parsed"))
    ensure_plan(settings.dbt_dir)
    return settings.dbt_dir


@pytest.fixture
def settings(tmp_path: Path, parsed_project: Path) -> Settings:
    import shutil

    made = new_settings(tmp_path)
    shutil.copytree(parsed_project / "target", made.dbt_dir / "target")
    return made


@pytest.fixture
def layers(settings: Settings) -> FakeLayers:
    return FakeLayers(settings)


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with opened_instance(settings) as opened:
        yield opened
