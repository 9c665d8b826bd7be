"""Which of the freshest cells a release holds, and how they say that they are revised.

A release for a year holds the periods up to that year: what is newer has an embargo of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from pipelines.publish.model import Note, Release
from pipelines.release.diff import REVISED, compare
from pipelines.release.folder import content_hash
from pipelines.release.versions import Version


def contents_of(
    fresh: Release,
    version: Version,
    *,
    deliveries_of: Mapping[str, Iterable[str]],
    previous: Release | None,
    revised_note: Note,
) -> Release:
    """Make the release of a version out of the freshest cells.

    Args:
        fresh: What `publish.duckdb` holds: disclosure control has been over it.
        version: The release's version.
        deliveries_of: The deliveries behind each cell.
        previous: The release before it, which readers know; None for the first.
        revised_note: What a revised figure says of itself.
    """
    cells = tuple(cell for cell in fresh.cells if _year(cell.period) <= version.year)
    used = {delivery for cell in cells for delivery in deliveries_of.get(cell.cell_id, ())}
    noted = {note for cell in cells for note in cell.notes}
    kept = replace(
        fresh,
        cells=cells,
        notes=tuple(note for note in fresh.notes if note.note_id in noted),
        withheld=tuple(each for each in fresh.withheld if _year(each.period) <= version.year),
        deliveries=tuple(each for each in fresh.deliveries if each.delivery_id in used),
        info=replace(
            fresh.info,
            version=str(version),
            is_synthetic=any(cell.is_synthetic for cell in cells),
        ),
    )
    marked = kept if previous is None else _marked(kept, previous, revised_note)
    return replace(marked, info=replace(marked.info, release_id=_release_id(marked, version)))


def _marked(release: Release, previous: Release, note: Note) -> Release:
    """Note the figures that readers see as others than in the release before."""
    revised = {c.cell_id for c in compare(previous, release) if c.kind == "changed" and c.is_seen}
    if not revised:
        return release
    cells = tuple(
        replace(cell, note_ids="|".join((*cell.notes, REVISED)))
        if cell.cell_id in revised
        else cell
        for cell in release.cells
    )
    return replace(release, cells=cells, notes=(*release.notes, note))


def _release_id(release: Release, version: Version) -> str:
    parts = (release.cells, release.indicators, release.notes, release.withheld, release.deliveries)
    records = [[_plain(asdict(record)) for record in part] for part in parts]
    told = [records, release.info.threshold, release.info.code_version]
    return f"{version}-{content_hash(told)[:12]}"


def _plain(record: dict[str, object]) -> dict[str, object]:
    simple = (str, int, float, bool, type(None))
    return {k: v if isinstance(v, simple) else str(v) for k, v in record.items()}


def _year(period: str) -> int:
    """The year whose embargo a period is under; a change between two waves is of the later one."""
    return int(period.rpartition("/")[2][:4])
