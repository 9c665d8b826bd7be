"""Files made before are those that would be made now: kept by all they depend on, byte for byte."""

import ast
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.publish import kept_files
from pipelines.publish.kept_files import CODE_FOLDERS, KeptFiles
from pipelines.publish.model import WithheldTable
from pipelines.publish.parts import parts_of
from pipelines.publish.service import release_files
from pipelines.publish.site import Surroundings
from pipelines.publish.site.content import SiteFigure
from pipelines.publish.workbook import indicator_workbook

PIPELINES = Path(kept_files.__file__).parents[1]
RENDERERS = ("publish/formats/all_files.py", "publish/site/build.py")
KINDS = 3
"""Of files that an indicator has: for offices, for machines, its pages."""


@pytest.fixture(autouse=True)
def _code_stands_still(monkeypatch):
    """Somebody may be at work on the code while the tests run."""
    monkeypatch.setattr(kept_files, "_code_fingerprint", lambda: kept_files._LOADED)


@pytest.fixture
def plain(monkeypatch, release):
    """A release without its figures: what is drawn is kept elsewhere (`kept_drawings`)."""
    monkeypatch.setattr("pipelines.publish.service.site_figures", lambda *_: ((), {}))
    return release


def names(folder):
    return {path.name for path in folder.iterdir()}


def with_cell(release, indicator_id, **changes):
    """The release with the first cell of an indicator changed."""
    first = release.cells_of(indicator_id)[0]
    cells = tuple(replace(c, **changes) if c is first else c for c in release.cells)
    return replace(release, cells=cells)


def test_only_what_changed_is_made_again_and_the_whole_is_as_if_all_were(tmp_path, plain):
    first = KeptFiles(tmp_path)
    release_files(plain, made_before=first)
    before = names(tmp_path)
    assert len(before) == KINDS * len(plain.published_indicators())
    changed = with_cell(plain, "I06", display_da="77,7")
    # another figure makes another id, which every workbook, dataset and page tells
    changed = replace(changed, info=replace(changed.info, release_id="2017-0123456789ab"))
    second = KeptFiles(tmp_path)
    assert release_files(changed, made_before=second) == release_files(changed)
    assert len(names(tmp_path) - before) == KINDS
    second.thin_out()
    assert len(names(tmp_path)) == len(before)


def test_what_is_damaged_or_gone_is_made_again(tmp_path, release):
    part = parts_of(release)[0].release
    made = []

    def make(blank):
        made.append(blank)
        return {"a.html": b"kandidat " + blank.info.release_id.encode()}

    kept = KeptFiles(tmp_path)
    expected = {"a.html": b"kandidat " + release.info.release_id.encode()}
    assert [kept.made("pages", part, (), make) for _ in range(2)] == [expected] * 2
    assert len(made) == 1
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (whole.replace(b"kandidat", b"kandidaX", 1), whole[:-9], b""):
        file.write_bytes(damaged)
        assert kept.made("pages", part, (), make) == expected
        assert file.read_bytes() == whole
    assert len(made) == 4


def test_a_workbook_is_not_taken_for_the_archive_it_is_kept_in(tmp_path, release):
    """Both are ZIP files, and a reader of those looks for the last end that there is."""
    part = parts_of(release)[0].release
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as workbook:
        for name in ("docProps/core.xml", "xl/sharedStrings.xml"):
            workbook.writestr(name, "<x/>")
    kept = KeptFiles(tmp_path)

    def make(_):
        return {"tabeller/a.xlsx": inner.getvalue()}

    expected = kept.made("office", part, (), make)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-30])
    assert kept.made("office", part, (), make) == expected


def test_code_that_changed_since_it_was_loaded_neither_uses_nor_keeps(
    tmp_path, release, monkeypatch
):
    part = parts_of(release)[0].release
    KeptFiles(tmp_path).made("pages", part, (), lambda _: {"a": b"old"})
    monkeypatch.setattr(kept_files, "_code_fingerprint", lambda: "of the newer code")
    changed = KeptFiles(tmp_path)
    assert changed.made("pages", part, (), lambda _: {"a": b"new"}) == {"a": b"new"}
    changed.thin_out()
    assert len(names(tmp_path)) == 1
    monkeypatch.setattr(kept_files, "_LOADED", "of the newer code")  # and a process that runs it
    newer = KeptFiles(tmp_path)
    assert newer.made("pages", part, (), lambda _: {"a": b"new"}) == {"a": b"new"}
    newer.thin_out()
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda r: with_cell(r, "I05", note_ids="other"),
        lambda r: with_cell(r, "I05", sort_order=99),
        lambda r: with_cell(r, "I05", category_label_en="Other"),
        lambda r: with_cell(r, "I02", display_da="31"),  # the response, which I05 tells of
        lambda r: replace(r, notes=tuple(replace(n, text_da="Ny tekst") for n in r.notes)),
        lambda r: replace(r, indicators=tuple(replace(i, base_en="Other") for i in r.indicators)),
        lambda r: replace(r, withheld=(WithheldTable("I05", "2015", "region", "R", "x", "y"),)),
        lambda r: replace(r, info=replace(r.info, threshold=5)),
        lambda r: replace(r, info=replace(r.info, version="2017.1")),
        lambda r: replace(r, info=replace(r.info, is_synthetic=not r.info.is_synthetic)),
        lambda r: replace(
            r,
            deliveries=tuple(
                replace(d, received_at=d.received_at + timedelta(seconds=1)) for d in r.deliveries
            ),
        ),
    ],
)
def test_every_kind_of_change_makes_another_part(release, change):
    def key(of):
        part = next(p for p in parts_of(of) if p.indicator.indicator_id == "I05")
        return kept_files._key("pages", part.release, ())

    assert key(change(release)) != key(release)
    assert key(replace(release)) == key(release)


def test_what_stands_beside_a_release_is_part_of_the_key(release):
    part = parts_of(release)[0].release
    figure = SiteFigure("f", "I05", "da", "t", "x", "<svg/>", "<svg/>", {"SVG": "f.svg"}, False)
    seen = [
        kept_files._key("pages", part, ([figure], Surroundings())),
        kept_files._key("pages", part, ([replace(figure, finding="y")], Surroundings())),
        kept_files._key("pages", part, ([], Surroundings(files={"tabeller/I05.xlsx": 1000}))),
        kept_files._key("office", part, ([], Surroundings())),
    ]
    assert len(set(seen)) == len(seen)
    with pytest.raises(TypeError, match="not known"):
        kept_files._key("pages", part, object())


def test_a_part_is_all_that_an_indicator_s_workbook_needs(release):
    for part in parts_of(release):
        whole = indicator_workbook(release, part.indicator)
        assert indicator_workbook(part.release, part.indicator) == whole


def test_the_code_of_every_renderer_is_in_the_key():
    seen, waiting = set(), [PIPELINES / name for name in RENDERERS]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("pipelines."):
                place = PIPELINES.joinpath(*str(node.module).split(".")[1:])
                is_package = place.is_dir()
                waiting.append(place / "__init__.py" if is_package else place.with_suffix(".py"))
    assert len(seen) > 50  # all modules of the formats and of the pages
    assert {path.relative_to(PIPELINES).parts[0] for path in seen} <= set(CODE_FOLDERS)
