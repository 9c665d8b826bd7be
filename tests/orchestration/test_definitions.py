"""The definitions hold together, and every asset says what it is, whose, and how fresh."""

import os
import subprocess
import sys

import dagster as dg
import pytest
from installations import REPOSITORY, FakeLayers

from pipelines.definitions import definitions
from pipelines.orchestration.jobs import QUIET
from pipelines.orchestration.links import document_links
from pipelines.orchestration.partitions import add_periods, definition_for
from pipelines.settings import Settings


@pytest.fixture
def defs(settings: Settings, layers: FakeLayers) -> dg.Definitions:
    return definitions(settings, layers)


def specs(defs: dg.Definitions) -> list[dg.AssetSpec]:
    graph = defs.resolve_asset_graph()
    return [graph.get(key).to_asset_spec() for key in graph.materializable_asset_keys]


def test_they_load(defs: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(defs)
    assert {job.name for job in defs.resolve_all_job_defs() if job.name != "__ASSET_JOB"} == {
        "process_inbox",
        "reload_survey",
        "reconcile",
        "wave_expected",
        "prepare_release",
        "publish_release",
    }


def test_whoever_starts_a_job_its_console_is_quiet(defs: dg.Definitions) -> None:
    for name in ("process_inbox", "reconcile", "wave_expected"):
        assert defs.resolve_job_def(name).run_config == QUIET, name
    by_period = defs.resolve_job_def("reload_survey").partitioned_config
    assert by_period is not None
    assert by_period.get_run_config_for_partition_key("2016") == QUIET


def test_every_asset_has_group_owner_kind_and_a_description_of_its_grain(
    defs: dg.Definitions,
) -> None:
    for spec in specs(defs):
        assert spec.group_name not in (None, "default"), spec.key
        assert spec.owners, spec.key
        assert spec.kinds, spec.key
        assert "layer" in spec.tags, spec.key
        assert spec.description, spec.key
        assert spec.description.startswith("One "), spec.key


def test_every_table_says_where_it_is_explained_by_files_that_are_there(
    defs: dg.Definitions,
) -> None:
    for spec in specs(defs):
        if spec.group_name == "release":
            continue
        links = {key: each for key, each in spec.metadata.items() if key.startswith("docs/")}
        assert links, spec.key
        for key, each in links.items():
            assert key == "docs/page" or (REPOSITORY / str(each.value)).is_file(), each
        assert "dagster/code_references" in spec.metadata, spec.key


def test_links_are_addresses_where_the_documents_have_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DOCS_URL", "https://example.dk/monitor/")
    link = document_links("marts")["docs/queries"]
    assert link == dg.MetadataValue.url("https://example.dk/monitor/docs/queries/README.md")


def test_raw_and_published_tables_have_a_freshness_policy(defs: dg.Definitions) -> None:
    for spec in specs(defs):
        if spec.group_name in {"intake", "published"}:
            assert spec.freshness_policy is not None, spec.key


def test_a_new_year_is_a_partition_without_a_change_of_code(instance: dg.DagsterInstance) -> None:
    add_periods(instance, "survey", ["2031", "2030"])
    add_periods(instance, "survey", ["2031"])
    assert definition_for("survey").get_partition_keys(dynamic_partitions_store=instance) == [
        "2030",
        "2031",
    ]


def test_checks_of_great_expectations_block(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    keys = [k for k in graph.asset_check_keys if k.name == "great_expectations"]
    assert len(keys) == 3
    assert all(graph.get(key).blocking for key in keys)


@pytest.mark.slow
def test_nothing_heavy_is_imported_to_load_them() -> None:
    code = (
        "import sys, pipelines.definitions, pipelines.orchestration.inbox_sensor; "
        "print([m for m in ('dbt.cli.main', 'great_expectations', 'pandas') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "DAGSTER_HOME": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
