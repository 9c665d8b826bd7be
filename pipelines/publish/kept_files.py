"""Files of indicators made before, by the hash of all that decides them: none is made twice.

A delivery changes the figures of a few indicators, and all others' workbooks, tables and pages are
those that were published before. The folder can be deleted at any time; what is in it never decides
what is published: a file that is used again is, byte for byte, the one that would be made.
"""

from __future__ import annotations

import hashlib
import io
import marshal
import platform
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from pipelines.publish.kept_bytes import keep, read_kept
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.records import field_names
from pipelines.publish.release_mark import marked, unmarked

Files = Mapping[str, bytes]
_PIPELINES: Final = Path(__file__).parents[1]
CODE_FOLDERS: Final = ("publish", "disclosure", "statistics")
"""Where the code and the texts of all renderers are; a test holds their imports against it."""
_CODE: Final = frozenset({".py", ".yml", ".csv", ".j2", ".css", ".js", ".typ"})
_CELL: Final = attrgetter(*field_names(ReleasedCell))
_LIBRARIES: Final = ("jinja2", "markupsafe", "xlsxwriter", "pyyaml")


class KeptFiles:
    """A folder of files made before; without one all are made anew."""

    def __init__(self, folder: Path | None = None) -> None:
        """Keep files in `folder`, unless our code changed since this process loaded it."""
        is_settled = folder is not None and _code_fingerprint() == _LOADED
        self._folder = folder if is_settled else None
        self._used: set[str] = set()

    def made(
        self, kind: str, part: Release, beside: object, make: Callable[[Release], Files]
    ) -> dict[str, bytes]:
        """Return the files of a part of a release, those kept if there are any.

        Args:
            kind: Which files of the part.
            part: All of the release that they are made from.
            beside: Everything else that they are made from.
            make: Makes them of a release without its id.
        """
        blank = unmarked(part)
        if self._folder is None:
            return marked(make(blank), part.info.release_id)
        name = f"{_key(kind, blank, beside)}.kept"
        self._used.add(name)
        kept = _read(self._folder / name)
        if kept is not None:
            return marked(kept, part.info.release_id)
        files = make(blank)
        _write(self._folder / name, files)
        return marked(files, part.info.release_id)

    def thin_out(self) -> None:
        """Remove what was not used since this was opened: of earlier figures, or earlier code."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            if path.name not in self._used:
                path.unlink(missing_ok=True)


def _key(kind: str, part: Release, beside: object) -> str:
    """Hash everything that decides some files."""
    content = (kind, _plain(part), _plain(beside))
    digest = hashlib.sha256(_LOADED.encode())
    digest.update(marshal.dumps(content, 2))  # from this version on refers to nothing shared
    return digest.hexdigest()


def _plain(value: object) -> Any:
    """Return a value as nested tuples of texts and numbers, each record with its type's name.

    Raises:
        TypeError: It holds something of which nobody has said what it consists of.
    """
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return tuple((_plain(key), _plain(each)) for key, each in value.items())
    if isinstance(value, Sequence):
        if value and all(type(each) is ReleasedCell for each in value):
            return ReleasedCell.__name__, *map(_CELL, value)  # thousands, of texts and numbers
        return tuple(map(_plain, value))
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, *(_plain(getattr(value, f.name)) for f in fields(value))
    raise TypeError(f"a file must not depend on a {type(value).__name__}: its content is not known")


def _read(path: Path) -> dict[str, bytes] | None:
    """Return the files kept in one; None where there is none, or it is damaged."""
    data = read_kept(path)
    if data is None:
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


def _write(path: Path, files: Files) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as kept:
        for inside, data in files.items():
            kept.writestr(zipfile.ZipInfo(inside), data)
    keep(path, whole.getvalue())


def _code_fingerprint() -> str:
    """A hash of our code and texts as they lie on the disk, and of what else decides bytes."""
    digest = hashlib.sha256(f"{platform.python_version()} {zlib.ZLIB_RUNTIME_VERSION}".encode())
    for library in _LIBRARIES:
        digest.update(f"{library}={version(library)}\n".encode())
    for path in _sources():
        digest.update(f"{path.relative_to(_PIPELINES)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for folder in CODE_FOLDERS:
        for path in sorted((_PIPELINES / folder).rglob("*")):
            if path.suffix in _CODE:
                yield path


_LOADED: Final = _code_fingerprint()
"""Of the code that this process runs: what lies on the disk when it is asked may be newer."""
NOTHING_MADE: Final = KeptFiles()
"""All files are made anew."""
