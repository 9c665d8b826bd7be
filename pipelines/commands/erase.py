"""`monitor erase`: make a delivery unreadable for good, and build what follows without it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from pipelines.commands.ledger import BY_HELP
from pipelines.settings import Settings

_STILL_COUNTED = (
    "The delivery is erased, but the tables published before still count it: mend what is named "
    "and do `monitor run`."
)


@click.command()
@click.argument("delivery")
@click.option("--reason", required=True, help="Why; the ledger keeps it. Name no person.")
@click.option("--by", help=BY_HELP)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase(settings: Settings, delivery: str, reason: str, by: str | None, yes: bool) -> None:
    """Destroy a delivery's key, so that nobody can read it again, and take its rows out.

    DELIVERY is the beginning of its id (`monitor ledger`). Tables and page are built anew
    without it at once. Copies outside (backups, what was published before) are not reached:
    docs/privacy.md says what to do about them.
    """
    from pipelines.intake import erase as erasing
    from pipelines.intake.events import deliveries
    from pipelines.intake.ledger import Ledger
    from pipelines.intake.withdraw import NoSuchDeliveryError, NotPossibleError, find_delivery
    from pipelines.orchestration.run import run_process_inbox
    from pipelines.privacy.master_key import KeyUnavailableError
    from pipelines.report import print_summary
    from pipelines.warehouse.lock import LockBusyError
    from pipelines.who import who

    try:
        state = find_delivery(deliveries(Ledger(settings.ledger_path).read()), delivery)
        if not yes:
            _ask(f"{state.source}/{state.period}/{state.name} ({state.delivery_id[:12]})")
        erasing.erase(settings, state.delivery_id, reason=reason, at=datetime.now(UTC), by=who(by))
    except (NoSuchDeliveryError, NotPossibleError, LockBusyError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(
        f"{state.delivery_id[:12]} is erased: its key is destroyed, its rows have left the "
        "warehouse. Building the rest anew:"
    )
    try:
        outcome = run_process_inbox(settings)
    except KeyUnavailableError:
        click.echo(_STILL_COUNTED, err=True)
        raise
    print_summary(settings, outcome)
    if not outcome.success:
        click.echo(_STILL_COUNTED, err=True)
        sys.exit(1)


def _ask(what: str) -> None:
    click.echo(f"About to erase {what}. This cannot be undone.")
    click.confirm("Erase it?", abort=True)
