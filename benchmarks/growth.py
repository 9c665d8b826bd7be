"""What one more delivery costs with little history and with much: its intake, its build, bare dbt.

`python -m benchmarks.growth` makes two installations by delivering files of the shipped shape: one
with the shipped three waves and two extracts, one with twenty waves and two hundred extracts. To
each, one more wave and one more extract are delivered again and again in a warm process. The
installations are kept in `--folder`; the history is the same for the same arguments. A wave needs
its code book and its line in the calendar, so the code runs from a copy that has them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks.growth_history import LITTLE, MUCH, Size, with_waves
from pipelines.environment import DAGSTER_HOME_ENV, DATA_DIR_ENV, KEY_FILE_ENV
from pipelines.settings import PROJECT_ROOT

_FOLDER = PROJECT_ROOT / "warehouse" / "bench" / "growth"
_MOST = {"intake": 1.1, "build": 1.5}
_CODE = ("pipelines", "quality", "dbt_project", "benchmarks", "deliveries")


def main() -> int:
    """Make the histories, measure, print; 1 where a delivery costs too much more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=MUCH.waves)
    parser.add_argument("--extracts", type=int, default=MUCH.extracts)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=_FOLDER)
    chosen = parser.parse_args()
    sizes = (LITTLE, Size(chosen.waves, chosen.extracts))
    found = [_measured(chosen.folder.resolve(), size, chosen.turns) for size in sizes]
    click.echo("\n".join(_said(sizes, found)))
    return 0 if _is_within(found) else 1


def _measured(folder: Path, size: Size, turns: int) -> dict[str, float]:
    """Processor seconds by what was done, in a process of its own that runs the copy's code."""
    place = folder / size.name
    code = place / "code"
    shutil.rmtree(code, ignore_errors=True)
    leave_out = shutil.ignore_patterns("__pycache__", "logs")
    for name in _CODE:
        shutil.copytree(PROJECT_ROOT / name, code / name, ignore=leave_out)
    with_waves(code, size)
    environment = {
        **os.environ,
        DATA_DIR_ENV: str(place / "data"),
        DAGSTER_HOME_ENV: str(place / "dagster"),
        KEY_FILE_ENV: str(place / "key"),
        "PYTHONPATH": str(code),
    }
    command = [sys.executable, "-m", "benchmarks.growth_turns", str(size.waves)]
    done = subprocess.run(
        [*command, str(size.extracts), str(turns)],
        cwd=code,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _said(sizes: Sequence[Size], found: Sequence[dict[str, float]]) -> list[str]:
    """The result in Markdown; nothing in it tells when or where."""
    little, much = found
    lines = [
        f"| {'CPU seconds of one more':30} | {sizes[0].name:>12} | {sizes[1].name:>14} | ratio |",
        f"| {'-' * 30} | -----------: | -------------: | ----: |",
    ]
    lines += [
        f"| {what:30} | {little[what]:12.2f} | {much[what]:14.2f} | "
        f"{much[what] / little[what]:5.2f} |"
        for what in little
    ]
    return [*lines, "", f"Intake may take {_MOST['intake']} times as much, build {_MOST['build']}."]


def _is_within(found: Sequence[dict[str, float]]) -> bool:
    little, much = found
    return all(
        much[what] <= most * little[what]
        for what in little
        for kind, most in _MOST.items()
        if what.startswith(kind)
    )


if __name__ == "__main__":
    sys.exit(main())
