from __future__ import annotations

from pathlib import Path

import pytest
from release_steps import installation

import pipelines.release.prepare
from pipelines.publish.store import write_release
from pipelines.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the process of its own that makes the database's bytes the same every time."""
    monkeypatch.setattr(pipelines.release.prepare, "write_reproducible", write_release)
