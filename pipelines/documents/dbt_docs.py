"""The models' documentation as one page: `python -m pipelines.documents.dbt_docs` (`make docs`).

dbt writes it, from the descriptions beside the models and the columns of the finished warehouse.
Its page can load a tracker and asks for an icon; ours is forbidden to ask for anything.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from pipelines.durable import write_replacing
from pipelines.orchestration.dbt_manifest import WAREHOUSE_ENV, environment
from pipelines.settings import Settings

FOLDER = "dbt_docs"
"""Below the data folder."""
NOTHING_FROM_OUTSIDE = (
    '<meta http-equiv="Content-Security-Policy" content="'
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'\">"
)
_HEAD = '<meta charset="utf-8">'
_ICON = "${require('./assets/favicons/favicon.ico')}"


class DbtDocsError(RuntimeError):
    """dbt did not write the page, or wrote one that cannot be closed off."""


def write_dbt_docs(dbt_dir: Path, warehouse: Path, folder: Path) -> Path:
    """Write the page.

    Args:
        dbt_dir: The dbt project.
        warehouse: The live warehouse; where there is none the page has no types and sizes.
        folder: Where `index.html` goes.

    Returns:
        The page.
    """
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        copy = work / warehouse.name
        if warehouse.is_file():  # dbt opens for writing; the live file is not to be written
            shutil.copyfile(warehouse, copy)
        page = _generate(dbt_dir, copy, work / "target", has_catalog=copy.is_file())
    folder.mkdir(parents=True, exist_ok=True)
    write_replacing(folder / "index.html", closed_off(page).encode("utf-8"))
    return folder / "index.html"


def closed_off(page: str) -> str:
    """Forbid a page of dbt's every request.

    Args:
        page: The page as dbt writes it.

    Raises:
        DbtDocsError: The page is not the one known, so that nobody can say it asks for nothing.
    """
    if page.count(_HEAD) != 1:
        raise DbtDocsError("dbt's page begins otherwise than it did: see what it loads")
    return page.replace(_HEAD, _HEAD + NOTHING_FROM_OUTSIDE).replace(_ICON, "data:,")


def _generate(dbt_dir: Path, warehouse: Path, target: Path, *, has_catalog: bool) -> str:
    from dbt.cli.main import dbtRunner

    places = {"project": dbt_dir, "profiles": dbt_dir}
    arguments = [
        *("docs", "generate", "--static", "--quiet", "--no-send-anonymous-usage-stats"),
        *("--log-level", "error", "--log-level-file", "none", "--target-path", str(target)),
        *(part for place, path in places.items() for part in (f"--{place}-dir", str(path))),
        *([] if has_catalog else ["--empty-catalog"]),
    ]
    with environment({WAREHOUSE_ENV: str(warehouse)}):
        outcome = dbtRunner().invoke(arguments)
    page = target / "static_index.html"
    if not outcome.success or not page.is_file():
        raise DbtDocsError(f"dbt cannot write its page: {outcome.exception}")
    return page.read_text(encoding="utf-8")


@click.command()
def main() -> None:
    """Write the models' documentation as one page."""
    settings = Settings.from_env()
    if not settings.live_path.is_file():
        click.echo("There is no warehouse yet: the page will tell no types. Run `make run` first.")
    page = write_dbt_docs(settings.dbt_dir, settings.live_path, settings.data_dir / FOLDER)
    click.echo(f"Models   {page}")


if __name__ == "__main__":
    main(prog_name="python -m pipelines.documents.dbt_docs")
