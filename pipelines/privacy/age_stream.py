"""Files as they lie in the archive: compressed (zstd), then encrypted (age), streamed both ways.

Compressing comes first, since encrypting costs more a byte. Nothing here ever writes plaintext;
the hash is always that of the plaintext, taken on the way. Hashing, compressing and encrypting
let go of the interpreter, so each has a thread of its own and a large file all processors.
"""

from __future__ import annotations

import errno
import io
import os
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from pipelines.durable import standing_still
from pipelines.privacy.block_work import (
    BLOCK_BYTES,
    BLOCKS_AHEAD,
    COMPRESSORS,
    Compressing,
    Hashing,
)

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

SCHEME: Final = "zstd+age-x25519"
SUFFIX: Final = ".zst.age"


class DamagedPayloadError(RuntimeError):
    """The stored bytes are not the ones that were received, or cannot be decrypted."""


def encrypt_file(
    source: Path, target: Path, recipient: Recipient, *, mode: int = 0o644
) -> tuple[str, int]:
    """Compress and encrypt a regular file into a new one, and flush it to disk.

    Args:
        source: A regular file; a link is not followed.
        target: Must not exist.
        recipient: Whom to encrypt to.
        mode: Permissions of the new file.

    Returns:
        The sha256 of the plaintext and its number of bytes.

    Raises:
        ChangedWhileReadError: If the source changed between the first byte and the last.
    """
    import pyrage

    with (
        standing_still(source) as reader,
        target.open("xb") as sink,
        Hashing() as hashing,
        ThreadPoolExecutor(COMPRESSORS) as workers,
    ):
        given, taken = Compressing(reader, hashing, workers), _Writing(sink)
        try:
            pyrage.encrypt_io(given, taken, [recipient])
        except (pyrage.EncryptError, OSError) as error:
            # pyrage tells a full disk in words of its own: who has to act needs the errno
            raise given.failure or taken.failure or error from None
        sink.flush()
        os.fchmod(sink.fileno(), mode)
        os.fsync(sink.fileno())
        return hashing.result()


class _Writing:
    """A file that pyrage writes; remembers what went wrong."""

    def __init__(self, sink: IO[bytes]) -> None:
        self.failure: OSError | None = None
        self._sink = sink

    def write(self, data: bytes) -> int:
        """Write all of it."""
        try:
            return self._sink.write(data)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        """Nothing waits here: the file is flushed by whoever opened it."""


def decrypting(source: Path, identity: Identity, *, sha256: str, size: int) -> io.BufferedReader:
    """Open a stored file for reading as it was received; never all of it in memory.

    Reading to the end verifies it: the last read raises where the bytes are not the ones that
    were received. Who stops earlier has read what is authentic (age vouches for every 64 KiB)
    but does not know that it is all.

    Args:
        source: What `encrypt_file` wrote.
        identity: The key of its delivery.
        sha256: The plaintext's hash.
        size: The plaintext's number of bytes.

    Returns:
        A binary stream to be closed by the caller.

    Raises:
        DamagedPayloadError: While reading, if the stored bytes are damaged.
    """
    return io.BufferedReader(_Decrypted(source, identity, sha256, size), BLOCK_BYTES)


def blocks_of(stream: IO[bytes]) -> Iterator[bytes | memoryview]:
    """The rest of a stream that nothing was read from, verified as by reading it.

    For who only passes it on: nothing is copied, and a block is gone when the next is asked for.
    """
    if isinstance(stream, io.BufferedReader) and isinstance(stream.raw, _Decrypted):
        yield from stream.raw.blocks()
        return
    while block := stream.read(BLOCK_BYTES):
        yield block


class _Decrypted(io.RawIOBase):
    """Decrypts in a thread into a pipe; what comes out is decompressed and hashed in others."""

    def __init__(self, source: Path, identity: Identity, sha256: str, size: int) -> None:
        import pyarrow as pa

        self._wanted = (sha256, size)
        self._failure: Exception | None = None
        ends = os.pipe()
        self._pipe: IO[bytes] = os.fdopen(ends[0], "rb", buffering=1 << 16)
        self._decrypter = threading.Thread(
            target=self._decrypt, args=(source, identity, os.fdopen(ends[1], "wb")), daemon=True
        )
        self._decrypter.start()
        self._plain: Any = pa.CompressedInputStream(self._pipe, "zstd")
        self._hashing = Hashing()
        self._decompressor = ThreadPoolExecutor(1)
        self._blocks: deque[Future[memoryview]] = deque()
        for _ in range(BLOCKS_AHEAD):
            self._begin_block(memoryview(bytearray(BLOCK_BYTES)))
        self._block = memoryview(b"")
        self._hashed: Future[None] | None = None
        self._offset = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        if not len(view):
            return 0
        if self._offset >= len(self._block):
            self._next_block()
        part = self._block[self._offset : self._offset + len(view)]
        if not part:
            self._verify()
        view[: len(part)] = part
        self._offset += len(part)
        return len(part)

    def blocks(self) -> Iterator[memoryview]:
        """Give out the bytes where they are; after the last one they are verified."""
        self._next_block()
        while self._block:
            yield self._block
            self._next_block()
        self._verify()

    def close(self) -> None:
        if not self.closed:
            self._decompressor.shutdown(cancel_futures=True)
            self._hashing.close()
            self._pipe.close()  # ends the thread, if it is still writing
            self._decrypter.join()
        super().close()

    def _begin_block(self, memory: memoryview) -> None:
        self._blocks.append(self._decompressor.submit(self._read_into, memory))

    def _read_into(self, memory: memoryview) -> memoryview:
        return memory[: self._plain.readinto(memory)]

    def _next_block(self) -> None:
        """Go on to the next bytes; at the end there are none, now and ever after."""
        if self._hashed is not None:
            self._hashed.result()
            self._begin_block(memoryview(self._block.obj))
        self._block, self._hashed, self._offset = memoryview(b""), None, 0
        if not self._blocks:
            return
        try:
            self._block = self._blocks.popleft().result()
        except OSError as error:
            self._blocks.clear()
            raise self._damage() from (self._failure or error)
        if self._block:
            self._hashed = self._hashing.add(self._block)
        else:
            self._blocks.clear()

    def _verify(self) -> None:
        self._decrypter.join()
        if self._failure or self._hashing.result() != self._wanted:
            raise self._damage() from self._failure

    def _damage(self) -> DamagedPayloadError:
        return DamagedPayloadError("the stored bytes are not the ones that were received")

    def _decrypt(self, source: Path, identity: Identity, pipe: IO[bytes]) -> None:
        import pyrage

        try:
            with pipe, source.open("rb") as stored:
                pyrage.decrypt_io(stored, pipe, [identity])
        except (pyrage.DecryptError, OSError) as error:
            if getattr(error, "errno", None) != errno.EPIPE:
                self._failure = error
