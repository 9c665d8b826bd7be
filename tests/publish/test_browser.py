"""The pages in a real browser: accessibility, widths, requests, reading without a mouse."""

import json
import shutil

import pytest
from axe_selenium_python import Axe
from long_release import STEPS, long_release
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.site.explained_pages import MOST_ROWS

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START = "site/da/index.html"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (CHROMIUM and DRIVER), reason="needs the Debian packages chromium and chromium-driver"
    ),
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = Options()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def pages(published, longest):
    settings, _ = published
    folder = settings.published_dir
    names = [p.relative_to(folder).as_posix() for p in sorted(folder.glob("site/??/*.html"))]
    # pages of explanations are of one template: one with SQL and the longest will do
    return [n for n in names if "-forklaring" not in n and "-explained" not in n] + [
        longest,
        longest.with_name("I05-forklaring.html"),
    ]


@pytest.fixture(scope="module")
def longest(release, tmp_path_factory):
    """As many explanations as one page takes: of a table of thousands, with its SQL unfolded."""
    long = long_release(release)
    folder = tmp_path_factory.mktemp("long")
    for name, data in site_files(long, (), Surroundings(calculations=STEPS)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    page = folder / "site/da/I05-forklaring-size-2.html"
    assert page.read_text().count('<tr id="I05.') == MOST_ROWS
    return page


def opened(browser, published, page=START, width=1280):
    settings, _ = published
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.get((settings.published_dir / page).as_uri())
    return browser


def test_every_page_is_accessible_fits_a_phone_and_asks_nobody(browser, published, pages):
    browser.get_log("performance")
    violations, too_wide = {}, []
    for page in pages:
        driver = opened(browser, published, page)
        driver.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
        axe = Axe(driver)
        axe.inject()
        found = axe.run()["violations"]
        if found:
            violations[page] = [(v["id"], v["nodes"][0]["html"]) for v in found]
        for width in (375, 1280):
            driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
            )
            if driver.execute_script("return document.documentElement.scrollWidth") > width:
                too_wide.append((page, width))
    assert violations == {}
    assert too_wide == []
    events = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    urls = {
        e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
    }
    # the tab the browser opens by itself is made of its own files
    assert {u for u in urls if not u.startswith(("file:", "data:", "chrome:"))} == set()
    assert [e for e in browser.get_log("browser") if e["level"] in {"SEVERE", "WARNING"}] == []


def test_the_longest_page_shipped_is_accessible_and_cuts_no_figure(browser, shipped):
    """Financing: thirty tables of up to 51 rows, all unfolded."""
    page = opened(browser, (shipped.settings, None), "site/da/I07.html")
    page.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    cut = "[...document.querySelectorAll('.scroll')].filter(s => s.scrollWidth > s.clientWidth)"
    assert page.execute_script(f"return {cut}.map(s => s.ariaLabel)") == []
    axe = Axe(page)
    axe.inject()
    # this rule takes the square of a table's cells: it is asked of one table of either form
    headers = "td-has-header"
    run = {"resultTypes": ["violations"], "rules": {headers: {"enabled": False}}}
    found = axe.run(options=json.dumps(run))["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    for form in ("figures", "many"):
        page.execute_script(f"document.querySelector('table.{form}').id = 'one-of-{form}'")
        run = {"runOnly": {"type": "rule", "values": [headers]}}
        one = axe.run(context=f"#one-of-{form}", options=json.dumps(run))
        assert [v["id"] for v in one["passes"]] == [headers]


@pytest.mark.parametrize(
    ("width", "shown", "hidden"), [(1280, "wide", "narrow"), (375, "narrow", "wide")]
)
def test_one_drawing_of_each_figure_is_shown(browser, published, width, shown, hidden):
    page = opened(browser, published, width=width)
    for kind, is_shown in ((shown, True), (hidden, False)):
        drawings = page.find_elements(By.CSS_SELECTOR, f".drawing.{kind}")
        assert len(drawings) == 3
        assert all(d.is_displayed() is is_shown for d in drawings)


def test_the_entrance_leads_to_the_danish_pages(browser, published):
    opened(browser, published, "site/index.html")
    assert browser.current_url.endswith("/site/da/index.html")


def test_the_first_stop_of_the_keyboard_is_the_skip_link(browser, published):
    page = opened(browser, published)
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = page.switch_to.active_element
    assert focused.text == "Gå til indholdet"
    focused.send_keys(Keys.ENTER)
    assert page.execute_script("return document.activeElement.id") == "indhold"


def test_the_search_finds_an_indicator_and_says_how_many(browser, published):
    page = opened(browser, published)
    field = page.find_element(By.ID, "search-field")
    field.send_keys("tid koordinering")
    links = page.find_elements(By.CSS_SELECTOR, "#search-results a")
    assert links[0].get_attribute("href").endswith("/site/da/I05.html")
    assert page.find_element(By.ID, "search-status").text == f"{len(links)} fundet"
    field.clear()
    field.send_keys("zzzz")
    assert page.find_element(By.ID, "search-status").text == "Intet fundet."


def test_without_a_script_the_search_box_is_not_shown(browser, published):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page = opened(browser, published)
        assert not page.find_element(By.ID, "search-field").is_displayed()
        assert page.find_element(By.LINK_TEXT, "I05 Tid til koordinering").is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_folded_tables_open_without_script_and_print_in_full(browser, published):
    page = opened(browser, published, "site/da/I14.html")
    table = page.find_element(By.CSS_SELECTOR, "details table")
    assert not table.is_displayed()
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        height = page.execute_script("return arguments[0].getBoundingClientRect().height", table)
        assert height > 50
        assert page.find_element(By.TAG_NAME, "nav").is_displayed() is False
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    page.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert table.is_displayed()
