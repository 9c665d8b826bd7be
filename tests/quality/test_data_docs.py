"""Data Docs: all suites, what was found, nothing confidential, nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import small_tables

from quality.data_docs import build_data_docs
from quality.model import Suite
from quality.runner import CheckerError, run_suite

FETCHING = {"src", "href", "srcset", "data", "action", "poster"}


class _References(HTMLParser):
    """Collects what a page refers to and which elements it has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.found += [value or "" for name, value in attrs if name in FETCHING]


@pytest.fixture(scope="module")
def shown(suites: dict[str, Suite]) -> dict[str, Suite]:
    return {name: suite for name, suite in suites.items() if not name.startswith("pub_i")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, shown: dict[str, Suite]) -> Path:
    tmp_path = tmp_path_factory.mktemp("quality")
    raw = small_tables.raw_database()
    raw.execute(
        "update raw.survey_answers set leaders_priority = 'hemmeligt svar' where row_number = 3"
    )
    for name in ("raw_survey_answers", "raw_driftsstoette_lines"):
        run_suite(raw, shown[name].table, shown[name], tmp_path / "kept")
    raw.execute("drop table raw.styringsdialog_topics")
    topics = shown["raw_styringsdialog_topics"]
    with pytest.raises(CheckerError):
        run_suite(raw, topics.table, topics, tmp_path / "kept")
    build_data_docs(tmp_path / "kept", tmp_path / "data_docs", shown.values())
    return tmp_path / "data_docs"


def test_site(site: Path, shown: dict[str, Suite]) -> None:
    pages = sorted(site.rglob("*.html"))
    assert {page.stem for page in pages} == {"index", *shown}

    for page in pages:
        references = _References()
        references.feed(page.read_text("utf-8"))
        assert "script" not in references.tags
        for reference in references.found:
            assert not re.match(r"(\w+:)?//", reference), f"{page.name} fetches {reference}"
            if not reference.startswith("#"):
                assert (page.parent / reference).is_file(), f"{page.name}: {reference}"
    assert "url(" not in (site / "style.css").read_text("utf-8")
    assert "@import" not in (site / "style.css").read_text("utf-8")

    index = (site / "index.html").read_text("utf-8")
    assert "Ledernes" not in index
    assert ">brudt</a>" in index
    assert ">opfyldt</a>" in index
    assert "kontrollen kunne ikke køre" in index
    assert index.count("ikke kørt endnu") == len(shown) - 3

    for page in pages:
        assert "hemmelig" not in page.read_text("utf-8")

    expectations = (site / "expectations" / "released_cells.html").read_text("utf-8")
    assert "En diskretioneret celle har hverken værdi eller tæller." in expectations


def test_building_again_replaces_the_site(tmp_path: Path, suites: dict[str, Suite]) -> None:
    site = tmp_path / "data_docs"
    for _ in range(2):
        build_data_docs(tmp_path / "kept", site, [suites["raw_styringsdialog_topics"]])
        assert not (site / "stale.html").exists()
        (site / "stale.html").write_text("old", "utf-8")
    assert not site.with_name("data_docs.part").exists()
