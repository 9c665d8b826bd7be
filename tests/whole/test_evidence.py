"""The Evidence site over the released cells: built from the lockfile, and nothing but released."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest
from axe_selenium_python import Axe
from evidence_pages import DRAWN, TABLES, choose
from evidence_site import BROKEN, EvidenceSite, without_network
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait
from shipped_installation import Installation

from pipelines.publish.model import Release
from pipelines.publish.store import read_release

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node's npm"),
]

IDS = tuple(f"I{n:02}" for n in range(1, 16))
PAGES = ("", "indikatorer/", "kvalitet/", *(f"indikatorer/{i}/" for i in IDS))


@pytest.fixture(scope="module")
def release(shipped: Installation) -> Release:
    """What readers have of it; the naughty indicator is the tests' own."""
    return read_release(shipped.settings.publish_path)


def test_a_page_with_a_failing_query_stops_the_build(evidence_site: EvidenceSite) -> None:
    """Whether its result is shown or not; the other pages are not blamed."""
    assert "no_such_column" in evidence_site.refused
    assert "no_such_table" in evidence_site.refused
    blamed = re.findall(r"^build/(\S+): a query of this page failed$", evidence_site.refused, re.M)
    assert blamed == [f"{BROKEN}/index.html"]
    again = subprocess.run(
        ["node", "check-build.mjs", "--only-check"],
        cwd=evidence_site.project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr


def test_it_was_built_without_a_network(evidence_site: EvidenceSite) -> None:
    """From what the lockfile installed: a step that asked anybody would have failed."""
    if not without_network():
        pytest.skip("needs a kernel that lets a user have a network of his own")
    assert evidence_site.networks == ("lo",)
    assert (evidence_site.folder / "index.html").is_file()


def test_the_shipped_cells_are_the_release_and_nothing_else(evidence_site: EvidenceSite) -> None:
    """Cell by cell, both ways: value, base, interval, printed figure."""
    release = evidence_site.release
    (cells,) = evidence_site.folder.rglob("cells.parquet")
    rows = duckdb.sql(
        f"select cell_id, value, base, lower_bound, upper_bound, display, is_hidden from '{cells}'"
    ).fetchall()
    released = {
        (c.cell_id, c.value, c.base, c.lower_bound, c.upper_bound, c.display_da, c.conf_status)
        for c in release.cells
    }
    assert {(*row[:-1], "C" if row[-1] else "F") for row in rows} == released
    assert len(rows) == len(release.cells)


def test_no_other_number_is_shipped(evidence_site: EvidenceSite) -> None:
    """Beside the cells there are words; the words are the release's and the static page's."""
    release = evidence_site.release
    assert list(evidence_site.folder.rglob("*.duckdb")) == []
    shipped = {p.stem: p for p in evidence_site.folder.rglob("*.parquet")}
    texts = {
        "catalogue": {i.definition_da for i in release.published_indicators()},
        "notes": {n.text_da for n in release.notes},
        "deliveries": {d.file_name for d in release.deliveries},
        "withheld": {w.reason_da for w in release.withheld},
    }
    columns = {
        "catalogue": "definition_da",
        "notes": "text_da",
        "deliveries": "file_name",
        "withheld": "reason_da",
    }
    beside = {"facts", "figures", "files", "findings", "symbols", "texts"}
    assert shipped.keys() == {"cells"} | texts.keys() | beside
    for name, path in shipped.items():
        if name == "cells":
            continue
        kinds = duckdb.sql(f"select column_name, column_type from (describe from '{path}')")
        numeric = {n for n, kind in kinds.fetchall() if kind not in ("VARCHAR", "BOOLEAN")}
        assert numeric <= {"place"}, name
        if name in texts:
            found = duckdb.sql(f"select distinct {columns[name]} from '{path}'").fetchall()
            # the empty text is the row of no indicator that no table is without
            assert {text for (text,) in found} - {""} == texts[name]


def test_the_files_beside_the_pages_are_the_published_ones(
    evidence_site: EvidenceSite, shipped: Installation
) -> None:
    beside, published = evidence_site.folder / "udgivelse", shipped.settings.published_dir
    names = {p.relative_to(published) for p in published.rglob("*") if p.is_file()}
    assert {p.relative_to(beside) for p in beside.rglob("*") if p.is_file()} == names
    assert all((beside / n).read_bytes() == (published / n).read_bytes() for n in names)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_danish_says_what_the_data_are_and_links_to_what_is_there(
    evidence_site: EvidenceSite, page: str
) -> None:
    """As it is delivered, before any script has run."""
    html = (evidence_site.folder / page / "index.html").read_text("utf-8")
    assert '<html lang="da"' in html
    assert "SYNTETISKE DATA" in html
    assert not re.findall(r">(?:Home|Close sidebar|Open sidebar)<", html)
    links = set(re.findall(r'<a[^>]* href="(/[^"#]*)"', html)) - {"/", f"/{BROKEN}"}
    assert [a for a in links if not _leads(evidence_site.folder, a)] == []
    if page.startswith("indikatorer/I"):
        assert f"/udgivelse/site/da/{page.split('/')[1]}.html" in links


def _leads(folder: Path, address: str) -> bool:
    place = folder / address.lstrip("/")
    return place.is_file() or (place / "index.html").is_file()


def test_every_page_draws_and_asks_nobody_else(
    address: str, browser: webdriver.Chrome, release: Release
) -> None:
    """Page after page by the menu, as a reader goes: the database is loaded once."""
    browser.get(f"{address}/indikatorer/")
    waiting = WebDriverWait(browser, 120)
    for indicator in release.published_indicators():
        way = f"/indikatorer/{indicator.indicator_id}"
        browser.execute_script(f"document.querySelector('aside a[href=\"{way}\"]').click()")
        printed = {c.display_da for c in release.cells_of(indicator.indicator_id)}
        waiting.until(lambda b, way=way: way in b.current_url and b.execute_script(DRAWN) > 0)
        waiting.until(
            lambda b, printed=printed: printed & set(b.execute_script(TABLES)) - {"-", ".."}
        )
        assert browser.find_element("tag name", "h1").text == indicator.title_da
        assert "Forespørgslen fejlede" not in browser.page_source
    asked = browser.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)"
    )
    assert len(asked) > len(IDS)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert [m for m in browser.get_log("browser") if m["level"] == "SEVERE"] == []


