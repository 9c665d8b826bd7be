"""The id of the release in its files: a stand-in while they are made, the id itself put in last.

The id is other as soon as anything of a release is; nearly all of what its files say is not. So a
file that was made before becomes the file of a new release without being made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from pipelines.publish.model import Release
from pipelines.publish.xlsx_container import with_changed

STAND_IN: Final = "0000-release_id__"
"""As long as an id, so that a line breaks where it would with the id."""
_WORKBOOK: Final = ".xlsx"
_PARTS_OF_WORKBOOK: Final = ("docProps/core.xml", "xl/sharedStrings.xml")


def unmarked(release: Release) -> Release:
    """Return a release that says nothing of which one it is but its version."""
    return replace(release, info=replace(release.info, release_id=STAND_IN, created_from=""))


def marked(files: Mapping[str, bytes], release_id: str) -> dict[str, bytes]:
    """Return files that were made of an unmarked release as those of the release with this id."""
    return {name: _marked(name, data, release_id) for name, data in files.items()}


def _marked(name: str, data: bytes, release_id: str) -> bytes:
    def put(content: bytes) -> bytes:
        return content.replace(STAND_IN.encode(), release_id.encode())

    if name.endswith(_WORKBOOK):
        return with_changed(data, dict.fromkeys(_PARTS_OF_WORKBOOK, put))
    return put(data)
