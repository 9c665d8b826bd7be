"""What the latency benchmark writes: its own section alone, a line more for each measurement."""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.cpu_meter import CpuMeter
from benchmarks.installation import _WAVE, _changed
from benchmarks.latency_history import append, write_section

HEADING = "## From a delivery to published tables"


def test_the_section_of_the_last_measurement_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("# Title\n\nFirst.\n")
    write_section(page, [HEADING, "", "old"])
    page.write_text(page.read_text() + "\n## After\n\nLast.\n")
    write_section(page, [HEADING, "", "new"])
    assert page.read_text() == f"# Title\n\nFirst.\n\n{HEADING}\n\nnew\n\n## After\n\nLast.\n"


def test_measurements_are_numbered_and_kept(tmp_path: Path) -> None:
    history = tmp_path / "latency.csv"
    append(history, {"daemon: total": 6.0}, turns=5)
    append(history, {"daemon: total": 5.0, "warm process": 2.0}, turns=5)
    with history.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["measurement"], row["what"], row["seconds"]) for row in rows] == [
        ("1", "daemon: total", "6.0"),
        ("2", "daemon: total", "5.0"),
        ("2", "warm process", "2.0"),
    ]


def test_every_delivery_has_another_answer_and_is_else_the_shipped_wave() -> None:
    dataset = _WAVE / "dataset.csv"
    made = [_changed(dataset, number) for number in range(5)]
    assert len(set(made)) == len(made)
    shipped = dataset.read_text("utf-16").splitlines()
    for each in made:
        rows = each.decode("utf-16").splitlines()
        assert len(rows) == len(shipped)
        assert sum(a != b for a, b in zip(rows, shipped, strict=True)) <= 6, "six digits, one a row"
    assert _changed(_WAVE / "labels.csv", 1) == (_WAVE / "labels.csv").read_bytes()


def test_what_was_spent_between_two_looks_is_shared_out_by_time() -> None:
    meter = CpuMeter(())
    meter._moments, meter._spent = [10.0, 12.0], [1.0, 5.0]
    assert [meter.at(moment) for moment in (9.0, 10.5, 12.0, 13.0)] == [1.0, 2.0, 5.0, 5.0]
