"""The page in a real browser: widths, requests, reading without a mouse."""

import json
import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
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


def opened(browser, published, width):
    settings, _ = published
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    browser.get((settings.published_dir / "site" / "index.html").as_uri())
    return browser


@pytest.mark.parametrize(
    ("width", "shown", "hidden"), [(1280, "wide", "narrow"), (375, "narrow", "wide")]
)
def test_the_page_fits_and_shows_one_drawing_of_each_figure(
    browser, published, width, shown, hidden
):
    page = opened(browser, published, width)
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    for kind, is_shown in ((shown, True), (hidden, False)):
        drawings = page.find_elements(By.CSS_SELECTOR, f".drawing.{kind}")
        assert len(drawings) == 3
        assert all(d.is_displayed() is is_shown for d in drawings)


def test_nothing_is_requested_and_nothing_complains(browser, published):
    browser.get_log("performance")
    opened(browser, published, 1280)
    events = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    urls = {
        e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"
    }
    outside = {u for u in urls if not u.startswith(("file:", "data:"))}
    assert not outside
    assert [e for e in browser.get_log("browser") if e["level"] in {"SEVERE", "WARNING"}] == []


def test_the_first_stop_of_the_keyboard_is_the_skip_link(browser, published):
    page = opened(browser, published, 1280)
    page.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    focused = page.switch_to.active_element
    assert focused.text == "Gå til indholdet"
    focused.send_keys(Keys.ENTER)
    assert page.execute_script("return document.activeElement.id") == "indhold"


def test_folded_tables_open_without_script_and_print_in_full(browser, published):
    page = opened(browser, published, 1280)
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
