"""Releases in Dagster: candidate, checks that block, the sign-off as an event, publication.

It only wires: what a release is and what refuses it is in `pipelines.release`. A person signs with
`monitor release approve`, which is shown here as a materialization with the name.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import dagster as dg

from pipelines.orchestration.layers import Layers
from pipelines.orchestration.release_assets import TABLES_AND_PAGE
from pipelines.orchestration.release_events import APPROVAL
from pipelines.orchestration.run_locks import locked_executor
from pipelines.orchestration.table_metadata import markdown_table

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

    from pipelines.release.checks import CheckResult

CANDIDATE = dg.AssetKey(["release", "candidate"])
PUBLISHED = dg.AssetKey(["release", "published"])
CHECKS: Final = {
    "files": "Every file is as it was prepared.",
    "outgoing_suites": "Great Expectations on the cells before and after disclosure control.",
    "disclosure": "What readers could work out of the released cells.",
    "grim": "Every per cent follows from its count and base.",
    "diff": "What is other than in the release before, and why.",
    "calendar": "The release calendar reaches twelve months ahead.",
}
"""Name of the asset check to what it holds; every suite is one check here."""
_SUITES: Final = "outgoing_suites"


class ReleaseYear(dg.Config):
    """Which year's release is prepared, and by whom; of an urgent correction also why."""

    year: str
    by: str
    correction_da: str = ""
    correction_en: str = ""


class SignedVersion(dg.Config):
    """Which signed release goes out, and who sends it."""

    version: str
    by: str


@dg.asset(
    key=CANDIDATE,
    deps=[TABLES_AND_PAGE],
    group_name="release",
    owners=["team:publishing"],
    kinds={"duckdb"},
    tags={"layer": "release"},
    description="One folder, `releases/<version>/`: the candidate of a year's next version.",
)
def release_candidate(
    config: ReleaseYear, writer: dg.ResourceParam[Layers]
) -> dg.MaterializeResult[Any]:
    """Prepare a release."""
    from pipelines.release.schedule import Correction
    from pipelines.release.versions import ReleaseError, year_of

    reasons = (config.correction_da, config.correction_en)
    try:
        why = Correction(*reasons) if any(reasons) else None
        prepared = writer.prepare_release(year_of(config.year), by=config.by, correction=why)
    except ReleaseError as refusal:
        raise dg.Failure(str(refusal), allow_retries=False) from refusal
    return dg.MaterializeResult(
        metadata={
            "version": str(prepared.folder.version),
            "by": config.by,
            "candidate": prepared.folder.candidate_hash(),
            "cells": len(prepared.release.cells),
            "differences": len(prepared.changes),
            "revisions": sum(change.is_revision for change in prepared.changes),
        },
    )


@dg.multi_asset_check(
    name="check_release",
    specs=[
        dg.AssetCheckSpec(name, asset=CANDIDATE, blocking=True, description=what)
        for name, what in CHECKS.items()
    ],
)
def release_checks(
    context: dg.AssetCheckExecutionContext, writer: dg.ResourceParam[Layers]
) -> Iterator[dg.AssetCheckResult]:
    """Hold the candidate against every check, and keep what they find beside it."""
    from pipelines.release.versions import version_of

    event = context.instance.get_latest_materialization_event(CANDIDATE)
    made = event.asset_materialization if event else None
    if made is None:
        raise dg.Failure("no candidate was prepared here; run the job prepare_release")
    report = writer.check_release(version_of(str(made.metadata["version"].value)))
    grouped: dict[str, list[CheckResult]] = {name: [] for name in CHECKS}
    for result in report.results:
        grouped[result.name if result.name in CHECKS else _SUITES].append(result)
    for name, results in grouped.items():
        yield _asset_check(name, results)


@dg.asset(
    key=PUBLISHED,
    deps=[CANDIDATE, APPROVAL],
    group_name="release",
    owners=["team:publishing"],
    kinds={"duckdb", "excel", "csv", "html"},
    tags={"layer": "release"},
    description=(
        "One signed release, out: read-only and for good. Refused without a sign-off on this very "
        "candidate, before its time, or when a file was changed."
    ),
)
def published_release(
    config: SignedVersion, writer: dg.ResourceParam[Layers]
) -> dg.MaterializeResult[Any]:
    """Publish a release."""
    from pipelines.release.versions import ReleaseError, version_of

    try:
        event = writer.publish_release(version_of(config.version), by=config.by)
    except ReleaseError as refusal:
        raise dg.Failure(str(refusal), allow_retries=False) from refusal
    return dg.MaterializeResult(
        metadata={
            "version": event.version,
            "candidate": event.candidate,
            "at": event.at,
            "by": event.by,
            "log event": event.hash,
        },
    )


def approval_asset() -> dg.AssetSpec:
    """The sign-off: never run, only recorded when a person signs."""
    return dg.AssetSpec(
        APPROVAL,
        deps=[CANDIDATE],
        group_name="release",
        owners=["team:publishing"],
        tags={"layer": "release"},
        description="One event a sign-off: who signed which candidate, with which check results.",
    )


def release_jobs() -> list["UnresolvedAssetJobDefinition"]:
    """The two jobs a person starts: prepare (with its checks), and publish."""
    return [
        dg.define_asset_job(
            "prepare_release",
            selection=dg.AssetSelection.assets(CANDIDATE),
            description="Makes a year's candidate (config: year, by) and runs every check on it.",
            executor_def=locked_executor,
        ),
        dg.define_asset_job(
            "publish_release",
            selection=dg.AssetSelection.assets(PUBLISHED),
            description="Publishes a signed release (config: version, by).",
            executor_def=locked_executor,
        ),
    ]


def _asset_check(name: str, results: list["CheckResult"]) -> dg.AssetCheckResult:
    blocks = not results or any(result.blocks for result in results)
    rows = [(r.status, r.title_da, r.message_da, "; ".join(r.details[:5])) for r in results]
    return dg.AssetCheckResult(
        asset_key=CANDIDATE,
        check_name=name,
        passed=bool(results) and all(result.status == "passed" for result in results),
        severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
        description="; ".join(r.message_da for r in results if r.status != "passed") or None,
        metadata={
            "results": dg.MetadataValue.md(
                markdown_table(("status", "check", "found", "details"), rows)
            )
        },
    )
