"""Writes bytes that depend on nothing but their content: no clock, no zip library's mood.

Archives are stored uncompressed with one fixed date, for compressed bytes differ between builds of
zlib. Each delivery gets its `.meta.json` here. What the content is, is every other module's.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import xlsxwriter

MARK = "SYNTETISK"
PROVIDER = "Boligsocial Monitor (syntetisk)"
FIXED = datetime(2026, 11, 1, 12, 0, 0)
ZIP_DATE = (2026, 11, 1, 12, 0, 0)
ZIP_MODE = 0o644 << 16


@dataclass(frozen=True)
class Delivery:
    """One shipped delivery: where it goes and what is in it (several files for a folder)."""

    source: str
    period: str
    name: str
    note: str
    files: Mapping[str, bytes]
    is_folder: bool = False
    is_broken: bool = False

    @property
    def folder(self) -> Path:
        """Its folder below deliveries/."""
        return Path("broken" if self.is_broken else "") / self.source / self.period

    def write(self, root: Path) -> None:
        """Write it and its `.meta.json`.

        Raises:
            ValueError: If its name does not say that it is synthetic.
        """
        if MARK not in self.name:
            raise ValueError(f"{self.name} does not say {MARK}")
        folder = root / self.folder
        target = folder / self.name if self.is_folder else folder
        target.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (target / name).write_bytes(content)
        meta = {"is_synthetic": True, "provider": PROVIDER, "note": self.note}
        text = json.dumps(meta, ensure_ascii=False, indent=2) + "\n"
        (folder / f"{self.name}.meta.json").write_text(text, encoding="utf-8", newline="\n")


def single(
    source: str, period: str, name: str, content: bytes, note: str, *, is_broken: bool = False
) -> Delivery:
    """Make a delivery of one file."""
    return Delivery(source, period, name, note, {name: content}, is_broken=is_broken)


def csv_text(rows: Iterable[Sequence[str]], *, delimiter: str = ";", newline: str = "\r\n") -> str:
    """Give rows as delimited text; a cell is quoted where it must be."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return buffer.getvalue()


def stored_zip(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts into a zip, uncompressed, in the given order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, ZIP_DATE)
            info.create_system = 3
            info.external_attr = ZIP_MODE
            archive.writestr(info, content)
    return buffer.getvalue()


def repacked(package: bytes) -> bytes:
    """Give an office file packed anew by `stored_zip`."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return stored_zip({name: archive.read(name) for name in archive.namelist()})


Cell = str | int | float | date | None


@dataclass(frozen=True)
class Sheet:
    """A sheet's name and its rows; `date` becomes a true date, text never a formula."""

    name: str
    rows: Sequence[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet], title: str) -> bytes:
    """Write an XLSX whose properties say that it is synthetic."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {
            "title": f"{title} ({MARK})",
            "subject": "Syntetiske eksempeldata",
            "author": PROVIDER,
            "company": PROVIDER,
            "keywords": MARK.lower(),
            "comments": "Syntetiske data: opdigtet, ikke observeret.",
            "created": FIXED,
        }
    )
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for sheet in sheets:
        target = book.add_worksheet(sheet.name)
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    target.write_datetime(row, column, cell, day)
                elif isinstance(cell, str):
                    target.write_string(row, column, cell)
                elif cell is not None:
                    target.write_number(row, column, cell)
    book.close()
    return repacked(buffer.getvalue())
