"""The real incremental set beside the checkout, through reader, code book, contract and staging.

Its questions are another survey's; a code book of its own maps some of them to fields of ours, so
that the very staging model decides whose answer is the newest.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.loader import load_source
from pipelines.contracts.model import CodeBook, CodeBookEntry
from pipelines.contracts.tables import raw_ddl
from pipelines.intake.conform.survey import apply_code_book
from pipelines.intake.conform.table import ACCEPTED, conform_table, prepare_connection
from pipelines.intake.readers.survey import read_survey
from pipelines.intake.slots import increment_slot
from pipelines.orchestration.dbt_runner import run_dbt
from pipelines.settings import Settings
from pipelines.warehouse.schema import own_ddl

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "surveyxact"
FOLDER = SAMPLES / "laravel_incremental"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real exports are not beside this checkout"),
]

WAVE = "2021"
SURVEY = load_source("survey")
SOURCE = SURVEY.model_copy(  # no municipality is in it
    update={"fields": tuple(f.model_copy(update={"required": False}) for f in SURVEY.fields)}
)
STATES = ("new", "distributed", "some_answers", "completed", "dropped_out")
BOOK = CodeBook(
    wave=WAVE,
    entries=(
        CodeBookEntry(field="respondent_id", variable="responde"),
        CodeBookEntry(field="modified_at", variable="modified"),
        CodeBookEntry(field="completed_at", variable="closetim"),
        *(
            CodeBookEntry(
                field="response_status", variable=f"stato_{at}", code="1", canonical_code=state
            )
            for at, state in enumerate(STATES, 1)
        ),
        CodeBookEntry(
            field="same_person_coordinates", variable="validati", code="1", canonical_code="yes"
        ),
        CodeBookEntry(
            field="same_person_coordinates", variable="validati", code="2", canonical_code="no"
        ),
        CodeBookEntry(
            field="cofinancing_staff", variable="s_11_3", code="0", canonical_code="false"
        ),
        CodeBookEntry(
            field="cofinancing_staff", variable="s_11_3", code="1", canonical_code="true"
        ),
    ),
)
CHANGED = "825478429"


def dataset(name: str) -> str:
    return (FOLDER / f"{name}.csv").read_bytes().decode("utf-16")


def changed_again(modified: str, validated: str) -> str:
    """An export of one respondent of the full one, changed at another time."""
    header, *rows = dataset("dataset").splitlines()
    names = header.split("\t")
    row = next(r.split("\t") for r in rows if CHANGED in r.split("\t"))
    row[names.index("modified")] = modified
    row[names.index("validati")] = validated
    return "\n".join([header, "\t".join(row)]) + "\n"


def load(con: duckdb.DuckDBPyConnection, delivery_id: str, text: str, hour: int) -> None:
    """Put an export through the gate's steps and into the raw tables."""
    parts = {n: (FOLDER / n).read_bytes() for n in ("labels_en.csv", "structure_en.csv")}
    export = read_survey({"dataset.csv": text.encode("utf-16"), **parts}, delivery_id)
    survey = apply_code_book(SOURCE, BOOK, export.dataset, export.long_names)
    conformed = conform_table(con, SOURCE, survey.table, WAVE, {})
    assert conformed.rows_quarantined == 0
    con.execute(
        f"insert into raw.survey_answers by name select '{delivery_id}' as delivery_id, * "
        f"from {ACCEPTED}"
    )
    slot = f"survey/{WAVE}"
    con.execute(
        "insert into raw.deliveries (delivery_id, source, period, slot, version, file_name, bytes, "
        "received_at, state, is_current, is_synthetic) "
        "values ($id, 'survey', $wave, $slot, 1, $id, 1, $at, 'accepted', true, false)",
        {
            "id": delivery_id,
            "wave": WAVE,
            "slot": slot if delivery_id == "full" else increment_slot(slot, delivery_id),
            "at": datetime(2021, 11, 1, hour),
        },
    )


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("real") / "monitor.duckdb"
    with duckdb.connect(str(path)) as con:
        for statement in (*own_ddl(), *raw_ddl()):
            con.execute(statement)
        prepare_connection(con, SOURCE)
        con.execute("create temp table plan_municipalities (municipality_code varchar)")
        load(con, "full", dataset("dataset"), 1)
        load(con, "update", dataset("update"), 2)
        load(con, "import", dataset("import"), 3)  # the same respondent and time as the update
        load(con, "newer", changed_again("2021-10-30 08:00:00", "2"), 4)
        load(con, "late", changed_again("2021-10-20 08:00:00", "1"), 5)
    command = ["run", "-s", "+int_survey__answer_history"]
    outcome = run_dbt(Settings.from_env().dbt_dir, path, command)
    assert outcome.success
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


def test_the_update_adds_its_respondent_to_those_of_the_export(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    rows = staged.execute(
        "select modified_at::varchar, response_status, delivery_id "
        "from staging.stg_survey__answers order by 1, 2"
    ).fetchall()
    assert rows == [
        ("2021-10-14 11:50:46", "completed", "full"),
        ("2021-10-14 11:50:46", "distributed", "full"),
        ("2021-10-14 11:50:46", "distributed", "full"),
        ("2021-10-21 11:09:28", "completed", "import"),
        ("2021-10-30 08:00:00", "completed", "newer"),
    ]


def test_the_newest_answer_wins_and_the_others_are_its_history(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    rows = staged.execute(
        "select modified_at::varchar, same_person_coordinates, is_newest, delivery_id "
        "from intermediate.int_survey__answer_history "
        "qualify count(*) over (partition by respondent_id) > 1 order by answer_version"
    ).fetchall()
    assert rows == [
        ("2021-10-18 16:42:00", "yes", False, "full"),
        ("2021-10-20 08:00:00", "yes", False, "late"),
        ("2021-10-30 08:00:00", "no", True, "newer"),
    ]


def test_nothing_personal_of_it_is_in_the_tables(staged: duckdb.DuckDBPyConnection) -> None:
    everything = str(staged.execute("select * from raw.survey_answers").fetchall())
    for personal in ("example.org", "Navn", "test.com"):
        assert personal in dataset("dataset") + dataset("update")
        assert personal not in everything
