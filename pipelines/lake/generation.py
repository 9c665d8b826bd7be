"""What the lake holds: one generation names every current file with its hash, and is written last.

Files are called by their content and never written over, so a reader that began with one
generation can finish with it. `current.json` says which generation counts; it is one small object,
replaced whole, and nothing is current that it does not lead to.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.lake.place import LakeError, Place

CURRENT = "current.json"
FOLDER = "generations"
FORMAT = 1


@dataclass(frozen=True)
class LakeFile:
    """One object and what it must be."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class RawFile:
    """Rows of one raw table: of one delivery, or of all where the table is not kept by delivery."""

    table: str
    delivery_id: str | None
    rows: int
    content: str
    """What the rows are, as one value: rows that are the same are not written again."""
    file: LakeFile


@dataclass(frozen=True)
class Generation:
    """One state of an installation on the lake."""

    made_at: str
    raw: tuple[RawFile, ...]
    archive: tuple[LakeFile, ...]
    ledger: LakeFile

    def files(self) -> tuple[LakeFile, ...]:
        """Every object of the generation."""
        return (*(raw.file for raw in self.raw), *self.archive, self.ledger)

    def raw_files(self) -> dict[tuple[str, str | None], RawFile]:
        """Its raw files by table and delivery."""
        return {(raw.table, raw.delivery_id): raw for raw in self.raw}


def read_current(place: Place) -> Generation | None:
    """The generation that counts; nothing where none was ever finished.

    Raises:
        LakeError: If it is damaged, or of a later version of this project.
    """
    pointer = place.read(CURRENT)
    if pointer is None:
        return None
    try:
        name = json.loads(pointer)["generation"]
        data = place.read(f"{FOLDER}/{name}.json")
        if data is None or hashlib.sha256(data).hexdigest() != name:
            raise LakeError(
                f"{place.url}: generation {name[:12]} is not what {CURRENT} says; "
                f"remove {CURRENT} and push again"
            )
        return _generation(json.loads(data))
    except (KeyError, TypeError, ValueError) as error:
        raise LakeError(
            f"{place.url}/{CURRENT} cannot be read; remove it and push again"
        ) from error


def write_current(place: Place, generation: Generation) -> str:
    """Write a generation, then make it the one that counts; gives its name."""
    data = json.dumps({"format": FORMAT, **asdict(generation)}, indent=1).encode()
    name = hashlib.sha256(data).hexdigest()
    place.write(f"{FOLDER}/{name}.json", data)
    place.write(CURRENT, json.dumps({"generation": name}).encode())
    return name


def _generation(told: dict[str, Any]) -> Generation:
    if told["format"] != FORMAT:
        raise LakeError(
            f"the lake is of format {told['format']}, this version reads {FORMAT}; update it"
        )
    return Generation(
        made_at=told["made_at"],
        raw=tuple(RawFile(**{**raw, "file": LakeFile(**raw["file"])}) for raw in told["raw"]),
        archive=tuple(LakeFile(**file) for file in told["archive"]),
        ledger=LakeFile(**told["ledger"]),
    )
