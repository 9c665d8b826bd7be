"""Explanations of a release's cells, for the command and for the pages.

Puts together what a release's folder holds, or, of the unsigned candidate that `monitor run` keeps
fresh, what the installation has.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.publish.model import CANDIDATE, Release, ReleasedCell
from pipelines.publish.store import read_release
from pipelines.release.checks import read_report
from pipelines.release.diff import Change, read_diff
from pipelines.release.explain import Explainer, Explanation
from pipelines.release.folder import DIFF, LINEAGE, MODELS, release_folder
from pipelines.release.lineage import lineage_from
from pipelines.release.log import publications
from pipelines.release.material import Material, gather
from pipelines.release.models import models_from
from pipelines.release.published import current_version
from pipelines.release.versions import Version, version_of
from pipelines.settings import Settings


def explainer_of(settings: Settings, version: Version) -> Explainer:
    """Everything to explain a prepared release from.

    Raises:
        NoSuchReleaseError: If it was never prepared.
    """
    folder = release_folder(settings, version)
    return Explainer(
        release=read_release(folder.database),
        lineage=lineage_from(folder.json(LINEAGE)),
        models=models_from(folder.json(MODELS)),
        report=read_report(folder),
        changes={c.cell_id: c for c in read_diff((folder.path / DIFF).read_bytes())},
        earlier=_published_before(settings, version),
    )


def explainer_of_candidate(settings: Settings) -> Explainer:
    """Everything to explain the freshest cells from, which no release holds yet."""
    material = gather(settings)
    return explainer_of_material(settings, material, material.fresh, ())


def explainer_of_material(
    settings: Settings, material: Material, release: Release, changes: Iterable[Change]
) -> Explainer:
    """Everything to explain a release from while it is being made."""
    return Explainer(
        release=release,
        lineage=material.lineage,
        models=material.models,
        report=None,
        changes={change.cell_id: change for change in changes},
        earlier=_published_before(settings, None),
    )


def explanations(settings: Settings, version: Version) -> dict[str, Explanation]:
    """Explain every cell of a prepared release, by cell id."""
    return explainer_of(settings, version).all()


def explainer(settings: Settings, version: str | None) -> Explainer:
    """The explainer of a version as it is typed; else of the current release, else the freshest.

    Raises:
        ReleaseError: If there is no such release.
    """
    if version == CANDIDATE:
        return explainer_of_candidate(settings)
    chosen = current_version(settings) if version is None else version_of(version)
    return explainer_of(settings, chosen) if chosen else explainer_of_candidate(settings)


def _published_before(
    settings: Settings, version: Version | None
) -> tuple[tuple[str, str, dict[str, ReleasedCell]], ...]:
    found = []
    for event in publications(settings):
        each = version_of(event.version)
        if each == version:
            break
        cells = read_release(release_folder(settings, each).database).cells
        found.append((event.version, event.at, {cell.cell_id: cell for cell in cells}))
    return tuple(found)
