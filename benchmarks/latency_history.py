"""The latencies of earlier measurements: an append-only CSV, one line per measured name.

Beside `history`, whose lines are ratios of a race on one file.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

_COLUMNS = ("measurement", "date", "turns", "cores", "load", "what", "seconds")
_HEADING = "## From a delivery to published tables"


def append(path: Path, found: Mapping[str, float], *, turns: int) -> None:
    """Add a measurement.

    Args:
        path: The history file; made with its header where there is none.
        found: What was measured, to its median of seconds.
        turns: How often.
    """
    is_new = not path.exists()
    number = 1
    if not is_new:
        with path.open(encoding="utf-8", newline="") as file:
            number += max((int(row["measurement"]) for row in csv.DictReader(file)), default=0)
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if is_new:
            writer.writerow(_COLUMNS)
        about = (number, date.today().isoformat(), turns, os.cpu_count(), _load())
        writer.writerows((*about, what, round(seconds, 2)) for what, seconds in found.items())


def write_section(path: Path, lines: Sequence[str]) -> None:
    """Put the section in place of the one of the last measurement, or at the end."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    before, found, after = text.partition(_HEADING)
    _, next_heading, rest = after.partition("\n## ") if found else ("", "", "")
    kept = f"\n## {rest}" if next_heading else ""
    path.write_text(
        f"{before.rstrip()}\n\n" + "\n".join(lines).rstrip() + "\n" + kept, encoding="utf-8"
    )


def _load() -> float:
    """What else the machine does: the mean of processes that wanted to run in the last minutes."""
    return round(os.getloadavg()[1], 1)
