"""What people do with a release, as events in Dagster: a sign-off is a materialization with a name.

The release log is what counts; this is for whoever looks at the graph.
"""

from __future__ import annotations

import dagster as dg

from pipelines.orchestration.home import opened_instance
from pipelines.release.log import ReleaseEvent
from pipelines.settings import Settings

APPROVAL = dg.AssetKey(["release", "approval"])


def record_approval(settings: Settings, event: ReleaseEvent) -> None:
    """Record a sign-off on the asset `release/approval`."""
    with opened_instance(settings) as instance:
        instance.report_runless_asset_event(
            dg.AssetMaterialization(
                APPROVAL,
                description=event.note,
                metadata={
                    "version": event.version,
                    "by": event.by,
                    "at": event.at,
                    "candidate": event.candidate,
                    "checks": event.checks,
                    "log event": event.hash,
                },
            )
        )
