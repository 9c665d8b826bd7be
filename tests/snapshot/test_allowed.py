"""The snapshot holds what is allowed and nothing that rests on answers."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from shipped_installation import Installation

from pipelines.contracts.loader import load_source
from pipelines.orchestration.dbt_manifest import ensure_manifest
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.snapshot import make
from pipelines.snapshot.allowed import AllowedTable, allowed_tables
from pipelines.snapshot.confidential import confidential_raw_tables, confidential_tables
from pipelines.snapshot.make import SnapshotError, make_snapshot, refuse_confidential
from pipelines.snapshot.opened import opened_locked


@pytest.fixture(scope="module")
def confidential() -> frozenset[tuple[str, str]]:
    return confidential_tables(ensure_manifest(PROJECT_ROOT / "dbt_project"))


def test_answers_make_a_table_confidential_and_all_that_rests_on_it(
    confidential: frozenset[tuple[str, str]],
) -> None:
    assert confidential_raw_tables() == {load_source("survey").table, "findings", "corrections"}
    assert {
        ("raw", "survey_answers"),
        ("marts", "fct_survey_answer"),
        ("marts", "dim_wave"),
        ("published", "pub_i03_coordinator_appointed"),
        ("published", "pub_indicator_cells"),
        ("marts", "fct_delivery"),  # counts errors in rows of answers
    } <= confidential
    assert ("marts", "dim_plan") not in confidential


def test_no_allowed_table_rests_on_answers(confidential: frozenset[tuple[str, str]]) -> None:
    refuse_confidential(allowed_tables(), confidential)
    for wrong in (("marts", "fct_survey_answer"), ("raw", "survey_answers")):
        with pytest.raises(SnapshotError, match=wrong[1]):
            refuse_confidential((AllowedTable(*wrong, ("wave",)),), confidential)


def test_no_words_of_senders_and_operators_are_allowed() -> None:
    for table in allowed_tables():
        if not table.is_released:
            assert {"provider", "file_name", "reason"} & set(table.columns) == set(), table.name


@pytest.mark.slow
def test_it_has_exactly_what_is_allowed(shipped: Installation, tmp_path: Path) -> None:
    path = tmp_path / "snapshot.duckdb"
    made = make_snapshot(shipped.settings, path)
    with opened_locked(path) as con:
        there = con.execute(
            "select schema_name, table_name, list(column_name order by column_index) "
            "from duckdb_columns() where not internal group by all"
        ).fetchall()
        [[cells]] = con.execute("select count(*) from released.released_cells").fetchall()
    assert {(s, t): tuple(columns) for s, t, columns in there} == {
        (t.schema, t.name): t.columns for t in allowed_tables()
    }
    with duckdb.connect(str(shipped.settings.publish_path), read_only=True) as con:
        assert [(cells,)] == con.execute("select count(*) from released_cells").fetchall()
    assert made.rows > cells
    assert path.stat().st_mode & 0o777 == 0o440
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_it_is_not_made_of_nothing_or_of_a_column_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(PROJECT_ROOT, tmp_path / "data", tmp_path / "home")
    with pytest.raises(SnapshotError, match="monitor run"):
        make_snapshot(settings, tmp_path / "out" / "snapshot.duckdb")
    settings.data_dir.mkdir()
    with duckdb.connect(str(settings.live_path)) as con:
        con.execute("create schema marts; create table marts.dim_plan as select 1 as case_number")
    duckdb.connect(str(settings.publish_path)).close()
    wanted = (AllowedTable("marts", "dim_plan", ("case_number", "gone")),)
    monkeypatch.setattr(make, "allowed_tables", lambda: wanted)
    with pytest.raises(SnapshotError, match="gone"):
        make_snapshot(settings, tmp_path / "out" / "snapshot.duckdb")
    assert list((tmp_path / "out").iterdir()) == []
