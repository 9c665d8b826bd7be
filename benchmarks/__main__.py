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

from benchmarks import history
from benchmarks.cpu_meter import family
from benchmarks.make_file import make_file
from benchmarks.peers import PEERS

_ROOT = Path(__file__).resolve().parents[1]
_FOLDER = _ROOT / "warehouse" / "bench"
_MEASURE = "duckdb"
_MOST_TIME, _MOST_MEMORY = 1.5, 2.0
_LIMITED_ROWS = 10_000_000
"""With fewer rows, starting takes a part of the time that the limits do not speak of."""
_BUSY = 0.5
"""With more waiting for each processor before the race begins, other work is going on."""
_OTHER_WORK = """Other work was going on on the machine: the ratio of the seconds depends on who
was lucky, that of the processor seconds far less."""
_PICTURE = """![The last race, and monitor in all races](benchmarks.svg)

All races are in [benchmarks/history.csv](../benchmarks/history.csv)."""
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
    parser.add_argument(
        "--more-turns", type=int, default=0, help="further turns of the measure and of monitor"
    )
    parser.add_argument("--folder", type=Path, default=_FOLDER, help="where the file is made")
    parser.add_argument("--write", type=Path, help="a Markdown file to write the table to as well")
    parser.add_argument("--history", type=Path, help="a CSV file to add the race to")
    parser.add_argument("--plot", type=Path, help="an SVG file to draw the history in")
    chosen = parser.parse_args()
    if chosen.turns < 1:
        parser.error("every peer needs a turn: --turns is 1 or more")
    folder: Path = chosen.folder
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"driftsstoette_{chosen.rows}_SYNTETISK.csv"
    make_file(file, chosen.rows)
    names = [name for name in PEERS if name != "dlt" or chosen.dlt_python]
    busy = os.getloadavg()[0] > _BUSY * (os.cpu_count() or 1)
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    for turn in range(chosen.turns + chosen.more_turns):
        for name in names if turn < chosen.turns else (_MEASURE, history.MONITOR):
            python = chosen.dlt_python if name == "dlt" else Path(sys.executable)
            turns[name].append(_run(python, name, file, chosen.rows))
            click.echo(f"turn {turn + 1}: {PEERS[name][0]}: {turns[name][-1].seconds:.1f} s")
    said = _said(turns, chosen.rows, file.stat().st_size, busy=busy)
    click.echo("\n" + "\n".join(said))
    if chosen.history:
        history.append(
            chosen.history,
            {name: _best(each) for name, each in turns.items()},
            measure=_MEASURE,
            rows=chosen.rows,
            turns=chosen.turns,
            cores=os.cpu_count() or 1,
            busy=busy,
        )
        if chosen.plot:
            called = {name: PEERS[name][0] for name in PEERS}
            history.plot(history.read(chosen.history), called, _MOST_TIME, chosen.plot)
    if chosen.write:
        picture = [_PICTURE, ""] if chosen.plot else []
        lines = [_TITLE, "", *said, "", *picture]
        chosen.write.write_text("\n".join(lines), encoding="utf-8")
    return 0 if chosen.rows < _LIMITED_ROWS or _is_within(turns) else 1


def _run(python: Path, name: str, file: Path, rows: int) -> Turn:
    folder = file.with_name("turn")
    _remove(folder)
    folder.mkdir()
    command = [str(python), "-m", "benchmarks.peers", name, str(file), str(folder)]
    begin = time.perf_counter()
    with file.with_name("counted").open("w+") as answer:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=answer)
        most, done = 0.0, 0
        while not done:
            looked = time.perf_counter()
            most = max(most, sum(_megabytes(each) for each in family(process.pid)))
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


def _megabytes(pid: int) -> float:
    """The memory of a process, what it shares with others counted in parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0")
    return int(line.split()[1]) / 1024


def _said(turns: dict[str, list[Turn]], rows: int, size: int, *, busy: bool) -> list[str]:
    """The result in Markdown that can be read as it is; nothing in it tells when or where."""
    least, most = (choose(map(len, turns.values())) for choose in (min, max))
    times = f"the best of {least}" + (f" to {most}" if most > least else "") + " turns each."
    best = {name: _best(each) for name, each in turns.items()}
    lines = [
        f"{rows:,} rows of 12 columns, {size / 1e6:,.0f} MB, on {os.cpu_count()} processors; "
        + (times if most > 1 else "one turn each."),
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
        *(["", _OTHER_WORK] if busy else []),
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
