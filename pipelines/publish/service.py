"""Publishing: from the live warehouse to `publish.duckdb` and the published files.

In one call (`publish`) or in two, with checks of the release in between.
Knows the order and the places; each product is made by its own module. Files are made in a folder
beside the published one and swapped in whole; if nothing changed, nothing is touched.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

from pipelines.durable import fsync_dir
from pipelines.intake.events import head_hash
from pipelines.intake.ledger import Ledger
from pipelines.publish.candidates import read_candidates
from pipelines.publish.formats.all_files import machine_files
from pipelines.publish.model import Release
from pipelines.publish.released import make_release
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.site.drawings import site_figures
from pipelines.publish.store import read_release, write_release
from pipelines.publish.tidy_csv import notes_csv, tidy_csv
from pipelines.publish.workbook import indicator_workbook
from pipelines.settings import Settings
from pipelines.statistics.disclosure import DEFAULT_THRESHOLD, FREE

_SOURCES = Path(__file__).parents[1] / "sources"


@dataclass(frozen=True)
class PublishReport:
    """What was published.

    Attributes:
        release_id: Id of the release; the same content has the same id.
        tables: Tables published (indicator, period, breakdown).
        cells: Cells published, suppressed ones included.
        suppressed: Cells of those that show a sign instead of a number.
        withheld: Tables not published.
        is_changed: Whether any file is other than before.
        paths: The database, the page and the folders of the tables.
    """

    release_id: str
    tables: int
    cells: int
    suppressed: int
    withheld: int
    is_changed: bool
    paths: tuple[Path, ...]


def publish(settings: Settings, threshold: int = DEFAULT_THRESHOLD) -> PublishReport:
    """Publish what the live warehouse holds.

    Args:
        settings: Where things are.
        threshold: The smallest confidential count that is published.

    Returns:
        What was published, and where.
    """
    release_cells(settings, threshold)
    return publish_files(settings)


def unpublished_path(settings: Settings) -> Path:
    """Where a release lies between its making and its publication, for checks to look at."""
    return settings.build_path.with_name(settings.publish_path.name)


def release_cells(settings: Settings, threshold: int = DEFAULT_THRESHOLD) -> Path:
    """Make the release of what the live warehouse holds, without publishing it.

    Returns:
        The database it was written to.
    """
    made = make_release(
        read_candidates(settings.live_path),
        threshold=threshold,
        created_from=head_hash(Ledger(settings.ledger_path).read()),
        code_version=_code_version(),
        source_titles=_source_titles(),
    )
    path = unpublished_path(settings)
    write_release(made, path)
    return path


def publish_files(settings: Settings) -> PublishReport:
    """Publish the release that `release_cells` made: the database, tables, figures and the page."""
    is_new = write_release(read_release(unpublished_path(settings)), settings.publish_path)
    release = read_release(settings.publish_path)
    has_new_files = _swap_in(release_files(release), settings.published_dir)
    return PublishReport(
        release_id=release.info.release_id,
        tables=len({(c.indicator_id, c.period, c.breakdown) for c in release.cells}),
        cells=len(release.cells),
        suppressed=sum(c.conf_status != FREE for c in release.cells),
        withheld=len(release.withheld),
        is_changed=is_new or has_new_files,
        paths=(
            settings.publish_path,
            settings.published_dir / "site" / "index.html",
            settings.published_dir / "tabeller",
            settings.published_dir / "csv",
        ),
    )


def release_files(release: Release, around: Surroundings | None = None) -> dict[str, bytes]:
    """Make every published file, by its path inside the published folder.

    Args:
        release: What is published.
        around: What the pages tell of beside the release: calendar, revisions, changes.
    """
    files: dict[str, bytes] = {}
    for indicator in release.published_indicators():
        cells = release.cells_of(indicator.indicator_id)
        mark = "_syntetisk" if any(c.is_synthetic for c in cells) else ""
        files[f"tabeller/{indicator.indicator_id}{mark}.xlsx"] = indicator_workbook(
            release, indicator
        )
        files[f"csv/{indicator.indicator_id}{mark}.csv"] = tidy_csv(cells)
    files["csv/noter.csv"] = notes_csv(release.notes)
    files |= machine_files(release)
    figures, drawings = site_figures(release)
    linked = replace(
        around or Surroundings(),
        files={name: len(data) for name, data in files.items()},
        source_titles_en=_source_titles("en"),
    )
    return files | drawings | site_files(release, figures, linked)


def _swap_in(files: Mapping[str, bytes], folder: Path) -> bool:
    """Replace a folder by these files, whole, and return whether anything changed."""
    if _contents(folder) == files:
        return False
    new, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    for name, data in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    fsync_dir(folder.parent)
    shutil.rmtree(old, ignore_errors=True)
    return True


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _source_titles(language: str = "da") -> dict[str, str]:
    """Read the sources' titles from their contracts."""
    titles = {}
    for path in sorted(_SOURCES.glob("*/source.yml")):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        titles[path.parent.name] = str(contract[f"title_{language}"])
    return titles


def _code_version() -> str:
    try:
        return version("boligsocial-monitor")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