def test_a_choice_changes_the_table(
    address: str, browser: webdriver.Chrome, release: Release
) -> None:
    """From all municipalities to large and small ones: the release's own figures, hidden or not."""
    browser.get(f"{address}/indikatorer/I03/")
    waiting = WebDriverWait(browser, 120)
    # two figures: over the waves, and by group; what is below them has then found its place
    waiting.until(lambda b: b.execute_script(DRAWN) == 2 and b.execute_script(TABLES))
    choose(browser, "Opdeling", "Kommunestørrelse")
    groups = {
        c.breakdown_value_label_da.split(" (")[0]
        for c in release.cells_of("I03")
        if c.breakdown == "size"
    }
    headings = "return [...document.querySelectorAll('tr.group th')].map(t => t.textContent)"
    waiting.until(lambda b: set(b.execute_script(headings)) == groups)
    shown = [
        c.display_da
        for c in release.cells_of("I03")
        if c.breakdown == "size" and c.measure == "share_pct"
    ]
    found = browser.execute_script(
        "return [...document.querySelectorAll('tr:not(.base):not(.group) td')]"
        ".map(t => t.textContent.replace('¦ ', ''))"
    )
    assert sorted(found) == sorted(shown)


def test_axe_finds_no_fault(address: str, browser: webdriver.Chrome) -> None:
    """Of ours, or of Evidence's own controls as they are patched."""
    browser.get(f"{address}/indikatorer/I07/")
    WebDriverWait(browser, 120).until(
        lambda b: b.execute_script(DRAWN) == 2 and b.execute_script(TABLES)
    )
    axe = Axe(browser)
    axe.inject()
    found = {
        (fault["id"], node["html"]) for fault in axe.run()["violations"] for node in fault["nodes"]
    }
    assert found == set()
