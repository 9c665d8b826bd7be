"""The `monitor` command: the list of what people can type. Each command is in `commands`.

Heavy imports stay inside the commands, so that `monitor deliver` answers at once.
"""

from __future__ import annotations

from typing import Any

import click

from pipelines.commands.add_wave import add_wave
from pipelines.commands.alerts import alerts
from pipelines.commands.check import check
from pipelines.commands.contract import contract
from pipelines.commands.corrections import corrections
from pipelines.commands.deliver import deliver
from pipelines.commands.diff import diff
from pipelines.commands.erase import erase
from pipelines.commands.explain import explain
from pipelines.commands.lake import lake
from pipelines.commands.ledger import ledger, reinstate, withdraw
from pipelines.commands.metrics import metrics
from pipelines.commands.operate import dev, run, site, status, viewer
from pipelines.commands.rebuild import rebuild
from pipelines.commands.release import release
from pipelines.commands.services import code_server, daemon, prepare
from pipelines.commands.snapshot import snapshot, sql
from pipelines.commands.troubles import told
from pipelines.commands.verify import verify
from pipelines.logs import write_json_lines
from pipelines.settings import Settings


class Commands(click.Group):
    """The commands; a damaged ledger, a missing key, a full disk stop any with what to do."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was typed."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            message = told(error, ctx.obj)
            if message is None:
                raise
            raise click.ClickException(message) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boligsocial-monitor", prog_name="monitor")
@click.pass_context
def main(context: click.Context) -> None:
    """Boligsocial Monitor: from delivered files to published indicator tables."""
    write_json_lines()
    context.obj = Settings.from_env()


for command in (
    add_wave,
    check,
    contract,
    corrections,
    deliver,
    erase,
    run,
    status,
    dev,
    viewer,
    code_server,
    daemon,
    prepare,
    alerts,
    metrics,
    snapshot,
    sql,
    site,
    lake,
    ledger,
    withdraw,
    reinstate,
    rebuild,
    verify,
    release,
    diff,
    explain,
):
    main.add_command(command)
