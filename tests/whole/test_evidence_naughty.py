"""Strings with a meaning to some program, on the Evidence site: shown as they are, and inert."""

from __future__ import annotations

import re
import shutil

import pytest
from evidence_pages import DRAWN, TABLES, choose
from evidence_site import EvidenceSite
from naughty import EVERYTHING, FORMULAS, MARKUP
from naughty_site import BREAKDOWNS, NAUGHTY, TITLE
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node's npm"),
]

HEADINGS = "return [...document.querySelectorAll('tbody th')].map(t => t.textContent)"
MAIN = "return document.querySelector('main').textContent"
TOLD_OF_ALERTS = "window.alert = () => { window.ran = true; }"
WHAT_RUNS = """
const main = document.querySelector('main');
const made = [...document.querySelectorAll(
    "img[src='x'], img[src*='example.org'], svg[onload], a[href*='javascript:'], [onmouseover]"
), ...main.querySelectorAll('script, td b, th b, h1 + h1, th h1, td h1, code')];
const asked = performance.getEntriesByType('resource').map(e => e.name);
return [
    ...(window.ran ? ['a script ran'] : []),
    ...made.map(e => e.outerHTML.slice(0, 200)),
    ...asked.filter(url => url.includes('example.org')),
];
"""
"""What a string has made of itself: elements, addresses that were asked, a script that ran."""


def test_naughty_strings_are_shown_and_do_nothing(
    address: str, browser: webdriver.Chrome, evidence_site: EvidenceSite
) -> None:
    """On every page that has them: what is said is what is read, and nothing of it happens."""
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": TOLD_OF_ALERTS})
    browser.get(f"{address}/indikatorer/{NAUGHTY}/")
    waiting = WebDriverWait(browser, 120)
    waiting.until(lambda b: b.execute_script(DRAWN) == 2 and b.execute_script(TABLES))
    cells = evidence_site.release.cells_of(NAUGHTY)
    answers = {squeezed(c.category_label_da) for c in cells if c.breakdown == "all"}
    assert len(answers) > 60
    assert {squeezed(text) for text in browser.execute_script(HEADINGS)} >= answers
    assert squeezed(browser.find_element("tag name", "h1").text) == squeezed(TITLE)
    told = squeezed(browser.execute_script(MAIN))
    for text in (
        "{{7*7}}",
        "${7*7}",
        "{=A1}",
        "<%=7*7%>",
        "**fed**",
        "[klik](javascript:alert(1))",
    ):
        assert text in told
    # chosen as a reader would: a group whose label is naughty, then the table of such groups
    choose(browser, "Kommuner", FORMULAS[0])
    choose(browser, "Opdeling", BREAKDOWNS["size"])
    groups = {squeezed(c.breakdown_value_label_da) for c in cells if c.breakdown == "size"}
    waiting.until(lambda b: groups <= {squeezed(t) for t in b.execute_script(HEADINGS)})
    assert browser.execute_script(WHAT_RUNS) == []
    for page, is_shown in (
        ("indikatorer", EVERYTHING),  # the title in English
        ("kvalitet", MARKUP[0]),  # notes, file names and reasons
        ("", TITLE),
    ):
        browser.get(f"{address}/{page}")
        waiting.until(lambda b, text=is_shown: squeezed(text) in squeezed(b.execute_script(MAIN)))
        assert browser.execute_script(WHAT_RUNS) == [], page
    # the same strings taken for markup would have been seen
    browser.execute_script(
        "document.querySelector('main').innerHTML = arguments[0]", "".join(MARKUP)
    )
    assert len(browser.execute_script(WHAT_RUNS)) >= 2  # the image and the drawing that act


def squeezed(text: str) -> str:
    """Without what a page shows as a space or not at all."""
    return re.sub(r"[\s\x00-\x1f\u200b]+", "", text)
