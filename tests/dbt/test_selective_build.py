"""A build that makes only what changed leaves what a build of everything does, to the last row."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.orchestration.dbt_execution import build
from pipelines.orchestration.dbt_outcome import DbtOutcome
from pipelines.warehouse.hashes import differences, table_hashes

pytestmark = pytest.mark.slow

ARRIVES = "update raw.deliveries set received_at = timestamp '2026-01-01' where delivery_id = "
CHANGES: dict[str, tuple[str, ...]] = {
    "another answer": (
        ARRIVES + "'survey-2017'",
        "update raw.survey_answers set leaders_priority = 'not_satisfactory' "
        "where delivery_id = 'survey-2017'",
    ),
    "another extract": (
        "insert into raw.deliveries select * replace ('extract-2017' as delivery_id, "
        "'2017-12-31' as period, 'driftsstoette/2017-12-31' as slot) from raw.deliveries "
        "where delivery_id = 'extract-2016'",
        "insert into raw.driftsstoette_lines select * replace ('extract-2017' as delivery_id, "
        "'2017-12-31' as period, date '2017-12-31' as extract_date) "
        "from raw.driftsstoette_lines where delivery_id = 'extract-2016'",
    ),
    "another list of topics": (
        ARRIVES + "'list-2015'",
        "update raw.styringsdialog_topics set municipality_code = '259' "
        "where municipality_code = '101'",
    ),
    "other minutes": (
        ARRIVES + "'minutes-2015'",
        "delete from raw.styringsdialog_minute_topics where row_number = 1",
    ),
    "rows held back": (
        "update raw.deliveries set state = 'quarantined', rows_quarantined = 1 "
        "where delivery_id = 'survey-2015'",
    ),
    "a withdrawal": (
        "update raw.deliveries set state = 'withdrawn', is_current = false "
        "where delivery_id = 'survey-2017'",
    ),
}


def _change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)


def _told(outcome: DbtOutcome) -> dict[str, tuple[str, int | None]]:
    return {node.unique_id: (node.status, node.failures) for node in outcome.nodes}


def _assert_as_whole(dbt_dir: Path, path: Path, chosen: DbtOutcome) -> None:
    whole = path.parent / "whole" / path.name
    whole.parent.mkdir(exist_ok=True)
    shutil.copyfile(path, whole)
    _change(whole, "delete from meta.made")
    outcome = build(dbt_dir, whole)
    assert all(node.unchanged_since is None for node in outcome.nodes)
    assert _told(chosen) == _told(outcome)
    assert list(differences(table_hashes(path), table_hashes(whole))) == []


@pytest.fixture
def copy(outcome: DbtOutcome, tiny_path: Path, tmp_path: Path) -> Path:
    """A copy of the built warehouse, to be changed."""
    assert outcome.success
    return Path(shutil.copyfile(tiny_path, tmp_path / "monitor.duckdb"))


def test_deliveries_of_every_kind_one_after_another(dbt_dir: Path, copy: Path) -> None:
    for name, statements in CHANGES.items():
        _change(copy, *statements)
        chosen = build(dbt_dir, copy)
        made = {n.name for n in chosen.nodes if n.unchanged_since is None}
        assert made, name
        assert (
            "int_styringsdialog__meeting_topics" not in made
            or "minutes" in name
            or ("list" in name)
        ), f"{name} has nothing to do with meetings"
        assert "columns" not in made, "which follows from the project alone"
    _assert_as_whole(dbt_dir, copy, chosen)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", CHANGES)
def test_each_kind_by_itself(dbt_dir: Path, copy: Path, name: str) -> None:
    _change(copy, *CHANGES[name])
    _assert_as_whole(dbt_dir, copy, build(dbt_dir, copy))
