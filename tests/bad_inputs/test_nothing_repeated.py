"""No finding, log or output repeats what stands in a cell; no error workbook what is personal."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import duckdb
import pytest
from bad_input_harness import Case, laid_out
from repeated_values import repeated, told, values_of
from test_bad_inputs import GROUPS

from pipelines.intake.check import check
from pipelines.intake.delivered_file import MINUTES
from pipelines.intake.error_workbook.make import error_workbook
from pipelines.intake.process import decide
from pipelines.intake.shipped import shipped_items
from pipelines.settings import PROJECT_ROOT, Settings


class Group(Protocol):
    """A module of bad inputs."""

    GROUP: str
    CASES: Sequence[Case]


CASES_A_GROUP = 8
PERSONAL = ("kanarie@example.org", "010203-1234")
"""What the sound tables of the bad inputs hold in columns that are not loaded."""


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.GROUP)
def test_the_workbook_of_a_bad_delivery_holds_nothing_personal(
    group: Group, gate: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    for number, case in enumerate(group.CASES[:CASES_A_GROUP]):
        folder = tmp_path / str(number)
        folder.mkdir()
        delivery = laid_out(case, folder)
        workbook = error_workbook(delivery, folder, decide(gate, delivery, folder))
        if workbook is not None:
            with zipfile.ZipFile(io.BytesIO(workbook)) as package:
                written = "\n".join(package.read(n).decode() for n in package.namelist())
            assert repeated(PERSONAL, written) == [], case.name


@pytest.mark.slow
def test_no_value_of_a_shipped_delivery_is_said_anywhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_env({"MONITOR_DATA_DIR": str(tmp_path / "data")})
    for item in shipped_items(PROJECT_ROOT / "deliveries"):
        if item.path.suffix in MINUTES:
            continue
        files = item.path.iterdir() if item.path.is_dir() else (item.path,)
        values = values_of({path.name: path.read_bytes() for path in files})
        assert values or "afbrudt" in item.path.name
        caplog.clear()
        caplog.set_level(logging.NOTSET)
        report = check(settings, item.path, item.source, item.period)
        out, err = capfd.readouterr()
        assert repeated(values, told(report.findings), caplog.text, out, err) == [], item.path
