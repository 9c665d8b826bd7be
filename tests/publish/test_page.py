import dataclasses
import re
from html.parser import HTMLParser

import pytest

from pipelines.publish.service import release_files

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Outline(HTMLParser):
    """Collects what the tests ask about, and checks that tags are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.tags = [], [], [], []
        self.languages, self.headings = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if "href" in attributes:
            self.links.append(attributes["href"])
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def files(release):
    return release_files(release)


@pytest.fixture(scope="module")
def html(files):
    return files["site/index.html"].decode()


@pytest.fixture(scope="module")
def outline(html):
    return Outline(html)


def test_the_page_is_danish_and_says_that_it_is_synthetic(html, outline):
    assert ("html", {"lang": "da"}) in outline.tags
    assert html.index("SYNTETISKE DATA:") < html.index("<h1>")
    assert "<title>Boligsocial Monitor (syntetiske data)</title>" in html


def test_headings_go_down_one_at_a_time(outline):
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))


def test_links_lead_somewhere(files, outline):
    assert len(set(outline.ids)) == len(outline.ids)
    for link in outline.links:
        if link.startswith("#"):
            assert link[1:] in outline.ids, link
        elif link != "data:,":
            path = link.removeprefix("../") if link.startswith("../") else f"site/{link}"
            assert path in files, link


def test_nothing_is_asked_of_the_outside_and_there_is_no_script(html, outline):
    assert not [t for t, _ in outline.tags if t in {"script", "iframe", "img", "object"}]
    assert not re.search(r"""(?:src|href|url\()\s*=?\s*["']?(?:https?:)?//""", html)
    assert "default-src 'none'" in html
    assert not [a for _, attrs in outline.tags for a in attrs if a.startswith("on")]


def test_tables_have_captions_and_scopes(html):
    tables = re.findall(r"<table>.*?</table>", html, re.S)
    assert len(tables) > 15
    for table in tables:
        assert table.count("<caption>") == 1
        headers = re.findall(r"<th\b[^>]*>", table)
        assert all("scope=" in h for h in headers)
        assert 'scope="row"' in table


def test_signs_are_spoken(html):
    hidden = '<span aria-hidden="true">..</span><span class="vh">For usikkert'
    assert hidden in html
    assert '<span class="vh">databrud </span>' in html


def test_withheld_tables_are_explained_where_one_looks_for_them(html):
    section = html[html.index('id="I03"') : html.index('id="I05"')]
    assert "2015: Tabellen er tilbageholdt af hensyn til diskretion" in section


def test_questions_with_bases_of_their_own_show_one_each(html):
    section = html[html.index('id="I08"') : html.index('id="I09"')]
    small = section[section.index(">Små kommuner") :]
    rows = re.findall(r"<tr class=\"base\">(.*?)</tr>", small, re.S)
    texts = [re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", " ", row).split() for row in rows]
    # 23 judged the leaders in 2016, 22 the politicians, whom 2017 does not ask about
    assert texts == [
        ["Grundlag", "(N)", "ledernes", "prioritering", "22", "23", "24"],
        ["Grundlag", "(N)", "politikernes", "prioritering", "22", "22", "."],
    ]


def test_municipalities_are_sorted_the_danish_way(release):
    names = {"461": "Aarhus", "259": "Ærø", "165": "Østre", "540": "Zebra"}
    cells = tuple(
        dataclasses.replace(
            c, breakdown_value_label_da=names.get(c.breakdown_value, c.breakdown_value_label_da)
        )
        for c in release.cells
        if c.indicator_id == "I14"
    )
    page = release_files(dataclasses.replace(release, cells=cells))["site/index.html"].decode()
    order = [page.index(f">{n}<") for n in ("Zebra", "Ærø", "Østre", "Aarhus")]
    assert order == sorted(order)


def test_dates_and_sources_are_danish(html):
    assert ">30-06-2015<" in html
    assert "Spørgeskema" in html
    assert "2015-06-30<" not in html


@pytest.mark.parametrize(
    "naughty",
    ["<script>alert(1)</script>", "{{ 7*7 }}", "{% raise %}", '"><img src=x onerror=y>', "a'b\"c"],
)
def test_text_from_data_is_inert(release, naughty):
    cells = tuple(
        dataclasses.replace(c, category_label_da=naughty, indicator_title_da=naughty)
        for c in release.cells_of("I03")
    )
    indicators = tuple(
        dataclasses.replace(i, title_da=naughty, definition_da=naughty) for i in release.indicators
    )
    changed = dataclasses.replace(release, cells=cells, indicators=indicators)
    page = release_files(changed)["site/index.html"].decode()
    outline = Outline(page)
    assert not [t for t, _ in outline.tags if t in {"script", "img"}]
    assert ("49" in page) == (
        "49"
        in release_files(
            dataclasses.replace(
                changed, indicators=release.indicators, cells=release.cells_of("I03")
            )
        )["site/index.html"].decode()
    )
