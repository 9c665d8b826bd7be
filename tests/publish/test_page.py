"""The pages of the site as text: what stands on them, where links lead, what data cannot do."""

import dataclasses
import posixpath
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from page_markup import Outline, about_of, page_of, rows_of

from pipelines.publish.bases import base_rows
from pipelines.publish.language import CODES, language
from pipelines.publish.note_places import note_places
from pipelines.publish.service import release_files
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.tables import breakdown_tables, withheld_label


@pytest.fixture(scope="module")
def files(release):
    return release_files(release)


@pytest.fixture(scope="module")
def pages(files):
    return {name: data.decode() for name, data in files.items() if name.endswith(".html")}


@pytest.fixture(scope="module")
def outlines(pages):
    return {name: Outline(text) for name, text in pages.items()}


def test_every_page_is_there_in_both_languages(release, pages):
    ids = {i.indicator_id for i in release.published_indicators()}
    for code, explained in (("da", "forklaring"), ("en", "explained")):
        names = {n.split("/")[-1] for n in pages if n.startswith(f"site/{code}/")}
        tables = {(c.indicator_id, c.breakdown) for c in release.cells}
        parts = {(i, "" if by == "all" else f"-{by}") for i, by in tables}
        assert {f"{i}.html" for i in ids} < names
        assert {f"{i}-{explained}{part}.html" for i, part in parts} < names
        assert len(names) == len(ids) + len(tables) + 4  # start, calendar, revisions, about


def test_pages_say_their_language_and_that_they_are_synthetic(pages, outlines):
    for name, outline in outlines.items():
        code = "en" if name.startswith("site/en/") else "da"
        assert ("html", {"lang": code}) in outline.tags
        if name != "site/index.html":
            mark = {"da": "SYNTETISKE DATA:", "en": "SYNTHETIC DATA:"}[code]
            assert pages[name].index(mark) < pages[name].index("<h1")
    title = re.search(r"<title>(.*?)</title>", pages["site/da/index.html"])[1]
    assert title == "Boligsocial Monitor (syntetiske data)"


def test_headings_go_down_one_at_a_time(outlines):
    for name, outline in outlines.items():
        assert outline.headings[0] == 1, name
        assert outline.headings.count(1) == 1, name
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(b <= a + 1 for a, b in steps), name


def test_links_lead_somewhere(files, outlines):
    for name, outline in outlines.items():
        assert len(set(outline.ids)) == len(outline.ids), name
        for link in outline.links:
            if link == "data:,":
                continue
            path, _, place = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path or "."))
            target = target if path else name
            assert target in files, (name, link)
            if place:
                assert unquote(place) in outlines[target].ids, (name, link)


def test_nothing_is_asked_of_the_outside(pages, outlines):
    for name, outline in outlines.items():
        assert not [t for t, _ in outline.tags if t in {"iframe", "img", "object"}], name
        assert not [a for _, attrs in outline.tags for a in attrs if a.startswith("on")], name
        assert not re.search(r"""(?:src|href|url\()\s*=?\s*["']?(?:https?:)?//""", pages[name])
        assert "default-src 'none'" in pages[name]


def test_only_the_search_is_a_script_and_its_box_is_hidden_without(pages, outlines):
    scripted = {n for n, o in outlines.items() if any(t == "script" for t, _ in o.tags)}
    assert scripted == {f"site/{code}/index.html" for code in CODES}
    box = next(a for t, a in outlines["site/da/index.html"].tags if t == "form")
    assert "hidden" in box
    assert '"I03.html"' in pages["site/da/index.html"]


def test_tables_have_captions_and_scopes(pages):
    tables = [t for text in pages.values() for t in re.findall(r"<table\b.*?</table>", text, re.S)]
    assert len(tables) > 60
    for table in tables:
        assert table.count("<caption>") == 1
        assert all("scope=" in h for h in re.findall(r"<th\b[^>]*>", table))
        assert 'scope="row"' in table


