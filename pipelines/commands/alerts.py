"""`monitor alerts`: what stands, what waits to be sent; a trial; sending again."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from pipelines.settings import Settings


@click.command()
@click.option("--trial", is_flag=True, help="Send a trial by every channel that is set up.")
@click.option("--send", is_flag=True, help="Send what could not be sent before.")
@click.option("--look", is_flag=True, help="Look around first, as the daemon does every hour.")
@click.pass_obj
def alerts(settings: Settings, trial: bool, send: bool, look: bool) -> None:
    """Show what was told and is not over; exit 1 when an alert could not be sent."""
    from pipelines.alerting.alert import Alert
    from pipelines.alerting.book import read_book
    from pipelines.alerting.channels import ChannelSettingsError, channels_from_env
    from pipelines.alerting.kinds import kind
    from pipelines.alerting.looks import QUICK, SLOW, look_around
    from pipelines.alerting.telling import send_waiting, tell, waiting

    try:
        channels = channels_from_env()
    except ChannelSettingsError as error:
        raise click.ClickException(str(error)) from error
    now = datetime.now(UTC)
    if look:
        look_around(settings, now, {**QUICK, **SLOW})
    if trial:
        if not channels.names():
            raise click.ClickException("no channel is set up (docs/serving.md, Alerts)")
        tell(settings, Alert("trial", "sent by hand with `monitor alerts --trial`", now), channels)
    if send:
        send_waiting(settings, now, channels)
    standing = [each for each in read_book(settings).standing() if each[0] != "trial"]
    for kind_id, subject, since in standing:
        declared = kind(kind_id)
        click.echo(
            f"{declared.severity:<8} {since.first:%Y-%m-%d %H:%M} UTC  {kind_id:<18} {subject}\n"
            f"{'':<9}{declared.title_en}; `{declared.next[0]}`; {declared.runbook}"
        )
    left = waiting(settings, now)
    click.echo(
        f"{len(standing)} standing, {left} waiting to be sent, channels: "
        f"{', '.join(channels.names()) or 'none'}"
    )
    sys.exit(1 if left else 0)
