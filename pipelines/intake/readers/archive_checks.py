"""What is checked of a zip container before anything in it is unpacked.

Used for zip deliveries and for the zip inside a workbook or DOCX (there within the child
process). Only the directory is looked at here, so that nothing can blow up before it is refused;
CRCs are checked by whoever reads the members.
"""

from __future__ import annotations

import stat
import zipfile
from pathlib import PurePosixPath
from typing import IO

from pipelines.intake.readers.refusal import Refused

MAX_MEMBERS = 2_000
MAX_TOTAL_BYTES = 2 << 30
MAX_RATIO = 200
_RATIO_MATTERS_FROM_BYTES = 10 << 20
_ENCRYPTED = 0x1
_DRIVE_OR_STREAM = ":"


def most_unpacked(packed: int) -> int:
    """The most bytes that zips of a size together may unpack to without being refused."""
    if not packed:
        return 0
    return min(max(MAX_RATIO * packed, _RATIO_MATTERS_FROM_BYTES), MAX_TOTAL_BYTES)


def open_checked(source: IO[bytes]) -> zipfile.ZipFile:
    """Open a zip and check its directory.

    Raises:
        Refused: not a zip, encrypted, oversized, doubled or unsafe names, links.
    """
    try:
        archive = zipfile.ZipFile(source)
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, OSError, NotImplementedError):
        raise Refused(
            "F11_corrupt_file", detail_da="ugyldig zip-fil", detail_en="invalid zip file"
        ) from None
    check_size(members)
    for member in members:
        check_member(member)
    names = [m.filename.casefold() for m in members if not m.is_dir()]
    if len(set(names)) != len(names):
        raise Refused("F10_duplicate_members")
    return archive


def check_size(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what unpacks to more than any delivery holds, in members, bytes, or ratio."""
    unpacked = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_TOTAL_BYTES:
        raise Refused("F07_oversized_content")
    if unpacked > _RATIO_MATTERS_FROM_BYTES and unpacked > MAX_RATIO * max(packed, 1):
        raise Refused("F07_oversized_content")


def check_member(member: zipfile.ZipInfo) -> None:
    """Refuse an encrypted member, a link or device, and a name that leaves its folder."""
    if member.flag_bits & _ENCRYPTED:
        raise Refused("F06_encrypted")
    mode = member.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused("F08_unsafe_member_name", detail_da="en genvej", detail_en="a link")
    # orig_filename: zipfile itself cuts a name at NUL and turns backslashes on some platforms
    name = member.orig_filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or _DRIVE_OR_STREAM in name:
        raise Refused("F08_unsafe_member_name", detail_da="en sti", detail_en="a path")
    if not name.isprintable() or not path.name:
        raise Refused("F08_unsafe_member_name", detail_da="styretegn", detail_en="control marks")
