"""How soon a delivery is published: through the running daemon, warm, and cold beside bare dbt.

`python -m benchmarks.latency` delivers a survey wave again and again to an installation with the
shipped history, and prints where the seconds went. The installation is made once and kept in
`--folder`. Processor seconds say what a busy machine hides.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median

import click
import dagster as dg

from benchmarks import latency_history
from benchmarks.cold import BARE_DBT, COLD_RUN, cold_turns
from benchmarks.cpu_meter import metered
from benchmarks.installation import Installation, wait_until
from benchmarks.timeline import PARTS, Timeline, medians, timeline
from pipelines.orchestration.home import opened_instance
from pipelines.orchestration.runs import WRITES

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = _ROOT / "warehouse" / "bench" / "latency"
_RUN_SECONDS = 600.0
_SETTLED_SECONDS = 15.0
"""From their start until the services have loaded what they keep."""
_MOST_SECONDS, _MOST_WARM_SECONDS, _MOST_OF_DBT = 6.0, 2.0, 2.0
_TITLE = """## From a delivery to published tables

Written by `make bench`: the shipped survey of 2016 (46 answers) is delivered again with another
answer, to an installation that holds the shipped history."""


def main() -> int:
    """Measure, print; 1 where the project is over its limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="the installation's")
    parser.add_argument("--only", choices=("daemon", "warm", "cold"), help="one of the three")
    parser.add_argument("--write", type=Path, help="a Markdown file to put the table in")
    parser.add_argument("--history", type=Path, help="a CSV file to add the medians to")
    chosen = parser.parse_args()
    installation = Installation(chosen.folder.resolve())
    installation.prepare()
    asked = (chosen.only,) if chosen.only else ("daemon", "warm", "cold")
    lines: list[str] = []
    found: dict[str, float] = {}
    if "daemon" in asked:
        turns = daemon_turns(installation, chosen.turns)
        lines += _said_of_parts(turns)
        parts = medians([turn.parts for turn in turns])
        found |= {f"daemon: {name}": parts[name] for name in PARTS}
        found["daemon: total"] = median(turn.total for turn in turns)
        found["daemon: total (CPU)"] = median(turn.cpu_total for turn in turns)
    if "warm" in asked:
        found["warm process"] = median(warm_turns(installation, chosen.turns))
    if "cold" in asked:
        found |= cold_turns(installation, chosen.turns)
    lines += _said_of_totals(found)
    click.echo("\n".join(lines))
    if chosen.history:
        latency_history.append(chosen.history, found, turns=chosen.turns)
    if chosen.write:
        latency_history.write_section(chosen.write, [*_TITLE.splitlines(), "", *lines])
    return 0 if _is_within(found) else 1


def daemon_turns(installation: Installation, turns: int) -> list[Timeline]:
    """Deliver to the running services, one wave after the other."""
    found: list[Timeline] = []
    with (
        installation.services() as pids,
        opened_instance(installation.settings) as instance,
        metered(pids) as meter,
    ):
        time.sleep(_SETTLED_SECONDS)
        for _ in range(turns):
            known = _run_ids(instance)
            delivered = installation.deliver()
            wait_until(partial(_has_ended, instance, known), _RUN_SECONDS, "a run of the sensor")
            (run_id,) = _run_ids(instance) - known
            found.append(timeline(instance, run_id, delivered, meter.at))
            click.echo(f"daemon: {found[-1].total:.1f} s, {found[-1].cpu_total:.1f} CPU s")
    return found


def _run_ids(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.get_run_ids(dg.RunsFilter(tags=WRITES)))


def _has_ended(instance: dg.DagsterInstance, known: set[str]) -> bool:
    runs = instance.get_runs(dg.RunsFilter(tags=WRITES), limit=1)
    return bool(runs) and runs[0].run_id not in known and runs[0].is_finished


def warm_turns(installation: Installation, turns: int) -> list[float]:
    """Deliver and run in this process, which has done so once before."""
    from pipelines.orchestration.run import run_process_inbox

    os.environ.update(installation.environment)
    found = []
    for turn in range(turns + 1):
        installation.deliver()
        begin, cpu = time.perf_counter(), time.process_time()
        outcome = run_process_inbox(installation.settings)
        seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
        click.echo(
            f"{'warm' if turn else 'first in this process'}: {seconds:.1f} s, {cpu:.1f} CPU s"
        )
        click.echo("  " + ", ".join(f"{k} {v:.1f}" for k, v in outcome.seconds.items()))
        if turn:
            found.append(seconds)
    return found


def _said_of_parts(turns: list[Timeline]) -> list[str]:
    parts, steps, cpu_of_parts, cpu_of_steps = (
        medians([getattr(turn, of) for turn in turns])
        for of in ("parts", "steps", "cpu_of_parts", "cpu_of_steps")
    )
    total, cpu = median(turn.total for turn in turns), median(turn.cpu_total for turn in turns)
    return [
        f"Through the running daemon, median of {len(turns)}, CPU seconds of all services:",
        "",
        "| part | seconds | CPU s |",
        "| ---- | ------: | ----: |",
        *(f"| {name} | {parts[name]:.2f} | {cpu_of_parts[name]:.2f} |" for name in PARTS),
        f"| **together** | **{total:.2f}** | **{cpu:.2f}** |",
        "",
        "| step of the run | seconds | CPU s |",
        "| --------------- | ------: | ----: |",
        *(f"| {name} | {steps[name]:.2f} | {cpu_of_steps[name]:.2f} |" for name in steps),
        "",
    ]


def _said_of_totals(found: dict[str, float]) -> list[str]:
    limits = {
        "daemon: total": _MOST_SECONDS,
        "warm process": _MOST_WARM_SECONDS,
    }
    lines = ["| median of | seconds | may take |", "| --------- | ------: | -------: |"]
    for name, seconds in found.items():
        limit = f"{limits[name]:.0f}" if name in limits else ""
        lines.append(f"| {name} | {seconds:.2f} | {limit} |")
    if COLD_RUN in found:
        ratio = found[COLD_RUN] / found[BARE_DBT]
        lines.append(f"| {COLD_RUN}, times {BARE_DBT} | {ratio:.2f} | {_MOST_OF_DBT:.0f} |")
    return lines


def _is_within(found: dict[str, float]) -> bool:
    return (
        found.get("daemon: total", 0.0) <= _MOST_SECONDS
        and found.get("warm process", 0.0) <= _MOST_WARM_SECONDS
        and found.get(COLD_RUN, 0.0) <= _MOST_OF_DBT * found.get(BARE_DBT, 0.0)
    )


if __name__ == "__main__":
    sys.exit(main())
