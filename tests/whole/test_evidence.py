"""The Evidence site over the released cells: built from the lockfile, and nothing but released."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait
from shipped_installation import Installation

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node's npm"),
]

TABLES = "return [...document.querySelectorAll('table')].map(t => t.textContent).join(' ')"
BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def address(evidence_site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(evidence_site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_only_released_cells_are_shipped(evidence_site: Path, shipped: Installation) -> None:
    """Every share that a visitor can download is a released one, hidden ones have no value."""
    assert list(evidence_site.rglob("*.duckdb")) == []
    shipped_files = list(evidence_site.rglob("*.parquet"))
    assert len(shipped_files) >= 4
    with duckdb.connect(str(shipped.settings.publish_path), read_only=True) as con:
        released = {
            (round(value, 6), base)
            for value, base in con.execute(
                "select value, base from released_cells where value is not null"
            ).fetchall()
        }
        for path in shipped_files:
            columns = [d[0] for d in con.execute(f"describe from '{path}'").fetchall()]
            if "andel" not in columns:
                continue
            rows = con.execute(f"select andel, n_tekst, andel_tekst from '{path}'").fetchall()
            for share, n, text in rows:
                if share is None:
                    assert "pct" not in text
                else:
                    assert (round(100 * share, 6), float(n)) in released


def test_pages_are_danish_and_say_that_the_data_are_synthetic(evidence_site: Path) -> None:
    for page in ("index.html", "indikatorer/koordinator/index.html"):
        html = (evidence_site / page).read_text("utf-8")
        assert '<html lang="da"' in html
        assert "Syntetiske data" in html


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    if BROWSER is None or DRIVER is None:
        pytest.skip("needs chromium and its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
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


@pytest.mark.parametrize("page", ["koordinator", "medfinansiering", "styringsdialog"])
def test_a_page_shows_its_table_and_asks_nobody_else(
    address: str, browser: webdriver.Chrome, page: str
) -> None:
    browser.get(f"{address}/indikatorer/{page}/")
    # as text content: a table further down the page has no visible text yet
    WebDriverWait(browser, 60).until(lambda b: " pct." in b.execute_script(TABLES))
    asked = browser.execute_script(
        "return performance.getEntriesByType('resource').map(e => e.name)"
    )
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
