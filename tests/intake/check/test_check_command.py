"""`monitor check` as people and scripts meet it: exit codes, the JSON's form, a page of text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pipelines.pipeline
from pipelines.cli import main
from pipelines.commands.check import lines_of
from pipelines.intake.check import CheckReport
from pipelines.intake.findings import Finding

HEADING = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale"
GOOD = "2015;461;Odense;Eksempel Bolig;0123;11-11-2015;Beboertryghed;ja"
BAD = GOOD.replace("Beboertryghed", "Rumrejser")
SECRET = "hemmeligt".upper()  # made here: a traceback shows the line of code that raised it
FIELDS = ["file", "sheet", "row", "column", "rule", "severity", "message_da", "message_en"]


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "nowhere"))
    # what Great Expectations finds is its own tests' business, and takes seconds to ask
    monkeypatch.setattr(pipelines.pipeline, "quality_gate", lambda *_: {})


def monitor_check(tmp_path: Path, rows: list[str], *arguments: str) -> Result:
    path = tmp_path / "liste_2015.csv"
    path.write_text("\n".join([HEADING, *rows, ""]), encoding="utf-8")
    command = ["check", str(path), "--source", "styringsdialog", *arguments]
    return CliRunner().invoke(main, command)


@pytest.mark.parametrize(
    ("rows", "code", "status", "counts"),
    [
        ([GOOD], 0, "accepted", (1, 1, 0)),
        ([GOOD, BAD], 1, "quarantined", (2, 1, 1)),
        ([BAD], 2, "rejected", (1, 0, 1)),
    ],
)
def test_json_is_of_one_form_and_nothing_else_is_printed(
    tmp_path: Path, rows: list[str], code: int, status: str, counts: tuple[int, int, int]
) -> None:
    result = monitor_check(tmp_path, rows, "--json")
    assert result.exit_code == code
    answer = json.loads(result.stdout)
    assert list(answer) == ["status", "rows", "findings"]
    assert answer["status"] == status
    assert answer["rows"] == dict(zip(("read", "accepted", "quarantined"), counts, strict=True))
    assert all(list(finding) == FIELDS for finding in answer["findings"])
    assert bool(answer["findings"]) == (code > 0)
    assert "Rumrejser" not in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["--source", "nogen", "{file}"],
        ["{file}"],
        ["--source", "styringsdialog", "{file}.mangler"],
        ["--source", "styringsdialog", "--wave", "2015-06-30", "{file}"],
        ["--source", "driftsstoette", "{file}"],
        ["--source", "styringsdialog", "--ukendt", "{file}"],
    ],
)
def test_a_wrong_call_is_no_answer_about_the_file(tmp_path: Path, arguments: list[str]) -> None:
    path = tmp_path / "liste_2015.csv"
    path.write_text(f"{HEADING}\n{GOOD}\n", encoding="utf-8")
    call = [argument.format(file=path) for argument in arguments]
    result = CliRunner().invoke(main, ["check", *call])
    assert (result.exit_code, result.stdout) == (64, "")
    assert "Error" in result.stderr


def test_a_failure_of_ours_has_its_own_code_and_quotes_no_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> object:
        raise ValueError(f"Could not convert string '{SECRET}' to INT64")

    monkeypatch.setattr(pipelines.pipeline, "quality_gate", failing)
    result = monitor_check(tmp_path, [GOOD], "--json")
    assert (result.exit_code, result.stdout) == (70, "")
    assert "ValueError" in result.stderr
    assert SECRET not in result.output


def test_a_damaged_ledger_is_told_with_what_to_do_and_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATA_DIR", str(tmp_path / "data"))
    ledger = tmp_path / "data" / "ledger.jsonl"
    ledger.parent.mkdir()
    ledger.write_text("{}\n", encoding="utf-8")
    result = monitor_check(tmp_path, [GOOD])
    assert (result.exit_code, result.stdout) == (70, "")
    assert "the ledger is damaged: line 1" in result.stderr
    assert "Restore it from a backup" in result.stderr
    assert "File " not in result.stderr


def test_a_person_reads_by_rule_in_both_languages_within_100_columns(tmp_path: Path) -> None:
    result = monitor_check(tmp_path, [GOOD, *[BAD] * 20, *[GOOD.replace("Odense", "Vejle")] * 30])
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 100
    assert "liste_2015.csv (styringsdialog, 2015)" in lines
    assert "C04_unknown_code · fejl / error · 20" in lines
    text = " ".join(result.stdout.split())
    assert "Cellen er ikke en af de værdier, »Emne« kan have." in text
    assert "The cell is none of the values “Emne” can have." in text
    assert "Emne: række / row 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 … og 8 til / and more" in text


def test_what_concerns_the_whole_file_is_read_first() -> None:
    findings = [
        Finding("a.csv", None, 3, "Emne", "C04_unknown_code", "error", "række", "row"),
        Finding("a.csv", None, None, "Noter", "C07_unknown_column", "warning", "kolonne", "column"),
        Finding("a.csv", None, None, None, "K04_no_row_accepted", "error", "fil", "file"),
    ]
    report = CheckReport("a.csv", "styringsdialog", "2015", "rejected", 1, 0, tuple(findings))
    rules = [line.split(" ")[0] for line in lines_of(report) if " · " in line]
    assert rules == ["K04_no_row_accepted", "C04_unknown_code", "C07_unknown_column"]
