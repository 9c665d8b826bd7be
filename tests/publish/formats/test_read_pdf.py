"""The annual tables as PDF, read by pypdf through its tags, against the cells."""

import dataclasses
import io
import itertools
import unicodedata

import pypdf
import pytest
import typst
from tagged_pdf import read_tags, tables

from pipelines.publish.formats.pdf import STANDARD, annual_pdf
from pipelines.publish.formats.pdf_content import PdfFigure
from pipelines.publish.formats.pdf_tables import TablePrinter, number_notes
from pipelines.publish.formats.pdf_text import RANGES, printable
from pipelines.publish.language import language
from pipelines.publish.table_parts import part_of
from pipelines.publish.tables import breakdown_tables

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="9">43,8</text></svg>'
FIGURES = [PdfFigure("I05", "Figur 3", "Store kommuner bruger mere tid.", SVG)]


@pytest.fixture(scope="module")
def pdf(varied, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "tables.pdf"
    path.write_bytes(annual_pdf(varied, FIGURES))
    return path


@pytest.fixture(scope="module")
def tree(pdf):
    return read_tags(pdf)


@pytest.fixture(scope="module")
def english(varied, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "english.pdf"
    path.write_bytes(annual_pdf(varied, [], "en"))
    return path


def caption_of(cell):
    part = part_of(cell.indicator_id, cell.measure)
    return f"{_caption_of(cell)}: {part.label_da}" if part else _caption_of(cell)


def _caption_of(cell):
    by = "" if cell.breakdown == "all" else f" efter {cell.breakdown_label_da.lower()}"
    return f"{cell.indicator_id} {cell.indicator_title_da}{by}"


def label_of(cell, table):
    """The measure of a total, the category of one measure, else both."""
    measures, categories = ({getattr(c, n) for c in table} for n in ("measure", "category"))
    if len(categories) == 1 or (cell.category == "all" and len(measures) > 1):
        return cell.measure_label_da
    category = cell.category_label_da
    return category if len(measures) == 1 else f"{cell.measure_label_da}: {category}"


def printed(cell):
    return f"¦ {cell.display_da}" if cell.obs_status == "B" else cell.display_da


def period_of(cell):
    return "-".join(reversed(cell.period.split("-")))


def figures_in(table):
    """Each figure by group, row and column; a row with one cell alone is a group's heading."""
    group, found = "", {}
    for row in table.rows:
        if len(row) == 1:
            (group,) = row
            continue
        label, *figures = row
        for column, figure in zip(table.header[1:], figures, strict=True):
            assert (group, label, column) not in found
            found[group, label, column] = figure
    return found


def test_every_figure_is_the_cells(varied, tree):
    found = {t.caption.removesuffix(" (SYNTETISKE DATA)"): figures_in(t) for t in tables(tree)}
    checked = 0
    for indicator in varied.published_indicators():
        cells = varied.cells_of(indicator.indicator_id)
        captions = {caption_of(c) for c in cells if c.breakdown != "municipality"}
        for caption in captions:
            chosen = [c for c in cells if caption_of(c) == caption]
            groups = {c.breakdown_value for c in chosen}
            figures = found[caption]
            for cell in chosen:
                group = cell.breakdown_value_label_da if len(groups) > 1 else ""
                key = (group, label_of(cell, chosen), period_of(cell))
                assert figures.pop(key) == printed(cell), cell.cell_id
                checked += 1
            rest = {k: v for k, v in figures.items() if not k[1].startswith("Grundlag (N)")}
            assert set(rest.values()) <= {".", ".."}
    assert checked == sum(c.breakdown != "municipality" for c in varied.cells)


def test_many_groups_have_measures_as_columns_of_the_latest_period(varied, tree):
    cells = varied.cells_of("I14")
    figures = figures_in(next(t for t in tables(tree) if t.caption.endswith(", 2015")))
    assert figures == {
        ("", c.breakdown_value_label_da, c.measure_label_da): c.display_da for c in cells
    }


def test_rows_of_earlier_periods_alone_are_left_out(varied):
    (table,) = breakdown_tables(varied, "I05")[:1]
    rows = tuple(r for r in table.rows if r.measure == "share_pct")  # not asked in 2017
    years = [f"{2018 + n}" for n in range(8)]
    late = next(r for r in table.rows if r.measure == "fte_mean")
    late = dataclasses.replace(late, cells=(*late.cells, *late.cells[-1:] * 8))
    early = [dataclasses.replace(r, cells=(*r.cells, *(None,) * 8)) for r in rows]
    longer = dataclasses.replace(
        table,
        periods=(*table.periods, *years),
        rows=tuple(
            dataclasses.replace(r, displays=(*r.displays, *("." for _ in years)))
            for r in (late, *early)
        ),
    )
    indicator = next(i for i in varied.indicators if i.indicator_id == "I05")
    (printed,) = TablePrinter(indicator, language("da")).tables(longer)
    labels = [r["label"] for g in printed["groups"] for r in g["rows"] if not r["is_base"]]
    assert labels == ["Årsværk pr. kommune"]
    assert [c["label"] for c in printed["columns"]] == years


def test_columns_that_do_not_fit_a_page_are_divided(varied, tmp_path):
    model = varied.cells_of("I14")[0]
    cells = [
        dataclasses.replace(
            model,
            cell_id=f"{town}.{n}.{measure}",
            breakdown_value=town,
            breakdown_value_label_da=town,
            category=f"c{n}",
            category_label_da=f"Kategori {n}",
            measure=measure,
            measure_label_da=f"Mål {measure}",
            display_da=f"{town}{n}{measure}",
        )
        for town in "XYZ"
        for n in range(10)
        for measure in "ab"
    ]
    path = tmp_path / "wide.pdf"
    path.write_bytes(annual_pdf(dataclasses.replace(varied, cells=tuple(cells)), []))
    found = tables(read_tags(path))
    # ten columns of each measure, at most eight to a table
    assert [len(t.header) - 1 for t in found] == [8, 2, 8, 2]
    figures = [v for t in found for v in figures_in(t).values()]
    assert sorted(figures) == sorted(c.display_da for c in cells)
    assert [t.caption.split(": ")[1] for t in found] == ["Mål a"] * 2 + ["Mål b"] * 2


def test_notes_are_numbered_as_the_tables_refer_to_them(varied, tree):
    headings = [h.text.strip() for h in tree.every("/H1")]
    assert headings[-1].startswith("I14")
    table = next(t for t in tables(tree) if t.caption.startswith("I01") and t.marks)
    assert set(table.marks.values()) == {"1)"}
    paragraphs = [p.text.strip() for p in tree.every("/P")]
    text = next(n.text_da for n in varied.notes if n.note_id == "plan_areas_not_delivered")
    assert f"1) {text}" in [" ".join(p.split()) for p in paragraphs]


def test_notes_are_numbered_as_one_meets_them():
    row = {"marks": ["size", "few"], "cells": [{"marks": []}, {"marks": ["late", "size"]}]}
    first = {"marks": ["few"], "columns": [{"marks": ["wave"]}], "groups": [{"rows": [row]}]}
    second = {"marks": ["late", "few"], "columns": [], "groups": []}
    assert number_notes([first, second]) == {"few": 1, "wave": 2, "size": 3, "late": 4}
    assert (row["marks"], row["cells"][1]["marks"], second["marks"]) == ([1, 3], [3, 4], [1, 4])


def test_it_says_that_it_is_accessible_and_danish(pdf, tree):
    root = pypdf.PdfReader(pdf).trailer["/Root"]
    assert root["/Lang"] == "da-DK"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    (figure,) = tree.every("/Figure")
    assert figure.attributes["/Alt"] == "Figur 3. Store kommuner bruger mere tid."
    for table in tree.every("/Table"):
        assert table.every("/TH")
    levels = [t.name for t in walk(tree) if t.name in ("/H1", "/H2", "/H3")]
    assert all(int(b[2]) - int(a[2]) <= 1 for a, b in itertools.pairwise(levels))
    assert len(tree.every("/TOCI")) == len(tree.every("/H1")) - 1  # the list itself is not in it


def walk(tag):
    yield tag
    for child in tag.children:
        yield from walk(child)


def test_title_date_and_synthetic_mark(varied, pdf):
    reader = pypdf.PdfReader(pdf)
    assert reader.metadata.title == "Boligsocial Monitor 2017: årstabeller (SYNTETISKE DATA)"
    assert reader.metadata.creation_date.isoformat().startswith("2026-11-23T")
    assert all("SYNTETISKE DATA" in page.extract_text() for page in reader.pages)
    register = tuple(c for c in varied.cells if not c.is_synthetic)
    info = dataclasses.replace(varied.info, is_synthetic=False)
    real = annual_pdf(dataclasses.replace(varied, cells=register, info=info), [])
    reader = pypdf.PdfReader(io.BytesIO(real))
    assert not any("SYNTETISK" in page.extract_text() for page in reader.pages)


def test_the_english_tables_have_english_words_and_numbers(varied, english):
    reader = pypdf.PdfReader(english)
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    tree = read_tags(english)
    table = next(t for t in tables(tree) if t.caption.startswith("I05 Coordinator time by size"))
    figures = figures_in(table)
    label = "Large municipalities (more than 4,000 residents in areas with a plan)"
    # 7 of 16 large municipalities (L180): 43.75 per cent
    assert figures[label, "Share, per cent: Full-time or more", "2015"] == "43.8"
    amounts = next(t for t in tables(tree) if t.caption.startswith("I07 Financing of plans: am"))
    # 600,000,000 + 200,000,000.5 kroner
    assert figures_in(amounts)["", "Total", "30 Jun 2015"] == "800,000,001"


def test_every_table_of_figures_has_its_caption_inside(tree):
    """Also where a page ends inside the table; what has none is a list of facts or of signs."""
    bare = [t for t in tree.every("/Table") if not any(k.name == "/Caption" for k in t.children)]
    assert {t.every("/TH")[0].text.strip() for t in bare} == {"Felt", "Tegn"}
    captions = {id(c) for t in tree.every("/Table") for c in t.children if c.name == "/Caption"}
    assert captions == {id(c) for c in tree.every("/Caption")}


def test_the_first_cell_of_a_row_is_the_rows_heading(pdf, tree):
    root = pypdf.PdfReader(pdf).trailer["/Root"]["/StructTreeRoot"]
    names = root["/IDTree"]["/Names"]
    found = {names[i]: names[i + 1].get_object()["/S"] for i in range(0, len(names), 2)}
    assert list(found) == sorted(found)  # readers look names up by halving
    rows = [r for t in tree.every("/Table") for r in t.every("/TR") if len(r.children) > 1]
    checked = 0
    for row in rows:
        first, *others = row.children
        if first.table["/Scope"] == "/Column":
            assert all(cell.table["/Scope"] == "/Column" for cell in others)
            continue
        assert (first.name, first.table["/Scope"]) == ("/TH", "/Row")
        for cell in others:
            assert cell.name == "/TD"
            assert first.attributes["/ID"] in cell.table["/Headers"]
            assert {found[name] for name in cell.table["/Headers"]} == {"/TH"}
            checked += 1
    assert checked


def test_same_release_same_bytes(varied, pdf):
    assert annual_pdf(varied, FIGURES) == pdf.read_bytes()


def test_only_fonts_that_come_with_the_compiler(pdf):
    names = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(pdf).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert names
    assert all("LibertinusSerif" in name for name in names)


def test_every_sign_that_counts_as_printable_is_printed():
    signs = "".join(
        chr(c) for a, b in RANGES for c in range(a, b + 1) if unicodedata.name(chr(c), "")
    )
    assert printable(signs) == signs
    typst.compile(
        b'#set document(title: "t")\n#set text(font: "Libertinus Serif")\n#title()\n#sys.inputs.d',
        format="pdf",
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
        sys_inputs={"d": " ".join(signs)},
    )


def test_other_signs_are_replaced_and_directions_left_out():
    assert printable("＝1 \u202e321\u202c 👩 a\tb\x01") == "=1 321 \ufffd a b"
