"""Scheduled checks: do archive and ledger agree, is what readers have as it was made, who is late?

Read-only, and never part of a run that builds. A disagreement between ledger and archive, and a
changed byte in what readers have, are errors and raise an alert; a late delivery is a warning.
"""

from typing import Any

import dagster as dg

from pipelines.alerting.alert import Alert
from pipelines.orchestration.layers import Layers, now
from pipelines.orchestration.raw_assets import DELIVERIES
from pipelines.orchestration.table_metadata import markdown_table

ARCHIVE_CHECK = "archive_matches_ledger"
EXPECTED_CHECK = "wave_expected"


@dg.asset_check(
    asset=DELIVERIES,
    name=ARCHIVE_CHECK,
    description=(
        "Every event of the ledger is the one that was sealed, every received delivery is in the "
        "archive, and every archived file still has its hash; so has all that readers have."
    ),
)
def archive_matches_ledger(
    context: dg.AssetCheckExecutionContext, layers: dg.ResourceParam[Layers]
) -> dg.AssetCheckResult:
    """Hold the ledger against the archive, and readers' files against their hashes; tell of it."""
    problems, damaged = layers.reconcile(), layers.damages()
    metadata: dict[str, Any] = {"disagreements": len(problems), "damages": len(damaged)}
    alert: Alert | None = None
    if problems:
        rows = [(each.kind, each.delivery_id, each.message) for each in problems]
        table = markdown_table(("kind", "delivery", "what"), rows)
        metadata["what disagrees"] = dg.MetadataValue.md(table)
        alert = Alert(
            "archive_disagrees",
            f"{len(problems)} disagreements between the ledger and the archive",
            now(),
            subjects=tuple(f"{kind} {(each_id or '')[:12]}" for kind, each_id, _ in rows),
            why="\n".join(f"{kind}: {what}" for kind, _, what in rows[:20]),
            run_id=context.op_execution_context.run_id,
            job="reconcile",
        )
    layers.tell_of_look("archive_disagrees", alert)
    alert = None
    if damaged:
        alert = Alert(
            "readers_files_damaged",
            f"{len(damaged)} files are not as they were made",
            now(),
            subjects=tuple(sorted({each.output for each in damaged})),
            why="\n".join(f"{each.output}: {each.message}" for each in damaged[:20]),
            job="reconcile",
        )
    layers.tell_of_look("readers_files_damaged", alert)
    return dg.AssetCheckResult(passed=not problems and not damaged, metadata=metadata)


@dg.asset_check(
    asset=DELIVERIES,
    name=EXPECTED_CHECK,
    description="Every delivery of the calendar (seed expected_deliveries) came by its date.",
)
def wave_expected(layers: dg.ResourceParam[Layers]) -> dg.AssetCheckResult:
    """Warn of deliveries that the calendar expects and that have not been accepted."""
    late = layers.overdue()
    metadata: dict[str, Any] = {"late": len(late)}
    if late:
        metadata["what is late"] = dg.MetadataValue.md(
            markdown_table(
                ("source", "period", "expected by", "received"),
                ((each.source, each.period, each.expected_by, each.received) for each in late),
            )
        )
    return dg.AssetCheckResult(
        passed=not late,
        severity=dg.AssetCheckSeverity.WARN,
        description=", ".join(f"{each.source} {each.period}" for each in late) or None,
        metadata=metadata,
    )
