"""The dbt project as assets and asset checks: one step that builds all of it in the build copy.

Seeds, models and tests keep their dbt names; groups are the layers (dbt schemas). The SQL is in
`dbt_project/`, what is run of it in `dbt_execution`; here results become Dagster events.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY

from pipelines.orchestration.column_lineage import FILE_NAME, lineage_of_models
from pipelines.orchestration.dbt_execution import build
from pipelines.orchestration.dbt_manifest import ensure_manifest
from pipelines.orchestration.dbt_outcome import DbtNodeResult, DbtOutcome
from pipelines.orchestration.layers import Layers
from pipelines.orchestration.links import document_links, source_code
from pipelines.orchestration.table_metadata import (
    catalog_of,
    describe,
    lineage_metadata,
    markdown_table,
)

OWNERS = ("team:data",)
PUBLISHED_GROUP = "published"
BUILT = frozenset({"success", "no-op", "partial success"})
FRESHNESS = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(days=200), fail_window=timedelta(days=240)
)

Event = dg.Output[None] | dg.AssetCheckResult


class MonitorTranslator(DagsterDbtTranslator):
    """How a dbt node shows in Dagster: `schema/name`, grouped by layer, owned by the data team."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Key a source by its own table, everything else by schema and name."""
        if dbt_resource_props["resource_type"] == "source":
            return dg.AssetKey([dbt_resource_props["source_name"], dbt_resource_props["name"]])
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Group by layer, which is the schema."""
        return str(dbt_resource_props["schema"])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Give the description alone; the SQL is in the repository."""
        return str(dbt_resource_props.get("description") or "").strip()

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        """Give the owners a node names, or the data team."""
        return super().get_owners(dbt_resource_props) or OWNERS

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, str]:
        """Add the layer to the node's own tags."""
        layer = str(dbt_resource_props["schema"])
        return {**super().get_tags(dbt_resource_props), "layer": layer}

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Add the documents that explain a node, and its SQL."""
        layer = str(dbt_resource_props["schema"])
        path = f"dbt_project/{dbt_resource_props['original_file_path']}"
        return {
            **super().get_metadata(dbt_resource_props),
            **document_links(layer, str(dbt_resource_props["name"])),
            **source_code(path),
        }


def dbt_models_asset(dbt_dir: Path) -> dg.AssetsDefinition:
    """Make the assets of the dbt project, parsing it if a file of it changed."""
    manifest = ensure_manifest(dbt_dir)

    @dbt_assets(
        manifest=manifest,
        project=DbtProject(project_dir=dbt_dir, profiles_dir=dbt_dir),
        dagster_dbt_translator=MonitorTranslator(),
        name="dbt_build",
    )
    def dbt_build(
        context: dg.AssetExecutionContext, writer: dg.ResourceParam[Layers]
    ) -> Iterator[Event]:
        require_build_copy(writer)
        writer.checkpoint("dbt.before_build")
        with writer.troubles_told():
            outcome = build(dbt_dir, writer.settings.build_path, selected_names(context))
        writer.checkpoint("dbt.built")
        database = writer.settings.build_path
        yield from events_of(context, outcome, database, _lineage_file(dbt_dir, database))
        writer.insist_on_room(outcome.error, *(node.message for node in outcome.failed))
        raise_if_failed(outcome)

    return dbt_build.map_asset_specs(_with_freshness)


def _lineage_file(dbt_dir: Path, database: Path) -> Path:
    """Beside dbt's artefacts, or beside the database where an installed project is read-only."""
    target = dbt_dir / "target"
    return (target if os.access(target, os.W_OK) else database.parent) / FILE_NAME


def require_build_copy(writer: Layers) -> None:
    """Refuse to build where no intake has put a copy, as when a run is repeated from the middle.

    Raises:
        dg.Failure: dbt would make an empty database.
    """
    if not writer.settings.build_path.is_file():
        raise dg.Failure(
            "there is no build copy: the run it belonged to has ended. Run all steps, not some",
            allow_retries=False,
        )


def _with_freshness(spec: dg.AssetSpec) -> dg.AssetSpec:
    if spec.group_name != PUBLISHED_GROUP:
        return spec
    return spec.replace_attributes(freshness_policy=FRESHNESS)


