"""The child that streams a large text: whatever it meets or does, the caller gets a reason."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers import delimited_stream, safe_parse
from pipelines.intake.readers.delimited_stream import stream_delimited
from pipelines.intake.readers.safe_parse import Limits, ReaderError

pytestmark = pytest.mark.slow

REQUIRED = {"case_number": ("Sagsnr",), "plan_name": ("Helhedsplan",)}
HEADING = b"Sagsnr;Helhedsplan\n"
LIMITS = Limits(wall_seconds=20.0, memory_bytes=768 << 20)


def rows_of(path: Path, limits: Limits, name: str = "a.csv") -> int:
    """Read a file to its end."""
    columns = list(REQUIRED)
    with stream_delimited(path, name, REQUIRED, REQUIRED, columns, limits) as stream:
        return sum(batch.num_rows for batches, _ in stream.chunks() for batch in batches)


def test_many_rows_need_no_more_memory_than_few(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(HEADING + b"2011-0001;Parken\n" * 1_000_000)
    assert rows_of(path, LIMITS) == 1_000_000


def test_a_line_without_end_is_a_reason_and_not_a_full_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv"
    with path.open("wb") as file:
        file.write(HEADING + b"2011-0001;")
        for _ in range(400):
            file.write(b"x" * (1 << 20))
    with pytest.raises(DeliveryRejected) as refusal:
        rows_of(path, LIMITS)
    assert refusal.value.rule == "F12_parse_limits"


@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ("hangs at once", "F12_parse_limits"),
        ("hangs half way", "F12_parse_limits"),
        ("is killed", "F12_parse_limits"),
        ("crashes", "F13_parser_crashed"),
        ("ends without saying so", "F13_parser_crashed"),
        ("answers nonsense", "F13_parser_crashed"),
        ("makes up a rule", "F13_parser_crashed"),
        ("points beyond its cells", "F13_parser_crashed"),
    ],
)
def test_a_child_that_goes_wrong_is_a_reason(
    what: str, rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
    monkeypatch.setattr(safe_parse, "_START", start + safe_parse._START)
    monkeypatch.setattr(delimited_stream, "_CHILD", "stream_gone_wrong")
    path = tmp_path / "a.csv"
    path.write_bytes(HEADING)
    with pytest.raises(DeliveryRejected) as refusal:
        rows_of(path, Limits(wall_seconds=1.0 if "hangs" in what else 60.0), name=what)
    assert refusal.value.rule == rule
    assert refusal.value.file == what


def test_a_child_that_is_stopped_with_the_service_says_nothing_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
    monkeypatch.setattr(safe_parse, "_START", start + safe_parse._START)
    monkeypatch.setattr(delimited_stream, "_CHILD", "stream_gone_wrong")
    path = tmp_path / "a.csv"
    path.write_bytes(HEADING)
    with pytest.raises(ReaderError):
        rows_of(path, LIMITS, name="is told to stop")


def test_a_child_that_waits_for_others_has_no_more_time_of_its_own() -> None:
    asked = (
        "import resource, signal; from pipelines.intake.readers.safe_parse_child import limit; "
        "limit(50, 1 << 31, 1 << 31, patience=4); "
        "print(signal.getitimer(signal.ITIMER_REAL)[0], *resource.getrlimit(resource.RLIMIT_CPU))"
    )
    told = subprocess.run([sys.executable, "-c", asked], stdout=subprocess.PIPE, check=True).stdout
    wall, cpu, most = map(float, told.split())
    # 50 seconds of work, and the second or so for the interpreter's start
    assert 190 < wall <= 200
    assert 50 < cpu < most < 60


def test_a_caller_that_gives_up_leaves_no_thread_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited_stream, "BLOCK_BYTES", 1000)
    monkeypatch.setattr(delimited_stream, "CHUNK_ROWS", 10)
    path = tmp_path / "many.csv"
    path.write_bytes(HEADING + b"2011-0001;Parken\n" * 10_000)
    before = set(threading.enumerate())
    with stream_delimited(path, "a.csv", REQUIRED, REQUIRED, list(REQUIRED), LIMITS) as stream:
        chunks = stream.chunks()
        next(chunks)
        (reading,) = set(threading.enumerate()) - before
    del chunks, stream
    reading.join(timeout=60)
    assert not reading.is_alive()
