"""Publishing: from the live warehouse to `publish.duckdb` and the published files.

In one call (`publish`) or in two, with checks of the release in between.
Knows the order and the places; each product is made by its own module. Files are made in a folder
beside the published one and swapped in whole; if nothing changed, nothing is touched.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import yaml

from pipelines.disclosure.earlier import shown_before
from pipelines.disclosure.kept_choices import KeptChoices
from pipelines.disclosure.release_audit import require_safe
from pipelines.disclosure.setting import DEFAULT_THRESHOLD
from pipelines.disclosure.status import FREE
from pipelines.durable import Checkpoint, exchange, fsync_dir, no_checkpoint
from pipelines.in_place import hashes_of, is_as_put, putting
from pipelines.intake.events import head_hash
from pipelines.intake.ledger import Ledger
from pipelines.publish.candidates import read_candidates
from pipelines.publish.formats.all_files import machine_files, office_files, whole_files
from pipelines.publish.formats.pdf_content import PdfFigure
from pipelines.publish.kept_drawings import NOTHING_KEPT, KeptDrawings
from pipelines.publish.kept_files import NOTHING_MADE, KeptFiles
from pipelines.publish.model import CANDIDATE, Release, ReleasedCell
from pipelines.publish.records import as_frame
from pipelines.publish.released import make_release
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.site.announced import announced
from pipelines.publish.site.content import SiteFigure
from pipelines.publish.site.drawings import site_figures
from pipelines.publish.store import holds, read_info, read_release, write_release
from pipelines.release.calendar import load_calendar
from pipelines.release.database import copy_reproducible
from pipelines.release.published import published_cells
from pipelines.release.schedule import announcements_out, schedule
from pipelines.settings import Settings

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

    Raises:
        UnsafeReleaseError: Somebody could work out a number that must stay hidden.
    """
    candidates = read_candidates(settings.live_path)
    rules = candidates.rules(threshold)
    earlier = shown_before(published_cells(settings))
    kept = KeptChoices(settings.choices_dir)
    made = make_release(
        candidates,
        rules=rules,
        created_from=head_hash(Ledger(settings.ledger_path).read()),
        code_version=_code_version(),
        source_titles=_source_titles(),
        earlier=earlier,
        kept=kept,
    )
    kept.thin_out()
    require_safe(candidates.cells, as_frame(made.cells, ReleasedCell), rules, earlier)
    path = unpublished_path(settings)
    write_release(made, path)
    return path


def publish_files(settings: Settings, *, checkpoint: Checkpoint = no_checkpoint) -> PublishReport:
    """Publish the release that `release_cells` made: the database, tables, figures and the page.

    Args:
        settings: Where things are.
        checkpoint: Called between the steps, for fault-injection tests.
    """
    is_new = _publish_database(settings, unpublished_path(settings), checkpoint)
    release = read_release(settings.publish_path)
    kept, made_before = KeptDrawings(settings.drawings_dir), KeptFiles(settings.made_files_dir)
    around = Surroundings(
        calendar=announced(schedule(load_calendar(), announcements_out(settings)))
    )
    files = release_files(release, around, kept, made_before)
    has_new_files = _swap_in(settings, files, checkpoint)
    kept.thin_out()
    made_before.thin_out()
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


def release_files(
    release: Release,
    around: Surroundings | None = None,
    kept: KeptDrawings = NOTHING_KEPT,
    made_before: KeptFiles = NOTHING_MADE,
) -> dict[str, bytes]:
    """Make every published file, by its path inside the published folder.

    The freshest state, which each run publishes anew, does without what only a release needs: the
    annual tables as PDF and the workbook with all tables, which take as long as all the rest.

    Args:
        release: What is published.
        around: What the pages tell of beside the release: calendar, revisions, changes.
        kept: Drawings made before.
        made_before: Files of indicators made before.
    """
    files = {**office_files(release, made_before), **machine_files(release, made_before)}
    figures, drawings = site_figures(release, kept)
    if release.info.version != CANDIDATE:
        files |= whole_files(release, _printed_figures(figures))
    linked = replace(
        around or Surroundings(),
        files={name: len(data) for name, data in files.items()},
    )
    return files | drawings | site_files(release, figures, linked, made_before)


def _printed_figures(figures: Iterable[SiteFigure]) -> dict[str, list[PdfFigure]]:
    printed: dict[str, list[PdfFigure]] = defaultdict(list)
    for f in figures:
        printed[f.language].append(PdfFigure(f.indicator_id, f.title, f.finding, str(f.wide)))
    return printed


def _publish_database(settings: Settings, made: Path, checkpoint: Checkpoint) -> bool:
    """Replace the published database unless it holds this release; return whether it was.

    Written by a process that has nothing but released cells in its memory: the gaps of a DuckDB
    file hold whatever the memory of its writer held.
    """
    path = settings.publish_path
    for left in path.parent.glob(f"*{path.stem}.building*"):  # by a run that was killed
        left.unlink()
    if path.exists() and holds(path, read_info(made)) and is_as_put(settings, path):
        return False
    building = path.with_name(f"{path.stem}.building")
    copy_reproducible(made, building)
    checkpoint("publish.database_written")
    [digest] = hashes_of(building).values()
    with putting(settings, path, {path.name: digest}):
        checkpoint("publish.database_put_down")
        building.replace(path)
        checkpoint("publish.database_replaced")
        fsync_dir(path.parent)
    return True


def _swap_in(settings: Settings, files: Mapping[str, bytes], checkpoint: Checkpoint) -> bool:
    """Replace the published folder by these files, whole, and return whether anything changed."""
    folder = settings.published_dir
    new, old = folder.with_name(folder.name + ".new"), folder.with_name(folder.name + ".old")
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    is_changed = _contents(folder) != files
    with putting(settings, folder, hashes):
        if is_changed:
            _replace_folder(files, folder, new, old, checkpoint)
    return is_changed


def _replace_folder(
    files: Mapping[str, bytes], folder: Path, new: Path, old: Path, checkpoint: Checkpoint
) -> None:
    """Write the files beside the folder and change places with it in one step."""
    for name, data in files.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    checkpoint("publish.files_written")
    if not folder.exists():
        new.rename(folder)
    elif not exchange(new, folder):
        # readers without a folder for a moment: where the file system cannot do better
        folder.rename(old)
        new.rename(folder)
    checkpoint("publish.files_swapped")
    fsync_dir(folder.parent)
    for leftover in (new, old):
        shutil.rmtree(leftover, ignore_errors=True)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _source_titles() -> dict[str, tuple[str, str]]:
    """Read the sources' titles from their contracts, in Danish and in English."""
    titles = {}
    for path in sorted(_SOURCES.glob("*/source.yml")):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        titles[path.parent.name] = (str(contract["title_da"]), str(contract["title_en"]))
    return titles


def _code_version() -> str:
    try:
        return version("boligsocial-monitor")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
