"""Files in the archive's form: what goes in comes out, damage is noticed, age can read it too."""

from __future__ import annotations

import errno
import hashlib
import io
import random
import resource
import threading
from pathlib import Path

import pyarrow as pa
import pyrage
import pytest

from pipelines.durable import ChangedWhileReadError
from pipelines.privacy.age_stream import (
    DamagedPayloadError,
    blocks_of,
    decrypting,
    encrypt_file,
)

KEY = pyrage.x25519.Identity.generate()
SIZES = (0, 1, 65_535, 65_536, 65_537, 5_000_000)


def bytes_of(size: int) -> bytes:
    """Half of it text that compresses, half of it noise."""
    text = b"2011-0142;Eksempelparken;Odense\n" * (size // 64 + 1)
    return (text[: size // 2] + random.Random(size).randbytes(size))[:size]


def stored(folder: Path, data: bytes) -> tuple[Path, str, int]:
    source, target = folder / "plain", folder / "stored"
    source.write_bytes(data)
    digest, size = encrypt_file(source, target, KEY.to_public())
    assert (digest, size) == (hashlib.sha256(data).hexdigest(), len(data))
    return target, digest, size


@pytest.mark.parametrize("size", SIZES)
def test_round_trip(tmp_path: Path, size: int) -> None:
    data = bytes_of(size)
    path, digest, size = stored(tmp_path, data)
    with decrypting(path, KEY, sha256=digest, size=size) as stream:
        assert stream.read() == data
        assert stream.read() == b""


@pytest.mark.parametrize("size", SIZES)
def test_block_by_block_it_is_the_same(tmp_path: Path, size: int) -> None:
    data = bytes_of(size)
    path, digest, size = stored(tmp_path, data)
    with decrypting(path, KEY, sha256=digest, size=size) as stream:
        # a block is gone when the next is asked for
        assert b"".join(bytes(block) for block in blocks_of(stream)) == data
    with (
        decrypting(path, KEY, sha256="0" * 64, size=size) as stream,
        pytest.raises(DamagedPayloadError),
    ):
        for _ in blocks_of(stream):
            pass


def test_a_plain_file_is_given_out_block_by_block_as_well() -> None:
    data = bytes_of(5_000_000)
    assert b"".join(bytes(block) for block in blocks_of(io.BytesIO(data))) == data


def test_age_and_zstd_alone_can_read_it(tmp_path: Path) -> None:
    data = bytes_of(300_000)
    path, *_ = stored(tmp_path, data)
    compressed = pyrage.decrypt(path.read_bytes(), [KEY])
    assert pa.CompressedInputStream(io.BytesIO(compressed), "zstd").read() == data


def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    path, digest, size = stored(tmp_path, b"kode;navn\n101;K\xf8benhavn\n" * 100)
    assert b"navn" not in path.read_bytes()
    other = pyrage.x25519.Identity.generate()
    with (
        decrypting(path, other, sha256=digest, size=size) as stream,
        pytest.raises(DamagedPayloadError),
    ):
        stream.read()


@pytest.mark.parametrize("size", [40, 300_000])
@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "empty", "header"])
def test_damage_is_found(tmp_path: Path, size: int, damage: str) -> None:
    path, digest, size = stored(tmp_path, bytes_of(size))
    data = path.read_bytes()
    flipped = bytearray(data)
    flipped[-30] ^= 1
    changed = {
        "flip": bytes(flipped),
        "cut": data[:-17],
        "longer": data + b"x",
        "empty": b"",
        "header": b"X" + data[1:],
    }
    path.write_bytes(changed[damage])
    with (
        decrypting(path, KEY, sha256=digest, size=size) as stream,
        pytest.raises(DamagedPayloadError),
    ):
        stream.read()


def test_other_bytes_under_the_same_key_are_found(tmp_path: Path) -> None:
    path, _, size = stored(tmp_path, bytes_of(1000))
    with (
        decrypting(path, KEY, sha256="0" * 64, size=size) as stream,
        pytest.raises(DamagedPayloadError),
    ):
        stream.read()


def test_who_stops_early_leaves_nothing_behind(tmp_path: Path) -> None:
    path, digest, size = stored(tmp_path, bytes_of(5_000_000))
    before = threading.active_count()
    with decrypting(path, KEY, sha256=digest, size=size) as stream:
        assert stream.read(10) == bytes_of(5_000_000)[:10]
    assert threading.active_count() == before


def test_a_source_that_changes_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "plain"
    source.write_bytes(bytes_of(100_000))
    encrypt = pyrage.encrypt_io

    def grown_meanwhile(given: object, sink: object, recipients: object) -> None:
        encrypt(given, sink, recipients)
        with source.open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(pyrage, "encrypt_io", grown_meanwhile)
    with pytest.raises(ChangedWhileReadError):
        encrypt_file(source, tmp_path / "stored", KEY.to_public())


def test_what_goes_wrong_in_writing_keeps_its_number(tmp_path: Path) -> None:
    source = tmp_path / "plain"
    source.write_bytes(bytes_of(5_000_000))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limit[1]))
    try:
        with pytest.raises(OSError) as told:
            encrypt_file(source, tmp_path / "stored", KEY.to_public())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert told.value.errno == errno.EFBIG


def test_a_missing_source_leaves_no_target(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        encrypt_file(tmp_path / "none", tmp_path / "stored", KEY.to_public())
    assert not (tmp_path / "stored").exists()
