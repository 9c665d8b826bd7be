"""The `monitor` command: the list of what people can type. Each command is in `commands`.

Heavy imports stay inside the commands, so that `monitor deliver` answers at once.
"""

from __future__ import annotations

import click

from pipelines.commands.add_wave import add_wave
from pipelines.commands.check import check
from pipelines.commands.contract import contract
from pipelines.commands.deliver import deliver
from pipelines.commands.operate import dev, run, site, status
from pipelines.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boligsocial-monitor", prog_name="monitor")
@click.pass_context
def main(context: click.Context) -> None:
    """Boligsocial Monitor: from delivered files to published indicator tables."""
    context.obj = Settings.from_env()


for command in (add_wave, check, contract, deliver, run, status, dev, site):
    main.add_command(command)
