"""The history of races: lines are added and never changed, and the plot shows what they say."""

from __future__ import annotations

from pathlib import Path

from benchmarks import history

NAMES = {"duckdb": "DuckDB read_csv", "monitor": "monitor: receive and take in"}


def raced(path: Path, seconds: float, rows: int = 1000) -> None:
    best = {"duckdb": (2.0, 4.0, 100.0), "monitor": (seconds, 6.0, 150.0)}
    history.append(path, best, measure="duckdb", rows=rows, turns=1, cores=2, busy=False)


def test_a_race_is_added_below_the_others(tmp_path: Path) -> None:
    path = tmp_path / "history.csv"
    raced(path, 3.0)
    before = path.read_text()
    raced(path, 2.5)
    assert path.read_text().startswith(before)
    lines = history.read(path)
    assert [(line.race, line.contestant) for line in lines] == [
        (1, "duckdb"),
        (1, "monitor"),
        (2, "duckdb"),
        (2, "monitor"),
    ]
    # 2.5 of 2.0 seconds, 6 of 4 processor seconds, 150 of 100 MB
    last = lines[-1]
    assert (last.ratio, last.cpu_ratio, last.megabytes_ratio) == (1.25, 1.5, 1.5)


def test_the_plot_names_all_who_raced_and_how_much(tmp_path: Path) -> None:
    path, picture = tmp_path / "history.csv", tmp_path / "plot.svg"
    raced(path, 3.0, rows=7_000_000)
    history.plot(history.read(path), NAMES, 1.5, picture)
    drawn = picture.read_text()
    assert "7,000,000 rows" in drawn
    assert all(name in drawn for name in NAMES.values())
