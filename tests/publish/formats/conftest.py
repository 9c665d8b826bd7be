"""A release with a cell of every status, and its files for machines on disk, made once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pipelines.publish.danish import show
from pipelines.publish.formats.all_files import machine_files
from pipelines.publish.model import Release


def provisional(release: Release) -> Release:
    """The fixture has normal, missing, broken and hidden cells; this adds provisional ones."""
    cells = tuple(
        dataclasses.replace(
            c,
            obs_status="P",
            symbol="*",
            display_da=show(c.value, decimals=c.decimals, obs_status="P").text,
        )
        if (c.indicator_id, c.period, c.measure) == ("I01", "2016", "municipalities")
        else c
        for c in release.cells
    )
    return dataclasses.replace(release, cells=cells)


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def varied(release: Release) -> Release:
    varied = provisional(release)
    statuses = {(c.obs_status, c.conf_status) for c in varied.cells}
    assert statuses == {("A", "F"), ("M", "F"), ("B", "F"), ("P", "F"), ("A", "C")}
    return varied


@pytest.fixture(scope="session")
def folder(varied: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(machine_files(varied), tmp_path_factory.mktemp("formats"))
