"""Texts with a meaning to some program come out inert and as they were, in every format."""

import csv
import dataclasses
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl
import pypdf
import pytest
from csvw import TableGroup
from frictionless import Package
from jsonstat_validator import validate_jsonstat
from naughty import EVERYTHING, STRINGS, naughty_release
from openpyxl.utils.escape import unescape
from px_reader import read_px
from pyjstat import pyjstat

from pipelines.publish.figure_data import figure_contents
from pipelines.publish.figures import WIDE, draw, svg_to_png
from pipelines.publish.formats.all_files import machine_files, office_files
from pipelines.publish.formats.pdf import annual_pdf
from pipelines.publish.site import Surroundings, site_files
from pipelines.publish.site.content import (
    Calculation,
    CalendarEntry,
    Change,
    Changes,
    Revision,
)
from pipelines.publish.store import read_release, write_release
from pipelines.publish.tidy_csv import as_written
from pipelines.publish.workbook import release_workbook
from pipelines.release.comparing import Comparison
from pipelines.release.diff import compare, diff_csv, read_diff
from pipelines.release.diff_text import diff_lines
from pipelines.release.explain import Explainer
from pipelines.release.explain_text import explanation_lines
from pipelines.release.lineage import Lineage
from pipelines.release.models import Models
from pipelines.release.versions import Version

# what a spreadsheet takes for the beginning of a formula, where a cell begins
FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r]\S")


@pytest.fixture(scope="module")
def naughty(release):
    return naughty_release(release)


@pytest.fixture(scope="module")
def office(naughty):
    return office_files(naughty)


@pytest.fixture(scope="module")
def machine(naughty):
    return machine_files(naughty)


@pytest.fixture(scope="module")
def folder(machine, tmp_path_factory):
    folder = tmp_path_factory.mktemp("naughty")
    for name, data in machine.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_the_list_has_what_is_to_be_feared():
    assert len(set(STRINGS)) == len(STRINGS) > 60


def workbooks(naughty, office):
    yield next(data for name, data in office.items() if name.endswith(".xlsx"))
    yield release_workbook(naughty)


def as_excel_reads(text):
    """Undo the file's escapes of control signs; openpyxl undoes that of an escape only."""
    return unescape(text.replace("_x0041_", "_x005F_x0041_"))


def test_workbooks_hold_text_and_no_formula_or_link(naughty, office):
    for data in workbooks(naughty, office):
        book = openpyxl.load_workbook(io.BytesIO(data))
        texts = set()
        for sheet in book:
            for cell in (c for row in sheet.iter_rows() for c in row):
                assert cell.data_type in "sn"
                if cell.data_type == "s":
                    texts.add(as_excel_reads(cell.value))
                if cell.hyperlink:
                    assert sheet.title == "Indhold"
                    assert cell.hyperlink.target is None  # inside the workbook only
        assert set(STRINGS) <= texts
        assert f"I03 {EVERYTHING}" in texts
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            xml = b"".join(archive.read(name) for name in names if "sheets/sheet" in name)
        assert b"<f>" not in xml
        assert not [n for n in names if "external" in n.lower() or "vba" in n.lower()]


def test_a_text_too_long_for_excel_is_cut_and_says_so(naughty):
    note = dataclasses.replace(naughty.notes[0], text_da="x" * 40_000)
    changed = dataclasses.replace(naughty, notes=(note, *naughty.notes[1:]))
    book = openpyxl.load_workbook(io.BytesIO(release_workbook(changed)))
    (long,) = [r[1].value for r in book["Noter"].iter_rows() if len(str(r[1].value)) > 30_000]
    assert (len(long), long[-1]) == (32_767, "…")


@pytest.mark.parametrize(
    ("name", "separator", "encoding", "columns"),
    [
        ("csv/I03_syntetisk.csv", ";", "utf-8-sig", ("kategori", "category", "kilde")),
        (
            "data/I03_syntetisk.csv",
            ",",
            "utf-8",
            ("category_label_da", "category_label_en", "sources_da"),
        ),
    ],
)
def test_csv_runs_nothing_and_gives_the_texts_back(
    office, machine, name, separator, encoding, columns
):
    text = (office | machine)[name].decode(encoding)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))
    for column in columns:
        assert [as_written(row[column]) for row in rows[: len(STRINGS)]] == list(STRINGS)
    for field in (field for row in rows for field in row.values()):
        # also where a program divides at other separators than the file's
        for part in re.split(r'[;,|\t\r\n"]', field):
            assert not FORMULA.match(part) or part[1] in " ", part


