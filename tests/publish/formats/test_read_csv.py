"""The CSV for machines, read by csvw and frictionless from its own metadata, against the cells."""

import dataclasses
import json
from decimal import Decimal

import pytest
from csvw import CSVW, TableGroup
from frictionless import Package

from pipelines.publish.formats.columns import CELL_COLUMNS, NOTE_COLUMNS
from pipelines.publish.model import Note, ReleasedCell


@pytest.fixture(scope="module")
def tables(folder):
    group = TableGroup.from_file(folder / "data" / "csv-metadata.json")
    return {table.url.string: list(table) for table in group.tables}


def expected(record):
    """A record as csvw gives it: nothing for an empty text, a list where there is a separator."""
    fields = dataclasses.asdict(record)
    if "note_ids" in fields:
        fields["note_ids"] = [n for n in fields["note_ids"].split("|") if n]
    return {name: None if value == "" else value for name, value in fields.items()}


def test_csvw_gives_back_every_field_of_every_cell(varied, tables):
    read = [dict(row) for name, rows in tables.items() if name != "notes.csv" for row in rows]
    cells = [c for i in varied.published_indicators() for c in varied.cells_of(i.indicator_id)]
    assert read == [expected(cell) for cell in cells]


def test_csvw_gives_back_the_notes_that_cells_refer_to(varied, tables):
    assert [dict(row) for row in tables["notes.csv"]] == [expected(n) for n in varied.notes]
    used = {note for c in varied.cells for note in c.notes}
    assert used <= {row["note_id"] for row in tables["notes.csv"]}


def test_hidden_figures_are_nowhere(varied, tables):
    hidden = {c.cell_id for c in varied.cells if c.conf_status != "F"}
    rows = [r for table in tables.values() for r in table if r.get("cell_id") in hidden]
    assert len(rows) == len(hidden) > 0
    assert {(r["value"], r["numerator"], r["symbol"]) for r in rows} == {(None, None, "..")}


def test_a_validating_reader_finds_nothing_to_complain_of(folder):
    package = CSVW(str(folder / "data" / "csv-metadata.json"), validate=True)
    assert package.is_valid
    assert not package.warnings


def test_metadata_tells_what_one_needs(varied, folder):
    data = json.loads((folder / "data" / "csv-metadata.json").read_text())
    table = next(t for t in data["tables"] if t["url"].startswith("I05"))
    assert {t["@language"]: t["@value"] for t in table["dc:title"]} == {
        "da": "I05 Tid til koordinering (SYNTETISKE DATA)",
        "en": "I05 Coordinator time (SYNTHETIC DATA)",
    }
    assert {t["@language"]: t["@value"] for t in table["dc:source"]} == {
        "da": "Spørgeskema til kommunerne: 2015, 2016, 2017 (syntetisk)",
        "en": "Survey of municipalities: 2015, 2016, 2017 (synthetic)",
    }
    assert {t["@language"] for t in table["dc:license"]} == {"da", "en"}
    assert any(c["@value"].startswith("SYNTETISKE DATA") for c in data["rdfs:comment"])
    register = next(t for t in data["tables"] if t["url"] == "I14.csv")  # not synthetic
    assert "SYNT" not in json.dumps(register)
    column = next(c for c in table["tableSchema"]["columns"] if c["name"] == "value")
    assert (column["datatype"], column["null"], column["required"]) == ("number", "", False)
    assert column["titles"] == {"da": ["value", "Værdi"], "en": ["value", "Value"]}


def test_the_datapackage_is_valid_and_gives_back_the_cells(varied, folder):
    package = Package(str(folder / "data" / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["title", "message"])
    read = {row["cell_id"]: row for r in package.resources[:-1] for row in r.read_rows()}
    assert read.keys() == {c.cell_id for c in varied.cells}
    for cell in varied.cells:
        row = read[cell.cell_id].to_dict()
        for name, value in dataclasses.asdict(cell).items():
            exact = Decimal(repr(value)) if isinstance(value, float) else value
            assert row[name] == (None if exact == "" else exact), (cell.cell_id, name)


def test_the_datapackage_notices_a_changed_file(folder, tmp_path):
    for path in (folder / "data").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    table = tmp_path / "I03_syntetisk.csv"
    table.write_bytes(table.read_bytes().replace(b"Nej", b"Ja?", 1))
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert [t.name for t in report.tasks if not t.valid] == ["i03_syntetisk"]


def test_the_file_is_plain(folder):
    data = (folder / "data" / "I05_syntetisk.csv").read_bytes()
    assert not data.startswith(b"\xef\xbb\xbf")
    lines = data.decode().split("\r\n")
    assert lines[0].split(",") == [c.name for c in CELL_COLUMNS]
    # 7 of 16 large municipalities (L180) is 43.75 per cent
    row = next(x for x in lines if x.startswith("I05.2015.size.large.full_time_or_more."))
    assert ",43.75,7,16," in row


def test_every_field_of_a_record_is_a_column():
    assert {c.name for c in CELL_COLUMNS} == {f.name for f in dataclasses.fields(ReleasedCell)}
    assert {c.name for c in NOTE_COLUMNS} == {f.name for f in dataclasses.fields(Note)}