def test_signs_are_spoken(pages):
    hidden = '<span aria-hidden="true">..</span><span class="vh">For usikkert'
    assert hidden in pages["site/da/I03.html"] + pages["site/da/I06.html"]
    assert '<span class="vh">databrud </span>' in pages["site/da/I05.html"]
    assert '<span class="vh">break in series </span>' in pages["site/en/I05.html"]


def test_numbers_are_printed_as_each_language_does(pages):
    # 2015: 7 of 16 large municipalities, the report's 44 % (L180)
    assert ">43,8</a>" in pages["site/da/I05.html"]
    assert ">43.8</a>" in pages["site/en/I05.html"]
    assert ">43,8</a>" not in pages["site/en/I05.html"]


def test_every_figure_links_to_its_explanation(release, outlines):
    linked = {unquote(a) for a in outlines["site/da/I05.html"].links if "forklaring" in a}
    page = {"all": "I05-forklaring.html", "size": "I05-forklaring-size.html"}
    expected = {f"{page[c.breakdown]}#{c.cell_id}" for c in release.cells_of("I05")}
    expected.add("I05-forklaring.html")
    assert linked == expected


def test_an_explanation_says_count_base_and_deliveries(pages):
    text = pages["site/da/I05-forklaring-size.html"]
    row = re.search(r'<tr id="I05\.2015\.size\.large\.full_time_or_more\.[^>]*>.*?</tr>', text)[0]
    cells = [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<t[hd]\b.*?</t[hd]>", row)]
    assert cells[1:5] == ["2015", "43,8", "7", "16"]
    number = cells[-1]
    delivery = re.search(rf'<tr id="leverance-{number}">.*?</tr>', text)[0]
    assert "svar_2015_syntetisk.zip" in delivery


def test_downloads_are_all_files_of_the_indicator(files, pages):
    own = {n for n in files if re.search(r"\bI05[_.]", n) and not n.startswith("site/")}
    assert len(own) > 2
    linked = set(re.findall(r'href="\.\./\.\./([^"]+)"', pages["site/da/I05.html"]))
    assert linked == own
    assert "csv/noter.csv" in pages["site/da/om-tallene.html"]


def test_withheld_tables_are_explained_where_one_looks_for_them(pages):
    assert "2015: Tabellen er tilbageholdt af hensyn til diskretion" in pages["site/da/I03.html"]


def test_questions_with_bases_of_their_own_show_one_each(pages):
    small = pages["site/da/I08.html"]
    small = small[small.index(">Små kommuner") :]
    rows = re.findall(r"<tr class=\"base\">(.*?)</tr>", small, re.S)
    texts = [re.sub(r"<span class=\"vh\">.*?</span>|<[^>]+>", " ", row).split() for row in rows]
    # 23 judged the leaders in 2016, 22 the politicians, whom 2017 does not ask about
    assert texts[0] == ["Grundlag", "(N)", "22", "23", "24"]
    assert texts[-1] == ["Grundlag", "(N)", "22", "22"]


def test_municipalities_are_sorted_the_danish_way(release):
    names = {"461": "Aarhus", "259": "Ærø", "165": "Østre", "540": "Zebra"}
    cells = tuple(
        dataclasses.replace(
            c, breakdown_value_label_da=names.get(c.breakdown_value, c.breakdown_value_label_da)
        )
        for c in release.cells
        if c.indicator_id == "I14"
    )
    page = page_of(dataclasses.replace(release, cells=cells), "I14")
    order = [page.index(f">{n}<") for n in ("Zebra", "Ærø", "Østre", "Aarhus")]
    assert order == sorted(order)


def test_in_one_table_bases_of_their_own_name_their_measure(release):
    table = breakdown_tables(release, "I03")[0]

    def based(measure, base):
        cells = tuple(c and replace(c, base=base) for c in table.rows[0].cells)
        return replace(table.rows[0], measure=measure, cells=cells)

    told = base_rows([based("leaders", 16.0), based("leaders", 16.0), based("politicians", 15.0)])
    assert [(row.measure, set(texts)) for row, texts in told] == [
        ("leaders", {"16"}),
        ("politicians", {"15"}),
    ]
    # where the rows of one measure differ, no base is that of the measure
    assert base_rows([based("leaders", 16.0), based("leaders", 15.0)]) == ()


def test_what_is_not_available_has_no_say_in_the_base(release):
    """A written agreement was never asked for (I12); the other rows have a base all the same."""
    asked, *_ = breakdown_tables(release, "I03")[0].rows
    missing = {"value": None, "base": None, "obs_status": "M", "symbol": "…", "display_da": "…"}
    never = replace(asked, cells=tuple(c and replace(c, **missing) for c in asked.cells))
    assert base_rows([never, asked]) == base_rows([asked]) != ()


def test_a_name_within_a_label_keeps_its_capital(release):
    cells = tuple(
        replace(c, measure_label_da="Andel, Fishers test") if c.measure == "share_pct" else c
        for c in release.cells_of("I05")
    )
    page = page_of(replace(release, cells=cells), "I05")
    assert "andel, Fishers test</span>" in page


def test_who_answered_is_neither_an_answer_nor_a_register_fact(pages):
    page = pages["site/da/I02.html"]
    assert "Hvor mange kommuner der er inviteret og har svaret, er ikke fortroligt." in page
    assert "registre" not in page[page.index('id="metode"') : page.index('id="kvalitet"')]


def test_dates_and_sources_are_printed_as_each_language_does(pages):
    assert ">30-06-2015<" in pages["site/da/I07.html"]
    assert ">30 Jun 2015<" in pages["site/en/I07.html"]
    assert ">2015-06-30</td>" not in pages["site/da/I07.html"] + pages["site/en/I07.html"]
    assert "Spørgeskema til kommunerne: 2015" in pages["site/da/I05.html"]
    assert "Survey of municipalities: 2015" in pages["site/en/I05.html"]


@pytest.mark.parametrize(
    "naughty",
    [
        "<script>alert(1)</script>",
        "{{ 7*7 }}",
        "{% raise %}",
        '"><img src=x onerror=y>',
        "</script>",
    ],
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
    plain = dataclasses.replace(release, cells=release.cells_of("I03"))
    for name, data in site_files(changed, [], Surroundings()).items():
        if not name.startswith("site/da/"):
            continue
        outline = Outline(data.decode())
        scripts = [t for t, _ in outline.tags if t == "script"]
        assert len(scripts) == (2 if name == "site/da/index.html" else 0)
        assert not [t for t, _ in outline.tags if t == "img"]
        before = site_files(plain, [], Surroundings())[name]
        assert data.count(b"49") == before.count(b"49")


def test_bases_stand_under_means_too(pages):
    bases = [r for r in rows_of(pages["site/da/I05.html"]) if r[0] == "Grundlag (N)"]
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
    cells = tuple(
        dataclasses.replace(c, note_ids=f"{c.note_ids}|held")
        if (c.indicator_id, c.period) == ("I07", "2016-12-31")
        else c
        for c in release.cells
    )
    note = dataclasses.replace(release.notes[0], note_id="held", text_da="Noget mangler.")
    changed = dataclasses.replace(release, cells=cells, notes=(*release.notes, note))
    page = page_of(changed, "I07")
    number = re.search(r'id="note-(\d)" value="\d">Noget mangler', page)[1]
    heads = re.findall(r'<th scope="col" class="period">.*?</th>', page)
    assert [f'aria-label="Note {number}"' in head for head in heads] == [False, True] * 4
    assert page.count(f'"#note-{number}"') == 4  # kroner and shares, of all and by pool


def test_only_notes_the_page_refers_to_are_listed(pages):
    for indicator_id in ("I01", "I05", "I14"):
        page = pages[f"site/da/{indicator_id}.html"]
        listed = set(re.findall(r'id="note-(\d+)"', page))
        assert listed == set(re.findall(r'href="#note-(\d+)"', page))


def test_a_group_of_which_nothing_is_shown_takes_one_row(release):
    def hidden(cell):
        is_it = cell.breakdown == "same_person" and cell.breakdown_value == "no"
        if not is_it:
            return cell
        return dataclasses.replace(
            cell, value=None, numerator=None, conf_status="C", symbol="..", display_da=".."
        )

    page = page_of(dataclasses.replace(release, cells=tuple(map(hidden, release.cells))), "I09")
    rows = rows_of(page[page.index("Nej, forskellige personer") :])
    assert [row[0] for row in rows[:2]] == ["Alle tal i gruppen", "Grundlag (N)"]
    assert rows[0][1].startswith("..")
    assert rows[1][1] == "18"


def test_a_breakdown_withheld_in_every_period_is_named_on_its_page_and_in_the_list(release):
    table = dataclasses.replace(
        release.withheld[0],
        indicator_id="I09",
        period="2015",
        breakdown="same_person",
        breakdown_label_da="Koordinering",
        breakdown_label_en="Coordination",
    )
    cells = tuple(
        c for c in release.cells if (c.indicator_id, c.breakdown) != ("I09", "same_person")
    )
    changed = dataclasses.replace(release, cells=cells, withheld=(*release.withheld, table))
    line = "Emner i styringsdialogen efter koordinering, 2015: Tabellen er tilbageholdt"
    assert line in page_of(changed, "I09")
    assert "<li>I09 Emner i styringsdialogen efter koordinering: 2015</li>" in about_of(changed)
    # no cell is left from which to take the English name
    assert withheld_label(table, language("en")) == "Coordination"
    before_it_was_kept = dataclasses.replace(table, breakdown_label_en="")
    assert withheld_label(before_it_was_kept, language("en")) == "Koordinering"


def test_a_long_series_of_amounts_shows_its_latest_years(release):
    model = next(c for c in release.cells_of("I07") if c.unit == "kr" and c.breakdown == "all")
    cells = tuple(
        replace(model, period=str(year), cell_id=f"I07.{year}", display_da="114.838.648")
        for year in range(2006, 2022)
    )
    page = page_of(replace(release, cells=cells), "I07")
    years = re.findall(r'<th scope="col" class="period">(\d+)', page)
    # 9 digits of 9.8 px and 2 points of 5.6 with 16 around them: 115.4, so 6 in 700
    assert years == [str(year) for year in range(2016, 2022)]
    assert "Tal for 2006, 2007" in page


def test_a_municipality_in_several_tables_is_an_id_once(release):
    cells = tuple(
        replace(c, indicator_id="I07", measure=measure, cell_id=f"{measure} {c.cell_id}")
        for c in release.cells_of("I14")
        if c.breakdown == "municipality"
        for measure in ("amount_kr", "share_pct")  # of two parts, so of two tables
    )
    page = page_of(replace(release, cells=cells), "I07")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert page.count('<table class="many">') == 2
    assert len(ids) == len(set(ids)) and any(i.startswith("municipality-") for i in ids)


def test_a_table_of_the_latest_period_says_where_the_others_are(release, pages):
    assert "findes i filerne" not in pages["site/da/I14.html"]
    later = tuple(
        dataclasses.replace(c, period="2016", cell_id=c.cell_id + "b")
        for c in release.cells_of("I14")
    )
    changed = dataclasses.replace(release, cells=(*release.cells, *later))
    assert "Tal for 2015 findes i filerne under" in page_of(changed, "I14")


def test_the_signs_of_a_page_are_explained_on_it_for_those_who_see_them(pages):
    hidden = 0
    for name, page in pages.items():
        if not re.fullmatch(r"site/da/I\d\d\.html", name):
            continue
        signs = set(re.findall(r'<span aria-hidden="true">(-|\.|\.\.|…)</span>', page))
        told = set(re.findall(r"<strong>([^<]+)</strong> [a-zæøå]", page))
        assert signs <= told, name
        hidden += ".." in signs
    assert hidden


def test_files_of_one_format_are_told_apart(pages):
    [page] = [text for name, text in pages.items() if name == "site/da/I05.html"]
    assert re.search(r'csv/I05[^>]*>[^<]*</a> <span class="unit">\(CSV til dansk Excel', page)
    assert re.search(r'data/I05[^>]*>[^<]*</a> <span class="unit">\(CSV til programmer', page)
