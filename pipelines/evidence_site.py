"""Build the Evidence site: released cells in, static pages out, nothing fetched on the way.

The pages and their queries are in `evidence/`; here is only the order of the steps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import click

from pipelines.settings import Settings

ENVIRONMENT = {
    "SEND_ANONYMOUS_USAGE_STATS": "no",
    # a larger nursery: a seventh of the build's time was collecting short-lived objects
    "NODE_OPTIONS": "--max-old-space-size=4096 --max-semi-space-size=64",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
}


def build_site(settings: Settings) -> Path:
    """Install from the lockfile, build every page, and copy the site beside the other products.

    Returns:
        The site's start page.

    Raises:
        click.ClickException: nothing is published yet, or a step failed; its output says why.
    """
    folder = settings.root / "evidence"
    if not settings.publish_path.is_file():
        raise click.ClickException("nothing is published yet: run `monitor run` first")
    if shutil.which("npm") is None:
        raise click.ClickException("npm is not here: Node 18 or newer is needed for the site")
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".installed"
    if not stamp.is_file() or stamp.stat().st_mtime < lock.stat().st_mtime:
        # not `npm ci`: it wants the binaries of every platform in the lockfile, which a registry
        # that serves this platform alone cannot give; this takes the lock's versions and hashes too
        _step(folder, "npm", "install", "--no-save")
        stamp.touch()
    # Evidence leaves the data of earlier builds in place: an earlier release would be shipped too
    for left in ("build", ".evidence"):
        shutil.rmtree(folder / left, ignore_errors=True)
    shutil.copyfile(settings.publish_path, folder / "sources" / "monitor" / "publish.duckdb")
    _step(folder, "npm", "run", "sources")
    _step(folder, "npm", "run", "build")
    target = settings.published_dir.parent / "evidence_site"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder / "build", target)
    return target / "index.html"


def _step(folder: Path, *command: str) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr)[-4000:]
        raise click.ClickException(f"`{' '.join(command)}` failed in {folder.name}/:\n{said}")
