"""Files as they lie in the archive: compressed (zstd), then encrypted (age), streamed both ways.

Compressing comes first, since encrypting costs more a byte. Nothing here ever writes plaintext;
the hash is always that of the plaintext, taken on the way.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from pipelines.durable import CHUNK_BYTES, standing_still

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
        ThreadPoolExecutor(1) as hasher,
    ):
        given, taken = _Compressing(reader, hasher), _Writing(sink)
        try:
            pyrage.encrypt_io(given, taken, [recipient])
        except (pyrage.EncryptError, OSError) as error:
            # pyrage tells a full disk in words of its own: who has to act needs the errno
            raise given.failure or taken.failure or error from None
        sink.flush()
        os.fchmod(sink.fileno(), mode)
        os.fsync(sink.fileno())
    return given.digest.hexdigest(), given.total


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


class _Compressing:
    """A file that pyrage reads: the source, hashed and compressed as it is asked for."""

    def __init__(self, source: IO[bytes], hasher: ThreadPoolExecutor) -> None:
        import pyarrow as pa

        self.digest = hashlib.sha256()
        self.total = 0
        self.failure: Exception | None = None
        self._source = source
        self._hasher = hasher
        self._ready: deque[bytes] = deque()
        self._offset = 0
        self._compressor: Any = pa.CompressedOutputStream(_Appending(self._ready), "zstd")

    def read(self, size: int = -1) -> bytes:
        """Give up to `size` compressed bytes; none when all is read."""
        try:
            while not self._ready and not self._compressor.closed:
                self._compress_next()
        except Exception as error:
            self.failure = error
            raise
        if not self._ready:
            return b""
        first = self._ready[0]
        part = first[self._offset : self._offset + size if size >= 0 else None]
        self._offset += len(part)
        if self._offset >= len(first):
            self._ready.popleft()
            self._offset = 0
        return part

    def _compress_next(self) -> None:
        chunk = self._source.read(CHUNK_BYTES)
        if not chunk:
            self._compressor.close()
            return
        # hashing lets go of the interpreter: it costs nothing beside the compressing
        hashed = self._hasher.submit(self.digest.update, chunk)
        self._compressor.write(chunk)
        self.total += len(chunk)
        hashed.result()


class _Appending(io.RawIOBase):
    """A file that keeps what is written in a queue."""

    def __init__(self, parts: deque[bytes]) -> None:
        self._parts = parts

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if size := len(data):
            self._parts.append(bytes(data))
        return size


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
    return io.BufferedReader(_Decrypted(source, identity, sha256, size), 1 << 20)


class _Decrypted(io.RawIOBase):
    """Decrypts in a thread into a pipe, and decompresses and hashes what comes out of it."""

    def __init__(self, source: Path, identity: Identity, sha256: str, size: int) -> None:
        import pyarrow as pa

        self._wanted = (sha256, size)
        self._digest = hashlib.sha256()
        self._size = 0
        self._failure: Exception | None = None
        ends = os.pipe()
        self._pipe: IO[bytes] = os.fdopen(ends[0], "rb", buffering=1 << 16)
        self._worker = threading.Thread(
            target=self._decrypt, args=(source, identity, os.fdopen(ends[1], "wb")), daemon=True
        )
        self._worker.start()
        self._plain: Any = pa.CompressedInputStream(self._pipe, "zstd")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            count = int(self._plain.readinto(view))
        except OSError as error:
            raise self._damage() from (self._failure or error)
        if count:
            self._digest.update(view[:count])
            self._size += count
        elif len(view):
            self._verify()
        return count

    def close(self) -> None:
        if not self.closed:
            self._pipe.close()  # ends the thread, if it is still writing
            self._worker.join()
        super().close()

    def _verify(self) -> None:
        self._worker.join()
        if self._failure or (self._digest.hexdigest(), self._size) != self._wanted:
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
