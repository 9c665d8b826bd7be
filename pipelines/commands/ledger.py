"""`monitor ledger`, `withdraw`, `reinstate`: the history of deliveries, and who takes them out."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import click

from pipelines.commands.options import SourceName
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.intake.events import DeliveryState
    from pipelines.intake.ledger import Ledger, Problem

BY_HELP = "Who does it, for the ledger; else MONITOR_USER, else the system's user name."


@click.command()
@click.option("--delivery", metavar="PREFIX", help="Only the delivery whose id begins so.")
@click.option("--source", type=SourceName(), help="Only this source.")
@click.option("--period", "--wave", "period", help="Only this wave, year or extract date.")
@click.option("--json", "as_data", is_flag=True, help="The events as JSON.")
@click.option("--verify", is_flag=True, help="Hold the chain, and the archive against it.")
@click.option("--rehash", is_flag=True, help="With --verify: hash every archived file anew.")
@click.option(
    "--readopt",
    is_flag=True,
    help="Write down archived deliveries that the ledger does not know (after a lost ledger).",
)
@click.option("--by", help=BY_HELP)
@click.pass_obj
def ledger(
    settings: Settings,
    delivery: str | None,
    source: str | None,
    period: str | None,
    as_data: bool,
    verify: bool,
    rehash: bool,
    readopt: bool,
    by: str | None,
) -> None:
    """Show what was received and decided, by whom and why; times are UTC."""
    from pipelines.intake.ledger import Ledger
    from pipelines.ledger_report import as_json, chosen, lines

    if rehash and not verify:
        raise click.UsageError("--rehash goes with --verify")
    kept = Ledger(settings.ledger_path)
    if readopt:
        _readopt(settings, kept, by)
        return
    if verify:
        _verify(settings, kept, rehash=rehash, as_data=as_data)
        return
    events = chosen(kept.read(), delivery=delivery, source=source, period=period)
    if as_data:
        click.echo(json.dumps(as_json(events), ensure_ascii=False, indent=1))
        return
    for line in lines(events):
        click.echo(line)
    if not events:
        click.echo("No event: nothing was received, or nothing fits what was asked for.")


def _readopt(settings: Settings, kept: Ledger, by: str | None) -> None:
    from pipelines.intake.archive import archive_of
    from pipelines.intake.ledger import readopt
    from pipelines.warehouse.lock import intake_lock
    from pipelines.who import who

    with intake_lock(settings, 60.0):
        found = readopt(kept, archive_of(settings), at=datetime.now(UTC), by=who(by))
    click.echo(f"{len(found)} archived deliveries were written down; `monitor run` decides on them")


def _verify(settings: Settings, kept: Ledger, *, rehash: bool, as_data: bool) -> None:
    from pipelines.intake.archive import archive_of
    from pipelines.intake.ledger import reconcile

    problems = reconcile(kept, archive_of(settings), rehash=rehash)
    count = 0 if any(p.kind == "ledger_damaged" for p in problems) else len(kept.read())
    torn = kept.unfinished_bytes()
    if as_data:
        found = [
            {"kind": p.kind, "delivery_id": p.delivery_id, "message": p.message} for p in problems
        ]
        data = {"events": count, "unfinished_bytes": torn, "problems": found}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _print_problems(settings, problems, count, torn, rehash=rehash)
    sys.exit(1 if problems else 0)


def _print_problems(
    settings: Settings, problems: list[Problem], count: int, torn: int, *, rehash: bool
) -> None:
    from pipelines.intake.names import printable
    from pipelines.ledger_report import what_to_do

    for problem in problems:
        which = f" {problem.delivery_id[:12]}" if problem.delivery_id else ""
        click.secho(f"{problem.kind}{which}: {printable(problem.message)}", fg="red")
    if torn:
        click.echo(
            f"The last line is unfinished ({torn} bytes): a crash left it, it is no event, and the "
            "next append cuts it off."
        )
    kinds = {problem.kind for problem in problems}
    if "ledger_damaged" in kinds:
        click.echo(what_to_do(settings.ledger_path))
    if "archived_not_in_ledger" in kinds:
        click.echo("archived_not_in_ledger is mended by `monitor ledger --readopt`.")
    if not problems:
        bytes_too = ", and every archived byte is as received" if rehash else ""
        click.echo(f"{count} events: the chain is whole and the archive agrees{bytes_too}.")


@click.command()
@click.argument("delivery", metavar="DELIVERY")
@click.option("--reason", required=True, help="Why; kept on the ledger.")
@click.option("--by", help=BY_HELP)
@click.option("--run", "runs", is_flag=True, help="Build and publish at once.")
@click.pass_obj
def withdraw(settings: Settings, delivery: str, reason: str, by: str | None, runs: bool) -> None:
    """Take a delivery out of use; DELIVERY is the beginning of its id (see `monitor ledger`).

    Its rows leave the warehouse and the version before it counts again, from the next run on. The
    archive keeps the bytes; `monitor reinstate` undoes it.
    """
    from pipelines.intake.withdraw import withdraw as take_out

    state = _on_ledger(settings, take_out, delivery, reason, by)
    click.echo(f"Withdrawn: {state.source}/{state.period}, {state.name}")
    _then(settings, runs)


@click.command()
@click.argument("delivery", metavar="DELIVERY")
@click.option("--reason", required=True, help="Why; kept on the ledger.")
@click.option("--by", help=BY_HELP)
@click.option("--run", "runs", is_flag=True, help="Decide, build and publish at once.")
@click.pass_obj
def reinstate(settings: Settings, delivery: str, reason: str, by: str | None, runs: bool) -> None:
    """Undo a withdrawal: the delivery is decided on again, under the contract of today."""
    from pipelines.intake.withdraw import reinstate as take_back

    state = _on_ledger(settings, take_back, delivery, reason, by)
    click.echo(f"Reinstated: {state.source}/{state.period}, {state.name}")
    _then(settings, runs)


class _Change(Protocol):
    def __call__(
        self, settings: Settings, prefix: str, *, reason: str, at: datetime, by: str
    ) -> DeliveryState: ...


def _on_ledger(
    settings: Settings, change: _Change, prefix: str, reason: str, by: str | None
) -> DeliveryState:
    from pipelines.intake.withdraw import NoSuchDeliveryError, NotPossibleError
    from pipelines.warehouse.lock import LockBusyError
    from pipelines.who import who

    try:
        return change(settings, prefix, reason=reason, at=datetime.now(UTC), by=who(by))
    except (NoSuchDeliveryError, NotPossibleError, LockBusyError) as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _then(settings: Settings, runs: bool) -> None:
    if not runs:
        click.echo("Warehouse and tables follow at the next `monitor run`.")
        return
    from pipelines.orchestration.run import run_process_inbox
    from pipelines.report import print_summary

    outcome = run_process_inbox(settings)
    print_summary(settings, outcome)
    sys.exit(0 if outcome.success else 1)
