"""One place on object storage, or anything else fsspec knows by URL: reading and writing objects.

Which objects there are is not decided here. Credentials come from the environment alone, as the
storage's own library reads them; a URL that holds some is refused, for URLs end up in logs.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipelines.durable import CHUNK_BYTES, part_sibling, write_replacing

EXAMPLES = "file:///mnt/lake, s3://bucket/monitor"
LIBRARIES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "abfs": "adlfs"}
"""Kind of URL to the library that reads it, where it does not come with this project."""


class LakeError(RuntimeError):
    """The lake cannot be used as asked; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """A folder of objects: names are relative to it, with slashes."""

    url: str
    filesystem: Any
    root: str

    def read(self, name: str) -> bytes | None:
        """An object's bytes; nothing where there is none."""
        with self._told("read", name):
            try:
                data: bytes = self.filesystem.cat_file(self._path(name))
            except FileNotFoundError:
                return None
            return data

    def write(self, name: str, data: bytes) -> None:
        """Write a small object whole: readers see the old one or the new one."""
        with self._told("write", name):
            if self._is_local:
                path = Path(self._path(name))
                path.parent.mkdir(parents=True, exist_ok=True)
                write_replacing(path, data)
            else:
                self.filesystem.pipe_file(self._path(name), data)

    def upload(self, source: Path, name: str) -> None:
        """Copy a file to an object; it appears whole."""
        with self._told("write", name):
            if self._is_local:
                path = Path(self._path(name))
                path.parent.mkdir(parents=True, exist_ok=True)
                part = part_sibling(path)
                self.filesystem.put_file(str(source), str(part))
                part.replace(path)
            else:
                self.filesystem.put_file(str(source), self._path(name))

    def download(self, name: str, target: Path) -> None:
        """Copy an object to a file that is not there yet."""
        with self._told("read", name):
            target.parent.mkdir(parents=True, exist_ok=True)
            self.filesystem.get_file(self._path(name), str(target))

    def size(self, name: str) -> int | None:
        """An object's size; nothing where there is none."""
        with self._told("look for", name):
            try:
                return int(self.filesystem.info(self._path(name))["size"])
            except FileNotFoundError:
                return None

    def sha256(self, name: str) -> str:
        """Hash an object in constant memory, as it is read back."""
        digest = hashlib.sha256()
        with self._told("read", name), self.filesystem.open(self._path(name), "rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
        return digest.hexdigest()

    def remove(self, name: str) -> None:
        """Remove an object; none is fine."""
        with self._told("remove", name):
            try:
                self.filesystem.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def names(self, below: str) -> list[str]:
        """Every object below a folder, sorted."""
        with self._told("list", below):
            start = f"{self.root}/"
            found = self.filesystem.find(self._path(below))
            return sorted(self._relative(str(path), start) for path in found)

    def _relative(self, path: str, start: str) -> str:
        return path[path.index(start) + len(start) :]

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"

    @property
    def _is_local(self) -> bool:
        return "file" in self.filesystem.protocol

    @contextmanager
    def _told(self, doing: str, name: str) -> Iterator[None]:
        """Tell what the storage's library says as an error of ours, without its inner workings."""
        try:
            yield
        except LakeError:
            raise
        except OSError as error:
            if self._is_local and isinstance(error, OSError) and error.errno is not None:
                reason = os.strerror(error.errno)
            else:
                reason = str(error) or type(error).__name__
            raise LakeError(f"cannot {doing} {self.url}/{name}: {reason}") from error
        except Exception as error:  # each storage's library has errors of its own
            kind = type(error).__name__
            raise LakeError(
                f"cannot {doing} {self.url}/{name}: {kind}: {error}. Credentials and endpoint are "
                "read from the environment; docs/scaling.md names the variables"
            ) from error


def place_of(url: str) -> Place:
    """The place that a URL names.

    Raises:
        LakeError: If it names none, holds a secret, or its library is not installed.
    """
    import fsspec

    parts = urlsplit(url)
    if not parts.scheme or not (parts.netloc or parts.path.strip("/")):
        raise LakeError(f"{url!r} is no place; a place is a URL such as {EXAMPLES}")
    if parts.username or parts.password or parts.query:
        raise LakeError(
            "the URL holds a login or a query; credentials are read from the environment only"
        )
    try:
        filesystem, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        library = LIBRARIES.get(parts.scheme, "its fsspec library")
        raise LakeError(
            f"{parts.scheme}:// needs {library}, which is not installed: pip install {library}"
        ) from error
    except ValueError as error:
        raise LakeError(f"{parts.scheme}:// is unknown; a place is such as {EXAMPLES}") from error
    return Place(url.rstrip("/"), filesystem, str(root).rstrip("/"))
