"""`monitor run` in a fresh process beside a bare `dbt build` of the same project and data.

dbt gets a copy of the warehouse, its own kept parse, and no unit tests, as our run has none.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from benchmarks.installation import Installation, MeasuringError
from pipelines.orchestration.dbt_manifest import WAREHOUSE_ENV
from pipelines.settings import PROJECT_ROOT

COLD_RUN, BARE_DBT = "monitor run, cold", "dbt build, bare"


def cold_turns(installation: Installation, turns: int) -> dict[str, float]:
    """Take turns; medians of seconds and of processor seconds."""
    copy = installation.folder / "dbt" / "monitor.duckdb"
    shutil.rmtree(copy.parent, ignore_errors=True)  # a parse that was kept knows its folder
    copy.parent.mkdir()
    shutil.copyfile(installation.settings.live_path, copy)
    build = _dbt_command(copy.parent)
    environment = {**installation.environment, WAREHOUSE_ENV: str(copy)}
    _measured(build, environment)  # leaves its parse
    ours, theirs = [], []
    for _ in range(turns):
        installation.deliver()
        ours.append(_measured([_program("monitor"), "run"], installation.environment))
        theirs.append(_measured(build, environment))
    return {
        COLD_RUN: median(seconds for seconds, _ in ours),
        BARE_DBT: median(seconds for seconds, _ in theirs),
        f"{COLD_RUN} (CPU)": median(cpu for _, cpu in ours),
        f"{BARE_DBT} (CPU)": median(cpu for _, cpu in theirs),
    }


def _dbt_command(folder: Path) -> list[str]:
    dbt_dir = PROJECT_ROOT / "dbt_project"
    return [
        *(_program("dbt"), "--quiet", "build", "--exclude-resource-type", "unit_test"),
        *("--project-dir", str(dbt_dir), "--profiles-dir", str(dbt_dir)),
        *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
    ]


def _measured(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    begin = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=environment,
        cwd=PROJECT_ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    said = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise MeasuringError(f"{command[:2]}: {said.decode(errors='replace')}")
    return time.perf_counter() - begin, used.ru_utime + used.ru_stime


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
