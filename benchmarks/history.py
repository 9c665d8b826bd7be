"""What earlier races gave: an append-only CSV, one line per contestant of a race, and its plot.

A race is told by its number, since several may be run on a day; lines are added, never changed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

import altair as alt

MONITOR = "monitor"
_WIDTH, _HEIGHT = 340, 220


@dataclass(frozen=True)
class Line:
    """One contestant of one race; ratios are to the measure of the same race."""

    race: int
    date: str
    rows: int
    turns: int
    contestant: str
    seconds: float
    ratio: float
    cpu_seconds: float
    cpu_ratio: float
    megabytes: float
    megabytes_ratio: float
    cores: int
    busy: bool
    """Whether other work was going on on the machine: its seconds say little then."""


def read(path: Path) -> list[Line]:
    """The lines of a history file, oldest first; none where there is no file yet."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_line(row) for row in csv.DictReader(file)]


def append(
    path: Path,
    best: Mapping[str, tuple[float, float, float]],
    *,
    measure: str,
    rows: int,
    turns: int,
    cores: int,
    busy: bool,
) -> None:
    """Add a race.

    Args:
        path: The history file; made with its header where there is none.
        best: Contestant to seconds, processor seconds and megabytes.
        measure: The contestant that the others are held against.
        rows: The rows that were raced.
        turns: How often each took its turn.
        cores: The machine's processors.
        busy: Whether other work was going on.
    """
    race = max((line.race for line in read(path)), default=0) + 1
    today = date.today().isoformat()
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(Line)], lineterminator="\n")
        if is_new:
            writer.writeheader()
        for name, (seconds, cpu_seconds, megabytes) in best.items():
            one_second, one_cpu_second, one_megabyte = best[measure]
            line = Line(
                race=race,
                date=today,
                rows=rows,
                turns=turns,
                contestant=name,
                seconds=round(seconds, 2),
                ratio=round(seconds / one_second, 3),
                cpu_seconds=round(cpu_seconds, 2),
                cpu_ratio=round(cpu_seconds / one_cpu_second, 3),
                megabytes=round(megabytes),
                megabytes_ratio=round(megabytes / one_megabyte, 3),
                cores=cores,
                busy=busy,
            )
            writer.writerow(asdict(line))


def plot(lines: Sequence[Line], names: Mapping[str, str], limit: float, target: Path) -> None:
    """Draw the last race, and how the project's own way did in all with as many rows.

    Args:
        lines: The history.
        names: Contestant to what it is called.
        limit: The ratio of seconds that the project's own way may take.
        target: The SVG to write.
    """
    last = [line for line in lines if line.race == lines[-1].race]
    bars = [
        {"contestant": names[line.contestant], "of": of, "ratio": ratio}
        for line in last
        for of, ratio in (("seconds", line.ratio), ("CPU seconds", line.cpu_ratio))
    ]
    points = [
        {"race": line.race, "of": of, "ratio": ratio}
        for line in lines
        if line.contestant == MONITOR and line.rows == last[0].rows
        for of, ratio in (("seconds", line.ratio), ("CPU seconds", line.cpu_ratio))
    ]
    colour = alt.Color("of:N", title=None, sort=["seconds", "CPU seconds"])
    race = (
        alt.Chart(alt.InlineData(values=bars))
        .mark_bar()
        .encode(
            x=alt.X("ratio:Q", title="times DuckDB's read_csv"),
            y=alt.Y("contestant:N", title=None, sort="x"),
            yOffset=alt.YOffset("of:N", sort=["seconds", "CPU seconds"]),
            color=colour,
        )
        .properties(width=_WIDTH, height=_HEIGHT, title=f"The last race: {last[0].rows:,} rows")
    )
    course = (
        alt.Chart(alt.InlineData(values=points))
        .mark_line(point=True)
        .encode(
            x=alt.X("race:O", title="race", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("ratio:Q", title="times DuckDB's read_csv", scale=alt.Scale(zero=True)),
            color=colour,
        )
        .properties(width=_WIDTH, height=_HEIGHT, title="monitor, race by race")
    )
    rule = (
        alt.Chart(alt.InlineData(values=[{"limit": limit}]))
        .mark_rule(strokeDash=[4, 4])
        .encode(y="limit:Q")
    )
    (race | (course + rule)).save(target, format="svg")


def _line(row: Mapping[str, str]) -> Line:
    return Line(
        race=int(row["race"]),
        date=row["date"],
        rows=int(row["rows"]),
        turns=int(row["turns"]),
        contestant=row["contestant"],
        seconds=float(row["seconds"]),
        ratio=float(row["ratio"]),
        cpu_seconds=float(row["cpu_seconds"]),
        cpu_ratio=float(row["cpu_ratio"]),
        megabytes=float(row["megabytes"]),
        megabytes_ratio=float(row["megabytes_ratio"]),
        cores=int(row["cores"]),
        busy=row["busy"] == "True",
    )
