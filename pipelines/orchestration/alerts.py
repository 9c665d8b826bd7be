"""What a person reads when a run fails: what failed, why, and what to run next.

One shape for the terminal, the log and the files under `alerts/`, whether the run was started by
the sensor or by `monitor run`. Sending it anywhere is for the installation: watch the folder.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import dagster as dg

from pipelines.durable import make_durable_dir, write_replacing
from pipelines.settings import Settings

LOG = logging.getLogger(__name__)
STEPS_AFTER_THE_SWAP = frozenset(
    {"publish__released_cells", "check_released", "publish__tables_and_page"}
)
AFTER_THE_SWAP = (
    "the warehouse is the new one, every check on it passed; "
    "the published tables are as they were before the run"
)
WHY_CHARACTERS = 2000


@dataclass(frozen=True)
class Alert:
    """A failure in the words of the person who has to act."""

    run_id: str
    job: str
    what: str
    why: str
    next_steps: tuple[str, ...]
    at: datetime
    live: str = "the warehouse and the published tables are as they were before the run"

    def text(self) -> str:
        """The alert as a few lines."""
        steps = [f"  {number}. {step}" for number, step in enumerate(self.next_steps, start=1)]
        return "\n".join(
            [
                f"FAILED  {self.job}: {self.what}",
                f"Why     {self.why}",
                f"Live    {self.live}",
                "Next",
                *steps,
                f"Run     {self.run_id} at {self.at.isoformat(timespec='seconds')}",
            ]
        )


@dataclass(frozen=True)
class FailedStep:
    """A step that failed, as its event tells."""

    step: str
    error_class: str
    message: str


def alerts_dir(settings: Settings) -> Path:
    """Where alerts are kept, newest name last."""
    return settings.data_dir / "alerts"


def write_alert(settings: Settings, alert: Alert) -> Path:
    """Write an alert to its folder and to the log; a second call for the run replaces the first."""
    folder = alerts_dir(settings)
    make_durable_dir(folder)
    path = folder / f"{alert.at:%Y%m%dT%H%M%SZ}-{alert.run_id[:8]}.json"
    value = {**asdict(alert), "at": alert.at.isoformat()}
    write_replacing(path, json.dumps(value, ensure_ascii=False, indent=1).encode())
    LOG.error("%s", alert.text())
    return path


def alert_of(
    run_id: str, job: str, steps: Sequence[FailedStep], otherwise: str, at: datetime
) -> Alert:
    """Describe a failed run.

    Args:
        run_id: The run.
        job: Its job.
        steps: The steps that failed, in order; those skipped because of them are not failures.
        otherwise: What the run itself says, for one that died outside its steps.
        at: When it failed.
    """
    if not steps:
        return Alert(run_id, job, "the run ended outside its steps", otherwise, _DIED, at)
    first = steps[0]
    alert = Alert(
        run_id, job, f"step {first.step}", first.message[:WHY_CHARACTERS], _advice(first), at
    )
    return replace(alert, live=AFTER_THE_SWAP) if first.step in STEPS_AFTER_THE_SWAP else alert


_AGAIN = "`monitor run` goes on from the archive; nothing has to be delivered again."
_DIED = (
    "Look whether the machine was restarted or short of memory or disk.",
    _AGAIN,
)


def _advice(step: FailedStep) -> tuple[str, ...]:
    if step.error_class == "DagsterAssetCheckFailedError":
        return (
            "Open the Data Docs (data_docs/index.html) and quarantine/checks/ for the rows.",
            "If a delivery is wrong, have it corrected and `monitor deliver` it: it supersedes "
            "the old one. If the rule is wrong, change it in quality/.",
            _AGAIN,
        )
    if step.step == "dbt_build":
        return (
            "Failing rows of tests are in the schema dq_failures of build/monitor.duckdb.",
            "`MONITOR_DUCKDB=<data>/build/monitor.duckdb dbt build --select <node>` in "
            "dbt_project/ repeats one node.",
            _AGAIN,
        )
    if step.error_class in {
        "OSError",
        "PermissionError",
        "IOException",
        "RetryRequestedFromPolicy",
    }:
        return ("Look at free disk space and permissions of the data folder.", _AGAIN)
    if step.error_class == "LockBusyError":
        return ("Another run is writing; wait for it, or end the process it names.", _AGAIN)
    if step.error_class == "CheckerError":
        return (
            "The checker itself failed; this says nothing about the data. The step's log has "
            "its error.",
            _AGAIN,
        )
    return (
        "This is an error in our code: the step's log in the Dagster UI (`monitor dev`) has the "
        "traceback.",
        _AGAIN,
    )


def failed_steps(events: Sequence[dg.DagsterEvent]) -> list[FailedStep]:
    """Read the failed steps out of a run's events; the innermost cause is what is told."""
    found = []
    for event in events:
        if event.event_type_value != "STEP_FAILURE":
            continue
        data = event.step_failure_data
        error = data.error
        while error is not None and error.cause is not None:
            error = error.cause
        message = (error.message if error else None) or event.message or ""
        found.append(
            FailedStep(
                step=event.step_key or "?",
                error_class=(error.cls_name if error else None) or "?",
                message=_failure_text(event) or message.strip(),
            )
        )
    return found


def _failure_text(event: dg.DagsterEvent) -> str:
    told = event.step_failure_data.user_failure_data
    return (told.description or "").strip() if told else ""
