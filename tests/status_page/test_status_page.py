"""The status page: what it tells, in two languages, and what it never does."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from axe_selenium_python import Axe
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from shipped_installation import Installation

from pipelines.alerting.alert import Alert
from pipelines.alerting.channels import Channels
from pipelines.alerting.telling import tell
from pipelines.settings import Settings
from pipelines.status_page.facts import Awaited, Delivered, Facts, gather
from pipelines.status_page.page import status_files, write_status_page
from pipelines.status_page.problems import DECLARED, Problem, known_problems

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SOLVED = Problem(
    id="solved",
    since=date(2026, 9, 1),
    until=date(2026, 10, 1),
    indicators=("I05",),
    da="Noget var <galt>.",
    en="Something was <wrong>.",
)
FACTS = Facts(
    now=NOON,
    updated_at=NOON,
    is_stuck=False,
    is_synthetic=True,
    delivered=(
        Delivered("Spørgeskema", "Survey", "2017", date(2026, 11, 20), False),
        Delivered("Udtræk", "Extract", "2017-12-31", date(2026, 11, 19), True),
    ),
    awaited=(Awaited("Udtræk", "Extract", "2018-06-30", date(2026, 7, 31), True),),
    last_release=Awaited("Monitor 2017", "Monitor 2017", "2017.1", date(2026, 11, 23), False),
    next_release=None,
    problems=(SOLVED,),
)
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


def pages(facts: Facts) -> tuple[str, str]:
    files = status_files(facts)
    return files["index.html"].decode(), files["en.html"].decode()


def test_it_tells_how_things_stand_in_both_languages() -> None:
    danish, english = pages(FACTS)
    for page, words in (
        (
            danish,
            (
                "Alt kører. Tallene er senest dannet 23-11-2026 kl. 13.00",  # UTC+1 in November
                "Seneste udgivelse: Monitor 2017 (2017.1), 23-11-2026",
                "enkelte rækker afklares",
                "Forsinket",
                "Noget var &lt;galt&gt;.",
                "01-09-2026 til 01-10-2026: løst",
                "syntetiske",
            ),
        ),
        (
            english,
            (
                "All is well. The figures were last made 23 Nov 2026 at 13:00",
                "No more releases are announced",
                "Late",
                "Something was &lt;wrong&gt;.",
            ),
        ),
    ):
        assert [each for each in words if each not in page] == []


def test_it_says_when_a_run_is_stuck() -> None:
    danish, english = pages(replace(FACTS, is_stuck=True))
    assert "Den seneste kørsel blev ikke færdig" in danish
    assert "The last run did not finish" in english


def test_an_empty_installation_has_its_page(tmp_path: Path) -> None:
    settings = Settings(tmp_path, tmp_path / "data", tmp_path / "home")
    tell(settings, Alert("checks_failed", "what", NOON), Channels())
    facts = gather(settings, NOON)
    assert (facts.delivered, facts.last_release, facts.is_stuck) == ((), None, True)
    page = write_status_page(settings, NOON).read_text()
    assert "Der er ingen tal endnu." in page
    assert "Intet er modtaget endnu." in page


def test_problems_are_declared_and_leave_the_page_after_a_while() -> None:
    known = known_problems(DECLARED)
    assert [p.since for p in known] == sorted((p.since for p in known), reverse=True)
    assert SOLVED.is_shown(date(2026, 12, 30))  # 90 days after 1 October
    assert not SOLVED.is_shown(date(2026, 12, 31))
    with pytest.raises(ValueError, match="ends before"):
        Problem(**{**SOLVED.model_dump(), "until": date(2026, 8, 1)})


@pytest.mark.slow
def test_a_run_writes_it_without_files_senders_or_municipalities(shipped: Installation) -> None:
    folder = shipped.settings.data_dir / "status"
    told = json.loads(shipped.monitor("ledger", "--json").stdout)
    text = (folder / "index.html").read_text() + (folder / "en.html").read_text()
    assert "Alt kører" in text
    assert "2017" in text
    names = {event["name"] for event in told if event.get("name")}
    assert names
    assert [name for name in names if name in text] == []


@pytest.mark.slow
@pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs the Debian packages chromium and chromium-driver"
)
def test_it_is_accessible_and_fits_a_phone(tmp_path: Path) -> None:
    for name, data in status_files(FACTS).items():
        (tmp_path / name).write_bytes(data)
    options = Options()
    options.binary_location = str(CHROMIUM)
    for flag in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path / 'profile'}")
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    try:
        for name in ("index.html", "en.html"):
            for width in (1280, 375):
                driver.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
                )
                driver.get((tmp_path / name).as_uri())
                axe = Axe(driver)
                axe.inject()
                assert axe.run()["violations"] == []
                wide = driver.execute_script("return document.documentElement.scrollWidth")
                assert wide <= width
    finally:
        driver.quit()
