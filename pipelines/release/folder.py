"""The folder of one release: which files are in it, their checksums, and that none was touched.

```
releases/2017.1/release.duckdb   released cells, as publish.duckdb has them
releases/2017.1/files/           what readers download
releases/2017.1/lineage.json     deliveries and rows behind each cell
releases/2017.1/models.json      the SQL behind each indicator
releases/2017.1/diff.csv         what is other than in the release before it
releases/2017.1/revisions.csv    every figure ever revised
releases/2017.1/manifest.json    what it was made from, and what is in it
releases/2017.1/SHA256SUMS       of all of these; its own hash names the candidate
releases/2017.1/checks.json      what the checks found in that very candidate
releases/2017.1/publication.json when and by whom it went out, as on the release log
```
"""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pipelines.durable import fsync_file, sha256_of, write_replacing
from pipelines.release.versions import ReleaseError, Version, version_of
from pipelines.settings import Settings

DATABASE: Final = "release.duckdb"
FILES: Final = "files"
LINEAGE: Final = "lineage.json"
DIFF: Final = "diff.csv"
MODELS: Final = "models.json"
REVISIONS: Final = "revisions.csv"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
CHECKS: Final = "checks.json"
PUBLICATION: Final = "publication.json"
_HIDDEN: Final = "."


class NoSuchReleaseError(ReleaseError):
    """There is no release of that version."""


class TamperedError(ReleaseError):
    """A file of the release is not the one that was prepared."""


@dataclass(frozen=True)
class ReleaseFolder:
    """One release on disk."""

    path: Path
    version: Version

    @property
    def database(self) -> Path:
        """The released cells."""
        return self.path / DATABASE

    @property
    def files(self) -> Path:
        """What readers download."""
        return self.path / FILES

    def json(self, name: str) -> Any:
        """Read one of the JSON files."""
        return json.loads((self.path / name).read_text("utf-8"))

    def candidate_hash(self) -> str:
        """The hash that stands for all that was prepared."""
        return sha256_of(self.path / SUMS)

    def checks_hash(self) -> str | None:
        """The hash of the check results; None when nothing was checked."""
        path = self.path / CHECKS
        return sha256_of(path) if path.is_file() else None

    def problems(self) -> list[str]:
        """What is other than it was prepared: files changed, missing and added, links."""
        told = _read_sums(self.path / SUMS)
        found = {name: sha256_of(self.path / name) for name in _names(self.path)}
        lost = [f"{name} is gone" for name in sorted(told.keys() - found.keys())]
        added = [f"{name} was added" for name in sorted(found.keys() - told.keys())]
        changed = [
            f"{name} was changed"
            for name in sorted(told.keys() & found.keys())
            if told[name] != found[name]
        ]
        return lost + added + changed + _odd(self.path)

    def insist_untouched(self) -> None:
        """Hold every file against its checksum.

        Raises:
            TamperedError: If one is another, missing or added.
        """
        if problems := self.problems():
            raise TamperedError(
                f"{self.version} is not what was prepared: {'; '.join(problems[:5])}"
            )

    def make_read_only(self) -> None:
        """Take away the right to write from every file and folder of it."""
        for path in sorted(self.path.rglob("*"), reverse=True):
            path.chmod(0o555 if path.is_dir() else 0o444)
        self.path.chmod(0o555)


def release_folder(settings: Settings, version: Version) -> ReleaseFolder:
    """The folder of a version that was prepared.

    Raises:
        NoSuchReleaseError: If it was not.
        TamperedError: If a link stands in its place.
    """
    path = settings.releases_dir / str(version)
    if path.is_symlink():
        raise TamperedError(f"{path.name} among the releases is a link, not a release")
    if not (path / SUMS).is_file():
        known = ", ".join(str(v) for v in prepared_versions(settings)) or "none yet"
        raise NoSuchReleaseError(
            f"there is no release {version} (there are: {known}); "
            f"`monitor release prepare {version.year}` makes one"
        )
    return ReleaseFolder(path, version)


def prepared_versions(settings: Settings) -> list[Version]:
    """Every version that has a whole folder, in order."""
    if not settings.releases_dir.is_dir():
        return []
    found = []
    for path in settings.releases_dir.iterdir():
        if path.is_symlink() or not (path / SUMS).is_file() or path.name.startswith(_HIDDEN):
            continue
        found.append(version_of(path.name))
    return sorted(found)


def write_sums(folder: Path) -> None:
    """Write the checksums of everything in the folder, in the form `sha256sum -c` reads."""
    lines = [f"{sha256_of(folder / name)}  {name}\n" for name in _names(folder)]
    write_replacing(folder / SUMS, "".join(lines).encode())


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, each flushed to disk."""
    for name, data in sorted(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        fsync_file(path)


def canonical_json(value: Any) -> bytes:
    """Write JSON in one form, so that the same content has the same bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def content_hash(value: Any) -> str:
    """A hash of plain data."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def remove_folder(path: Path) -> None:
    """Remove a folder of a release that was never published, read-only ones included."""
    if not path.is_dir():
        return
    for inner in (path, *path.rglob("*")):
        if inner.is_dir():
            inner.chmod(0o755)
    shutil.rmtree(path)


def _names(folder: Path) -> list[str]:
    beside = {SUMS, CHECKS, PUBLICATION}
    names = (
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if stat.S_ISREG(path.lstat().st_mode)
    )
    return sorted(name for name in names if name not in beside)


def _odd(folder: Path) -> list[str]:
    """What no release has: links, which change without its files changing, and empty folders."""
    found = []
    for path in sorted(folder.rglob("*")):
        name, mode = path.relative_to(folder).as_posix(), path.lstat().st_mode
        if stat.S_ISDIR(mode):
            if not any(path.iterdir()):
                found.append(f"{name} is an empty folder")
        elif not stat.S_ISREG(mode):
            found.append(f"{name} is a link or no file at all")
    return found


def _read_sums(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").split("\n")[:-1]
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
