"""The workbooks, read by openpyxl, against the cells."""

import io
import zipfile

import openpyxl
import pytest

from pipelines.publish.workbook import indicator_workbook, release_workbook

SIGNS = {"..", "…", "."}


def table_of(sheet):
    (name,) = sheet.tables
    cells = [list(row) for row in sheet[sheet.tables[name].ref]]
    return [c.value for c in cells[0]], cells[1:]


@pytest.fixture(scope="module")
def whole(varied):
    return openpyxl.load_workbook(io.BytesIO(release_workbook(varied)))


def written(number):
    """A number as the file has it: with 16 digits, one more than Excel keeps."""
    return float(f"{number:.16G}")


def figure(cell):
    """What stands in a workbook for a cell: the exact number, or its sign."""
    if cell.value is not None:
        return written(cell.value)
    return f"¦ {cell.display_da}" if cell.obs_status == "B" else cell.display_da


def number_format(cell):
    """The format that prints the cell's decimals and signs; nil is a dash."""
    form = "#,##0" + ("." + "0" * cell.decimals if cell.decimals else "")
    form += '"*"' if cell.obs_status == "P" else ""
    mark = '"¦ "' if cell.obs_status == "B" else ""
    nil = '"¦ -"' if cell.obs_status == "B" else '"-"'
    return f"{mark}{form};{mark}-{form};{nil}"


def check_data(sheet, cells, note_ids):
    """Every cell of the sheet in tidy form is the release's."""
    header, rows = table_of(sheet)
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        read = {name: c.value for name, c in zip(header, row, strict=True)}
        hidden = cell.conf_status != "F"
        assert read["Celle-id"] == cell.cell_id
        assert read["Værdi"] == figure(cell)
        numbers = {
            "Tæller": cell.numerator,
            "Grundlag (N)": cell.base,
            "Population (N)": cell.population,
            "Lavest mulige": cell.lowest_possible,
            "Højest mulige": cell.highest_possible,
            "Nedre grænse (95 pct.)": cell.lower_bound,
            "Øvre grænse (95 pct.)": cell.upper_bound,
            "Vægtet værdi": cell.weighted_value,
        }
        for name, number in numbers.items():
            if name not in read:
                assert not any(c.population for c in cells)
                continue
            assert read[name] == (
                written(number) if number is not None else ".." if hidden else "."
            )
        assert read["Vist"] == cell.display_da
        assert read["Observationsstatus"] == cell.obs_status
        assert read["Fortrolighedsstatus"] == cell.conf_status
        assert (read["Gruppe"], read["Group"]) == (
            cell.breakdown_value_label_da,
            cell.breakdown_value_label_en,
        )
        assert (read["Kategori"], read["Category"]) == (
            cell.category_label_da,
            cell.category_label_en,
        )
        assert (read["Mål"], read["Measure"]) == (cell.measure_label_da, cell.measure_label_en)
        noted = [] if read["Noter"] == "ingen" else read["Noter"].split(", ")
        assert [note_ids[int(n)] for n in noted] == sorted(
            cell.notes, key=list(note_ids.values()).index
        )
        if cell.value is not None:
            assert row[header.index("Værdi")].number_format == number_format(cell)


def period_of(cell):
    return "-".join(reversed(cell.period.split("-")))


def check_tables(sheets, cells):
    """Every cell stands in the table of its breakdown, in the row of its words."""
    periods = {period_of(cell) for cell in cells}
    found = {}
    for sheet in sheets:
        header, rows = table_of(sheet)
        for row in rows:
            read = {name: c.value for name, c in zip(header, row, strict=True)}
            words = (read["Gruppe"], read["Kategori"], read["Mål"])
            for name in periods & read.keys():
                found[sheet.title, words, name] = read[name]
    for cell in cells:
        words = (cell.breakdown_value_label_da, cell.category_label_da, cell.measure_label_da)
        keys = [key for key in found if key[1:] == (words, period_of(cell))]
        assert [found.pop(key) for key in keys] == [figure(cell)]
    assert set(found.values()) <= SIGNS


def notes_of(release, book):
    if "Noter" not in book.sheetnames:
        return {}
    texts = {n.text_da: n.note_id for n in release.notes}
    return {row[0].value: texts[row[1].value] for row in table_of(book["Noter"])[1]}


def test_each_workbook_has_every_cell_of_its_indicator(varied):
    other = {"Forside", "Indhold", "Data", "Noter", "Tegn"}
    for indicator in varied.published_indicators():
        book = openpyxl.load_workbook(io.BytesIO(indicator_workbook(varied, indicator)))
        cells = varied.cells_of(indicator.indicator_id)
        check_data(book["Data"], cells, notes_of(varied, book))
        check_tables([s for s in book if s.title not in other], cells)


def test_the_whole_workbook_has_every_cell_of_the_release(varied, whole):
    cells = [c for i in varied.published_indicators() for c in varied.cells_of(i.indicator_id)]
    check_data(whole["Data"], cells, notes_of(varied, whole))
    assert len(cells) == len(varied.cells)
    for indicator in varied.published_indicators():
        sheets = [s for s in whole if s.title.startswith(indicator.indicator_id)]
        check_tables(sheets, varied.cells_of(indicator.indicator_id))


def test_contents_lead_to_every_sheet(whole):
    header, rows = table_of(whole["Indhold"])
    assert header == ["Ark", "Indhold", "In English"]
    assert [row[0].value for row in rows] == [
        s for s in whole.sheetnames if s not in ("Forside", "Indhold")
    ]
    for row in rows:
        assert row[0].hyperlink.location == f"'{row[0].value}'!A1"
        assert row[1].value == whole[row[0].value]["A1"].value


def test_the_whole_workbook_is_accessible(varied, whole):
    assert whole.properties.language == "da-DK"
    assert whole.properties.title == "Boligsocial Monitor: alle tabeller (SYNTETISKE DATA)"
    for sheet in whole:
        header, rows = table_of(sheet)
        assert str(sheet["A2"].value).startswith("SYNTETISKE DATA")
        assert not sheet.merged_cells.ranges
        assert len(set(header)) == len(header)
        assert all(c.value not in (None, "") for row in rows for c in row)
        (table,) = sheet.tables.values()
        assert sheet.freeze_panes == f"B{int(table.ref.split(':')[0][1:]) + 1}"
    described = {row[0].value for row in table_of(whole["Indikatorer"])[1]}
    assert described == {i.indicator_id for i in varied.published_indicators()}


def test_tables_have_a_text_for_those_who_cannot_see_them(varied):
    indicator = next(i for i in varied.indicators if i.indicator_id == "I05")
    with zipfile.ZipFile(io.BytesIO(indicator_workbook(varied, indicator))) as archive:
        tables = [archive.read(n).decode() for n in archive.namelist() if "/tables/" in n]
    assert len(tables) == 7
    assert all('altText="I' in t or 'altText="Indhold"' in t for t in tables)


def test_same_release_same_bytes(varied):
    assert release_workbook(varied) == release_workbook(varied)
