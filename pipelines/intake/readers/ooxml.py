"""What DOCX and XLSX have in common: a zip of XML parts, checked before any library opens it.

Runs inside the child process. Libraries differ in what they make of document types, entities and
macros; here they are refused for both kinds alike.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO
from xml.parsers import expat

from pipelines.intake.readers.archive_checks import open_checked
from pipelines.intake.readers.container import advice
from pipelines.intake.readers.refusal import Refused

_CHUNK_BYTES = 1 << 16
_STRICT_NAMESPACE = "purl.oclc.org/ooxml/"
_MACROS = re.compile(r"vbaproject\.bin$|^xl/(?:macrosheets|dialogsheets)/")
_FOUND = {
    "xl/workbook.bin": ("en binær projektmappe (.xlsb)", "a binary workbook (.xlsb)"),
    "content.xml": ("et OpenDocument-dokument", "an OpenDocument file"),
    "xl/workbook.xml": ("en projektmappe (.xlsx)", "a workbook (.xlsx)"),
    "word/document.xml": ("et Word-dokument (.docx)", "a Word document (.docx)"),
}


class _PrologEnded(Exception):  # noqa: N818 - ends the parse, no error
    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root


def check_package(source: IO[bytes], main_part: str, expected: str) -> frozenset[str]:
    """Check an Office package, leave `source` at its beginning, return the names of its parts.

    Args:
        source: The open file.
        main_part: The part the format cannot be without.
        expected: What senders call the format.

    Raises:
        Refused: unsafe or oversized zip, another format, macros, document types or entities.
    """
    with open_checked(source) as package:
        names = frozenset(package.namelist())
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
        if any(_MACROS.search(name.casefold()) for name in names):
            raise Refused("F16_macros")
        for name in sorted(names):
            if name.casefold().endswith((".xml", ".rels")):
                root = _check_prolog(package, name)
                if name == main_part and _STRICT_NAMESPACE in root:
                    raise _strict(expected)
    source.seek(0)
    return names


def _strict(expected: str) -> Refused:
    """The standard's strict form: the same ending, other names for every element."""
    return Refused(
        "F05_wrong_container",
        found_da="gemt i formatet Strict Open XML",
        found_en="saved in the format Strict Open XML",
        expected=expected,
        advice_da="Åbn filen, vælg Filer > Gem som, og vælg den almindelige type uden ordet Strict "
        "(Excel-projektmappe (*.xlsx) eller Word-dokument (*.docx)).",
        advice_en="Open the file, choose File > Save as and the regular type without the word "
        "Strict (Excel workbook (*.xlsx) or Word document (*.docx)).",
    )


def _check_prolog(package: zipfile.ZipFile, name: str) -> str:
    """Refuse a part with a document type; return its first element with the namespace before it.

    Only what precedes the first element is parsed.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _end_prolog
    try:
        with package.open(name) as part:
            while chunk := part.read(_CHUNK_BYTES):
                parser.Parse(chunk)
    except _PrologEnded as ended:
        return ended.root
    except (expat.ExpatError, zipfile.BadZipFile, EOFError):
        raise Refused(
            "F11_corrupt_file", detail_da="ugyldig XML", detail_en="invalid XML"
        ) from None
    return ""


def _refuse_doctype(*_: object) -> None:
    raise Refused("F17_forbidden_markup")


def _end_prolog(root: str, *_: object) -> None:
    raise _PrologEnded(root)
