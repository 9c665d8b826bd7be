import dataclasses
import re
from html.parser import HTMLParser

import pytest

from pipelines.publish.service import release_files
from pipelines.publish.tables import note_places

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


def section(html, indicator_id, following):
    return html[html.index(f'<article id="{indicator_id}"') : html.index(following)]


def plain(markup):
    return re.sub(r"<[^>]+>", "", markup)


def rows_of(markup):
    return [
        [plain(cell).strip() for cell in re.findall(r"<t[hd]\b.*?</t[hd]>", row, re.S)]
        for row in re.findall(r"<tr\b.*?</tr>", markup, re.S)
    ]


def changed_page(release, change, **others):
    cells = tuple(change(c) for c in release.cells)
    changed = dataclasses.replace(release, cells=cells, **others)
    return release_files(changed)["site/index.html"].decode()


def test_bases_stand_under_means_too(html):
    bases = [
        r for r in rows_of(section(html, "I05", '<article id="I06"')) if r[0] == "Grundlag (N)"
    ]
    # all: 16 + 22, 16 + 23; 36 told hours in 2017
    assert [b[1:] for b in bases] == [["38", "39", "36"], ["16", "16", "15"], ["22", "23", "21"]]


def test_notes_stand_where_they_apply():
    everywhere, row, column, cell = "everywhere", "row", "column", "cell"
    notes = {
        ("a", "2015"): [everywhere, row],
        ("a", "2016"): [everywhere, row, column],
        ("b", "2015"): [everywhere, cell],
        ("b", "2016"): [everywhere, column],
        ("c", "2015"): [everywhere],
    }
    places = note_places(notes)
    assert places.table == (everywhere,)
    assert places.rows == {"a": (row,)}
    assert places.columns == {"2016": (column,)}
    assert places.cells == {("b", "2015"): (cell,)}


def test_a_note_on_one_period_stands_at_its_head(release):
    def noted(cell):
        is_it = (cell.indicator_id, cell.period) == ("I07", "2016-12-31")
        return dataclasses.replace(cell, note_ids=f"{cell.note_ids}|held") if is_it else cell

    note = dataclasses.replace(release.notes[0], note_id="held", text_da="Noget mangler.")
    page = changed_page(release, noted, notes=(*release.notes, note))
    part = section(page, "I07", '<article id="I08"')
    number = re.search(r'id="I07-note-(\d)" value="\d">Noget mangler', part)[1]
    heads = re.findall(r'<th scope="col" class="period">.*?</th>', part)
    assert [f'aria-label="Note {number}"' in head for head in heads] == [False, True] * 2
    assert part.count(f'"#I07-note-{number}"') == 2


def test_only_notes_the_page_refers_to_are_listed(release, html):
    for indicator_id in ("I01", "I05", "I14"):
        listed = set(re.findall(rf'id="{indicator_id}-note-(\d+)"', html))
        assert listed == set(re.findall(rf'href="#{indicator_id}-note-(\d+)"', html))


def test_a_group_of_which_nothing_is_shown_takes_one_row(release):
    def hidden(cell):
        is_it = cell.breakdown == "same_person" and cell.breakdown_value == "no"
        if not is_it:
            return cell
        return dataclasses.replace(
            cell, value=None, numerator=None, conf_status="C", symbol="..", display_da=".."
        )

    part = section(changed_page(release, hidden), "I09", '<article id="I14"')
    rows = rows_of(part[part.index("Nej, forskellige personer") :])
    assert [row[0] for row in rows] == ["Alle tal i gruppen", "Grundlag (N)"]
    assert rows[0][1].startswith("..")
    assert rows[1][1] == "18"


def test_a_breakdown_withheld_in_every_period_is_named_in_its_section(release):
    table = dataclasses.replace(
        release.withheld[0],
        indicator_id="I09",
        period="2015",
        breakdown="same_person",
        breakdown_label_da="Koordinering",
    )
    cells = tuple(
        c for c in release.cells if (c.indicator_id, c.breakdown) != ("I09", "same_person")
    )
    changed = dataclasses.replace(release, cells=cells, withheld=(*release.withheld, table))
    page = release_files(changed)["site/index.html"].decode()
    line = "Emner i styringsdialogen efter koordinering, 2015: Tabellen er tilbageholdt"
    assert line in section(page, "I09", '<article id="I14"')
    assert "<li>I09 Emner i styringsdialogen efter koordinering: 2015</li>" in page


def test_a_table_of_the_latest_period_says_where_the_others_are(release, html):
    assert "findes i Excel-filen" not in html
    later = tuple(
        dataclasses.replace(c, period="2016", cell_id=c.cell_id + "b")
        for c in release.cells_of("I14")
    )
    changed = dataclasses.replace(release, cells=(*release.cells, *later))
    page = release_files(changed)["site/index.html"].decode()
    assert "Tal for 2015 findes i Excel-filen og CSV-filen." in section(page, "I14", 'id="tegn"')
