import dataclasses
import io
import zipfile

import openpyxl
import pytest

from pipelines.publish.workbook import indicator_workbook


def indicator(release, indicator_id):
    return next(i for i in release.indicators if i.indicator_id == indicator_id)


def opened(release, indicator_id):
    data = indicator_workbook(release, indicator(release, indicator_id))
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def coordinator_time(release):
    return opened(release, "I05")


def table_of(sheet):
    (name,) = sheet.tables
    rows = [[c.value for c in row] for row in sheet[sheet.tables[name].ref]]
    return rows[0], rows[1:]


def test_sheets_and_document_properties(coordinator_time):
    assert coordinator_time.sheetnames == [
        "Forside",
        "Indhold",
        "Alle",
        "Størrelse",
        "Data",
        "Noter",
        "Tegn",
    ]
    assert coordinator_time.properties.language == "da-DK"
    assert coordinator_time.properties.title == "I05 Tid til koordinering (SYNTETISKE DATA)"


def test_each_sheet_is_accessible(release):
    for item in release.published_indicators():
        book = opened(release, item.indicator_id)
        for sheet in book:
            header, rows = table_of(sheet)
            assert sheet["A1"].value, sheet.title
            assert not sheet.merged_cells.ranges
            assert len(set(header)) == len(header)
            assert all(value not in (None, "") for row in [header, *rows] for value in row)
            first = sheet.tables[next(iter(sheet.tables))].ref.split(":")[0]
            assert sheet.freeze_panes == f"B{int(first[1:]) + 1}"
            assert all(8 <= d.width <= 65 for d in sheet.column_dimensions.values())


def test_the_synthetic_notice_is_on_every_sheet_and_only_where_it_applies(release):
    for sheet in opened(release, "I05"):
        assert str(sheet["A2"].value).startswith("SYNTETISKE DATA")
    for sheet in opened(release, "I14"):  # register figures of the fixture are not synthetic
        texts = [str(row[0].value) for row in sheet.iter_rows(max_row=4)]
        assert not any("SYNTETISK" in t for t in texts)


def test_the_table_shows_the_reports_figures_with_base(coordinator_time):
    header, rows = table_of(coordinator_time["Størrelse"])
    large = next(r for r in rows if r[0].startswith("Store") and r[1].startswith("En fuldtids"))
    row = dict(zip(header, large, strict=True))
    assert row["2015"] == 43.75
    assert row["Grundlag (N) 2015"] == 16
    assert row["2017"] == "."  # not asked in bands
    assert row["Category"] == "Full-time or more"
    cell = coordinator_time["Størrelse"]
    formats = {c.number_format for r in cell.iter_rows() for c in r if c.value == 43.75}
    assert formats == {'#,##0.0;-#,##0.0;"-"'}


def test_signs_stand_for_hidden_missing_and_withheld_figures(release):
    header, rows = table_of(opened(release, "I06")["Størrelse"])
    other = [dict(zip(header, r, strict=True)) for r in rows if r[1] == "Øvrige"]
    assert {r["2017"] for r in other} == {".."}
    assert {r["Grundlag (N) 2017"] for r in other} == {16, 24}
    _, of_withheld = table_of(opened(release, "I03")["Størrelse"])
    assert {dict(zip(header, r, strict=True))["2015"] for r in of_withheld} == {".."}
    _, data = table_of(opened(release, "I06")["Data"])
    hidden = [r for r in data if r[13] == "C"]
    assert [(r[8], r[9], r[11]) for r in hidden] == [("..", "..", "..")] * 4


def test_the_cover_tells_what_one_needs(coordinator_time):
    facts = {row[0]: row[1] for row in table_of(coordinator_time["Forside"])[1]}
    assert facts["Grundlag (N)"] == "Kommuner, der har svaret på spørgsmålet"
    assert facts["Svar"].startswith("2015: 41 af 44 kommuner (93,2 pct.)")
    assert facts["Kilder"] == "Spørgeskema til kommunerne: 2015, 2016, 2017 (syntetisk)"
    assert facts["Perioder"] == "2015, 2016, 2017"


