"""The Evidence site of the shipped installation, with a page too many.

Made once for all tests, whichever process runs them, and only read: Node takes longer over it than
the pipeline over all deliveries. One page has failing queries, which must stop the build; the other
pages are built all the same, so that one build serves the tests of both.
"""

from __future__ import annotations

import dataclasses
import fcntl
import shutil
from pathlib import Path

import click
import pytest
from shipped_installation import Installation, of_all_workers, settings_in

from pipelines.evidence.build import build_site, install, put_out
from pipelines.settings import PROJECT_ROOT, Settings

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


@pytest.fixture(scope="session")
def evidence_site(shipped: Installation, tmp_path_factory: pytest.TempPathFactory) -> EvidenceSite:
    """The site without its broken page; the first process that wants it makes it, others wait."""
    place = of_all_workers(tmp_path_factory) / "evidence"
    settings = dataclasses.replace(settings_in(place), root=place / "root")
    project, said = settings.root / "evidence", place / "said"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (place / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            shutil.copy(shipped.settings.publish_path, settings.publish_path)
            shutil.copytree(shipped.settings.published_dir, settings.published_dir)
            said.write_text(_build(settings, project), encoding="utf-8")
    folder = settings.data_dir / "evidence_site"
    return EvidenceSite(folder, project, said.read_text(encoding="utf-8"))


def _build(settings: Settings, project: Path) -> str:
    """Build a copy of the project with the broken page; return why it was refused."""
    ours = PROJECT_ROOT / "evidence"
    install(ours)
    made = shutil.ignore_patterns("node_modules", "build", ".evidence", "*.duckdb", "I??.md")
    shutil.copytree(ours, project, ignore=made)
    (project / "node_modules").symlink_to(ours / "node_modules")
    (project / "pages" / f"{BROKEN}.md").write_text(BROKEN_PAGE, encoding="utf-8")
    refused = ""
    try:
        build_site(settings)
    except click.ClickException as error:
        refused = error.message
        if not (project / "build").is_dir():
            raise
    shutil.rmtree(project / "build" / BROKEN, ignore_errors=True)
    put_out(settings, project)
    return refused
