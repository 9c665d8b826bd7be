"""Hashing and compressing block by block, in threads beside whoever reads or writes.

Both let go of the interpreter, so a large file keeps all processors busy. What is stored, and how
it is encrypted, is `age_stream`.
"""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, Any, Final, NamedTuple, Self

BLOCK_BYTES: Final = 1 << 20
BLOCKS_AHEAD: Final = 4
"""Blocks that are worked on before somebody asks for them: so much of a file is in memory. The
memory is used again and again, since getting it anew for each block costs as much as hashing."""
COMPRESSORS: Final = 2


class Hashing:
    """The sha256 of blocks and their number of bytes, taken in a thread beside other work."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._size = 0
        self._worker = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, block: memoryview) -> Future[None]:
        """Hash a block after those before it; it must stay as it is until that is done."""
        self._size += len(block)
        return self._worker.submit(self._digest.update, block)

    def result(self) -> tuple[str, int]:
        """The hash of all blocks, and their bytes."""
        return self._worker.submit(self._digest.hexdigest).result(), self._size

    def close(self) -> None:
        """End the thread."""
        self._worker.shutdown(cancel_futures=True)


class _Frame(NamedTuple):
    """A block on its way to a zstd frame, and the memory it stands in."""

    memory: bytearray
    hashed: Future[None]
    compressed: Future[bytes]


class Compressing:
    """A file that pyrage reads: the source, hashed and compressed a few blocks ahead.

    Each block is a zstd frame of its own, so that several are made at a time; a file of many
    frames is one like any other.
    """

    def __init__(self, source: IO[bytes], hashing: Hashing, workers: ThreadPoolExecutor) -> None:
        self.failure: Exception | None = None
        self._source: Any = source
        self._hashing = hashing
        self._workers = workers
        self._frames: deque[_Frame] = deque()
        self._free = [bytearray(BLOCK_BYTES) for _ in range(BLOCKS_AHEAD)]
        self._is_empty, self._is_read = True, False
        self._data = b""
        self._offset = 0

    def read(self, size: int = -1) -> bytes:
        """Give up to `size` compressed bytes; none when all is read."""
        try:
            if self._offset >= len(self._data):
                self._data, self._offset = self._next_frame(), 0
        except Exception as error:
            self.failure = error
            raise
        part = self._data[self._offset : self._offset + size if size >= 0 else None]
        self._offset += len(part)
        return part

    def _next_frame(self) -> bytes:
        while self._free and not self._is_read:
            self._begin_frame(self._free.pop())
        if not self._frames:
            return b""
        frame = self._frames.popleft()
        data = frame.compressed.result()
        frame.hashed.result()
        self._free.append(frame.memory)
        return data

    def _begin_frame(self, memory: bytearray) -> None:
        count = self._source.readinto(memory)
        self._is_read = not count
        if count or self._is_empty:  # an empty file has a frame, too
            block = memoryview(memory)[:count]
            compressed = self._workers.submit(_compressed, block)
            self._frames.append(_Frame(memory, self._hashing.add(block), compressed))
            self._is_empty = False


def _compressed(block: memoryview) -> bytes:
    import pyarrow as pa

    frame: bytes = pa.Codec("zstd").compress(block, asbytes=True)
    return frame
