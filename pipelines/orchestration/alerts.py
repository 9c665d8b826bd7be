"""A run that failed, as an alert: which kind it is, where it stopped, what readers see meanwhile.

One shape for the terminal, the log, the files under `alerts/` and what is sent, whether the run was
started by the sensor or by `monitor run`. What a kind means and asks for is declared in
`pipelines.alerting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import dagster as dg

from pipelines.alerting.alert import NOTHING_CHANGED, Alert

STEPS_AFTER_THE_SWAP = frozenset(
    {"publish__released_cells", "check_released", "publish__tables_and_page"}
)
AFTER_THE_SWAP = (
    "the warehouse is the new one, every check on it passed; "
    "the published tables are as they were before the run"
)
WHY_CHARACTERS = 2000
KIND_OF_ERROR = {
    "DagsterAssetCheckFailedError": "checks_failed",
    "OSError": "storage_failed",
    "PermissionError": "storage_failed",
    "IOException": "storage_failed",
    "RetryRequestedFromPolicy": "storage_failed",
    "LockBusyError": "writer_busy",
    "CheckerError": "checker_broken",
    "UnsafeReleaseError": "disclosure_refused",
    "LedgerDamagedError": "ledger_damaged",
    "KeyUnavailableError": "key_missing",
    "DiskFullError": "disk_full",
    "OutputDamagedError": "warehouse_damaged",
}
"""Class of an error to the kind of alert; any other is an error in our code."""


TOLD_IN_WORDS = frozenset({"DiskFullError", "OutputDamagedError"})
"""Errors that say in words what their cause says in a library's; of others the cause is told."""


@dataclass(frozen=True)
class FailedStep:
    """A step that failed, as its event tells."""

    step: str
    error_class: str
    message: str

    @property
    def kind_id(self) -> str:
        """Which kind of alert it is."""
        if self.error_class in KIND_OF_ERROR:
            return KIND_OF_ERROR[self.error_class]
        return "dbt_failed" if self.step == "dbt_build" else "code_failed"


def alert_of(
    run_id: str,
    job: str,
    steps: Sequence[FailedStep],
    otherwise: str,
    at: datetime,
    checks: Sequence[str] = (),
) -> Alert:
    """Describe a failed run.

    Args:
        run_id: The run.
        job: Its job.
        steps: The steps that failed, in order; those skipped because of them are not failures.
        otherwise: What the run itself says, for one that died outside its steps.
        at: When it failed.
        checks: The checks that failed, by asset and name.
    """
    if not steps:
        what = "the run ended outside its steps"
        return Alert(
            "run_died",
            what,
            at,
            why=otherwise[:WHY_CHARACTERS],
            live=NOTHING_CHANGED,
            run_id=run_id,
            job=job,
        )
    first = steps[0]
    is_after = first.step in STEPS_AFTER_THE_SWAP
    return Alert(
        first.kind_id,
        f"step {first.step}",
        at,
        subjects=tuple(checks) or (first.step,),
        why=first.message[:WHY_CHARACTERS],
        live=AFTER_THE_SWAP if is_after else NOTHING_CHANGED,
        run_id=run_id,
        job=job,
    )


def failed_steps(events: Iterable[dg.DagsterEvent]) -> list[FailedStep]:
    """Read the failed steps out of a run's events; the innermost cause is what is told."""
    found = []
    for event in events:
        if event.event_type_value != "STEP_FAILURE":
            continue
        data = event.step_failure_data
        error = data.error
        while error is not None and error.cause is not None and error.cls_name not in TOLD_IN_WORDS:
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


def failed_checks(events: Iterable[dg.DagsterEvent]) -> list[str]:
    """Name the checks that failed and are no mere warning."""
    found = []
    for event in events:
        if event.event_type_value == "ASSET_CHECK_EVALUATION":
            data = event.asset_check_evaluation_data
            if not data.passed and data.severity == dg.AssetCheckSeverity.ERROR:
                found.append(f"{data.asset_key.to_user_string()}: {data.check_name}")
    return found


def _failure_text(event: dg.DagsterEvent) -> str:
    told = event.step_failure_data.user_failure_data
    return (told.description or "").strip() if told else ""
