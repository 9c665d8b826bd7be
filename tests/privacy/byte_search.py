"""Look for words in every byte below a folder, also where they are encoded or packed.

Plain, UTF-16, base64 and hex; inside zip (so also XLSX and DOCX), gzip, zlib and zstd; and row by
row in DuckDB, SQLite and Parquet, whose blocks may cut a word in two.
"""

from __future__ import annotations

import base64
import gzip
import io
import re
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x28\xb5\x2f\xfd|\x1f\x8b\x08")
_DEPTH = 4


class ByteSearch:
    """Some ASCII words, ready to be looked for."""

    def __init__(self, words: Iterable[str]) -> None:
        listed = sorted(words)
        self._forms = [form.lower() for word in listed for form in _plain(word)]
        self._coded_forms = [form for word in listed for form in _base64(word)]
        self._plain = re.compile(b"|".join(map(re.escape, self._forms)), re.IGNORECASE)
        self._coded = re.compile(b"|".join(map(re.escape, self._coded_forms)))

    def in_files(self, paths: Iterable[Path]) -> list[str]:
        """Every hit in some files and in their names: `path (layer): surroundings`."""
        hits = []
        for path in sorted(paths):
            hits += [f"{path} (name)" for _ in self._hits(str(path).encode())]
            if path.is_file() and not path.is_symlink():
                hits += self.in_data(path.read_bytes(), str(path))
                hits += [f"{path} (rows): {h}" for text in _rows(path) for h in self._hits(text)]
        return hits

    def in_data(self, data: bytes, where: str) -> list[str]:
        """Every hit in some bytes and in what is packed in them."""
        return [
            f"{where} ({layer}): {hit}" for layer, b in _layers(data, 0) for hit in self._hits(b)
        ]

    def _hits(self, data: bytes) -> Iterator[str]:
        lowered = data.lower()
        # looking for one form after the other takes half as long as for all at once
        for forms, among, pattern in (
            (self._forms, lowered, self._plain),
            (self._coded_forms, data, self._coded),
        ):
            if any(form in among for form in forms):
                for found in pattern.finditer(data):
                    yield repr(data[max(0, found.start() - 60) : found.end() + 60])


def _plain(word: str) -> tuple[bytes, ...]:
    text = word.encode("ascii")
    return text, word.encode("utf-16-le"), word.encode("utf-16-be"), text.hex().encode()


def _base64(word: str) -> Iterator[bytes]:
    """The word as it stands in base64, at each of the three places in a group."""
    for data in (word.encode("ascii"), word.encode("utf-16-le")):
        for before in range(3):
            encoded = base64.b64encode(b"\0" * before + data)
            first = (before * 4 + 2) // 3
            whole = (before + len(data)) * 8 // 6
            yield encoded[first:whole]


def _layers(data: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    yield "bytes", data
    if depth == _DEPTH:
        return
    if data[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    for layer, inner in _layers(archive.read(name), depth + 1):
                        yield f"{name}/{layer}", inner
        except (zipfile.BadZipFile, RuntimeError, zlib.error):
            pass
        return
    for place in _PACKED.finditer(data):
        inner = _unpacked(data[place.start() :], place.group())
        if len(inner) > 8:
            for layer, more in _layers(inner, depth + 1):
                yield f"packed at {place.start()}/{layer}", more


def _unpacked(data: bytes, magic: bytes) -> bytes:
    try:
        if magic == b"\x28\xb5\x2f\xfd":
            return bytes(pa.CompressedInputStream(io.BytesIO(data), "zstd").read())
        if magic == b"\x1f\x8b\x08":
            return gzip.decompress(data)
        return zlib.decompressobj().decompress(data)
    except (OSError, EOFError, zlib.error, pa.ArrowException):
        return b""


def _rows(path: Path) -> Iterator[bytes]:
    head = path.open("rb").read(16)
    if head[8:12] == b"DUCK":
        yield from _duckdb(path)
    elif head == b"SQLite format 3\0":
        yield from _sqlite(path)
    elif head[:4] == b"PAR1":
        yield str(pq.read_table(path).to_pylist()).encode()


def _duckdb(path: Path) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(path.read_bytes())
        with duckdb.connect(str(copy), read_only=True) as con:
            yield str(con.execute("select sql, comment from duckdb_views()").fetchall()).encode()
            yield str(con.execute("select comment from duckdb_columns()").fetchall()).encode()
            for schema, table in con.execute(
                "select schema_name, table_name from duckdb_tables()"
            ).fetchall():
                rows = con.execute(f'from "{schema}"."{table}"').fetchall()
                yield f"{schema}.{table}: {rows}".encode()


def _sqlite(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as con:
        con.text_factory = bytes
        tables = con.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in tables:
            for row in con.execute(f'select * from "{name.decode()}"'):
                yield b"|".join(c if isinstance(c, bytes) else str(c).encode() for c in row)
