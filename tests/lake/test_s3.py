"""The lake on S3: an S3-compatible server of the test's own, credentials by environment alone.

Needs s3fs and moto's server, which the development environment has not: `pip install s3fs
'moto[server]'` into it, or into one that has this package.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from shipped_installation import Installation

from pipelines.lake.archive_mirror import bring_back
from pipelines.lake.place import LakeError, Place, place_of
from pipelines.lake.push import problems, push

LACKING = [name for name in ("s3fs", "moto", "flask") if importlib.util.find_spec(name) is None]

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)}"),
]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    name = f"lake-{uuid4().hex}"  # servers of one process know each other's buckets
    place = place_of(f"s3://{name}/monitor")
    place.filesystem.mkdir(name)
    yield place
    # the library keeps connections by their arguments, and the server is of the environment
    place.filesystem.clear_instance_cache()
    server.stop()


def test_pushed_checked_damaged_and_brought_back(
    shipped_copy: Installation, bucket: Place, tmp_path: Path
) -> None:
    first = push(shipped_copy.settings, bucket)
    assert problems(bucket) == []
    assert push(shipped_copy.settings, bucket).new_files == 0
    bring_back(first.generation, bucket, tmp_path / "home")
    ledger = (tmp_path / "home/ledger.jsonl").read_bytes()
    assert ledger == shipped_copy.settings.ledger_path.read_bytes()
    bucket.remove(first.generation.raw[0].file.name)
    assert len(problems(bucket)) == 1


def test_a_bucket_that_is_not_there_is_told(shipped_copy: Installation, bucket: Place) -> None:
    del bucket
    with pytest.raises(LakeError, match="s3://nowhere"):
        push(shipped_copy.settings, place_of("s3://nowhere/monitor"))
