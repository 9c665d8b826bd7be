"""`python -m pipelines.documents [--check]`: write the documents, or tell which are stale."""

from __future__ import annotations

import sys

import click

from pipelines.documents.outputs import COMMAND, ROOT, stale, write


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything is stale.")
def main(check: bool) -> None:
    """Write dbt's sources, the data dictionary and the delivery guide from the contracts."""
    if not check:
        for path in write():
            click.echo(f"written: {path.relative_to(ROOT)}")
        return
    old = [path for path, _ in stale()]
    for path in old:
        click.echo(f"stale: {path.relative_to(ROOT)}", err=True)
    if old:
        click.echo(f"run `{COMMAND}`", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main(prog_name=COMMAND)
