"""Drawings made before, by the hash of all that decides them, so that none is drawn twice.

Drawing takes a tenth of a second each, most figures are the same from one publication to the next,
and the renderer gives the same bytes for the same specification. The folder can be deleted at any
time; what is in it never decides what is published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pipelines.publish.kept_bytes import keep, read_kept

_RENDERER: Final = "vl-convert-python"
_FORMAT: Final = "with a checksum"
"""Of the files here: an older version of this program would take ours for a drawing as it is."""
_MOST_FILES: Final = 400
"""About three publications' worth of other drawings; the oldest go first."""


@dataclass(frozen=True)
class KeptDrawings:
    """A folder of drawings; without one everything is drawn anew."""

    folder: Path | None = None

    def drawn(self, kind: str, source: str, draw: Callable[[str], bytes]) -> bytes:
        """Return the drawing of a source, from the folder if it is there.

        Args:
            kind: What is made of the source: part of the key, and the file's ending.
            source: Everything that decides the drawing.
            draw: Makes it.
        """
        if self.folder is None:
            return draw(source)
        decided_by = f"{version(_RENDERER)}\0{_FORMAT}\0{kind}\0{source}"
        path = self.folder / f"{hashlib.sha256(decided_by.encode()).hexdigest()}.{kind}"
        data = read_kept(path)
        if data is None:
            data = draw(source)
            keep(path, data)
        return data

    def thin_out(self) -> None:
        """Remove the oldest drawings beyond a number, so that the folder does not grow for ever."""
        if self.folder is None or not self.folder.is_dir():
            return
        with suppress(FileNotFoundError):  # somebody else thins out the same folder
            files = sorted(self.folder.iterdir(), key=_made_at, reverse=True)
            for path in files[_MOST_FILES:]:
                path.unlink(missing_ok=True)


def _made_at(path: Path) -> float:
    return path.stat().st_mtime


NOTHING_KEPT: Final = KeptDrawings()
"""Everything is drawn anew."""
