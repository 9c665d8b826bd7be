"""Cubes and the places of notes in them."""

import dataclasses

import pytest

from pipelines.publish.formats.all_files import machine_files
from pipelines.publish.formats.cube import Hole, cubes_of
from pipelines.publish.formats.facts import UnsafeNameError, data_date, file_stem
from pipelines.publish.formats.places import widest
from pipelines.publish.model import ReleasedCell


def indicator(release, indicator_id):
    return next(i for i in release.indicators if i.indicator_id == indicator_id)


def test_each_cell_is_in_one_slot_and_the_cube_is_full(release):
    for item in release.published_indicators():
        (cube,) = cubes_of(release, item)
        cells = [slot for slot in cube.slots if isinstance(slot, ReleasedCell)]
        assert sorted(c.cell_id for c in cells) == sorted(
            c.cell_id for c in release.cells_of(item.indicator_id)
        )
        assert len(cube.slots) == len(cube.keys)


def test_same_words_are_told_apart(release):
    cells = tuple(
        dataclasses.replace(c, category_label_da="Ens", category_label_en="Same")
        for c in release.cells_of("I03")
    )
    changed = dataclasses.replace(release, cells=cells)
    (cube,) = cubes_of(changed, indicator(changed, "I03"))
    categories = cube.dimensions[1]
    assert len(categories.codes) > 1
    assert categories.labels["da"] == tuple(f"Ens ({code})" for code in categories.codes)


def test_a_withheld_table_hides_only_what_it_would_have_shown(varied):
    (cube,) = cubes_of(varied, indicator(varied, "I06"))
    holes = {
        key: slot for key, slot in zip(cube.keys, cube.slots, strict=True) if isinstance(slot, Hole)
    }
    # by size of 2015: 2 groups, 4 forms, 1 measure
    withheld = [key for key, hole in holes.items() if hole is Hole.WITHHELD and key[3] == "2015"]
    assert len(withheld) == 2 * 4
    assert {key[0] for key in withheld} == {"size.large", "size.small"}
    (cube,) = cubes_of(varied, indicator(varied, "I14"))
    assert not [slot for slot in cube.slots if slot is Hole.WITHHELD]


def test_dates_and_years_are_never_in_one_cube(release):
    years = tuple(
        dataclasses.replace(c, cell_id=f"{c.cell_id}.year", period=c.period[:4])
        for c in release.cells_of("I07")
    )
    both = dataclasses.replace(release, cells=(*release.cells, *years))
    names = sorted(name for name in machine_files(both) if "/I07" in name and "data/" not in name)
    assert names == [
        "jsonstat/I07_aar_syntetisk.da.json",
        "jsonstat/I07_aar_syntetisk.en.json",
        "jsonstat/I07_dato_syntetisk.da.json",
        "jsonstat/I07_dato_syntetisk.en.json",
        "px/I07_aar_syntetisk.px",
        "px/I07_dato_syntetisk.px",
    ]
    by_date, by_year = cubes_of(both, indicator(both, "I07"))
    assert by_date.dimensions[3].codes == ("2015-06-30", "2016-12-31")
    assert by_year.dimensions[3].codes == ("2015", "2016")
    px = machine_files(both)["px/I07_aar_syntetisk.px"].decode()
    assert 'MATRIX="I07_aar"' in px
    assert "pr. kalenderår (SYNTETISKE DATA)" in px


@pytest.mark.parametrize(
    ("noted", "expected"),
    [
        ({"a1", "a2", "b1", "b2"}, {(None, None)}),
        ({"a1", "a2"}, {("a", None)}),
        ({"a2", "b2"}, {(None, "2")}),
        ({"a1"}, {("a", "1")}),
        ({"a1", "b2"}, {("a", "1"), ("b", "2")}),
        ({"a1", "a2", "b1"}, {("a", "1"), ("a", "2"), ("b", "1")}),
    ],
)
def test_notes_get_the_widest_place_that_is_true(noted, expected):
    marks = {(a, b): ["n"] if a + b in noted else [] for a in "ab" for b in "12"}
    assert set(widest("n", marks)) == expected


def test_files_are_named_by_safe_ids_only(release):
    assert file_stem(release, "I14") == "I14"
    assert file_stem(release, "I05") == "I05_syntetisk"
    for bad in ("../I05", "I05/x", "", "con:", "I 05", "-rf"):
        with pytest.raises(UnsafeNameError):
            file_stem(release, bad)


def test_files_are_dated_by_their_data(release):
    assert data_date(release).isoformat() == "2026-11-23T09:30:00+00:00"
    assert data_date(dataclasses.replace(release, deliveries=())).year == 2015
