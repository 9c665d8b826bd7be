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
from shipped_installation import Installation, monitor, settings_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node's npm"),
]

TABLES = "return [...document.querySelectorAll('table')].map(t => t.textContent).join(' ')"
BROWSER = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def site(shipped: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site is made of the released cells alone, so they are all there is here."""
    settings = settings_in(tmp_path_factory.mktemp("evidence"))
    settings.data_dir.mkdir()
    shutil.copy(shipped.settings.publish_path, settings.publish_path)
    built = monitor(settings, "site")
    assert built.returncode == 0, built.stdout + built.stderr
    return settings.data_dir / "evidence_site"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_only_released_cells_are_shipped(site: Path, shipped: Installation) -> None:
    """Every share that a visitor can download is a released one, hidden ones have no value."""
    assert list(site.rglob("*.duckdb")) == []
    shipped_files = list(site.rglob("*.parquet"))
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


def test_pages_are_danish_and_say_that_the_data_are_synthetic(site: Path) -> None:
    for page in ("index.html", "indikatorer/koordinator/index.html"):
        html = (site / page).read_text("utf-8")
        assert '<html lang="da"' in html
        assert "Syntetiske data" in html


@pytest.mark.skipif(BROWSER is None or DRIVER is None, reason="needs chromium and its driver")
@pytest.mark.parametrize("page", ["koordinator", "medfinansiering", "styringsdialog"])
def test_a_page_shows_its_table_and_asks_nobody_else(
    address: str, page: str, tmp_path: Path
) -> None:
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER or ""
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path}",
    ):
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=Service(DRIVER)) as browser:
        browser.get(f"{address}/indikatorer/{page}/")
        # as text content: a table further down the page has no visible text yet
        WebDriverWait(browser, 60).until(lambda b: " pct." in b.execute_script(TABLES))
        asked = browser.execute_script(
            "return performance.getEntriesByType('resource').map(e => e.name)"
        )
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
