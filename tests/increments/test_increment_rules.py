"""What the gate says of an increment, and of a respondent who is in one file twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from export_files import TIMES, WAVE, Answer, write_export

from pipelines.contracts.loader import load_source
from pipelines.contracts.tables import raw_ddl
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.process import Decision, decide

pytestmark = pytest.mark.slow  # each delivery is read in a child process

FIRST, LATER = TIMES["first"], TIMES["later"]
ONE = Answer("1", "101", "1", FIRST)
TWO = Answer("2", "461", "3", FIRST)
THREE = Answer("3", "751", "2", FIRST)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    for statement in raw_ddl():
        connection.execute(statement)
    return connection


def judged(
    con: duckdb.DuckDBPyConnection, folder: Path, *, incremental: bool, against: tuple[str, ...]
) -> Decision:
    files = tuple(DeliveredFile(p.name, p.name, p.stat().st_size) for p in folder.iterdir())
    delivery = ArchivedDelivery(
        delivery_id=folder.name,
        source="survey",
        period=WAVE,
        name=folder.name,
        files=files,
        payload_dir=folder,
        meta=replace(DeliveryMeta(), is_incremental=incremental),
        received_at=datetime(2026, 11, 23, tzinfo=UTC),
        content_sha256=folder.name,
        is_folder=True,
    )
    return decide(con, delivery, folder, against)


def with_export(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Load a full export of three respondents as the delivery `full`."""
    decision = judged(con, write_export(folder, ONE, TWO, THREE), incremental=False, against=())
    assert decision.state == "accepted"
    con.execute(
        f"insert into raw.survey_answers by name select 'full' as delivery_id, * from {ACCEPTED}"
    )


def rules(decision: Decision) -> set[str]:
    return {finding.rule for finding in decision.findings}


def test_an_increment_has_a_slot_of_its_own_and_may_overlap(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with_export(con, tmp_path / "full")
    folder = write_export(tmp_path / "increment", TWO.at(LATER, "1"))
    decision = judged(con, folder, incremental=True, against=("full",))
    assert (decision.state, rules(decision)) == ("accepted", set())
    assert decision.slot == f"survey/{WAVE}/increment/increment"


def test_the_same_rows_without_the_mark_are_an_export_that_fell_short(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with_export(con, tmp_path / "full")
    folder = write_export(tmp_path / "short", TWO.at(LATER, "1"))
    decision = judged(con, folder, incremental=False, against=("full",))
    assert rules(decision) == {"K11_smaller_than_before"}


def test_an_increment_with_nothing_to_add_to_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    decision = judged(con, write_export(tmp_path / "i", TWO), incremental=True, against=("full",))
    assert (decision.state, rules(decision)) == ("rejected", {"K14_increment_without_export"})


def test_an_increment_without_times_is_refused(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_export(con, tmp_path / "full")
    from pipelines.contracts.loader import load_code_book

    book = load_code_book("survey", WAVE)
    assert book is not None
    entries = tuple(e for e in book.entries if e.field != "modified_at")
    without = book.model_copy(update={"entries": entries})
    monkeypatch.setattr("pipelines.intake.by_source.load_code_book", lambda *_: without)
    folder = write_export(tmp_path / "i", TWO.at(LATER, "1"))
    decision = judged(con, folder, incremental=True, against=("full",))
    assert rules(decision) == {"K15_increment_without_times"}


def test_a_source_that_takes_none_refuses_an_increment(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert not load_source("driftsstoette").takes_increments
    delivery = ArchivedDelivery(
        delivery_id="d",
        source="driftsstoette",
        period="2015-06-30",
        name="d.csv",
        files=(DeliveredFile("d.csv", "d", 1),),
        payload_dir=tmp_path,
        meta=DeliveryMeta(is_incremental=True),
        received_at=datetime(2026, 11, 23, tzinfo=UTC),
        content_sha256="d",
    )
    assert rules(decide(con, delivery, tmp_path)) == {"K13_no_increments"}


def test_a_respondent_twice_in_one_file_is_an_error_unless_the_time_differs(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    twice = (ONE, ONE.at(FIRST, "3"), TWO, TWO.at(LATER, "1"), THREE)
    decision = judged(con, write_export(tmp_path / "f", *twice), incremental=False, against=())
    assert rules(decision) == {"S01_respondent_repeated"}
    assert (decision.rows_read, decision.rows_accepted) == (5, 3)


def test_a_time_that_is_missing_does_not_tell_two_answers_apart(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    twice = (replace(ONE, modified=""), ONE.at(LATER, "3"), TWO, THREE)
    decision = judged(con, write_export(tmp_path / "f", *twice), incremental=False, against=())
    assert rules(decision) == {"S01_respondent_repeated"}


def test_one_respondent_who_changed_his_answer_is_not_several_of_his_municipality(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    several = (ONE, ONE.at(LATER, "3"), TWO, Answer("5", "461", "1", FIRST))
    decision = judged(con, write_export(tmp_path / "f", *several), incremental=False, against=())
    assert {(f.rule, f.row) for f in decision.findings} == {
        ("S03_several_completed", 4),
        ("S03_several_completed", 5),
    }
