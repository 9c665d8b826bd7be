"""What DOCX and XLSX have in common: a zip of XML parts, checked before any library opens it.

Runs inside the child process. Libraries differ in what they make of document types, entities and
macros; here they are refused for both kinds alike.
"""

from __future__ import annotations

import zipfile
from typing import IO
from xml.parsers import expat

from pipelines.intake.readers.archive_checks import open_checked
from pipelines.intake.readers.container import advice
from pipelines.intake.readers.refusal import Refused

_CHUNK_BYTES = 1 << 16
_FOUND = {
    "xl/workbook.bin": ("en binær projektmappe (.xlsb)", "a binary workbook (.xlsb)"),
    "content.xml": ("et OpenDocument-dokument", "an OpenDocument file"),
    "xl/workbook.xml": ("en projektmappe (.xlsx)", "a workbook (.xlsx)"),
    "word/document.xml": ("et Word-dokument (.docx)", "a Word document (.docx)"),
}


class _PrologEnded(Exception):  # noqa: N818 - ends the parse, no error
    pass


def check_package(source: IO[bytes], main_part: str, expected: str) -> None:
    """Check an Office package and leave `source` at its beginning.

    Args:
        source: The open file.
        main_part: The part the format cannot be without.
        expected: What senders call the format.

    Raises:
        Refused: unsafe or oversized zip, another format, macros, document types or entities.
    """
    with open_checked(source) as package:
        names = set(package.namelist())
        if not {main_part, "[Content_Types].xml"} <= names:
            found_da, found_en = next(
                (_FOUND[n] for n in _FOUND if n in names), ("en zip-fil", "a zip file")
            )
            raise Refused(
                "F05_wrong_container",
                found_da=found_da,
                found_en=found_en,
                expected=expected,
                **advice(expected),
            )
        if any(name.casefold().endswith("vbaproject.bin") for name in names):
            raise Refused("F16_macros")
        for name in names:
            if name.casefold().endswith((".xml", ".rels")):
                _check_prolog(package, name)
    source.seek(0)


def _check_prolog(package: zipfile.ZipFile, name: str) -> None:
    """Refuse a part with a document type; only what precedes its first element is parsed."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _end_prolog
    try:
        with package.open(name) as part:
            while chunk := part.read(_CHUNK_BYTES):
                parser.Parse(chunk)
    except _PrologEnded:
        return
    except (expat.ExpatError, zipfile.BadZipFile, EOFError):
        raise Refused(
            "F11_corrupt_file", detail_da="ugyldig XML", detail_en="invalid XML"
        ) from None


def _refuse_doctype(*_: object) -> None:
    raise Refused("F17_forbidden_markup")


def _end_prolog(*_: object) -> None:
    raise _PrologEnded
