"""Build the Evidence site: released cells in, static pages out, nothing fetched on the way.

Only the order of the steps and their places.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

import click

from pipelines.evidence.beside import FOLDER, tables_beside, write_beside
from pipelines.evidence.pages import indicator_pages
from pipelines.publish.store import read_release
from pipelines.settings import Settings

ENVIRONMENT = {
    "SEND_ANONYMOUS_USAGE_STATS": "no",
    # a larger nursery: a seventh of the build's time was collecting short-lived objects
    "NODE_OPTIONS": "--max-old-space-size=4096 --max-semi-space-size=64",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
}
SITE_FOLDER: Final = "evidence_site"
OVERVIEW: Final = "index.md"
"""The page among those of the indicators that is written by hand."""


def build_site(settings: Settings) -> Path:
    """Install from the lockfile, build every page, and put the site beside the other products.

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
    install(folder)
    # Evidence leaves the data of earlier builds in place: an earlier release would be shipped too
    for left in ("build", ".evidence"):
        shutil.rmtree(folder / left, ignore_errors=True)
    write_inputs(settings, folder)
    _step(folder, "npm", "run", "sources")
    _step(folder, "npm", "run", "build")
    return put_out(settings, folder)


def put_out(settings: Settings, folder: Path) -> Path:
    """Put the built pages, and the published files that they link to, beside the other products.

    Returns:
        The site's start page.
    """
    target = settings.published_dir.parent / SITE_FOLDER
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder / "build", target)
    if settings.published_dir.is_dir():
        shutil.copytree(settings.published_dir, target / FOLDER)
    return target / "index.html"


def write_inputs(settings: Settings, folder: Path) -> None:
    """Write what follows from the release: the database that is queried, a page an indicator."""
    release = read_release(settings.publish_path)
    database = folder / "sources" / "monitor" / "publish.duckdb"
    shutil.copyfile(settings.publish_path, database)
    database.chmod(0o644)  # a published file may be read-only
    published = settings.published_dir
    files = {
        path.relative_to(published).as_posix(): path.stat().st_size
        for path in sorted(published.rglob("*"))
        if path.is_file()
    }
    write_beside(database, tables_beside(release, files))
    pages = folder / "pages" / "indikatorer"
    for left in pages.glob("*.md"):
        if left.name != OVERVIEW:
            left.unlink()
    for name, source in indicator_pages(release, folder / "templates").items():
        (pages / name).write_text(source, encoding="utf-8")


def install(folder: Path) -> None:
    """Install what the lockfile pins, unless that is done already, and patch it."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".installed"
    if stamp.is_file() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        # the patch may be another one than at the time of the install
        _step(folder, "npm", "run", "postinstall")
        return
    # not `npm ci`: it wants the binaries of every platform in the lockfile, which a registry
    # that serves this platform alone cannot give; this takes the lock's versions and hashes too
    _step(folder, "npm", "install", "--no-save")
    stamp.touch()


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
