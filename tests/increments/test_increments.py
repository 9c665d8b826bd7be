"""Increments through the whole intake and staging: whose answer counts, what stays as history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from export_files import TIMES, WAVE, Answer, write_export

from pipelines.intake.delivery import DeliveryMeta
from pipelines.intake.placing import deliver
from pipelines.intake.take_in import IntakeReport, take_in
from pipelines.orchestration.dbt_runner import run_dbt
from pipelines.settings import Settings

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIRST, LATER = TIMES["first"], TIMES["later"]
ONE = Answer("1", "101", "1", FIRST)
TWO = Answer("2", "461", "3", FIRST)
THREE = Answer("3", "751", "2", FIRST)


class House:
    """An installation that gets one delivery after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = Settings.from_env({"MONITOR_DATA_DIR": str(root / "data")})
        self.count = 0

    def gets(self, *answers: Answer, incremental: bool = False) -> IntakeReport:
        """Deliver an export of the wave and take it in."""
        self.count += 1
        folder = write_export(self.root / f"export_{self.count}_syntetisk", *answers)
        meta = DeliveryMeta(is_synthetic=True, is_incremental=incremental)
        deliver(self.settings, folder, "survey", WAVE, meta)
        return take_in(self.settings, now=NOW + timedelta(hours=self.count), settle_seconds=0)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A full export, two increments that overlap, and staging built on them by dbt."""
    house = House(tmp_path_factory.mktemp("house"))
    house.gets(ONE, TWO, THREE)
    house.gets(TWO.at(LATER, "1"), Answer("4", "259", "3", LATER), incremental=True)
    # sent late: its time is older than what is known by then
    house.gets(TWO.at("2016-04-15 09:00:00", "2"), ONE, incremental=True)
    models = ["+int_survey__answer_history", "survey_newest_answer_is_one"]
    command = ["build", "--indirect-selection", "cautious", "-s", *models]
    outcome = run_dbt(house.settings.dbt_dir, house.settings.build_path, command)
    assert outcome.success, [n.message for n in outcome.failed]
    with duckdb.connect(str(house.settings.build_path), read_only=True) as con:
        yield con


def test_the_answer_changed_last_counts_whenever_it_came(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    rows = staged.execute(
        "select municipality_code, coordinator_appointed "
        "from staging.stg_survey__answers order by 1"
    ).fetchall()
    assert rows == [
        ("101", "yes_one"),
        ("259", "no"),
        ("461", "yes_one"),
        ("751", "yes_several"),
    ]


def test_increments_add_to_the_export_and_supersede_nothing(
    staged: duckdb.DuckDBPyConnection,
) -> None:
    rows = staged.execute("select distinct state, is_current from raw.deliveries").fetchall()
    assert rows == [("accepted", True)]
    assert staged.execute("select count(*) from raw.findings").fetchone() == (0,)


def test_the_older_answers_stay_as_history(staged: duckdb.DuckDBPyConnection) -> None:
    rows = staged.execute(
        "select answer_version, coordinator_appointed, is_newest, is_increment "
        "from intermediate.int_survey__answer_history where municipality_code = '461' order by 1"
    ).fetchall()
    assert rows == [
        (1, "no", False, False),
        (2, "yes_several", False, True),
        (3, "yes_one", True, True),
    ]
    # delivered twice with the same time: one version
    (again,) = staged.execute(
        "select count(*) from intermediate.int_survey__answer_history "
        "where municipality_code = '101'"
    ).fetchone() or (0,)
    assert again == 1