def test_csv_metadata_gives_the_texts_back(naughty, folder):
    group = TableGroup.from_file(folder / "data" / "csv-metadata.json")
    rows = list(next(t for t in group.tables if t.url.string.startswith("I03")))
    assert [as_written(r["category_label_da"]) for r in rows[: len(STRINGS)]] == list(STRINGS)
    metadata = json.loads((folder / "data" / "csv-metadata.json").read_text())
    assert EVERYTHING in metadata["tables"][0]["dc:title"][0]["@value"]
    package = Package(str(folder / "data" / "datapackage.json"))
    assert package.validate().valid
    read = package.resources[0].read_rows()
    assert [as_written(r["category_label_da"]) for r in read[: len(STRINGS)]] == list(STRINGS)


@pytest.mark.parametrize("language", ["da", "en"])
def test_jsonstat_gives_the_texts_back_and_is_safe_inside_a_page(machine, language):
    data = machine[f"jsonstat/I03_syntetisk.{language}.json"]
    assert b"<" not in data
    dataset = json.loads(data)
    assert validate_jsonstat(dataset)
    labels = dataset["dimension"]["category"]["category"]["label"]
    assert [labels[f"c{i}"] for i in range(len(STRINGS))] == list(STRINGS)
    assert EVERYTHING in dataset["label"]
    assert set(STRINGS) <= set(dataset["extension"]["notes"].values())
    frame = pyjstat.Dataset.read(data.decode()).write("dataframe")
    assert set(STRINGS) <= set(frame.iloc[:, 1])


MANDATORY = (
    *("CHARSET", "AXIS-VERSION", "CODEPAGE", "LANGUAGE", "LANGUAGES", "CREATION-DATE", "TABLEID"),
    *("DECIMALS", "SHOWDECIMALS", "MATRIX", "COPYRIGHT", "SUBJECT-CODE", "SUBJECT-AREA"),
    *("DESCRIPTION", "TITLE", "CONTENTS", "UNITS", "STUB", "HEADING", "CONTVARIABLE", "VALUES"),
    *("TIMEVAL", "CODES", "ELIMINATION", "LAST-UPDATED", "CONTACT", "SOURCE", "DATASYMBOL1"),
    *("DATASYMBOL2", "DATASYMBOL3", "NOTE", "VALUENOTE", "DATA"),
)


def as_px(text):
    """PX has no quotation mark and no line end inside a text."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text).replace('"', "”").strip()


def px_labels():
    """Equal ones are told apart by their codes, and so is the sign for all values."""
    words = [as_px(text) for text in STRINGS]
    return [
        f"{word} (c{i})" if words.count(word) > 1 or word == "*" else word
        for i, word in enumerate(words)
    ]


def test_px_has_nothing_but_its_keywords_and_gives_the_texts_back(machine, naughty):
    read = read_px(machine["px/I03_syntetisk.px"].decode())
    title = read["CONTVARIABLE", "da", ()][0]
    keywords = {key[0] for key in read}
    assert keywords == {*MANDATORY, "PRECISION"}  # shares have a decimal, their counts none
    codes = read["CODES", "da", ("Kategori",)]
    labels = dict(zip(codes, read["VALUES", "da", ("Kategori",)], strict=True))
    assert [labels[f"c{i}"] for i in range(len(STRINGS))] == px_labels()
    for i, label in enumerate(px_labels()):
        assert "".join(read["VALUENOTE", "da", ("Kategori", label)]) == as_px(STRINGS[i])
    assert as_px(EVERYTHING) in read["TITLE", "da", ()][0]
    assert title == "Mål"
    size = 1
    for name in (*read["STUB", "da", ()], *read["HEADING", "da", ()]):
        size *= len(read["CODES", "da", (name,)])
    figures = read["DATA", "da", ()]
    assert len(figures) == size
    numbers = [float(f) for f in figures if f not in (".", "..", "...")]
    # each figure with its base; the counts are the figures themselves here
    assert sorted(numbers) == sorted(n for c in naughty.cells for n in (c.value, c.base))


def squeezed(text):
    return "".join(text.split())


def test_pdf_prints_the_texts_and_does_nothing(naughty):
    data = annual_pdf(naughty, [])
    reader = pypdf.PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/Names", "/AcroForm"} & root.keys()
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            assert "/A" not in annotation.get_object()  # links inside the document only
    printed = squeezed("".join(page.extract_text() for page in reader.pages))
    # directions of print are left out, and a sign that no font has cannot be read back
    for text in STRINGS:
        if text.isprintable() and max(map(ord, text)) < 0x2100:
            assert squeezed(text) in printed, text
    assert "49" not in reader.pages[0].extract_text()
    assert "root:" not in printed


class Outline(HTMLParser):
    """Counts elements and collects text and the names of attributes."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.elements, self.attributes, self.addresses, self.text = [], set(), [], []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [v or "" for name, v in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.text.append(data)


