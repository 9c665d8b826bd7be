"""A table of thousands is explained on several pages, and every link leads to the right one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from long_release import STEPS, long_release

from pipelines.publish.language import language
from pipelines.publish.model import Release
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.site.explained_pages import MOST_ROWS, ExplainedPages


@pytest.fixture(scope="module")
def long(release: Release) -> Release:
    """Seven hundred figures by size, and a page takes 300."""
    return long_release(release)


def test_pages_are_divided_between_groups_and_short_enough(long: Release) -> None:
    pages = [p for p in ExplainedPages(long).of_indicator["I05"] if p.breakdown == "size"]
    # three groups of a hundred fill a page of 300, twice, and one is left
    assert [len(page.cells) for page in pages] == [300, 300, 100]
    assert max(len(page.cells) for page in pages) <= MOST_ROWS
    assert [page.label(language("da")) for page in pages] == [
        "Gruppe 0 – Gruppe 2",
        "Gruppe 3 – Gruppe 5",
        "Gruppe 6 2015",
    ]


def test_a_group_that_no_page_takes_is_divided_between_its_periods(long: Release) -> None:
    cells = [
        replace(cell, breakdown_value="s0", period=f"{2015 + int(cell.breakdown_value[1])}")
        for cell in long.cells
        if cell.breakdown == "size"
    ]
    pages = ExplainedPages(replace(long, cells=tuple(cells))).of_indicator["I05"]
    assert [page.label(language("en")) for page in pages] == [
        "Group 0 2015 – 2017",
        "Group 3 2018 – 2020",
        "Group 6 2021",
    ]


def test_groups_stand_in_danish_alphabetical_order(long: Release) -> None:
    names = ("Århus", "Ærø", "Vejle", "Aalborg", "Ødsted", "Billund", "Zeta")
    cells = [
        replace(cell, breakdown_value_label_da=names[int(cell.breakdown_value[1])])
        for cell in long.cells
        if cell.breakdown == "size"
    ]
    pages = ExplainedPages(replace(long, cells=tuple(cells))).of_indicator["I05"]
    found = dict.fromkeys(c.breakdown_value_label_da for page in pages for c in page.cells)
    assert list(found) == ["Billund", "Vejle", "Zeta", "Ærø", "Ødsted", "Aalborg", "Århus"]


def test_every_link_leads_to_the_page_with_the_row(long: Release) -> None:
    files = site_files(long, (), Surroundings(calculations=STEPS))
    pages = {name: data.decode() for name, data in files.items() if "/da/I05" in name}
    links = re.findall(r'href="(I05-forklaring[^"#]*)#(I05[^"]+)"', pages["site/da/I05.html"])
    assert len(links) == len(long.cells)
    rows = {name: set(re.findall(r'<tr id="([^"]+)"', text)) for name, text in pages.items()}
    assert [link for link in links if link[1] not in rows[f"site/da/{link[0]}"]] == []
    assert {file for file, _ in links} == {
        "I05-forklaring.html",
        "I05-forklaring-size.html",
        "I05-forklaring-size-2.html",
        "I05-forklaring-size-3.html",
    }
    second = pages["site/da/I05-forklaring-size-2.html"]
    assert '<span aria-current="page">Gruppe 3 – Gruppe 5</span>' in second
    assert '<a href="I05-forklaring-size.html">Gruppe 0 – Gruppe 2</a>' in second
    # the SQL stands on the first page, as it ran and as it is written; the others lead there
    assert 'href="I05-forklaring.html#beregning"' in second
    assert "select 1" not in second
    assert "select 1" in pages["site/da/I05-forklaring.html"]
    assert "{{ one }}" in pages["site/da/I05-forklaring.html"]
    twin = 'href="../en/I05-explained-size-2.html"'
    assert twin in second


def test_every_page_says_what_was_checked(long: Release) -> None:
    files = site_files(long, (), Surroundings(calculations=STEPS))
    second = files["site/da/I05-forklaring-size-2.html"].decode()
    checks = second.partition("<h2>Kontroller, der er bestået</h2>")[2]
    # the 300 shares of the page; two tests, one of which looks at both models
    assert "300 procenter er efterregnet" in checks
    assert "2 test af modellerne bag tallene holdt" in checks
    first = files["site/en/I05-explained.html"].decode()
    assert "Checks passed" in first
    assert "Tests that held: <code>grain</code>, <code>adds_up</code>" in first
