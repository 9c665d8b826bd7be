"""Drawings are made once, and what is kept can be lost, cut short or cleared without harm."""

import os

import pytest

from pipelines.publish.kept_drawings import _MOST_FILES, NOTHING_KEPT, KeptDrawings

SVG = b"<svg>drawn</svg>"


@pytest.fixture
def asked():
    return []


@pytest.fixture
def draw(asked):
    def drawn(source):
        asked.append(source)
        return SVG

    return drawn


def test_a_drawing_is_made_once_for_what_decides_it(tmp_path, asked, draw):
    kept = KeptDrawings(tmp_path / "drawings")
    assert [kept.drawn("svg", "a", draw) for _ in range(3)] == [SVG] * 3
    kept.drawn("svg", "b", draw)
    assert asked == ["a", "b"]
    assert KeptDrawings(tmp_path / "drawings").drawn("svg", "a", draw) == SVG
    assert asked == ["a", "b"]


def test_a_damaged_drawing_is_made_again(tmp_path, asked, draw):
    kept = KeptDrawings(tmp_path)
    kept.drawn("svg", "a", draw)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (whole[:-3], whole.replace(b"drawn", b"drown"), b""):
        file.write_bytes(damaged)
        assert kept.drawn("svg", "a", draw) == SVG
        assert file.read_bytes() == whole
    assert asked == ["a"] * 4


def test_without_a_folder_everything_is_drawn(asked, draw):
    assert NOTHING_KEPT.drawn("svg", "a", draw) == NOTHING_KEPT.drawn("svg", "a", draw) == SVG
    assert asked == ["a", "a"]
    NOTHING_KEPT.thin_out()


def test_the_oldest_go_first_when_there_are_too_many(tmp_path):
    for age in range(_MOST_FILES + 3):
        file = tmp_path / f"{age}.svg"
        file.write_bytes(SVG)
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    KeptDrawings(tmp_path).thin_out()
    left = {file.stem for file in tmp_path.iterdir()}
    assert left == {str(age) for age in range(_MOST_FILES)}