def shown(text):
    """The text without the signs that no page can hold."""
    return re.sub(r"[\x00-\x08\x0e-\x1f]", "", text)


AT = datetime(2026, 11, 10, 9, tzinfo=UTC)
CHANGE = Change("I03.x", "I03", *(EVERYTHING,) * 2, "2015", "1", "2", *(EVERYTHING,) * 2)
AROUND = Surroundings(
    calendar=(CalendarEntry("2016.2", *(EVERYTHING,) * 2, AT, False, *(EVERYTHING,) * 2),),
    revisions=(Revision("2016.2", AT, CHANGE, *(EVERYTHING,) * 2),),
    changes=Changes("2016.1", (CHANGE,)),
    calculations={"I03": (Calculation(*(EVERYTHING,) * 4),)},
)


def test_pages_show_the_texts_as_text(naughty):
    """Labels and notes of the release, and what is told beside it: reasons, causes, SQL."""
    pages = site_files(naughty, (), AROUND)
    indicator = ("da/I03.html", "en/I03.html")
    around = ("da/I03-forklaring.html", "da/revisioner.html", "da/udgivelser.html")
    for name in (*indicator, *around, "da/index.html"):
        outline = Outline()
        outline.feed(pages[f"site/{name}"].decode())
        assert not {"img", "h1x", "b", "iframe"} & set(outline.elements)
        assert not {a for a in outline.attributes if a.startswith("on")}
        assert not [
            a for a in outline.addresses if a.lower().startswith(("javascript:", "data:text"))
        ]
        text = shown(squeezed("".join(outline.text)))
        for string in STRINGS if name in indicator else ():
            assert squeezed(shown(string)) in text
        if name in around:
            assert squeezed(shown(EVERYTHING)) in text, name


def drawable(text):
    """The text without the signs that no XML can hold: with one the renderer ends the process."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def test_figures_draw_the_texts_as_text(release):
    figure = next(c for c in figure_contents(release) if c.figure_id == "figur-2")
    rows = tuple(text for text in STRINGS if len(text) < 100)
    panel = EVERYTHING[:200]
    bars = [
        dataclasses.replace(figure.bars[0], panel=panel, row=text, text=text, group=text)
        for text in rows
    ]
    svg = draw(
        dataclasses.replace(
            figure,
            **dict.fromkeys(("title", "unit", "finding"), EVERYTHING),
            panels=(panel,),
            rows=rows,
            caption=rows,
            bars=tuple(bars),
        ),
        WIDE,
    )
    root = ElementTree.fromstring(svg)
    drawn = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert drawn == {"svg", "title", "desc", "g", "path", "rect", "text", "tspan"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or "href" in name]
    title, description = root[0], root[1]
    assert squeezed(title.text) == squeezed(drawable(EVERYTHING))
    # the description is the finding and the caption
    assert squeezed(description.text) == squeezed(drawable("".join((EVERYTHING, *rows))))
    told = squeezed("".join(element.text or "" for element in root.iter()))
    assert [text for text in rows if squeezed(drawable(text)) not in told] == []
    assert svg_to_png(svg).startswith(b"\x89PNG")


def test_explanations_and_differences_tell_the_texts_and_steer_no_terminal(naughty, release):
    explainer = Explainer(naughty, Lineage(), Models({}, {}, {}), None, {}, ())
    explained = explainer.all()
    lines = {
        line
        for one in explained.values()
        for line in explanation_lines(one, explainer.models, sql=True)
    }
    told = "\n".join(lines)
    for text in STRINGS:
        if text.isprintable():
            assert text in told
    assert not [line for line in lines if not line.isprintable()]
    changes = compare(release, naughty)
    found = Comparison(Version(2016, 1), Version(2016, 2), with_no_cause(changes), (EVERYTHING,))
    assert not [line for line in diff_lines(found, shows_all=True) if not line.isprintable()]
    data = diff_csv(changes)
    assert read_diff(data) == changes
    for row in csv.reader(io.StringIO(data.decode(), newline="")):
        assert not [field for field in row if FORMULA.match(field) and not is_number(field)]


def with_no_cause(changes):
    return tuple(dataclasses.replace(c, causes="unexplained", cause_da=EVERYTHING) for c in changes)


def is_number(text):
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def test_what_evidence_reads_is_what_was_written(naughty, tmp_path):
    path = tmp_path / "publish.duckdb"
    write_release(naughty, path)
    assert read_release(path) == naughty
