"""What is meant to be English holds no Danish text: every label stands in both languages."""

from __future__ import annotations

import dataclasses
import json
import re

import openpyxl
import pytest
from english import danish_in, danish_words, texts_of_json, texts_of_page
from shipped_installation import Installation

from pipelines.publish.formats.all_files import machine_files
from pipelines.publish.model import Release
from pipelines.publish.store import read_release

WORKBOOKS = ("I05", "I09", "I15")
"""One with measures in steps and hours, one with parts, one with pairs of waves."""
ENGLISH_COLUMNS = {
    *("Breakdown", "Group", "Category", "Measure", "Unit", "Source", "In English"),
    *("Title", "Definition (English)", "Base (N)", "Question", "Answer"),
}
PX_ENGLISH = re.compile(r"^[A-Z0-9-]+\[en\](.*?);\r?\n", re.S | re.M)


@pytest.fixture(scope="module")
def words(shipped: Installation) -> re.Pattern[str]:
    return danish_words(read_release(shipped.settings.publish_path))


def test_english_pages_and_drawings_hold_no_danish(shipped, words):
    site = shipped.settings.published_dir / "site"
    # of the explanations one page each: those of the breakdowns repeat its words
    pages = [p for p in (site / "en").glob("*.html") if "-explained-" not in p.name]
    drawings = list((site / "figurer").glob("*_en_*.svg"))
    assert len(pages) > 30  # 15 indicators, as many explanations, 4 pages beside
    assert len(drawings) > 10
    found = set()
    for path in (*pages, *drawings):
        found |= texts_of_page(path.read_text(encoding="utf-8"))
    assert danish_in(found, words) == {}


def test_english_json_stat_and_px_hold_no_danish(shipped, words):
    published = shipped.settings.published_dir
    found = set()
    for path in (published / "jsonstat").glob("*.en.json"):
        found |= set(texts_of_json(json.loads(path.read_text(encoding="utf-8"))))
    for path in (published / "px").glob("*.px"):
        for said in PX_ENGLISH.findall(path.read_text(encoding="utf-8")):
            found |= set(re.findall(r'"([^"]*)"', said))
    assert any("Survey of the municipalities" in text for text in found)
    assert danish_in(found, words) == {}


def test_english_columns_of_workbooks_hold_no_danish(shipped, words):
    found = set()
    for name in WORKBOOKS:
        path = next((shipped.settings.published_dir / "tabeller").glob(f"{name}*.xlsx"))
        for sheet in openpyxl.load_workbook(path, read_only=True):
            places: list[int] = []
            for row in sheet.iter_rows(values_only=True):
                if places:
                    found |= {str(row[place]) for place in places}
                elif row[-1] in ENGLISH_COLUMNS:
                    places = [n for n, head in enumerate(row) if head in ENGLISH_COLUMNS]
            assert places, sheet.title
    assert danish_in(found, words) == {}


def test_a_danish_source_in_an_english_file_is_found(release: Release):
    """What releases had until the names of sources were kept in both languages."""
    words = danish_words(release)
    forgotten = dataclasses.replace(
        release, cells=tuple(dataclasses.replace(c, sources_en="") for c in release.cells)
    )
    name, data = next(
        each for each in machine_files(forgotten).items() if each[0].endswith(".en.json")
    )
    found = danish_in(texts_of_json(json.loads(data)), words)
    assert set(found) & {"Udtræk fra driftsstøttesystemet", "Spørgeskema til kommunerne"}, name
