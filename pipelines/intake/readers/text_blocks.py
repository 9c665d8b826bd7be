"""A large text file in blocks of whole lines: the rules of `encoding`, without the file in memory.

A file that cannot be read is refused as a whole: it is looked over before any line of it is used,
or block by block as it is given out, by who can take back what he was given. Blocks are composed
UTF-8; those that hold nothing but ordinary characters are passed on as the bytes they are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
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

_RARE = re.compile(f"[^{''.join(ORDINARY)}]")
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


class OtherEncodingError(ValueError):
    """A text that was read at sight is not in the encoding in which it began."""


@dataclass
class _Verdict:
    """What the blocks seen so far say of the file as a whole."""

    is_empty: bool = True
    is_binary: bool = False
    has_zero: bool = False
    head: bytes = b""
    evidence: DanishEvidence = field(default_factory=DanishEvidence)


class TextFile:
    """A text file that may be too large for memory.

    Raises (when made; read at sight, while the blocks are taken):
        DeliveryRejected: When the file is empty or binary, or no rule fits its bytes.
    """

    def __init__(
        self, source: IO[bytes], name: str, block_bytes: int, *, at_sight: bool = False
    ) -> None:
        """Open a text.

        Args:
            source: The file; it can be read from any place.
            name: Its name, for the message of a rejection.
            block_bytes: About so many bytes are given out at a time.
            at_sight: Take it for UTF-8 until something else is seen, and give out blocks before
                all have been looked at. Spares reading the file twice.
        """
        self._source = source
        self._name = name
        self._block_bytes = block_bytes
        self._ends: list[int] = []
        """Where each block ends; the file is cut where it was looked over."""
        self.invisible_marks = 0
        """How many were removed from the blocks given out so far."""
        head = self._bytes_at(0, 1 << 12)
        self._at_sight: Iterator[TextBlock] | None = None
        if at_sight and not head.startswith((*_UTF32, *_UTF16)):
            self.encoding = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
            self._at_sight = self._blocks_at_sight()
        else:
            self.encoding = self._look_over(head)

    def blocks(self) -> Iterator[TextBlock]:
        """Give out the text from its beginning; read at sight, once only.

        Raises:
            DeliveryRejected: See the class.
            OtherEncodingError: Read at sight, it turns out to be in another encoding after blocks
                have been given out.
        """
        # not handed on one by one: it would end with whoever took some of them
        return self._at_sight or self._blocks_looked_over()

    def _blocks_looked_over(self) -> Iterator[TextBlock]:
        self.invisible_marks = 0
        for begin, end, odd in zip(self._begins(), self._ends, self._odd, strict=True):
            yield self._block(self._bytes_at(begin, end - begin), odd)

    def finish(self) -> None:
        """Look at the blocks that nobody took, for what they say of the file as a whole.

        Raises:
            DeliveryRejected, OtherEncodingError: See `blocks`.
        """
        for _ in self._at_sight or ():
            pass

    def _block(self, raw: bytes, odd: frozenset[str] | None) -> TextBlock:
        if odd is not None and odd <= {'"', "\r"}:
            data = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if odd & {"\r"} else raw
            return TextBlock(data, odd - {"\r"})
        text, marks = composed(self._decoded(raw))
        self.invisible_marks += marks
        rare = {c for c in set(text) if c == '"' or not (c.isascii() or c in ORDINARY)}
        return TextBlock(text.encode("utf-8"), frozenset(rare))

    def _blocks_at_sight(self) -> Iterator[TextBlock]:
        """Look at each block and give it out, as long as it is UTF-8."""
        verdict = _Verdict()
        self._odd: list[frozenset[str] | None] = []
        is_first = True
        for raw in self._cut_blocks():
            try:
                self._look_at(raw, verdict)
            except _NotUtf8Error:
                if self.encoding == "utf-8-sig":
                    raise _invalid(self._name, self.encoding) from None
                if not is_first:
                    raise OtherEncodingError from None
                break
            yield self._block(raw, self._odd.pop())
            is_first = False
        else:
            self._conclude(verdict)
            return
        self.encoding = self._look_over(self._bytes_at(0, 1 << 12))
        yield from self._blocks_looked_over()

    def _look_over(self, head: bytes) -> str:
        """Find the encoding, and refuse what cannot be read."""
        if head.startswith(_UTF32):
            raise unreadable(self._name, "UTF-32", "UTF-32")
        if head.startswith(_UTF16):
            self._try("utf-16")
            return "utf-16"
        if head.startswith(codecs.BOM_UTF8):
            self._try("utf-8-sig")
            return "utf-8-sig"
        with suppress(_NotUtf8Error):
            self._try("utf-8")
            return "utf-8"
        self._try("cp1252")
        return "cp1252"

    def _try(self, encoding: str) -> None:
        """Read the whole file in an encoding.

        Raises:
            _NotUtf8Error: It is not UTF-8 and did not say that it is.
            DeliveryRejected: Whatever is wrong can be told from the sender's file.
        """
        self.encoding = encoding
        verdict = _Verdict()
        refusal: Exception | None = None
        self._odd = []
        for raw in self._cut_blocks():
            try:
                self._look_at(raw, verdict)
            except (UnicodeDecodeError, _NotUtf8Error) as error:
                refusal = refusal or error
        self._conclude(verdict, refusal)

    def _look_at(self, raw: bytes, verdict: _Verdict) -> None:
        """Note what a block says of the file; raises where it is not in the encoding."""
        verdict.head = verdict.head or raw[: 1 << 12]
        verdict.is_empty = verdict.is_empty and not raw.strip()
        odd = _odd(raw) if self.encoding.startswith("utf-8") else None
        self._odd.append(odd)
        if self.encoding != "utf-16" and ("\0" in odd if odd is not None else b"\0" in raw):
            verdict.has_zero = True
        verdict.is_binary = self._check(raw, odd, verdict.evidence) or verdict.is_binary

    def _conclude(self, verdict: _Verdict, refusal: Exception | None = None) -> None:
        """Refuse a file that cannot be used, all blocks seen."""
        if verdict.is_empty:
            raise rejected("F02_empty_file", file=self._name)
        if verdict.has_zero and self.encoding != "utf-8-sig":
            raise zero_bytes(verdict.head, self._name)
        if refusal is not None:
            is_guess = self.encoding == "utf-8"
            raise _NotUtf8Error if is_guess else _invalid(self._name, self.encoding)
        if self.encoding == "cp1252" and not verdict.evidence.is_danish:
            raise not_danish(self._name)
        if verdict.is_binary:
            raise rejected("F24_binary_content", file=self._name)

    def _check(self, raw: bytes, odd: frozenset[str] | None, evidence: DanishEvidence) -> bool:
        """Whether a block holds control characters; raises where it is not in the encoding."""
        if self.encoding.startswith("utf-8"):
            if not _is_utf8(raw):
                raise _NotUtf8Error
            return odd is None or not odd.isdisjoint(CONTROL_CHARACTERS)
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
        found = raw.translate(None, _PLAIN_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        return None
    # to look for one is four times as fast as to gather all, and mostly there is none
    return frozenset(set(found) - ORDINARY) if _RARE.search(found) else frozenset()


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
