import dataclasses
import re
import xml.etree.ElementTree as ElementTree

import pytest

from pipelines.publish.danish import number
from pipelines.publish.figure_content import BREAK, break_text
from pipelines.publish.figure_data import figure_contents
from pipelines.publish.figures import NARROW, WIDE, draw, svg_to_png
from pipelines.publish.language import language

BREAK_TEXT = break_text(language("da"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def contents(release):
    return {c.figure_id: c for c in figure_contents(release)}


def texts(svg):
    return [e.text for e in ElementTree.fromstring(svg).iter(f"{SVG}text") if e.text]


def plain_text(text):
    return text.replace("\u00a0", " ")


def test_the_reports_three_figures_come_first_and_others_are_on_their_pages(contents):
    assert list(contents)[:3] == ["figur-2", "figur-3", "figur-4"]
    assert [c.figure_id for c in contents.values() if c.is_on_start] == list(contents)[:3]
    assert {"koordinator", "emner"} <= set(contents)


def test_figure_2_shows_each_form_in_each_wave(contents):
    figure = contents["figur-2"]
    assert [plain_text(p) for p in figure.panels] == [
        "2015 (N = 41)",
        "2016 (N = 41)",
        "2017 (N = 40)",
    ]
    assert figure.rows == ("Medarbejderressourcer", "Kontante midler", "Lokaler", "Øvrige")
    assert len(figure.bars) == 12
    # 2017: staff 13 + 20 = 33 of 40 = 82.5
    # no intervals come with these cells, so no form is called the most used
    assert plain_text(figure.finding).startswith(
        "I 2017, andel af kommunerne (N = 40): medarbejderressourcer 82,5 pct., "
    )


def test_figure_3_shows_size_and_marks_the_break(contents):
    figure = contents["figur-3"]
    bars = {(b.panel, b.row): b.text for b in figure.bars}
    assert bars["En fuldtidsstilling eller mere", "2015, store"] == "43,8"
    assert bars["En fuldtidsstilling eller mere", "2015, små"] == "13,6"
    ((row, text),) = {(b.row, b.text) for b in figure.bars if b.group == BREAK}
    assert text == BREAK_TEXT
    # the line under the figure tells of the break where the mark is drawn
    (line,) = [line for line in figure.caption if line.startswith("¦")]
    assert line.startswith(f"¦ Databrud mellem {int(row) - 1} og {row}: {row} er opgjort som ")
    caption = " ".join(figure.caption)
    assert "2015: 16 store og 22 små" in caption
    # 13.25 full-time equivalents over 15 municipalities, 8.25 over 21
    assert f"årsværk pr. kommune: store {number(13.25 / 15, 2)} og små 0,39" in caption
    assert "Ingen svarede »ved ikke«" in caption


def test_figure_4_shows_the_leaders_alone_in_every_wave(contents):
    figure = contents["figur-4"]
    assert figure.panels == (
        "Tilfredsstillende",
        "I nogen grad tilfredsstillende",
        "Ikke tilfredsstillende",
    )
    assert [row for row in figure.rows if row.strip()] == [
        f"{wave}, {size}" for wave in ("2015", "2016", "2017") for size in ("store", "små")
    ]
    bars = {(b.panel, b.row): b.text for b in figure.bars}
    assert len(bars) == len(figure.bars) == 18
    assert bars["Tilfredsstillende", "2016, store"] == "50,0"  # 8 of 16; the politicians: 7


def test_findings_name_figures_and_bases(contents):
    assert plain_text(contents["figur-4"].finding) == (
        "Ledernes prioritering: I 2017 svarede 62,5 pct. af de store kommuner (N = 16) "
        "og 54,2 pct. af de små kommuner (N = 24) »tilfredsstillende«."  # 10 of 16, 13 of 24
    )


def test_every_share_has_its_base_in_print(contents):
    """In the panel's title, beside the row's label, or in the caption; never as a range."""
    for figure in contents.values():
        if figure.figure_id == "historik":  # counts of plans
            continue
        printed = plain_text(" ".join((*figure.panels, *figure.rows, *figure.caption)))
        assert re.search(r"N [(:=]", printed), figure.figure_id
        assert not re.search(r"N = \d+–\d+", printed)


def test_bases_that_differ_by_row_stand_beside_the_label_or_are_listed(release):
    def figure_2(base_of):
        changed = tuple(
            dataclasses.replace(c, base=base_of(c)) if c.indicator_id == "I06" else c
            for c in release.cells
        )
        figures = figure_contents(dataclasses.replace(release, cells=changed))
        return next(c for c in figures if c.figure_id == "figur-2")

    of_row = figure_2(lambda c: float(len(c.category)))
    assert plain_text(of_row.rows[1]) == "Kontante midler (N = 4)"  # four letters in "cash"
    assert "2017" in of_row.panels
    of_each = figure_2(lambda c: float(len(c.category)) + float(c.period))
    assert "2017" in of_each.panels and "Kontante midler" in of_each.rows
    assert "2017: Medarbejderressourcer 2.022, Kontante midler 2.021" in of_each.caption[0]


def test_the_alternative_text_tells_of_the_bars_that_are_drawn(contents):
    for figure in contents.values():
        drawn = {bar.text.removeprefix("¦ ") for bar in figure.bars}
        told = set(re.findall(r"\d+,\d", plain_text(figure.finding)))
        assert told <= drawn, figure.figure_id
        assert told or figure.finding == "Ingen tal kan vises." or figure.figure_id == "historik"


def test_a_wave_whose_sizes_are_withheld_shows_all_municipalities(release):
    cells = tuple(
        c
        for c in release.cells
        if (c.indicator_id, c.period, c.breakdown) != ("I05", "2016", "size")
    )
    changed = dataclasses.replace(
        release,
        cells=cells,
        withheld=(
            *release.withheld,
            dataclasses.replace(release.withheld[0], indicator_id="I05", period="2016"),
        ),
    )
    figure = next(c for c in figure_contents(changed) if c.figure_id == "figur-3")
    assert "2016, alle" in figure.rows
    assert "Opdelingen for 2016 er tilbageholdt af hensyn til diskretion." in figure.caption


def test_hidden_shares_show_the_sign(release):
    cells = tuple(
        dataclasses.replace(
            c, value=None, numerator=None, conf_status="C", symbol="..", display_da=".."
        )
        if c.indicator_id == "I05"
        else c
        for c in release.cells
    )
    figure = next(
        c
        for c in figure_contents(dataclasses.replace(release, cells=cells))
        if c.figure_id == "figur-3"
    )
    assert {b.text for b in figure.bars if b.group != BREAK} == {".."}
    assert figure.finding == "Ingen tal kan vises."
    assert ".." in texts(draw(figure, WIDE))


def test_intervals_are_drawn_and_explained_and_the_number_stands_beyond_them(release):
    cells = tuple(
        dataclasses.replace(c, lower_bound=c.value - 2, upper_bound=c.value + 9)
        if c.indicator_id == "I06" and c.value is not None
        else c
        for c in release.cells
    )
    plain, shown = (
        next(c for c in figure_contents(r) if c.figure_id == "figur-2")
        for r in (release, dataclasses.replace(release, cells=cells))
    )
    staff = next(b for b in shown.bars if b.text == "82,5")  # 2017: 33 of 40
    assert (staff.lower, staff.upper) == (80.5, 91.5)
    assert any(line.startswith("Stregerne viser 95-procents-intervallet") for line in shown.caption)
    assert any(line.startswith("Intervaller er ikke med") for line in plain.caption)
    lines = [draw(figure, WIDE).count("<line") for figure in (shown, plain)]
    assert lines[0] - lines[1] == 2 * len(shown.bars)  # a line and its white edge for each bar


def test_english_figures_have_english_words_and_numbers(release):
    figures = {c.figure_id: c for c in figure_contents(release, "en")}
    figure = figures["figur-3"]
    assert figure.title == "Figure 3. Time spent on coordination, by size of municipality"
    assert "43.8" in {bar.text for bar in figure.bars}  # L180: 44 %
    for each in (figure, figures["figur-2"]):  # of either kind
        assert any("Survey of municipalities: 2015, 2016" in line for line in each.caption)
    assert 'lang="en"' in draw(figure, WIDE)


def test_no_cells_no_figure(release):
    assert figure_contents(dataclasses.replace(release, cells=())) == ()


@pytest.mark.parametrize("layout", [WIDE, NARROW])
def test_drawings_are_accessible_whole_and_the_same_each_time(contents, layout):
    for figure in contents.values():
        svg = draw(figure, layout)
        assert draw(figure, layout) == svg
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        named = root.get("aria-labelledby").split()
        described = {e.get("id"): e.text for e in (root[0], root[1])}
        assert list(described) == named
        # a reader who hears the figure hears of bases, breaks and sources too
        heard = " ".join((figure.finding, *figure.caption))
        assert list(described.values()) == [figure.title, heard]
        assert len(re.findall(r"\brole=|\baria-", svg)) == 2
        assert float(root.get("width")) <= layout.width_px + 40
        assert any(t.startswith("SYNTETISKE DATA") for t in texts(svg))
        assert "<script" not in svg
        assert not re.search(r"(?:href|url)\W*https?:", svg)


def test_all_ids_of_a_page_differ(contents):
    drawings = [draw(c, layout) for c in contents.values() for layout in (WIDE, NARROW)]
    ids = re.findall(r'\bid="([^"]+)"', "".join(drawings))
    assert len(set(ids)) == len(ids)


def test_text_from_data_is_inert(contents):
    naughty = '<script>alert("x")</script>'
    figure = dataclasses.replace(
        contents["figur-2"], title=naughty, finding=naughty, caption=(naughty,)
    )
    svg = draw(figure, WIDE)
    assert "<script" not in svg
    assert ElementTree.fromstring(svg)[0].text == naughty


def test_real_figures_carry_no_synthetic_mark(contents):
    svg = draw(dataclasses.replace(contents["figur-2"], is_synthetic=False), WIDE)
    assert "SYNTETISK" not in svg


def test_a_drawing_can_be_a_picture(contents):
    assert svg_to_png(draw(contents["figur-2"], WIDE)).startswith(b"\x89PNG")


def hidden(cell):
    return dataclasses.replace(
        cell, value=None, numerator=None, conf_status="C", symbol="..", display_da=".."
    )


def finding(release, figure_id, change):
    changed = dataclasses.replace(release, cells=tuple(map(change, release.cells)))
    figures = {c.figure_id: c for c in figure_contents(changed)}
    return plain_text(figures[figure_id].finding)


def test_a_hidden_form_leaves_open_which_is_the_most_used(release):
    text = finding(
        release,
        "figur-2",
        lambda c: hidden(c) if (c.indicator_id, c.category) == ("I06", "staff") else c,
    )
    # 2017: premises 10 + 13 = 23 of 40, cash 15, other 3
    assert text == (
        "I 2017, andel af kommunerne (N = 40): "
        "lokaler 57,5 pct., kontante midler 37,5 pct. og øvrige 7,5 pct."
    )


def test_a_finding_is_of_the_latest_wave_that_shows_something(release):
    def full_time_hidden(cell):
        is_it = cell.indicator_id == "I05" and cell.category == "full_time_or_more"
        return hidden(cell) if is_it and cell.period == "2016" else cell

    # 2016: 4 of 16 large, 6 of 23 small between half and full time
    assert finding(release, "figur-3", full_time_hidden) == (
        "Tid til koordinering: I 2016 svarede 25,0 pct. af de store kommuner (N = 16) "
        "og 26,1 pct. af de små kommuner (N = 23) »mellem en halv og en hel stilling«."
    )


def test_an_answer_that_is_nil_or_hidden_everywhere_has_no_panel(release):
    def one_hidden(cell):
        is_it = (cell.indicator_id, cell.category) == ("I08", "dont_know")
        return hidden(cell) if is_it and cell.period == "2016" else cell

    def shown(changed):
        return next(c for c in figure_contents(changed) if c.figure_id == "figur-4")

    figure = shown(dataclasses.replace(release, cells=tuple(map(one_hidden, release.cells))))
    assert "Ved ikke" not in figure.panels
    assert "Svaret »ved ikke« er ikke tegnet; se tabellen." in figure.caption
    # nobody gave it in the fixture, and only where that is seen may it be said
    assert "Ingen svarede »ved ikke«." in shown(release).caption
    assert "Ingen svarede »ved ikke«." not in figure.caption


def test_nil_is_a_number_in_a_sentence(release):
    def nobody(cell):
        is_it = cell.measure == "leaders_share_pct" and cell.category == "satisfactory"
        if not is_it or cell.breakdown_value != "large":
            return cell
        return dataclasses.replace(cell, value=0.0, numerator=0.0, symbol="-", display_da="-")

    assert "svarede 0 pct. af de store kommuner" in finding(release, "figur-4", nobody)
