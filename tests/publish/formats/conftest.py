"""A release with a cell of every status, and its files for machines on disk, made once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pipelines.publish.danish import show
from pipelines.publish.formats.all_files import machine_files
from pipelines.publish.model import Release, ReleasedCell, WithheldTable

HIDDEN = {
    **dict.fromkeys(("value", "numerator")),
    **dict.fromkeys(("symbol", "display_da"), ".."),
    "conf_status": "C",
}
UNCERTAIN = {
    "population": 44.0,
    "lowest_possible": 20.5,
    "highest_possible": 90.25,
    "lower_bound": 31.125,
    "upper_bound": 61.0,
    "weighted_value": 44.0,
}


def with_more(release: Release) -> Release:
    """The fixture has normal, missing and broken cells; this makes sure of every other kind.

    Provisional cells (I01), and in I06 uncertainty of made-up size, a hidden cell and a withheld
    table, whatever disclosure control makes of the fixture.
    """

    def more(cell: ReleasedCell) -> ReleasedCell:
        if (cell.indicator_id, cell.period, cell.measure) == ("I01", "2016", "municipalities"):
            text = show(cell.value, decimals=cell.decimals, obs_status="P").text
            return dataclasses.replace(cell, obs_status="P", symbol="*", display_da=text)
        if cell.indicator_id != "I06":
            return cell
        if (cell.period, cell.breakdown, cell.category) == ("2016", "all", "other"):
            return dataclasses.replace(cell, **HIDDEN)
        return dataclasses.replace(cell, **UNCERTAIN) if cell.conf_status == "F" else cell

    def is_withheld(cell: ReleasedCell) -> bool:
        return (cell.indicator_id, cell.period, cell.breakdown) == ("I06", "2015", "size")

    others = [w for w in release.withheld if (w.indicator_id, w.period) != ("I06", "2015")]
    return dataclasses.replace(
        release,
        cells=tuple(more(c) for c in release.cells if not is_withheld(c)),
        withheld=(WithheldTable("I06", "2015", "size", "Kommunestørrelse", "Ja.", "Yes."), *others),
    )


def written(files: dict[str, bytes], folder: Path) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


@pytest.fixture(scope="session")
def varied(release: Release) -> Release:
    varied = with_more(release)
    statuses = {(c.obs_status, c.conf_status) for c in varied.cells}
    assert statuses >= {("A", "F"), ("M", "F"), ("B", "F"), ("P", "F"), ("A", "C")}
    return varied


@pytest.fixture(scope="session")
def folder(varied: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(machine_files(varied), tmp_path_factory.mktemp("formats"))
