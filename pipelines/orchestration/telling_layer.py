"""The part of `layers` that tells people: alerts, status page, metrics."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.durable import Checkpoint
from pipelines.settings import Settings

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from pipelines.alerting.alert import Alert


class TellingLayer:
    """What is told of one installation."""

    settings: Settings
    checkpoint: Checkpoint

    def tell(self, alert: Alert) -> Path | None:
        """Write an alert down, and send it unless it was told before."""
        from pipelines.alerting.telling import tell

        path = tell(self.settings, alert)
        self.checkpoint("alert.told")
        return path

    def tell_of_look(self, kind_id: str, alert: Alert | None) -> Path | None:
        """Tell what a look found, or that it finds nothing any more."""
        from pipelines.alerting.telling import look

        return look(self.settings, alert, kind_id)

    def look_around(self, moment: datetime, *, is_slow: bool) -> list[str]:
        """Look for what has to be told between runs; gives the kinds that were found."""
        from pipelines.alerting.looks import QUICK, SLOW, look_around

        return look_around(self.settings, moment, {**QUICK, **(SLOW if is_slow else {})})

    def settle_alerts(self, succeeded_at: datetime) -> None:
        """Forget what a run that succeeded has put right."""
        from pipelines.alerting.telling import settle_runs

        settle_runs(self.settings, succeeded_at)

    def send_alerts(self, moment: datetime) -> int:
        """Send the alerts that wait; gives how many still do."""
        from pipelines.alerting.telling import send_waiting

        return send_waiting(self.settings, moment)

    def write_status_page(self, moment: datetime) -> None:
        """Tell readers how things stand."""
        from pipelines.status_page.page import write_status_page

        write_status_page(self.settings, moment)
        self.checkpoint("status.written")

    def write_metrics(self, moment: datetime, instance: DagsterInstance) -> Path | None:
        """Write the metrics to the file that the environment names, if it does."""
        from pipelines.metrics.written import write_metrics

        return write_metrics(self.settings, moment, instance)
