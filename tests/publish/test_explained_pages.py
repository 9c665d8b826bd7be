"""A table of thousands is explained on several pages, and every link leads to the right one."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipelines.publish.language import language
from pipelines.publish.model import Release
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.site.content import Calculation
from pipelines.publish.site.explained_pages import MOST_ROWS, ExplainedPages

GROUPS, OF_EACH = 7, 100
STEPS = {"I05": (Calculation("pub_i05", "One row per cell.", "select 1", "{{ one }}"),)}


@pytest.fixture(scope="module")
def long(release: Release) -> Release:
    """I05 by size of seven sizes, a hundred figures each: 700, and a page takes 450."""
    model = next(c for c in release.cells_of("I05") if c.breakdown == "size")
    cells = [
        replace(
            model,
            cell_id=f"I05.2015.size.s{group}.c{place}.share_pct",
            breakdown_value=f"s{group}",
            breakdown_value_label_da=f"Gruppe {group}",
            breakdown_value_label_en=f"Group {group}",
            category=f"c{place}",
        )
        for group in range(GROUPS)
        for place in range(OF_EACH)
    ]
    total = [c for c in release.cells_of("I05") if c.breakdown == "all"]
    return replace(release, cells=(*total, *cells))


def test_pages_are_divided_between_groups_and_short_enough(long: Release) -> None:
    pages = [p for p in ExplainedPages(long).of_indicator["I05"] if p.breakdown == "size"]
    # four groups of a hundred fit under 450, three are left
    assert [len(page.cells) for page in pages] == [400, 300]
    assert max(len(page.cells) for page in pages) <= MOST_ROWS
    assert [page.label(language("da")) for page in pages] == [
        "Gruppe 0 – Gruppe 3",
        "Gruppe 4 – Gruppe 6",
    ]


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
    }
    second = pages["site/da/I05-forklaring-size-2.html"]
    assert '<span aria-current="page">Gruppe 4 – Gruppe 6</span>' in second
    assert '<a href="I05-forklaring-size.html">Gruppe 0 – Gruppe 3</a>' in second
    # the SQL stands on the first page, as it ran and as it is written; the others lead there
    assert 'href="I05-forklaring.html#beregning"' in second
    assert "select 1" not in second
    assert "select 1" in pages["site/da/I05-forklaring.html"]
    assert "{{ one }}" in pages["site/da/I05-forklaring.html"]
    twin = 'href="../en/I05-explained-size-2.html"'
    assert twin in second
