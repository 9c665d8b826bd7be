"""No finding, log or output of a shipped delivery repeats what stands in a cell."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from repeated_values import repeated, told, values_of

from pipelines.intake.check import check
from pipelines.intake.delivered_file import MINUTES
from pipelines.intake.shipped import shipped_items
from pipelines.settings import PROJECT_ROOT, Settings


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