def selected_names(context: dg.AssetExecutionContext) -> set[str] | None:
    """Name the nodes, tests too, of a run that asks for a part of the project; None for all."""
    definition = context.assets_def
    every_check = definition.node_check_specs_by_output_name.values()
    if definition.keys_by_output_name == definition.node_keys_by_output_name and len(
        context.selected_asset_check_keys
    ) == len(every_check):
        return None
    names = {key.path[-1] for key in context.selected_asset_keys}
    return names | {key.name for key in context.selected_asset_check_keys}


def events_of(
    context: dg.AssetExecutionContext, outcome: DbtOutcome, database: Path, kept: Path
) -> Iterator[Event]:
    """Turn what dbt built and tested into outputs and check results.

    Args:
        context: The run that wants them.
        outcome: What dbt did.
        database: The file it did it in, whose rows and columns are told.
        kept: Where the columns' lineage is kept.
    """
    definition = context.assets_def
    assets = {
        _unique_id(spec.metadata): spec.key
        for spec in definition.specs
        if spec.key in context.selected_asset_keys
    }
    checks = {
        _unique_id(spec.metadata): spec.key
        for spec in definition.check_specs
        if spec.key in context.selected_asset_check_keys
    }
    facts = describe(database, [(key.path[0], key.path[1]) for key in assets.values()])
    sql = {n.unique_id: n.compiled_sql for n in outcome.nodes if n.compiled_sql}
    lineage = lineage_of_models(sql, catalog_of(database), kept) if sql else {}
    for node in outcome.nodes:
        if node.unique_id in assets and node.status in BUILT:
            key = assets[node.unique_id]
            found = facts.get((key.path[0], key.path[1]))
            yield dg.Output(
                None,
                output_name=key.to_python_identifier(),
                metadata={
                    **_when(node),
                    **(found.metadata() if found else {}),
                    **lineage_metadata(lineage.get(node.unique_id, {})),
                },
            )
        elif node.unique_id in checks and node.status != "skipped":
            yield _check_result(checks[node.unique_id], node)


def _unique_id(metadata: Mapping[str, Any] | None) -> str:
    value = (metadata or {}).get(DAGSTER_DBT_UNIQUE_ID_METADATA_KEY, "")
    return str(value.value if isinstance(value, dg.MetadataValue) else value)


def _when(node: DbtNodeResult) -> dict[str, Any]:
    """How long it took; or since when it stands, where nothing it is made from has changed."""
    if node.unchanged_since is None:
        return {"seconds": round(node.seconds, 3)}
    return {"unchanged since": dg.MetadataValue.text(f"{node.unchanged_since:%Y-%m-%d %H:%M} UTC")}


def _check_result(key: dg.AssetCheckKey, node: DbtNodeResult) -> dg.AssetCheckResult:
    metadata = _when(node)
    if node.failures is not None:
        metadata["failing rows"] = node.failures
    if node.failures_table:
        metadata["failing rows are in (build copy)"] = node.failures_table
    is_warning = node.status == "warn"
    return dg.AssetCheckResult(
        passed=node.status == "pass",
        asset_key=key.asset_key,
        check_name=key.name,
        severity=dg.AssetCheckSeverity.WARN if is_warning else dg.AssetCheckSeverity.ERROR,
        description=node.message,
        metadata=metadata,
    )


def raise_if_failed(outcome: DbtOutcome) -> None:
    """Stop the run when dbt did not succeed, naming what failed and where its rows are.

    Raises:
        dg.Failure: Never retried: the same rows would fail again.
    """
    if outcome.success:
        return
    names = [node.name for node in outcome.failed]
    what = f"{len(names)} failed: {', '.join(names[:5])}" if names else outcome.error or "failed"
    raise dg.Failure(
        f"dbt build: {what}",
        metadata={
            "failed": dg.MetadataValue.md(
                markdown_table(
                    ("node", "kind", "status", "failing rows", "rows are in", "message"),
                    (
                        (n.name, n.resource_type, n.status, n.failures, n.failures_table, n.message)
                        for n in outcome.failed
                    ),
                )
            ),
        },
        allow_retries=False,
    )
