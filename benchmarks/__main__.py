"""Race the peers on one file and print seconds and memory as ratios of DuckDB's own reader.

The peers take turns, each in a process of its own with a folder of its own, so that whatever else
the machine does hits all alike; of each the fastest turn counts. Memory is the highest sum of
proportional set sizes over the process and its children, looked at twenty times a second.
Processor seconds say what a busy machine hides.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import click

from benchmarks.make_file import make_file
from benchmarks.peers import PEERS

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = _ROOT / "warehouse" / "bench"
_MEASURE = "duckdb"
_MOST_TIME, _MOST_MEMORY = 1.5, 2.0


class Turn(NamedTuple):
    """One run of a peer."""

    seconds: float
    processor_seconds: float
    megabytes: float


def main() -> int:
    """Make the file, race, print; 1 where the project's own way is over its limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--dlt-python", type=Path, help="the interpreter that has dlt")
    chosen = parser.parse_args()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    file = _FOLDER / f"driftsstoette_{chosen.rows}_SYNTETISK.csv"
    make_file(file, chosen.rows)
    names = [name for name in PEERS if name != "dlt" or chosen.dlt_python]
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    for turn in range(chosen.turns):
        for name in names:
            python = chosen.dlt_python if name == "dlt" else Path(sys.executable)
            turns[name].append(_run(python, name, file, chosen.rows))
            click.echo(f"turn {turn + 1}: {PEERS[name][0]}: {turns[name][-1].seconds:.1f} s")
    return _report(turns, chosen.rows, file.stat().st_size)


def _run(python: Path, name: str, file: Path, rows: int) -> Turn:
    folder = _FOLDER / "turn"
    _remove(folder)
    folder.mkdir()
    command = [str(python), "-m", "benchmarks.peers", name, str(file), str(folder)]
    begin = time.perf_counter()
    with (_FOLDER / "counted").open("w+") as answer:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=answer)
        most, done = 0.0, 0
        while not done:
            most = max(most, sum(_megabytes(each) for each in _family(process.pid)))
            time.sleep(0.05)
            done, status, used = os.wait4(process.pid, os.WNOHANG)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        answer.seek(0)
        counted = answer.read().split()
    if process.returncode or int(counted[-1]) != rows:
        raise RuntimeError(f"{name} did not read the file: {counted}")
    _remove(folder)
    return Turn(seconds, used.ru_utime + used.ru_stime, most)


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            tasks = list(Path(f"/proc/{each}/task").iterdir())
            for task in tasks:
                found += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


def _megabytes(pid: int) -> float:
    """The memory of a process, what it shares with others counted in parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0")
    return int(line.split()[1]) / 1024


def _report(turns: dict[str, list[Turn]], rows: int, size: int) -> int:
    best = {name: min(turn.seconds for turn in each) for name, each in turns.items()}
    work = {name: min(turn.processor_seconds for turn in each) for name, each in turns.items()}
    memory = {name: min(turn.megabytes for turn in each) for name, each in turns.items()}
    click.echo(f"\n{rows:,} rows, {size / 1e6:,.0f} MB; the best of {len(turns[_MEASURE])} turns")
    click.echo(f"{'':32}{'seconds':>9}{'ratio':>8}{'CPU s':>9}{'ratio':>8}{'MB':>9}{'ratio':>8}")
    for name, seconds in best.items():
        measures = ((seconds, best), (work[name], work), (memory[name], memory))
        cells = (f"{value:9.1f}{value / of[_MEASURE]:8.2f}" for value, of in measures)
        click.echo(f"{PEERS[name][0]:32}{''.join(cells)}")
    click.echo(
        f"\nThe measure (1.00) is `create table t as select * from read_csv(file)`; monitor may "
        f"take {_MOST_TIME} times its time and {_MOST_MEMORY} times its memory."
    )
    is_within = (
        best["monitor"] <= _MOST_TIME * best[_MEASURE]
        and memory["monitor"] <= _MOST_MEMORY * memory[_MEASURE]
    )
    return 0 if is_within else 1


def _remove(folder: Path) -> None:
    """Remove a turn's folder; an archive makes its own read-only."""
    for place, _, _ in os.walk(folder):
        Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
