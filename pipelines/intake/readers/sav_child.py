"""Read an untrusted SPSS file (.sav, .zsav); runs inside the child process only.

One file holds what a SurveyXact set has in three: answers, what the codes are called, and the
questions. It is handed over in the same shape (`SurveyExport`) and in the same words: codes as
whole numbers, numbers with a decimal comma, dates as ISO text, nothing where nobody answered.

Text is decoded by the rule that holds for all text: UTF-8 if it is, else what the file says of
itself, else Windows-1252, and these two only if what comes out looks Danish.
"""

from __future__ import annotations

import io
import math
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import IO, Any, NamedTuple

import pyreadstat
from pyreadstat import ReadstatError

from pipelines.intake.findings import Finding, finding, rejected
from pipelines.intake.readers.encoding import clean_text, looks_danish
from pipelines.intake.readers.refusal import Refused
from pipelines.intake.readers.rendering import render_moment, render_number
from pipelines.intake.readers.surveyxact import StructureRow, SurveyExport
from pipelines.intake.readers.surveyxact_parts import Dialect
from pipelines.intake.readers.tables import TextTable

Value = float | str | None
Columns = Mapping[str, Sequence[Value]]

_CASES_AT = 80
_LAYOUT_AT = 64
_LAYOUTS = (2, 3)
_HEADER_BYTES = 176
_CASES_UNKNOWN = -1
_FIRST_DAY = datetime(1582, 10, 14)
_DATE_FORMATS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
_MOMENT_FORMATS = ("DATETIME", "YMDHMS")
_DURATION_FORMATS = ("TIME", "DTIME", "MTIME")
_CHOICE = re.compile(r"(.+)_([0-9]{1,3})", re.ASCII)
_NOT_CHOSEN_OR_CHOSEN = frozenset({"0", "1"})


class _Contents(NamedTuple):
    columns: Columns
    meta: Any  # pyreadstat's metadata_container: every attribute of it is untyped here


def read_sav(source: IO[bytes]) -> dict[str, Any]:
    """Return the file as a `SurveyExport` in plain data; file names are the parent's to fill in.

    Raises:
        Refused: The file is damaged, or its text is in no character set that can be told.
    """
    data = bytearray(source.read())
    stated = _forget_case_count(data)
    contents = _decoded(bytes(data))
    meta = contents.meta
    names: list[str] = list(meta.column_names)
    answers = {name: _without_missing(contents, name) for name in names}
    rendered = {
        name: [_text(value, _format(meta, name)) for value in answers[name]] for name in names
    }
    rows = list(zip(*rendered.values(), strict=True))
    if stated not in (_CASES_UNKNOWN, len(rows)):
        raise Refused(
            "F11_corrupt_file",
            detail_da=f"den siger selv {stated} rækker, men indeholder {len(rows)}",
            detail_en=f"it says {stated} rows itself but holds {len(rows)}",
        )
    labels = _labels(meta)
    structure = tuple(_structure_row(name, meta, labels) for name in names)
    export = SurveyExport(
        dataset=TextTable(
            file="",
            sheet=None,
            titles=(),
            header=tuple(names),
            header_row=0,
            rows=[(number, tuple(cells)) for number, cells in enumerate(rows, start=1)],
            encoding=meta.file_encoding,
            findings=tuple(_declared_missing(contents, answers)),
        ),
        labels=labels,
        structure=structure,
        long_names={row.variable: row.long_name for row in structure},
        dialect=Dialect("spss", meta.file_encoding, None),
    )
    return asdict(export)


def _forget_case_count(data: bytearray) -> int:
    """Return the number of rows that the header states, and make the reader count for itself.

    A reader believes the header: with too small a number in it the rest would be left out unsaid.
    """
    if len(data) < _HEADER_BYTES:
        raise Refused("F11_corrupt_file", detail_da="den er afbrudt", detail_en="it is cut off")
    order = "<" if struct.unpack_from("<i", data, _LAYOUT_AT)[0] in _LAYOUTS else ">"
    stated = int(struct.unpack_from(f"{order}i", data, _CASES_AT)[0])
    struct.pack_into(f"{order}i", data, _CASES_AT, _CASES_UNKNOWN)
    return stated


def _decoded(data: bytes) -> _Contents:
    """The file's contents as UTF-8; if it is not, as it says itself or else as Windows-1252."""
    try:
        return _contents(data, "UTF-8")
    except ReadstatError as error:
        if not _is_about_text(error):
            raise _damaged(error) from None
    except UnicodeDecodeError:
        pass
    for encoding in (None, "WINDOWS-1252"):
        try:
            contents = _contents(data, encoding)
        except (ReadstatError, UnicodeDecodeError):
            continue
        if all(looks_danish(text) for text in _texts(contents)):
            return contents
        break
    raise rejected(
        "F01_unreadable_encoding",
        file="",
        detail_da="hverken UTF-8 eller det, filen selv angiver; gem den som Unicode i SPSS",
        detail_en="neither UTF-8 nor what the file itself states; save it in SPSS as Unicode",
    )


