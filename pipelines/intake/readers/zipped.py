"""A zip file that holds one data set: its members, once nothing about the container is wrong.

Nothing is ever unpacked to disk; members are read into memory after their stated and real sizes
have been held against limits.
"""

from __future__ import annotations

import io
import stat
import unicodedata
import zipfile
from pathlib import PurePosixPath

from pipelines.intake.findings import DeliveryRejected, rejected

MAX_MEMBERS = 200
MAX_TOTAL_BYTES = 1 << 30
MAX_RATIO = 200
RATIO_FROM_BYTES = 10 << 20
"""Below this size a high ratio is a repetitive file and no bomb."""

_PACKED = frozenset({".zip", ".7z", ".rar", ".gz", ".bz2", ".xz", ".tar", ".tgz"})
_DESKTOP = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def read_zip(data: bytes, name: str) -> dict[str, bytes]:
    """Read the files of a zip.

    Args:
        data: The zip's bytes.
        name: Its name, for the messages.

    Returns:
        Base name to bytes; folders inside the zip are left out of the names.

    Raises:
        DeliveryRejected: when the zip is damaged, encrypted, nested, too large, or holds a name
            that points outside.
    """
    archive = open_zip(data, name)
    members: dict[str, bytes] = {}
    for info in archive.infolist():
        if info.is_dir() or _is_desktop(info.filename):
            continue
        _check_name(info, name)
        base = unicodedata.normalize("NFC", PurePosixPath(info.filename).name)
        if PurePosixPath(base).suffix.lower() in _PACKED:
            raise rejected("F09_nested_archive", file=name)
        if base.casefold() in {known.casefold() for known in members}:
            raise rejected("F10_duplicate_members", file=name)
        members[base] = read_member(archive, info, name)
    if not members:
        raise rejected("F02_empty_file", file=name)
    return members


def open_zip(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a zip whose directory is whole, without encryption and within the size limits."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(name) from error
    infos = archive.infolist()
    if any(info.flag_bits & 0x1 for info in infos):
        raise rejected("F06_encrypted", file=name)
    total = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    is_bomb = total > RATIO_FROM_BYTES and total / packed > MAX_RATIO
    if len(infos) > MAX_MEMBERS or total > MAX_TOTAL_BYTES or is_bomb:
        raise rejected("F07_oversized_content", file=name)
    return archive


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """Read one member, holding its real size against the stated one and its CRC."""
    try:
        with archive.open(info) as handle:
            content = handle.read(info.file_size + 1)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise _damaged(name) from error
    except Exception as error:
        # zlib.error and its kin are not exported by zipfile
        raise _damaged(name) from error
    if len(content) > info.file_size:
        raise rejected("F07_oversized_content", file=name)
    return content


def _check_name(info: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    is_unsafe = path.is_absolute() or ".." in path.parts or ":" in info.filename
    if is_link or is_unsafe or any(ord(c) < 32 for c in info.filename):
        detail = ("en genvej", "a link") if is_link else ("en sti ud af mappen", "a path outside")
        raise rejected(
            "F08_unsafe_member_name", file=name, detail_da=detail[0], detail_en=detail[1]
        )


def _is_desktop(filename: str) -> bool:
    return filename.startswith(_DESKTOP[0]) or PurePosixPath(filename).name in _DESKTOP[1:]


def _damaged(name: str) -> DeliveryRejected:
    return rejected(
        "F11_corrupt_file",
        file=name,
        detail_da="zip-indholdet er ikke helt",
        detail_en="the zip content is not whole",
    )
