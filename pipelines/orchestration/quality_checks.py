"""Great Expectations suites as blocking asset checks, before and after dbt and on the release.

What a suite expects is in `quality/`; Great Expectations itself is imported when the first check
runs. An exception of the checker fails the step as an error: it is never a result about the data.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.orchestration.layers import Layers, Stage
from pipelines.orchestration.table_metadata import markdown_table

if TYPE_CHECKING:
    from quality.model import Suite
    from quality.runner import SuiteResult

CHECK_NAME = "great_expectations"
KEYS_SHOWN = 10


def suite_checks(
    stage: Stage,
    suites: Sequence["Suite"],
    after: Collection[dg.AssetKey] = (),
    group: str | None = None,
) -> dg.AssetChecksDefinition:
    """Make the step that runs a stage's suites, one blocking check a table.

    Args:
        stage: Which file the tables are in, and the step's name.
        suites: What to run; each suite's table names the asset it is a check of.
        after: Assets that are made before any of the checks; for tables whose asset is not part
            of the run that changes them.
        group: The schema of the assets when it is not the table's own.
    """
    by_key = {_asset_key(suite, group): suite for suite in suites}

    @dg.multi_asset_check(
        name=f"check_{stage}",
        specs=[
            dg.AssetCheckSpec(
                CHECK_NAME,
                asset=key,
                additional_deps=[each for each in after if each != key],
                blocking=True,
                description=f"{suite.title_en}: {len(suite.rules)} expectations",
            )
            for key, suite in by_key.items()
        ],
        can_subset=True,
    )
    def check(
        context: dg.AssetCheckExecutionContext, writer: dg.ResourceParam[Layers]
    ) -> Iterator[dg.AssetCheckResult]:
        selected = {k.asset_key for k in context.selected_asset_check_keys}
        results = {}
        try:
            for key in sorted(selected & by_key.keys(), key=str):
                results[key] = writer.run_suite(stage, by_key[key])
            writer.checkpoint(f"check.{stage}")
        finally:
            # once at the end of a run, or of one that ends here
            if stage == "released" or len(results) < len(selected) or _blocks(results.values()):
                writer.build_docs()
        for key, result in results.items():
            yield check_result(key, result)

    return check


def _blocks(results: Iterable["SuiteResult"]) -> bool:
    return any(not result.success for result in results)


def _asset_key(suite: "Suite", group: str | None) -> dg.AssetKey:
    schema, _, table = suite.table.rpartition(".")
    return dg.AssetKey([group or schema, table])


def check_result(key: dg.AssetKey, result: "SuiteResult") -> dg.AssetCheckResult:
    """Say what a suite found, naming the failing expectations and some of the rows."""
    metadata: dict[str, Any] = {
        "expectations": result.evaluated,
        "failed": len(result.errors),
        "warnings": len(result.failed) - len(result.errors),
        "seconds": round(result.seconds, 2),
    }
    if result.unchanged_since:
        metadata["unchanged since"] = f"{result.unchanged_since} UTC"
    if result.failed:
        metadata["what failed"] = dg.MetadataValue.md(
            markdown_table(
                ("severity", "expectation", "column", "rows", "first keys"),
                (
                    (
                        one.severity,
                        one.description_en,
                        one.column,
                        one.unexpected_count,
                        "; ".join(_key_text(keys) for keys in one.failing_keys[:KEYS_SHOWN]),
                    )
                    for one in result.failed
                ),
            )
        )
    is_error = bool(result.errors)
    return dg.AssetCheckResult(
        passed=not result.failed,
        asset_key=key,
        check_name=CHECK_NAME,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=_sentence(result),
        metadata=metadata,
    )


def _sentence(result: "SuiteResult") -> str:
    if not result.failed:
        return f"All {result.evaluated} expectations of {result.suite} hold"
    names = ", ".join(one.rule_id for one in (result.errors or result.failed))
    return f"{result.suite}: {names}"


def _key_text(keys: Any) -> str:
    return ", ".join(f"{name}={value}" for name, value in dict(keys).items())
