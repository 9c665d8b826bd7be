"""The Evidence site of the shipped installation, with a page and an indicator too many.

Made once for all tests, whichever process runs them, and only read: Node takes longer over it than
the pipeline over all deliveries. One page has failing queries, which must stop the build; the other
pages are built all the same, so that one build serves the tests of both. One indicator is of
naughty strings, every word of it.

It is built in a network of its own that leads nowhere, where the kernel lets a user have one.
"""

from __future__ import annotations

import dataclasses
import fcntl
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from naughty_site import with_naughty_indicator
from shipped_installation import Installation, of_all_workers, settings_in

from pipelines.evidence.build import build_site, install, put_out
from pipelines.publish.model import Release
from pipelines.publish.store import read_release, write_release
from pipelines.settings import PROJECT_ROOT, Settings

NETWORKS = "networks"
BROKEN = "forkert"
BROKEN_PAGE = """---
title: Forkert
---

```sql shown
select no_such_column from monitor.cells
```

<PlainTable data={shown} columns={[["no_such_column", "Findes ikke"]]}/>

```sql not_shown
select * from monitor.no_such_table
```
"""


@dataclasses.dataclass(frozen=True)
class EvidenceSite:
    """Where the site lies, and what the build said of the broken page."""

    folder: Path
    project: Path
    refused: str
    networks: tuple[str, ...]
    """The networks there were while it was built."""
    release: Release
    """What it was made of: the shipped release and the naughty indicator."""


@pytest.fixture(scope="session")
def evidence_site(shipped: Installation, tmp_path_factory: pytest.TempPathFactory) -> EvidenceSite:
    """The site without its broken page; the first process that wants it makes it, others wait."""
    place = of_all_workers(tmp_path_factory) / "evidence"
    settings = _settings_of(place)
    project, said = settings.root / "evidence", place / "said"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (place / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            release = with_naughty_indicator(read_release(shipped.settings.publish_path))
            write_release(release, settings.publish_path)
            shutil.copytree(shipped.settings.published_dir, settings.published_dir)
            said.write_text(_build(place, settings, project), encoding="utf-8")
    folder = settings.data_dir / "evidence_site"
    return EvidenceSite(
        folder,
        project,
        said.read_text(encoding="utf-8"),
        tuple((place / NETWORKS).read_text(encoding="utf-8").split()),
        read_release(settings.publish_path),
    )


def _build(place: Path, settings: Settings, project: Path) -> str:
    """Build a copy of the project with the broken page; return why it was refused."""
    ours = PROJECT_ROOT / "evidence"
    install(ours)
    made = shutil.ignore_patterns("node_modules", "build", ".evidence", "*.duckdb", "I??.md")
    shutil.copytree(ours, project, ignore=made)
    (project / "node_modules").symlink_to(ours / "node_modules")
    (project / "pages" / f"{BROKEN}.md").write_text(BROKEN_PAGE, encoding="utf-8")
    command = [*without_network(), sys.executable, __file__, str(place)]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert (project / "build").is_dir(), done.stderr
    shutil.rmtree(project / "build" / BROKEN, ignore_errors=True)
    put_out(settings, project)
    return done.stderr


def without_network() -> tuple[str, ...]:
    """What to put before a command for it to have no network; nothing where that cannot be."""
    alone = ("unshare", "--map-root-user", "--net")
    if shutil.which(alone[0]) is None:
        return ()
    can = subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0
    return alone if can else ()


def _build_here(place: Path) -> None:
    """Build, in the process that was made for it."""
    names = [name for _, name in socket.if_nameindex()]
    (place / NETWORKS).write_text(" ".join(names), encoding="utf-8")
    try:
        build_site(_settings_of(place))
    except click.ClickException as error:
        sys.exit(error.message)


def _settings_of(place: Path) -> Settings:
    return dataclasses.replace(settings_in(place), root=place / "root")


if __name__ == "__main__":
    _build_here(Path(sys.argv[1]))
