"""`monitor verify`: is everything as it was put there, to the last byte?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from pipelines.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
@click.pass_obj
def verify(settings: Settings, as_json: bool) -> None:
    """Read every byte of ledger, archive, warehouse, published files and releases.

    Changes nothing. Exit code 1 when something is not as it was put there; each finding says what
    mends it.
    """
    from pipelines.in_place import unrecorded
    from pipelines.intake.archive import archive_of
    from pipelines.intake.names import printable
    from pipelines.verify import findings

    found = list(findings(settings))
    unknown = unrecorded(settings)
    if as_json:
        data = {"findings": [asdict(each) for each in found], "not_recorded": unknown}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
        sys.exit(1 if found else 0)
    for each in found:
        click.secho(f"{each.area}: {each.what}: {printable(each.message)}", fg="red")
        click.echo(f"    {each.mend}")
    for name in unknown:
        click.echo(f"{name} was made before its bytes were written down; the next run does so.")
    if not found:
        count = len(archive_of(settings).all_ids())
        click.echo(
            f"{count} archived deliveries, the ledger, what readers have and the releases are as "
            "they were put there."
        )
    sys.exit(1 if found else 0)
