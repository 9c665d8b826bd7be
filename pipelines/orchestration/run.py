"""Run the pipeline without a daemon (`monitor run`), or with one (`monitor dev`).

`run_process_inbox` executes the very job that the sensor starts, in this process, recorded in the
same instance. With nothing waiting and nothing changed it starts no run at all.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from uuid import uuid4

from pipelines.disk_full import disk_full_told
from pipelines.environment import DAGSTER_HOME_ENV, DATA_DIR_ENV, SENSORS_ENV
from pipelines.intake.names import printable
from pipelines.logs import json_format
from pipelines.settings import Settings
from pipelines.warehouse.lock import LockBusyError
from pipelines.who import who

if TYPE_CHECKING:
    import dagster as dg

    from pipelines.intake.receive import ReceiveReport
    from pipelines.orchestration.layers import Layers

LOG = logging.getLogger(__name__)
WAIT_SECONDS = 900.0
"""How long `monitor run` waits for another run; runs take seconds to minutes."""


@dataclass(frozen=True)
class RunOutcome:
    """What became of `monitor run`."""

    success: bool
    launched: bool
    run_id: str | None = None
    checks_passed: int = 0
    checks_warned: int = 0
    checks_failed: int = 0
    messages: tuple[str, ...] = ()
    """What a person must know or do next."""
    notes: tuple[str, ...] = ()
    """What a person may like to know."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall-clock seconds of each step."""


def run_process_inbox(
    settings: Settings,
    *,
    force: bool = False,
    from_nothing: bool = False,
    layers: Layers | None = None,
) -> RunOutcome:
    """Take in what waits, build, check and publish.

    Args:
        settings: The installation.
        force: Run even when nothing waits and nothing has changed.
        from_nothing: Begin with an empty warehouse: all is read anew from the archive.
        layers: Other layers than the installation's own, for tests.
    """
    from pipelines.orchestration.layers import Layers

    bound = layers or Layers(settings, from_nothing=from_nothing)
    try:
        _wait_for_others(bound)
    except LockBusyError as busy:
        return RunOutcome(success=False, launched=False, messages=(str(busy),))
    if force:
        return _execute(settings, bound)
    from pipelines.orchestration.work import work_to_do

    # received here, so that bytes which are known already are no reason to build
    notes = _known_notes(bound.receive(by=f"{who()}, monitor run"))
    if work_to_do(bound) is None:
        messages = (*_killed_before(settings, bound), *_left_in_inbox(bound))
        return RunOutcome(success=True, launched=False, messages=messages, notes=notes)
    return replace(_execute(settings, bound), notes=notes)


def _known_notes(received: ReceiveReport) -> tuple[str, ...]:
    """What to say of bytes that were received before; most of all of those taken out of use."""
    known = received.already_known
    if not known:
        return ()
    notes = [f"{len(known)} known already (same bytes): nothing was done with them"]
    for each in known:
        if each.state is not None and each.state.state == "withdrawn":
            state = each.state
            when = f"on {state.decided_at:%Y-%m-%d} (UTC)" if state.decided_at else "before"
            what = f"{each.source}/{each.period}/{printable(each.name)}"
            why = printable(state.reason or "")
            notes.append(
                f"{what} was withdrawn {when} by {state.decided_by} ({why}) and stays so; "
                f"`monitor reinstate {each.delivery_id[:12]} --reason …` takes it back"
            )
    return tuple(notes)


def _killed_before(settings: Settings, layers: Layers) -> tuple[str, ...]:
    """End and tell of runs that were killed, where there may be any; without one no Dagster."""
    from pipelines.orchestration.dead_runs import end_and_tell, free_locks

    if not free_locks(settings.dagster_home):
        return ()
    from pipelines.orchestration.home import opened_instance

    with opened_instance(settings) as instance:
        return end_and_tell(layers, instance)


def _wait_for_others(layers: Layers) -> None:
    """Let a run that is under way finish first: it may do what is to be done."""
    try:
        with layers.writing(0.0):
            return
    except LockBusyError as busy:
        LOG.warning("process %s is writing; waiting for it to finish", busy.holder_pid)
    with layers.writing(WAIT_SECONDS):
        return


def _execute(settings: Settings, layers: Layers) -> RunOutcome:
    from pipelines.definitions import definitions
    from pipelines.orchestration.alerts import alert_of, failed_checks, failed_steps
    from pipelines.orchestration.dead_runs import end_and_tell
    from pipelines.orchestration.failure_sensor import IN_PERSON_TAG
    from pipelines.orchestration.home import opened_instance
    from pipelines.orchestration.jobs import PROCESS_INBOX, QUIET
    from pipelines.orchestration.layers import now
    from pipelines.orchestration.local_storage import events_kept_back
    from pipelines.orchestration.run_locks import run_lock

    run_id = str(uuid4())
    with (
        disk_full_told(settings),
        opened_instance(settings) as instance,
        run_lock(Path(instance.root_directory), run_id),
    ):
        died = end_and_tell(layers, instance)
        job = definitions(settings, layers).resolve_job_def(PROCESS_INBOX)
        with events_kept_back(instance):
            result = job.execute_in_process(
                instance=instance,
                run_id=run_id,
                raise_on_error=False,
                run_config=QUIET,
                tags={IN_PERSON_TAG: "monitor run"},
            )
        events = result.all_events
        messages: tuple[str, ...] = ()
        if not result.success:
            otherwise = next((e.message for e in reversed(events) if e.is_failure), None)
            alert = alert_of(
                result.run_id,
                PROCESS_INBOX,
                failed_steps(events),
                otherwise or "",
                now(),
                failed_checks(events),
            )
            layers.tell(alert)
            messages = (alert.text(),)
        else:
            layers.settle_alerts(now())
        _look_around(layers, instance)
    messages = (*died, *messages, *_not_processed(events), *_left_in_inbox(layers))
    passed, warned, failed = _check_counts(events)
    return RunOutcome(
        success=result.success,
        launched=True,
        run_id=result.run_id,
        checks_passed=passed,
        checks_warned=warned,
        checks_failed=failed,
        messages=messages,
        seconds=_step_seconds(events),
    )


