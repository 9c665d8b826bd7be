"""The archive and the ledger on the lake: copied as they lie, encrypted; and brought back.

An entry of the archive never changes, so what is there by name and size is not copied again. The
keys stay at home: without them the copy cannot be read, and what is erased at home is erased there.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.durable import sha256_of
from pipelines.intake.archive import archive_of
from pipelines.lake.generation import Generation, LakeFile
from pipelines.lake.place import LakeError, Place
from pipelines.settings import Settings

LEDGER_FOLDER = "ledger"


def mirror_archive(
    settings: Settings, place: Place, known: Mapping[str, LakeFile]
) -> tuple[LakeFile, ...]:
    """Copy every entry of the archive that is not there yet.

    Args:
        settings: The installation.
        place: Where to.
        known: The archive's files of the generation before, by name.

    Returns:
        Every file of the archive.

    Raises:
        LakeError: If an entry is from before archives were encrypted.
    """
    archive = archive_of(settings)
    files = []
    for delivery_id in archive.all_ids():
        if archive.load(delivery_id).encryption is None:
            raise LakeError(
                f"delivery {delivery_id[:12]} is archived in clear, from an earlier version; "
                "nothing that is not encrypted goes to the lake"
            )
        entry = settings.archive_dir / delivery_id[:2] / delivery_id
        for path in sorted(each for each in entry.rglob("*") if each.is_file()):
            name = f"archive/{path.relative_to(settings.archive_dir).as_posix()}"
            files.append(_copied(place, path, name, known.get(name)))
    return tuple(files)


def mirror_ledger(settings: Settings, place: Place) -> LakeFile:
    """Copy the ledger, under the name of its content."""
    digest = sha256_of(settings.ledger_path)
    name = f"{LEDGER_FOLDER}/{digest}.jsonl"
    file = LakeFile(name, settings.ledger_path.stat().st_size, digest)
    if place.size(name) != file.bytes:
        place.upload(settings.ledger_path, name)
    return file


def bring_back(generation: Generation, place: Place, data_dir: Path) -> int:
    """Put archive and ledger of a generation into an empty data folder, verified.

    Returns:
        The number of files.

    Raises:
        LakeError: If there is an archive or a ledger already, or an object is not what was pushed.
    """
    for there in (data_dir / "archive", data_dir / "ledger.jsonl"):
        if there.exists():
            raise LakeError(f"{there} is there already; bring the lake back into an empty folder")
    wanted = [(file, data_dir / file.name) for file in generation.archive]
    # the ledger last: an installation without one is not taken for a whole one
    wanted.append((generation.ledger, data_dir / "ledger.jsonl"))
    for file, target in wanted:
        place.download(file.name, target)
        if sha256_of(target) != file.sha256:
            target.unlink()
            raise LakeError(
                f"{place.url}/{file.name} is not what was pushed; push again from the "
                "installation, or take the object from the bucket's backup"
            )
    return len(wanted)


def _copied(place: Place, path: Path, name: str, before: LakeFile | None) -> LakeFile:
    size = path.stat().st_size
    if before and before.bytes == size and place.size(name) == size:
        return before
    place.upload(path, name)
    return LakeFile(name, size, sha256_of(path))
