"""The folder for decrypted files: private, gone afterwards, swept after a kill and not before."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.privacy import work_folder as module
from pipelines.privacy.work_folder import sweep_work_folders, unnamed_file, work_folder


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "shm"
    folder.mkdir()
    monkeypatch.setattr(module, "MEMORY", folder)
    yield folder


def held(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name != ".lock"]


def test_private_and_gone_afterwards(memory: Path, tmp_path: Path) -> None:
    with work_folder(tmp_path / "work", 100) as folder:
        assert folder.is_relative_to(memory)
        assert {stat.S_IMODE(p.stat().st_mode) for p in (folder, folder.parent)} == {0o700}
        (folder / "a.csv").write_text("a")
    assert held(memory) == held(tmp_path / "work") == []


def test_what_has_no_room_in_memory_is_on_disk(memory: Path, tmp_path: Path) -> None:
    with work_folder(tmp_path / "work", 1 << 60) as folder:
        assert folder.is_relative_to(tmp_path / "work")
        assert held(memory) == []
    assert held(tmp_path / "work") == []


def test_no_memory_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY", tmp_path / "none")
    with work_folder(tmp_path / "work", 1) as folder:
        assert folder.is_relative_to(tmp_path / "work")
    assert sweep_work_folders(tmp_path / "work") == 0


@pytest.mark.parametrize(("most", "in_memory"), [(100, True), (1 << 60, False)])
def test_a_file_without_a_name_is_in_memory_where_that_has_room(
    memory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, in_memory: bool
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    with unnamed_file(most) as file:
        place = Path(f"/proc/self/fd/{file.fileno()}").readlink()
        assert place.parent == (memory if in_memory else disk)
        assert list(memory.iterdir()) == list(disk.iterdir()) == []


def test_gone_after_an_error(memory: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError), work_folder(tmp_path / "work", 1) as folder:
        (folder / "a.csv").write_text("a")
        raise ValueError
    assert held(memory) == []


@pytest.mark.parametrize("size", [1, 1 << 60])
def test_only_what_a_killed_process_left_is_swept(memory: Path, tmp_path: Path, size: int) -> None:
    work = tmp_path / "work"
    (memory / "somebody-elses").mkdir()
    child = os.fork()
    if child == 0:
        with work_folder(work, size) as folder:
            (folder / "a.csv").write_text("a")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with work_folder(work, size) as folder:
        assert len(held(memory)) + len(held(work)) == 3
        assert sweep_work_folders(work) == 1
        assert folder.is_dir()
        assert sweep_work_folders(tmp_path / "another") == 0
    assert held(memory) == ["somebody-elses"] and held(work) == []
