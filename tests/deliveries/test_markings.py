"""Everything shipped says that it is synthetic, and is small."""

import json
import zipfile
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from shipped_files import DELIVERIES, items

SOURCES = ("survey", "driftsstoette", "styringsdialog")
SHIPPED = [
    item for source in SOURCES for broken in (False, True) for item in items(source, broken=broken)
]


def test_there_is_something_of_everything() -> None:
    assert len(SHIPPED) == 27


@pytest.mark.parametrize("item", SHIPPED, ids=lambda item: item.name)
def test_name_and_meta_say_so(item: Path) -> None:
    assert "SYNTETISK" in item.name
    meta = json.loads(item.with_name(f"{item.name}.meta.json").read_text("utf-8"))
    assert meta["is_synthetic"] is True
    assert meta["provider"] == "Boligsocial Monitor (syntetisk)"
    assert set(meta) == {"is_synthetic", "provider", "note"} and meta["note"]


@pytest.mark.parametrize(
    "item",
    [i for i in SHIPPED if i.suffix in (".docx", ".xlsx", ".pdf") and "loginside" not in i.name],
    ids=lambda item: item.name,
)
def test_document_properties_say_so(item: Path) -> None:
    if item.suffix == ".docx":
        title = docx.Document(str(item)).core_properties.title
    elif item.suffix == ".xlsx":
        title = openpyxl.load_workbook(item).properties.title
    else:
        title = (pypdf.PdfReader(item).metadata or {})["/Title"]
    assert "SYNTETISK" in str(title)


def test_office_files_carry_no_clock() -> None:
    packed = [i for i in SHIPPED if i.suffix in (".docx", ".xlsx", ".zip")]
    for item in (i for i in packed if "loginside" not in i.name and "afbrudt" not in i.name):
        with zipfile.ZipFile(item) as archive:
            assert {part.date_time for part in archive.infolist()} == {(2026, 11, 1, 12, 0, 0)}
            assert {part.compress_type for part in archive.infolist()} == {zipfile.ZIP_STORED}


def test_all_of_it_is_below_five_megabytes() -> None:
    assert sum(p.stat().st_size for p in DELIVERIES.rglob("*") if p.is_file()) < 5_000_000
