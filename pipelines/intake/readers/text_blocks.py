"""A large text file in blocks of whole lines: the rules of `encoding`, without the file in memory.

The file is looked over once before any line of it is used, so that one that cannot be read is
refused as a whole; then it is given out in blocks as composed UTF-8. Blocks that hold nothing but
ordinary characters are passed on as the bytes they are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa

from pipelines.intake.findings import DeliveryRejected, rejected
from pipelines.intake.readers.encoding import (
    CONTROL_CHARACTERS,
    DANISH_LETTERS,
    DanishEvidence,
    composed,
    not_danish,
    unreadable,
    zero_bytes,
)

ORDINARY = DANISH_LETTERS | frozenset("éÉäÄöÖüÜ–—§")
"""Characters beyond ASCII that are composed, visible, and never the trace of a wrong character set,
alone or beside each other. Others are looked at one by one."""

_PLAIN_BYTES = bytes(c for c in range(128) if (32 <= c < 127 and c != ord('"')) or c in b"\t\n")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True)
class TextBlock:
    """Whole lines as composed UTF-8, each ending a newline but perhaps the file's last.

    `odd` are the characters in it that a line may have to be looked at for: quotation marks, and
    all that is not ordinary.
    """

    data: bytes
    odd: frozenset[str]


class TextFile:
    """A text file that may be too large for memory.

    Raises (when made):
        DeliveryRejected: When the file is empty or binary, or no rule fits its bytes.
    """

    def __init__(self, source: IO[bytes], name: str, block_bytes: int) -> None:
        self._source = source
        self._name = name
        self._block_bytes = block_bytes
        self._ends: list[int] = []
        """Where each block ends; the file is cut where it was looked over."""
        self.invisible_marks = 0
        """How many were removed from the blocks given out so far."""
        self.encoding = self._look_over()

    def blocks(self) -> Iterator[TextBlock]:
        """Give out the text from its beginning."""
        self.invisible_marks = 0
        for begin, end, odd in zip(self._begins(), self._ends, self._odd, strict=True):
            raw = self._bytes_at(begin, end - begin)
            if odd is not None and odd <= {'"', "\r"}:
                data = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if odd & {"\r"} else raw
                yield TextBlock(data, odd - {"\r"})
                continue
            text, marks = composed(self._decoded(raw))
            self.invisible_marks += marks
            rare = {c for c in set(text) if c == '"' or not (c.isascii() or c in ORDINARY)}
            yield TextBlock(text.encode("utf-8"), frozenset(rare))

    def _look_over(self) -> str:
        """Find the encoding, and refuse what cannot be read."""
        head = self._bytes_at(0, 1 << 12)
        if head.startswith(_UTF32):
            raise unreadable(self._name, "UTF-32", "UTF-32")
        if head.startswith(_UTF16):
            self._try("utf-16")
            return "utf-16"
        if head.startswith(codecs.BOM_UTF8):
            self._try("utf-8-sig")
            return "utf-8-sig"
        try:
            self._try("utf-8")
        except _NotUtf8Error:
            self._try("cp1252")
            return "cp1252"
        return "utf-8"

    def _try(self, encoding: str) -> None:
        """Read the whole file in an encoding.

        Raises:
            _NotUtf8Error: It is not UTF-8 and did not say that it is.
            DeliveryRejected: Whatever is wrong can be told from the sender's file.
        """
        self.encoding = encoding
        evidence = DanishEvidence()
        is_empty, is_binary, head, has_zero = True, False, b"", False
        refusal: Exception | None = None
        self._odd: list[frozenset[str] | None] = []
        for raw in self._cut_blocks():
            head = head or raw[: 1 << 12]
            is_empty = is_empty and not raw.strip()
            has_zero = has_zero or (encoding != "utf-16" and b"\0" in raw)
            try:
                is_binary = self._check(raw, evidence) or is_binary
            except (UnicodeDecodeError, _NotUtf8Error) as error:
                refusal = refusal or error
        if is_empty:
            raise rejected("F02_empty_file", file=self._name)
        if has_zero and encoding != "utf-8-sig":
            raise zero_bytes(head, self._name)
        if refusal is not None:
            raise _NotUtf8Error if encoding == "utf-8" else _invalid(self._name, encoding)
        if encoding == "cp1252" and not evidence.is_danish:
            raise not_danish(self._name)
        if is_binary:
            raise rejected("F24_binary_content", file=self._name)

    def _check(self, raw: bytes, evidence: DanishEvidence) -> bool:
        """Whether a block holds control characters; raises where it is not in the encoding."""
        if self.encoding.startswith("utf-8"):
            odd = _odd(raw)
            self._odd.append(odd)
            if not _is_utf8(raw):
                raise _NotUtf8Error
            return odd is None or not odd.isdisjoint(CONTROL_CHARACTERS)
        self._odd.append(None)
        text = self._decoded(raw)
        if self.encoding == "cp1252":
            evidence.add(text)
        return not CONTROL_CHARACTERS.isdisjoint(text)

    def _decoded(self, raw: bytes) -> str:
        if self.encoding == "utf-16":
            return raw.decode(self._utf16)
        return raw.decode("utf-8" if self.encoding == "utf-8-sig" else self.encoding)

    def _cut_blocks(self) -> Iterator[bytes]:
        """The file's bytes after its mark, cut after a line's end."""
        self._utf16 = "utf-16-le" if self._bytes_at(0, 2) == codecs.BOM_UTF16_LE else "utf-16-be"
        self._ends = []
        begin = self._first_byte
        wanted = self._block_bytes
        while data := self._bytes_at(begin, wanted):
            is_last = len(data) < wanted
            end = len(data) if is_last else self._last_line_end(data)
            if not end:
                wanted *= 2  # a line without end is not read anew with every block
                continue
            begin, wanted = begin + end, self._block_bytes
            self._ends.append(begin)
            yield data if end == len(data) else data[:end]

    def _begins(self) -> Iterator[int]:
        yield self._first_byte
        yield from self._ends[:-1]

    @property
    def _first_byte(self) -> int:
        """Where the text begins, after the mark of its encoding."""
        return {"utf-8-sig": 3, "utf-16": 2}.get(self.encoding, 0)

    def _bytes_at(self, begin: int, count: int) -> bytes:
        """So many bytes from a place on; fewer only where the file ends."""
        self._source.seek(begin)
        data = self._source.read(count)
        while len(data) < count and (more := self._source.read(count - len(data))):
            data += more
        return data

    def _last_line_end(self, data: bytes) -> int:
        """Where the last whole line of a block ends; a lone return counts where it must."""
        if self.encoding != "utf-16":
            at = data.rfind(b"\n")
            # the return at the very end may be half of a line's end
            return at + 1 if at >= 0 else data.rfind(b"\r", 0, len(data) - 1) + 1
        units = np.frombuffer(data, "<u2" if self._utf16 == "utf-16-le" else ">u2", len(data) // 2)
        ends = np.flatnonzero(units == ord("\n"))
        if not len(ends):
            ends = np.flatnonzero(units[:-1] == ord("\r"))
        return 2 * (int(ends[-1]) + 1) if len(ends) else 0


class _NotUtf8Error(ValueError):
    """The bytes are not UTF-8."""


def _odd(raw: bytes) -> frozenset[str] | None:
    """The characters of a block that are not ordinary; None where its bytes are not UTF-8."""
    try:
        found = set(raw.translate(None, _PLAIN_BYTES).decode("utf-8"))
    except UnicodeDecodeError:
        return None
    return frozenset(found - ORDINARY)


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8; several times as fast as decoding them."""
    offsets = pa.py_buffer(np.array([0, len(raw)], np.int32))
    text = pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(raw)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _invalid(name: str, encoding: str) -> DeliveryRejected:
    codec = encoding.removesuffix("-sig")
    return unreadable(name, f"ugyldige tegn i {codec}", f"invalid {codec}")
