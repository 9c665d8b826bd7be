"""How a reader looks at the Evidence site: what a page shows, and how something is chosen."""

from __future__ import annotations

from selenium import webdriver
from selenium.common.exceptions import ElementClickInterceptedException
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

TABLES = "return [...document.querySelectorAll('td')].map(t => t.textContent.trim())"
DRAWN = "return document.querySelectorAll('figure canvas').length"


def choose(browser: webdriver.Chrome, name: str, option: str) -> None:
    """Choose in a dropdown, as one does: open it, then click the option."""
    waiting = WebDriverWait(browser, 120)
    waiting.until(lambda b: b.find_elements("css selector", f"[aria-label='{name}']"))
    click(browser, browser.find_element("css selector", f"[aria-label='{name}']"))
    path = f"//*[@role='option'][contains(., '{option}')]"
    waiting.until(lambda b: b.find_elements("xpath", path))
    click(browser, browser.find_element("xpath", path))


def click(browser: webdriver.Chrome, element: WebElement) -> None:
    """Click where a reader would, in the middle of the window, once nothing moves over it."""

    def clicked(driver: webdriver.Chrome) -> bool:
        driver.execute_script(
            "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element
        )
        element.click()
        return True

    moving = [ElementClickInterceptedException]
    WebDriverWait(browser, 120, ignored_exceptions=moving).until(clicked)
