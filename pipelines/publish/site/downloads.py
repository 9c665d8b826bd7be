"""Which of the published files belong to an indicator, and what a link to them says.

Derived from the list of files alone: a format that is added is offered without a change here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

KILOBYTE: Final = 1000
_INDICATOR = re.compile(r"(?<![A-Za-z0-9])(I\d\d)(?![0-9])")
# the longest ending that fits names the format
_FORMATS: Final = {
    ".xlsx": "Excel",
    ".csv": "CSV",
    ".csv-metadata.json": "CSVW",
    ".json": "JSON",
    ".px": "PX",
    ".pdf": "PDF",
    ".svg": "SVG",
    ".png": "PNG",
    ".txt": "TXT",
}


_WORDS: Final = {
    ("csv", ".csv"): "format_csv_office",
    ("data", ".csv"): "format_csv_programs",
    ("jsonstat", ".json"): "format_jsonstat",
}


@dataclass(frozen=True)
class Download:
    """A link to a file: where, in which format, how large."""

    href: str
    name: str
    format: str
    kilobytes: int
    words: str = ""
    """The text that says for whom it is, where one format comes in several manners."""


def downloads_of(files: Mapping[str, int], indicator_id: str, up: str) -> tuple[Download, ...]:
    """Return the files of one indicator, or with an empty id those of the whole release.

    Args:
        files: Sizes by path beside the site's folder.
        indicator_id: Of which indicator.
        up: The way from the page to the folder of the paths.
    """
    chosen = of_indicator(files, indicator_id)
    return tuple(_download(path, files[path], up) for path in _ordered(chosen))


def of_indicator(files: Iterable[str], indicator_id: str) -> list[str]:
    """Return the paths of one indicator's files, or with an empty id of the whole release's."""
    return [path for path in files if _belongs_to(path) == indicator_id]


def kilobytes(size: int) -> int:
    """Return what is told of a file's size."""
    return max(1, round(size / KILOBYTE))


def _belongs_to(path: str) -> str:
    found = _INDICATOR.search(PurePosixPath(path).name) or _INDICATOR.search(path)
    return found[1] if found else ""


def _ordered(paths: Iterable[str]) -> list[str]:
    rank = {suffix: place for place, suffix in enumerate(_FORMATS)}
    return sorted(paths, key=lambda path: (rank.get(_ending(path), len(rank)), path))


def _ending(path: str) -> str:
    fitting = [suffix for suffix in _FORMATS if path.lower().endswith(suffix)]
    return max(fitting, key=len) if fitting else PurePosixPath(path).suffix


def _download(path: str, size: int, up: str) -> Download:
    ending = _ending(path)
    return Download(
        href=f"{up}{path}",
        name=PurePosixPath(path).name,
        format=_FORMATS.get(ending, ending.lstrip(".").upper()),
        kilobytes=kilobytes(size),
        words=_WORDS.get((PurePosixPath(path).parts[0], ending), ""),
    )
