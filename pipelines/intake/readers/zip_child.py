"""Inflate an untrusted zip; runs inside the child process only.

The directory is checked first (`archive_checks`); reading a member holds it against its stated
size and its checksum. Nothing gets a name on a disk: the members' bytes go one after the other
into the one file the parent has opened.
"""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import IO

from pipelines.intake.names import DESKTOP_FILES
from pipelines.intake.readers.archive_checks import open_checked
from pipelines.intake.readers.container import Container, recognise
from pipelines.intake.readers.refusal import Refused

_PACKED_SUFFIXES = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".cab"})
_OFFICE_SUFFIXES = frozenset({".xlsx", ".docx", ".xlsm"})
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
_CHUNK_BYTES = 1 << 20


def unpack(source: IO[bytes], unpacked: IO[bytes]) -> list[tuple[str, int]]:
    """Write every member's bytes to `unpacked` and return their base names and sizes, in order.

    Folders inside the zip are left out of the names, and so is what desktops leave behind.

    Raises:
        Refused: The zip is damaged, encrypted, nested, empty, too large, or holds a link, a
            doubled name, or a name that points outside.
    """
    members: list[tuple[str, int]] = []
    seen: set[str] = set()
    with open_checked(source) as archive:
        for member in archive.infolist():
            path = PurePosixPath(member.filename.replace("\\", "/"))
            base = unicodedata.normalize("NFC", path.name)
            if member.is_dir() or _is_left_behind(path, base):
                continue
            if base.casefold() in seen:
                raise Refused("F10_duplicate_members")
            seen.add(base.casefold())
            members.append((base, _inflate(archive, member, base, unpacked)))
    if not members:
        raise Refused("F02_empty_file")
    return members


def _is_left_behind(path: PurePosixPath, base: str) -> bool:
    """Whether a desktop or Office put the file there, not the sender."""
    return (
        "__MACOSX" in path.parts
        or base.casefold() in DESKTOP_FILES
        or base.startswith(("._", "~$", ".~lock."))
    )


def _inflate(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, base: str, unpacked: IO[bytes]
) -> int:
    written = 0
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                if not written and _is_archive(base, chunk):
                    raise Refused("F09_nested_archive")
                written += len(chunk)
                unpacked.write(chunk)
    except NotImplementedError:
        raise Refused(
            "F11_corrupt_file",
            detail_da="den er pakket på en måde, der ikke kan læses; pak den som almindelig zip",
            detail_en="it is packed in a way that cannot be read; pack it as a regular zip",
        ) from None
    except _DAMAGE:
        raise _damaged() from None
    if written != member.file_size:
        raise _damaged()
    return written


def _damaged() -> Refused:
    return Refused(
        "F11_corrupt_file",
        detail_da="zip-indholdet er ikke helt",
        detail_en="the zip's content is not whole",
    )


def _is_archive(base: str, begins: bytes) -> bool:
    suffix = PurePosixPath(base).suffix.casefold()
    if suffix in _PACKED_SUFFIXES:
        return True
    kind = recognise(begins)
    return kind is Container.PACKED or (kind is Container.ZIP and suffix not in _OFFICE_SUFFIXES)
