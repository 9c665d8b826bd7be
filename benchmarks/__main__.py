"""Race the peers on one file and print seconds and memory as ratios of DuckDB's own reader.

The peers take turns, each in a process of its own with a folder of its own, so that whatever else
the machine does hits all alike; of each the fastest turn counts. Memory is the highest sum of
proportional set sizes over the process and its children, looked at up to twenty times a second.
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
_TITLE = """# From a file to a table

Written by `make bench`: a made driftsstøtte extract is raced into DuckDB, by the intake (hash,
archive, contract rules, quarantine) and by others that do less."""


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
    parser.add_argument("--write", type=Path, help="a Markdown file to write the table to as well")
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
    said = _said(turns, chosen.rows, file.stat().st_size)
    click.echo("\n" + "\n".join(said))
    if chosen.write:
        chosen.write.write_text("\n".join([_TITLE, "", *said, ""]), encoding="utf-8")
    return 0 if _is_within(turns) else 1


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
            looked = time.perf_counter()
            most = max(most, sum(_megabytes(each) for each in _family(process.pid)))
            # the kernel counts page by page: who has much memory is not to be held up by it
            time.sleep(max(0.05, 20 * (time.perf_counter() - looked)))
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


def _said(turns: dict[str, list[Turn]], rows: int, size: int) -> list[str]:
    """The result in Markdown that can be read as it is; nothing in it tells when or where."""
    times = len(turns[_MEASURE])
    best = {name: _best(each) for name, each in turns.items()}
    lines = [
        f"{rows:,} rows of 12 columns, {size / 1e6:,.0f} MB, on {os.cpu_count()} processors; "
        + (f"the best of {times} turns each." if times > 1 else "one turn each."),
        "",
        f"| {'':30} | seconds | ratio |  CPU s | ratio |     MB | ratio |",
        f"| {'-' * 30} | ------: | ----: | -----: | ----: | -----: | ----: |",
    ]
    for name, turn in best.items():
        (seconds, of_time), (work, of_work), (memory, of_memory) = (
            (value, value / measure) for value, measure in zip(turn, best[_MEASURE], strict=True)
        )
        lines.append(
            f"| {PEERS[name][0]:30} | {seconds:7.1f} | {of_time:5.2f} | {work:6.1f} | "
            f"{of_work:5.2f} | {memory:6.0f} | {of_memory:5.2f} |"
        )
    return [
        *lines,
        "",
        "The measure (1.00) is `create table t as select * from read_csv(file)`. monitor may take",
        f"{_MOST_TIME} times its time and {_MOST_MEMORY} times its memory; the decrypted file lies "
        "in the system's shared memory",
        "meanwhile, and is not counted, as the page cache is not.",
    ]


def _best(turns: list[Turn]) -> Turn:
    return Turn(*(min(values) for values in zip(*turns, strict=True)))


def _is_within(turns: dict[str, list[Turn]]) -> bool:
    """Whether the project's own way keeps to its limits."""
    own, measure = _best(turns["monitor"]), _best(turns[_MEASURE])
    return (
        own.seconds <= _MOST_TIME * measure.seconds
        and own.megabytes <= _MOST_MEMORY * measure.megabytes
    )


def _remove(folder: Path) -> None:
    """Remove a turn's folder; an archive makes its own read-only."""
    for place, _, _ in os.walk(folder):
        Path(place).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