def test_notes_are_numbered_as_the_table_refers_to_them(coordinator_time):
    _, notes = table_of(coordinator_time["Noter"])
    assert [n[0] for n in notes] == list(range(1, len(notes) + 1))
    header, rows = table_of(coordinator_time["Alle"])
    referred = {int(n) for r in rows for n in r[header.index("Noter")].split(", ")}
    assert referred <= {n[0] for n in notes}


def test_same_release_same_bytes(release):
    item = indicator(release, "I07")
    data = indicator_workbook(release, item)
    assert indicator_workbook(release, item) == data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("text", ["=1+1", "http://example.org/", "@SUM(A1)", "{=A1}", "<b>&amp;"])
def test_text_stays_text(release, text):
    cells = tuple(
        dataclasses.replace(c, category_label_da=text) if c.indicator_id == "I03" else c
        for c in release.cells
    )
    book = opened(dataclasses.replace(release, cells=cells), "I03")
    found = [c for s in book for row in s.iter_rows() for c in row if c.value == text]
    assert found
    assert all(c.data_type == "s" and c.hyperlink is None for c in found)


def test_a_note_of_one_wave_carries_it(release):
    cells = tuple(
        dataclasses.replace(c, note_ids=f"{c.note_ids}|revised".strip("|"))
        if (c.indicator_id, c.period) == ("I03", "2016")
        else c
        for c in release.cells
    )
    note = dataclasses.replace(release.notes[0], note_id="revised")
    changed = dataclasses.replace(release, cells=cells, notes=(*release.notes, note))
    header, rows = table_of(opened(changed, "I03")["Alle"])
    assert {r[header.index("Noter")] for r in rows} == {"1, 2 (2016)"}  # as they appear


def test_wrapped_texts_have_room(release):
    for item in release.published_indicators():
        for sheet in opened(release, item.indicator_id):
            header, rows = table_of(sheet)
            if not any(c.alignment.wrap_text for c in sheet[sheet.max_row]):
                continue  # rows in tidy form are of one line
            top = int("".join(filter(str.isdigit, sheet.freeze_panes))) - 1
            widths = {
                column: d.width  # neighbours of one width are described together
                for d in sheet.column_dimensions.values()
                for column in range(d.min, d.max + 1)
            }
            for number, row in enumerate([header, *rows], top):
                for cell, value in zip(sheet[number], row, strict=False):
                    lines = len(value) / widths[cell.column] if isinstance(value, str) else 1
                    assert (sheet.row_dimensions[number].height or 15) >= min(15 * lines, 300)


def test_counts_that_are_no_whole_numbers_show_it(coordinator_time):
    header, rows = table_of(coordinator_time["Data"])
    total = next(r for r in rows if r[0] == "I05.2017.size.large.all.fte_total")
    assert total[header.index("Tæller")] == 13.25
    formats = {
        c.number_format for r in coordinator_time["Data"].iter_rows() for c in r if c.value == 13.25
    }
    # the figure itself is the first after a break, its numerator is a plain number
    assert formats == {
        '#,##0.00;-#,##0.00;"-"',
        '"¦ "#,##0.00;"¦ "-#,##0.00;"¦ -"',
    }


def test_no_sheet_of_what_is_shipped_has_a_name_cut_short(shipped):
    """31 signs are Excel's limit; in the workbook with all tables `I07 ` stands before the name."""
    names = {
        name
        for path in (shipped.settings.published_dir / "tabeller").glob("*.xlsx")
        for name in openpyxl.load_workbook(path, read_only=True).sheetnames
    }
    assert "Koordinering forskel" in names  # was: Koordinering af styring forskel
    assert [name for name in names if len(name) > 31 - len("I07 ")] == []