def _look_around(layers: Layers, instance: dg.DagsterInstance) -> None:
    """Tell what else there is to tell; what stands in the way of it is not the run's failure."""
    from pipelines.orchestration.layers import now

    try:
        layers.look_around(now(), is_slow=False)
        layers.write_status_page(now())
        layers.write_metrics(now(), instance)
    except (OSError, RuntimeError) as error:
        LOG.warning("alerts, status page and metrics after the run: %s", type(error).__name__)


def _left_in_inbox(layers: Layers) -> tuple[str, ...]:
    found = layers.look(verify_manifests=False)
    kinds = (("Refused, still in the inbox", found.refused), ("Not complete yet", found.waiting))
    return tuple(
        f"{kind}: {h.location}: {h.reason.message_en}" for kind, held in kinds for h in held
    )


def _not_processed(events: Sequence[dg.DagsterEvent]) -> tuple[str, ...]:
    from pipelines.orchestration.raw_assets import DELIVERIES, NOT_PROCESSED

    for event in events:
        if event.event_type_value == "ASSET_MATERIALIZATION" and event.asset_key == DELIVERIES:
            count = event.materialization.metadata.get(NOT_PROCESSED)
            if count is not None and count.value:
                return (
                    f"{count.value} deliveries could not be processed, by an error of ours (see "
                    "the log of step intake); they stay received, and the next run tries again",
                )
    return ()


def _check_counts(events: Sequence[dg.DagsterEvent]) -> tuple[int, int, int]:
    results = [
        e.asset_check_evaluation_data
        for e in events
        if e.event_type_value == "ASSET_CHECK_EVALUATION"
    ]
    passed = sum(r.passed for r in results)
    warned = sum(not r.passed and r.severity.value == "WARN" for r in results)
    return passed, warned, len(results) - passed - warned


def _step_seconds(events: Sequence[dg.DagsterEvent]) -> dict[str, float]:
    return {
        event.step_key or "?": event.step_success_data.duration_ms / 1000
        for event in events
        if event.event_type_value == "STEP_SUCCESS"
    }


def dev_command(settings: Settings, port: int = 3000) -> list[str]:
    """The command that opens the Dagster UI on this machine only, with its daemon."""
    return [
        sys.executable,
        *("-m", "dagster", "dev"),
        *("--module-name", "pipelines.definitions"),
        *("--working-directory", str(settings.root)),
        *("--host", "127.0.0.1"),
        *("--port", str(port)),
        *json_format(),
    ]


def viewer_command(settings: Settings, port: int, socket: Path | None) -> list[str]:
    """The command that shows the Dagster UI to people who may look and change nothing.

    On this machine only: who else may look is for a proxy with a login (docs/serving.md).
    """
    where = (
        ["--grpc-socket", str(socket)]
        if socket
        else ["--module-name", "pipelines.definitions", "--working-directory", str(settings.root)]
    )
    return [
        sys.executable,
        *("-m", "dagster_webserver"),
        "--read-only",
        *("--host", "127.0.0.1"),
        *("--port", str(port)),
        *where,
        *json_format(),
    ]


def dev_environment(settings: Settings) -> dict[str, str]:
    """The environment of `dagster dev`: this installation, sensors and schedules switched on."""
    return {
        **os.environ,
        DAGSTER_HOME_ENV: str(settings.dagster_home),
        DATA_DIR_ENV: str(settings.data_dir),
        SENSORS_ENV: "on",
        "DO_NOT_TRACK": "1",
        # The command's successor, `dg dev`, is a package of its own that we do not need.
        "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded",
    }


def serve_dev(settings: Settings, port: int = 3000) -> NoReturn:
    """Serve the UI in place of this process, so that Ctrl-C and signals reach it alone."""
    from pipelines.orchestration.home import prepare_dagster_home

    os.chdir(prepare_dagster_home(settings))
    command = dev_command(settings, port)
    os.execve(command[0], command, dev_environment(settings))


def serve_viewer(settings: Settings, port: int, socket: Path | None) -> NoReturn:
    """Serve the read-only UI in place of this process."""
    from pipelines.orchestration.home import prepare_dagster_home

    os.chdir(prepare_dagster_home(settings))
    command = viewer_command(settings, port, socket)
    os.execve(command[0], command, {**dev_environment(settings), SENSORS_ENV: "off"})
