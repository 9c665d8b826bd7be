"""The zip container of a workbook: some of its parts changed, all others copied as they are.

Writing a part anew means compressing it anew, and a workbook is nearly all sheets that nobody has
to touch. Every date in the container is the same one, so the bytes follow from the content.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_NAME_LENGTHS: Final = struct.Struct("<2H")
_NAME_LENGTHS_AT: Final = 26
_VERSION: Final = 20
_FIRST_OF_1980: Final = (0, 33)
"""Time and date as DOS writes them: the earliest there is."""

Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class _Part:
    """A part as it lies in the container."""

    name: bytes
    checksum: int
    size: int
    packed: bytes


def with_changed(container: bytes, changes: Mapping[str, Change]) -> bytes:
    """Return a container with some parts changed; parts that are not there are not added.

    Args:
        container: A zip file.
        changes: What becomes of a part's content, by the part's name.
    """
    with zipfile.ZipFile(io.BytesIO(container)) as source:
        parts = [
            _packed(info.filename, changes[info.filename](source.read(info)))
            if info.filename in changes
            else _as_it_is(container, info)
            for info in source.infolist()
        ]
    return _written(parts)


def _as_it_is(container: bytes, info: zipfile.ZipInfo) -> _Part:
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError(f"{info.filename} is packed in another way than the others")
    at = info.header_offset
    lengths = _NAME_LENGTHS.unpack_from(container, at + _NAME_LENGTHS_AT)
    begin = at + _LOCAL.size + sum(lengths)
    packed = container[begin : begin + info.compress_size]
    return _Part(info.filename.encode(), info.CRC, info.file_size, packed)


def _packed(name: str, content: bytes) -> _Part:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    return _Part(name.encode(), zlib.crc32(content), len(content), packed)


def _written(parts: list[_Part]) -> bytes:
    buffer, directory = io.BytesIO(), io.BytesIO()
    for part in parts:
        at = buffer.tell()
        about = (
            *(zipfile.ZIP_DEFLATED, *_FIRST_OF_1980),
            *(part.checksum, len(part.packed), part.size),
            *(len(part.name), 0),
        )
        buffer.write(_LOCAL.pack(b"PK\3\4", _VERSION, 0, *about))
        buffer.write(part.name)
        buffer.write(part.packed)
        directory.write(_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, 0, *about, 0, 0, 0, 0, at))
        directory.write(part.name)
    begin, length = buffer.tell(), directory.tell()
    buffer.write(directory.getvalue())
    buffer.write(_END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), length, begin, 0))
    return buffer.getvalue()
