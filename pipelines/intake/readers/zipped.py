"""A zip file that holds one data set: its members, once nothing about the container is wrong.

Nothing is ever unpacked to disk. The directory is checked first (`archive_checks`); reading a
member holds it against its stated size and its checksum.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
import zlib
from pathlib import PurePosixPath

from pipelines.intake.findings import rejected
from pipelines.intake.readers.archive_checks import open_checked
from pipelines.intake.readers.container import Container, recognise, wrong_container
from pipelines.intake.readers.refusal import Refused

_PACKED_SUFFIXES = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz", ".cab"})
_OFFICE_SUFFIXES = frozenset({".xlsx", ".docx", ".xlsm"})
_LEFT_BY_DESKTOPS = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


def read_zip(data: bytes, name: str) -> dict[str, bytes]:
    """Read the files of a zip.

    Args:
        data: The zip's bytes.
        name: Its name, for the messages.

    Returns:
        Base name to bytes; folders inside the zip are left out of the names, and so is what
        desktops leave behind (`__MACOSX`, `Thumbs.db`).

    Raises:
        DeliveryRejected: When the zip is damaged, encrypted, nested, too large, or holds a link,
            a doubled name, or a name that points outside.
    """
    found = recognise(data)
    if found is not Container.ZIP:
        raise wrong_container(found, ".zip", name)
    try:
        return _members(data)
    except Refused as refusal:
        raise rejected(refusal.rule, file=name, **refusal.details) from None


def _members(data: bytes) -> dict[str, bytes]:
    members: dict[str, bytes] = {}
    seen: set[str] = set()
    with open_checked(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            path = PurePosixPath(member.filename)
            if member.is_dir() or path.parts[0] == "__MACOSX":
                continue
            base = unicodedata.normalize("NFC", path.name)
            if base.casefold() in _LEFT_BY_DESKTOPS:
                continue
            if base.casefold() in seen:
                raise Refused("F10_duplicate_members")
            content = _read(archive, member)
            if _is_archive(base, content):
                raise Refused("F09_nested_archive")
            seen.add(base.casefold())
            members[base] = content
    if not members:
        raise Refused("F02_empty_file")
    return members


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as stream:
            content = stream.read(member.file_size + 1)
    except _DAMAGE:
        raise Refused(
            "F11_corrupt_file",
            detail_da="zip-indholdet er ikke helt",
            detail_en="the zip's content is not whole",
        ) from None
    return content


def _is_archive(base: str, content: bytes) -> bool:
    suffix = PurePosixPath(base).suffix.casefold()
    if suffix in _PACKED_SUFFIXES:
        return True
    kind = recognise(content)
    return kind is Container.PACKED or (kind is Container.ZIP and suffix not in _OFFICE_SUFFIXES)