def _contents(data: bytes, encoding: str | None) -> _Contents:
    columns, meta = pyreadstat.read_sav(
        io.BytesIO(data),
        encoding=encoding,
        user_missing=True,
        disable_datetime_conversion=True,
        output_format="dict",
    )
    return _Contents({name: list(values) for name, values in columns.items()}, meta)


def _is_about_text(error: ReadstatError) -> bool:
    return "encoding" in str(error) or "character set" in str(error)


def _damaged(error: ReadstatError) -> Exception:
    if "allocate" in str(error):
        return MemoryError()
    return Refused(
        "F11_corrupt_file",
        detail_da="SPSS-filens opbygning er forkert",
        detail_en="the SPSS file is malformed",
    )


def _texts(contents: _Contents) -> Iterator[str]:
    """Every text of the file, each column's and the labels' as one."""
    for values in contents.columns.values():
        yield "\n".join({value for value in values if isinstance(value, str)})
    yield "\n".join(label or "" for label in contents.meta.column_labels)
    for codes in contents.meta.variable_value_labels.values():
        yield "\n".join(codes.values())


def _without_missing(contents: _Contents, name: str) -> list[Value]:
    """A column's values; what the file declares as missing is not answered."""
    ranges = contents.meta.missing_ranges.get(name, ())
    values = contents.columns[name]
    if not ranges:
        return list(values)
    return [None if _is_declared_missing(value, ranges) else value for value in values]


def _is_declared_missing(value: Value, ranges: Sequence[Any]) -> bool:
    for each in ranges:
        low, high = (each["lo"], each["hi"]) if isinstance(each, Mapping) else (each, each)
        if isinstance(value, str) and isinstance(low, str) and value.rstrip() == low.rstrip():
            return True
        if isinstance(value, float) and not isinstance(low, str) and low <= value <= high:
            return True
    return False


def _declared_missing(
    contents: _Contents, answers: Mapping[str, Sequence[Value]]
) -> Iterator[Finding]:
    for name, values in answers.items():
        pairs = zip(contents.columns[name], values, strict=True)
        count = sum(before is not None and after is None for before, after in pairs)
        if count:
            yield finding("W08_declared_missing", file="", column=name, count=count)


def _format(meta: Any, name: str) -> str:
    """The kind of a variable's SPSS format: DATE11 is DATE."""
    return (meta.original_variable_types.get(name) or "").rstrip("0123456789.").upper()


def _text(value: Value, kind: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_text(value).rstrip()
    if math.isnan(value):
        return ""
    if math.isinf(value):
        raise Refused("F11_corrupt_file", detail_da="ugyldigt tal", detail_en="invalid number")
    try:
        if kind in _MOMENT_FORMATS:
            return render_moment(_FIRST_DAY + timedelta(seconds=value))
        if kind in _DATE_FORMATS:
            return render_moment((_FIRST_DAY + timedelta(seconds=value)).date())
        if kind in _DURATION_FORMATS:
            return render_moment(timedelta(seconds=value))
    except OverflowError:
        pass  # no date there is: as a number it will be found where a date is due
    return render_number(repr(value))


def _labels(meta: Any) -> dict[str, dict[str, str]]:
    return {
        name: {
            code.rstrip() if isinstance(code, str) else render_number(repr(float(code))): " ".join(
                clean_text(label).split()
            )
            for code, label in codes.items()
        }
        for name, codes in meta.variable_value_labels.items()
    }


def _structure_row(name: str, meta: Any, labels: Mapping[str, Mapping[str, str]]) -> StructureRow:
    """The row a SurveyXact structure would have; choices are told by their number and codes."""
    text = " ".join(clean_text(meta.column_names_to_labels.get(name) or "").split())
    codes = set(labels.get(name, ()))
    choice = _CHOICE.fullmatch(name)
    if choice and codes == _NOT_CHOSEN_OR_CHOSEN:
        return StructureRow(choice[1], name, "Closed", "Multiple", text, choice[2], text)
    kind = _format(meta, name)
    if codes:
        built = ("Closed", "Single")
    elif meta.readstat_variable_types.get(name) == "string":
        built = ("Open", "String")
    elif kind in (*_DATE_FORMATS, *_MOMENT_FORMATS):
        built = ("Open", "Date")
    else:
        built = ("Open", "Double")
    return StructureRow(name, name, *built, text, "", "")
