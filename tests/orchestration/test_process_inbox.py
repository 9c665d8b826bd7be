"""The main job, end to end over fake layers: what it records, and that a failing check stops it."""

import dagster as dg
import duckdb
import pytest
from installations import FakeLayers

from pipelines.definitions import definitions
from pipelines.orchestration.run import run_process_inbox
from pipelines.settings import Settings

pytestmark = pytest.mark.slow


def live_periods(settings: Settings) -> list[str]:
    with duckdb.connect(str(settings.live_path), read_only=True) as con:
        rows = con.execute("select period from published.pub_indicator_cells order by 1")
        return [row[0] for row in rows.fetchall()]


def metadata_of(instance: dg.DagsterInstance, *key: str) -> dict[str, object]:
    event = instance.get_latest_materialization_event(dg.AssetKey(list(key)))
    assert event is not None and event.asset_materialization is not None
    return {name: each.value for name, each in event.asset_materialization.metadata.items()}


def test_what_waits_goes_live_and_is_recorded(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.inbox = ["2015", "2016"]
    outcome = run_process_inbox(settings, layers=layers)

    assert (outcome.success, outcome.launched, outcome.messages) == (True, True, ())
    assert (outcome.checks_failed, outcome.checks_warned) == (0, 1)
    assert live_periods(settings) == ["2015", "2016"]
    assert layers.calls == [
        "take_in",
        "suite raw.survey_answers",
        "suite published.pub_indicator_cells",
        "promote",
        "release_cells",
        "suite main.released_cells",
        "build_docs",
        "publish_files",
    ]
    assert all(layers.was_locked), "one writer from the first step to the last"
    run = instance.get_run_by_id(outcome.run_id or "")
    assert run is not None and run.status == dg.DagsterRunStatus.SUCCESS

    assert instance.get_dynamic_partitions("survey_periods") == ["2015", "2016"]
    answers = metadata_of(instance, "raw", "survey_answers")
    assert (answers["dagster/row_count"], answers["dagster/partition_row_count"]) == (2, 1)
    assert metadata_of(instance, "raw", "deliveries")["deliveries accepted"] == 2
    cells = metadata_of(instance, "published", "pub_indicator_cells")
    assert cells["dagster/row_count"] == 2
    assert [c.name for c in cells["dagster/column_schema"].columns][:2] == [
        "cell_id",
        "indicator_id",
    ]


def test_nothing_waiting_and_nothing_changed_starts_no_run(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    outcome = run_process_inbox(settings, layers=layers)
    assert (outcome.success, outcome.launched, outcome.run_id) == (True, False, None)
    assert layers.calls == []
    assert instance.get_runs_count() == 0


@pytest.mark.parametrize(
    ("stage", "last_call"),
    [
        ("arriving", "suite raw.survey_answers"),
        ("candidates", "suite published.pub_indicator_cells"),
    ],
)
def test_a_failing_check_stops_all_that_follows_and_leaves_what_is_live(
    settings: Settings, layers: FakeLayers, stage: str, last_call: str
) -> None:
    layers.inbox = ["2015"]
    assert run_process_inbox(settings, layers=layers).success
    before = settings.live_path.read_bytes(), settings.publish_path.read_bytes()

    layers.inbox, layers.fails_suite, layers.calls = ["2016"], stage, []
    outcome = run_process_inbox(settings, layers=layers)

    assert not outcome.success
    assert outcome.checks_failed == 1
    assert [c for c in layers.calls if c != "build_docs"][-1] == last_call
    assert "build_docs" in layers.calls, "whoever is told to look finds the page"
    assert (settings.live_path.read_bytes(), settings.publish_path.read_bytes()) == before
    assert "check_" in outcome.messages[0] and "monitor deliver" in outcome.messages[0]
    if stage == "arriving":
        with duckdb.connect(str(settings.build_path), read_only=True) as con:
            built = con.execute("select period from published.pub_indicator_cells").fetchall()
        assert built == [("2015",)], "dbt did not run"


def test_a_failing_dbt_test_stops_before_going_live(settings: Settings, layers: FakeLayers) -> None:
    layers.inbox, layers.code_by_wave = ["2016"], {"2016": None}
    outcome = run_process_inbox(settings, layers=layers)
    assert not outcome.success
    assert "promote" not in layers.calls
    assert not settings.live_path.exists()
    assert "not_null_stg_survey__answers_municipality_code" in outcome.messages[0]
    assert "dq_failures" in outcome.messages[0]


def test_a_failing_released_check_stops_the_files(settings: Settings, layers: FakeLayers) -> None:
    layers.inbox, layers.fails_suite = ["2015"], "released"
    outcome = run_process_inbox(settings, layers=layers)
    assert not outcome.success
    assert "publish_files" not in layers.calls
    assert "the warehouse is the new one" in outcome.messages[0]


def test_a_broken_checker_is_an_error_and_no_result_about_the_data(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.inbox, layers.checker_raises = ["2015"], True
    outcome = run_process_inbox(settings, layers=layers)
    assert not outcome.success
    assert outcome.checks_failed == 0
    assert "says nothing about the data" in outcome.messages[0]
    assert "as they were before the run" in outcome.messages[0]
    assert "promote" not in layers.calls


def test_the_next_run_finishes_what_a_failed_one_left(
    settings: Settings, layers: FakeLayers
) -> None:
    layers.inbox, layers.fails_suite = ["2015"], "candidates"
    assert not run_process_inbox(settings, layers=layers).success
    layers.inbox, layers.fails_suite = ["2015"], None
    assert run_process_inbox(settings, layers=layers).success
    assert live_periods(settings) == ["2015"]


def test_a_run_repeated_from_the_middle_refuses_to_build_on_nothing(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.inbox = ["2015"]
    assert run_process_inbox(settings, layers=layers).success
    before = settings.live_path.read_bytes()
    job = definitions(settings, layers).resolve_job_def("process_inbox")
    result = job.execute_in_process(
        instance=instance, op_selection=["dbt_build", "warehouse__monitor"], raise_on_error=False
    )
    assert not result.success
    assert settings.live_path.read_bytes() == before


def test_reloading_a_wave_reads_it_again_and_rebuilds(
    settings: Settings, layers: FakeLayers, instance: dg.DagsterInstance
) -> None:
    layers.inbox = ["2015", "2016"]
    assert run_process_inbox(settings, layers=layers).success
    layers.calls = []
    job = definitions(settings, layers).resolve_job_def("reload_survey")
    result = job.execute_in_process(instance=instance, partition_key="2016")
    assert result.success
    assert layers.again == [("survey", "2016")]
    assert layers.calls[0] == "take_in"
    assert layers.calls[-1] == "publish_files"
    assert live_periods(settings) == ["2015", "2016"]
