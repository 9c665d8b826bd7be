"""The Evidence site over the released cells: built from the lockfile, and nothing but released."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from axe_selenium_python import Axe
from evidence_site import BROKEN, EvidenceSite
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webelement import WebElement
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
TABLES = "return [...document.querySelectorAll('td')].map(t => t.textContent.trim())"
DRAWN = "return document.querySelectorAll('figure canvas').length"
BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def release(shipped: Installation) -> Release:
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


def test_the_shipped_cells_are_the_release_and_nothing_else(
    evidence_site: EvidenceSite, release: Release
) -> None:
    """Cell by cell, both ways: value, base, interval, printed figure."""
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


def test_no_other_number_is_shipped(evidence_site: EvidenceSite, release: Release) -> None:
    """Beside the cells there are words; the words are the release's and the static page's."""
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


@pytest.fixture(scope="module")
def address(evidence_site: EvidenceSite) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(evidence_site.folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if BROWSER is None or DRIVER is None:
        pytest.skip("needs chromium and its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=Service(DRIVER)) as driver:
        yield driver


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
    _choose(browser, "Opdeling", "Kommunestørrelse")
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


def test_axe_finds_no_fault_of_ours(address: str, browser: webdriver.Chrome) -> None:
    """Evidence's own controls have some; they are made with melt, which marks them."""
    browser.get(f"{address}/indikatorer/I07/")
    WebDriverWait(browser, 120).until(
        lambda b: b.execute_script(DRAWN) == 2 and b.execute_script(TABLES)
    )
    axe = Axe(browser)
    axe.inject()
    found = {
        (fault["id"], node["html"]) for fault in axe.run()["violations"] for node in fault["nodes"]
    }
    assert {fault for fault in found if "data-melt-" not in fault[1]} == set()


def _choose(browser: webdriver.Chrome, name: str, option: str) -> None:
    """Choose in a dropdown, as one does: open it, then click the option."""
    waiting = WebDriverWait(browser, 120)
    waiting.until(lambda b: b.find_elements("css selector", f"[aria-label='{name}']"))
    _click(browser, browser.find_element("css selector", f"[aria-label='{name}']"))
    path = f"//*[@role='option'][contains(., '{option}')]"
    waiting.until(lambda b: b.find_elements("xpath", path))
    _click(browser, browser.find_element("xpath", path))


def _click(browser: webdriver.Chrome, element: WebElement) -> None:
    """Click where a reader would: in the middle of the window, not below its head."""
    browser.execute_script(
        "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element
    )
    element.click()
