"""SPSS files for the tests, made with the library that reads them; odd ones by patching bytes."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

_ENCODING_RECORD = struct.pack("<4i", 7, 20, 1, 5) + b"UTF-8"
_MACHINE_RECORD = struct.pack("<4i", 7, 3, 4, 8)
_MACHINE_BYTES = 48
_CASES_AT = 80
_FIRST_VARIABLE_WIDTH_AT = 180


def sav_of(
    table: Sequence[Sequence[str]],
    *,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    texts: Mapping[str, str] | None = None,
    strings: Sequence[str] = (),
    moments: Sequence[str] = (),
    missing: Mapping[str, list[Any]] | None = None,
    **options: Any,
) -> bytes:
    """A heading row and rows of text as an SPSS file: numbers where nothing else is said.

    Args:
        table: The heading row and the rows.
        labels: Variable to the texts of its codes.
        texts: Variable to its question.
        strings: The variables that are text.
        moments: The variables that are points in time, written as ISO text in the table.
        missing: Variable to the values declared missing.
        options: More of `pyreadstat.write_sav`.
    """
    header, *rows = table
    columns: dict[str, list[Any]] = {}
    for at, name in enumerate(header):
        cells = [row[at] for row in rows]
        if name in strings:
            columns[name] = cells
        elif name in moments:
            columns[name] = [datetime.fromisoformat(c) if c else None for c in cells]
        else:
            columns[name] = [float(c.replace(",", ".")) if c else None for c in cells]
    frame = pd.DataFrame({n: pd.Series(v, dtype="object") for n, v in columns.items()})
    for name in header:
        if name not in (*strings, *moments):
            frame[name] = frame[name].astype("float64")
    coded = {
        name: {(code if name in strings else float(code)): text for code, text in codes.items()}
        for name, codes in (labels or {}).items()
        if name in header
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.sav"
        pyreadstat.write_sav(
            frame,
            path,
            column_labels={n: t for n, t in (texts or {}).items() if n in header},
            variable_value_labels=coded,
            missing_ranges=dict(missing or {}),
            **options,
        )
        return path.read_bytes()


def in_code_page(data: bytes, words: Sequence[str], page: str, stated: bytes | None) -> bytes:
    """The same file with some of its words written in a code page.

    `stated` is the name the file gives for its character set; with None it gives none, as files of
    old versions did.
    """
    for word in words:
        wide, narrow = word.encode(), word.encode(page)
        if wide not in data:
            raise ValueError(f"{word} is not in the file")
        data = data.replace(wide, narrow + b" " * (len(wide) - len(narrow)))
    record = b""
    if stated is not None:
        record = struct.pack("<4i", 7, 20, 1, len(stated)) + stated
    data = data.replace(_ENCODING_RECORD, record)
    if stated is None:
        at = data.index(_MACHINE_RECORD)
        data = data[:at] + data[at + _MACHINE_BYTES :]
    return data


def with_stated_cases(data: bytes, count: int) -> bytes:
    """The same file whose header claims another number of rows."""
    return data[:_CASES_AT] + struct.pack("<i", count) + data[_CASES_AT + 4 :]


def crashing(data: bytes) -> bytes:
    """The same file with one bit flipped, so that the library reads past the end of its memory."""
    at = _FIRST_VARIABLE_WIDTH_AT
    return data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :]
