"""What Dagster knows after the shipped deliveries: partitions, suites, scheduled checks."""

from datetime import UTC, datetime

import dagster as dg
import duckdb
import pytest
from shipped_installation import Installation

from pipelines.definitions import definitions
from pipelines.orchestration.home import opened_instance
from pipelines.orchestration.layers import Layers
from pipelines.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def settings(shipped_copy: Installation) -> Settings:
    return shipped_copy.settings


def test_the_instance_knows_the_partitions_and_their_rows(settings: Settings) -> None:
    with opened_instance(settings) as instance:
        for source, period in (("survey", "2016"), ("driftsstoette", "2015-06-30")):
            assert period in instance.get_dynamic_partitions(f"{source}_periods")
        key = dg.AssetKey(["raw", "survey_answers"])
        assert {"2015", "2016", "2017"} <= instance.get_materialized_partitions(key)


def test_the_live_warehouse_keeps_no_empty_tables_of_tests(settings: Settings) -> None:
    with duckdb.connect(str(settings.live_path), read_only=True) as con:
        tables = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'dq_failures'"
        ).fetchall()
        for (table,) in tables:
            assert con.execute(f'select count(*) > 0 from dq_failures."{table}"').fetchone() == (
                True,
            )


def test_every_published_model_is_under_a_suite_and_every_suite_has_a_table() -> None:
    layers = Layers(Settings.from_env({}))
    graph = definitions(layers.settings, layers).resolve_asset_graph()
    assets = {".".join(key.path): key for key in graph.materializable_asset_keys}
    of_stage = {
        stage: {suite.table for suite in layers.suites(stage)}
        for stage in ("arriving", "candidates")
    }
    # the suite of the union looks at the cells of every indicator's model
    [union] = of_stage["candidates"]
    models = {name for name in assets if name.startswith("published.")} - {union}
    parents = {".".join(key.path) for key in graph.get(assets[union]).parent_keys}
    assert len(models) == 15
    assert models <= parents
    assert of_stage["arriving"] == {f"raw.{table.table}" for table in layers.raw_tables()}
    for spec in (graph.get(key).to_asset_spec() for key in graph.materializable_asset_keys):
        assert spec.description and spec.owners and spec.group_name != "default", spec.key


def test_calendar_and_archive_checks_run_on_the_real_layers(settings: Settings) -> None:
    defs = definitions(settings)
    with opened_instance(settings) as instance:
        reconcile = defs.resolve_job_def("reconcile").execute_in_process(instance=instance)
        expected = defs.resolve_job_def("wave_expected").execute_in_process(instance=instance)
    assert [e.passed for e in reconcile.get_asset_check_evaluations()] == [True]
    [late] = expected.get_asset_check_evaluations()
    assert late.severity == dg.AssetCheckSeverity.WARN
    assert late.passed is (datetime.now(UTC).year < 2018)
