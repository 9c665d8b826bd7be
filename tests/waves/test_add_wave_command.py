"""`monitor add-wave`: what it writes, what it refuses, and the way to a code book in force."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.contracts.loader import (
    SOURCES_DIR,
    code_books,
    load_code_book,
    load_source,
    read_code_book,
)
from pipelines.waves.acceptance import faults
from pipelines.waves.proposal import proposal_path

SHIPPED = Path(__file__).parents[2] / "deliveries" / "survey"
EXPORT = SHIPPED / "2016" / "surveyxact_2016_SYNTETISK"


def sources_without_2016(folder: Path) -> Path:
    """The contracts as they were before wave 2016: a copy that can get a code book."""
    copy = folder / "sources"
    shutil.copytree(SOURCES_DIR, copy)
    for wave in ("2016", "2017"):
        (copy / "survey" / "codebooks" / f"{wave}.csv").unlink()
    return copy


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return sources_without_2016(tmp_path)


def monitor(*arguments: object, sources: Path | None = None) -> Result:
    there = ("--sources", sources) if sources else ()
    return CliRunner().invoke(main, ["add-wave", *map(str, (*arguments, *there))])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write(
    path: Path, rows: list[dict[str, str]], delimiter: str = ",", encoding: str = "utf-8"
) -> None:
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def said_and_written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What the command says, and the proposal it writes."""
    sources = sources_without_2016(tmp_path_factory.mktemp("once"))
    result = monitor("survey", "2016", "--from", EXPORT, sources=sources)
    assert result.exit_code == 0, result.output
    return result.output, proposal_path("survey", "2016", sources).read_text("utf-8")


@pytest.fixture
def proposed(sources: Path, said_and_written: tuple[str, str]) -> Path:
    path = proposal_path("survey", "2016", sources)
    path.parent.mkdir()
    path.write_text(said_and_written[1], encoding="utf-8")
    return path


def test_a_proposal_somebody_worked_on_is_not_written_over(sources: Path) -> None:
    asked = ("survey", "2016", "--from", EXPORT)
    assert monitor(*asked, sources=sources).exit_code == 0
    assert monitor(*asked, sources=sources).exit_code == 0  # as it was written: nothing is lost
    path = proposal_path("survey", "2016", sources)
    rows = rows_of(path)
    write(path, [row | {"decision": ""} for row in rows])
    decided = path.read_bytes()
    refused = monitor(*asked, sources=sources)
    assert refused.exit_code == 1
    assert "--anew" in refused.output
    assert path.read_bytes() == decided
    assert monitor(*asked, "--anew", sources=sources).exit_code == 0
    assert rows_of(path) == rows


def test_a_proposal_loads_and_is_not_in_force(sources: Path, proposed: Path) -> None:
    assert list(faults(load_source("survey"), read_code_book(proposed, "2016"))) == []
    assert load_code_book("survey", "2016", sources) is None
    assert [book.wave for book in code_books("survey", sources)] == ["2015"]
    assert not (sources / "survey" / "codebooks" / "2016.csv").exists()


def test_what_was_found_and_what_to_decide_is_said_in_words(
    said_and_written: tuple[str, str],
) -> None:
    said, _ = said_and_written
    assert "renamed: leaders_priority: s_5 → s_5a (100 %)" in said
    assert "re-coded: same_person_coordinates: s_7" in said
    assert "To settle: 3." in said
    assert "--accept" in said


def test_the_same_as_json(sources: Path) -> None:
    told = json.loads(monitor("survey", "2016", "--from", EXPORT, "--json", sources=sources).output)
    statuses = {c["field"]: c["status"] for c in told["changes"]}
    assert statuses["leaders_priority"] == "renamed"
    assert told["to_settle"] == 3
    assert "navn" in told["left_alone"]


def test_the_proposal_can_go_to_standard_output(sources: Path) -> None:
    result = monitor("survey", "2016", "--from", EXPORT, "--output", "-", sources=sources)
    assert result.stdout.startswith("field,variable,code,canonical_code,series_break")
    assert "To settle: 3." in result.stderr
    assert not proposal_path("survey", "2016", sources).exists()


def test_no_decision_no_code_book(sources: Path, proposed: Path) -> None:
    result = monitor("survey", "2016", "--accept", sources=sources)
    assert result.exit_code == 1
    assert "leaders_priority" in result.output
    assert not (sources / "survey" / "codebooks" / "2016.csv").exists()


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252")])
def test_once_all_is_decided_it_is_in_force(
    sources: Path, proposed: Path, delimiter: str, encoding: str
) -> None:
    """Also when a Danish spreadsheet saved the file in its own way."""
    rows = rows_of(proposed)
    for row in rows:
        row["decision"] = ""
    write(proposed, rows, delimiter, encoding)
    result = monitor("survey", "2016", "--accept", sources=sources)
    assert result.exit_code == 0, result.output
    made = load_code_book("survey", "2016", sources)
    real = load_code_book("survey", "2016")
    assert made is not None
    assert real is not None
    assert {(e.field, e.variable, e.code, e.canonical_code) for e in made.entries} == {
        (e.field, e.variable, e.code, e.canonical_code) for e in real.entries
    }
    assert not proposed.exists()


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("canonical_code", "", "no canonical code"),
        ("canonical_code", "perhaps", "perhaps is not one of its codes"),
        ("field", "no_such_field", "no_such_field is no field"),
        ("series_break", "true", "needs both its notes"),
    ],
)
def test_a_code_book_that_is_wrong_is_not_accepted(
    sources: Path, proposed: Path, column: str, value: str, told: str
) -> None:
    rows = rows_of(proposed)
    for row in rows:
        row["decision"] = ""
        if row["field"] == "coordinator_unit" and row["code"] == "1":
            row[column] = value
    write(proposed, rows)
    result = monitor("survey", "2016", "--accept", sources=sources)
    assert result.exit_code == 1
    assert told in result.output
    assert not (sources / "survey" / "codebooks" / "2016.csv").exists()


def test_a_wave_that_has_a_code_book_is_refused_politely() -> None:
    result = monitor("survey", "2017", "--from", EXPORT)
    assert result.exit_code == 1
    assert "has a code book already" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("driftsstoette", "2018", "--from", EXPORT), "one with code books"),
        (("survey", "2018-06-30", "--from", EXPORT), "a year"),
        (("survey", "2018", "--from", EXPORT, "--against", "2014"), "there are 2015, 2016, 2017"),
        (("survey", "2014", "--from", EXPORT), "no code book of a wave to compare with"),
        (("survey", "2018"), "--from FILE"),
        (("survey", "2018", "--accept"), "there is no proposal"),
    ],
)
def test_what_makes_no_sense_is_said(arguments: tuple[object, ...], told: str) -> None:
    result = monitor(*arguments)
    assert result.exit_code != 0
    assert told in result.output


def test_an_untrusted_file_is_refused_with_the_gates_own_words(tmp_path: Path) -> None:
    path = tmp_path / "eksport.zip"
    path.write_bytes(b"not a zip")
    result = monitor("survey", "2018", "--from", path)
    assert result.exit_code == 1
    assert "eksport.zip" in result.output or "file" in result.output
    assert "Traceback" not in result.output
    link = tmp_path / "link.zip"
    link.symlink_to(path)
    assert monitor("survey", "2018", "--from", link).exit_code == 1
