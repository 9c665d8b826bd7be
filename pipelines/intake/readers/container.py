"""What a file really is, by its first bytes; names lie.

Only recognition. What is done about a file that is something else than its name says, is the
reader's decision.
"""

from __future__ import annotations

import re
from enum import Enum

from pipelines.intake.findings import DeliveryRejected, rejected

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|table|head|body|meta|div)",
    re.I | re.S,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BIFF = re.compile(rb"\A\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_PREFIX_BYTES = 1 << 12
_SPSS = (b"$FL2", b"$FL3")
_SPSS_PORTABLE = b"SPSS PORT FILE"
_PORTABLE_HEAD_BYTES = 500


class Container(Enum):
    """A kind of file; the value is what senders call it, in Danish and English."""

    EMPTY = ("tom", "empty")
    ZIP = ("en zip-fil", "a zip file")
    ENCRYPTED_OFFICE = ("et krypteret Office-dokument", "an encrypted Office document")
    OLD_OFFICE = ("en gammel Office-fil (.xls eller .doc)", "an old Office file (.xls or .doc)")
    HTML = ("en webside (HTML)", "a web page (HTML)")
    XML = ("en XML-fil", "an XML file")
    PDF = ("en PDF", "a PDF")
    RTF = ("en RTF-fil", "an RTF file")
    SPSS = ("en SPSS-fil (.sav)", "an SPSS file (.sav)")
    SPSS_PORTABLE = ("en flytbar SPSS-fil (.por)", "a portable SPSS file (.por)")
    PACKED = ("en pakket fil (gzip, 7z eller rar)", "a packed file (gzip, 7z or rar)")
    TEXT = ("ren tekst", "plain text")
    BINARY = ("af en ukendt type", "of an unknown type")


_ADVICE = {
    Container.OLD_OFFICE: (
        "Åbn filen i Excel (eller Word), vælg Filer > Gem som og typen Excel-projektmappe (.xlsx) "
        "(eller Word-dokument (.docx)), og send den nye fil.",
        "Open the file in Excel (or Word), choose File > Save as and the type Excel workbook "
        "(.xlsx) (or Word document (.docx)), and send the new file.",
    ),
    Container.HTML: (
        "Er det en login-side, så hent udtrækket igen; ellers åbn filen i Excel, og vælg Filer > "
        "Gem som og typen Excel-projektmappe (.xlsx).",
        "If it is a log-in page, fetch the extract again; otherwise open the file in Excel and "
        "choose File > Save as and the type Excel workbook (.xlsx).",
    ),
    Container.TEXT: (
        "Er det en CSV-fil, så giv den endelsen .csv; ellers åbn den i sit program, og gem den i "
        "det rigtige format.",
        "If it is a CSV file, give it the ending .csv; otherwise open it in its program and save "
        "it in the right format.",
    ),
    Container.PACKED: (
        "Pak filen ud, og send indholdet eller en almindelig zip-fil.",
        "Unpack the file and send its content or a regular zip file.",
    ),
    Container.SPSS_PORTABLE: (
        "Åbn den i SPSS, og gem den som .sav.",
        "Open it in SPSS and save it as .sav.",
    ),
}


def advice(expected: str, found: Container | None = None) -> dict[str, str]:
    """What a sender can do about a file of another kind, in Danish and English."""
    otherwise = (
        f"Åbn filen i sit program, og gem den som en almindelig {expected}-fil.",
        f"Open the file in its program and save it as a regular {expected} file.",
    )
    in_danish, in_english = _ADVICE.get(found, otherwise) if found else otherwise
    return {"advice_da": in_danish, "advice_en": in_english}


def recognise(data: bytes) -> Container:
    """Return what kind of file these bytes are."""
    head = data[:_PREFIX_BYTES]
    if not head.strip():
        return Container.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Container.ZIP
    if head.startswith(_OLE):
        encrypted = _ENCRYPTED_PACKAGE in data
        return Container.ENCRYPTED_OFFICE if encrypted else Container.OLD_OFFICE
    if _BIFF.match(head):
        return Container.OLD_OFFICE
    if head.startswith((b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!")):
        return Container.PACKED
    if b"%PDF-" in head[:1024]:
        return Container.PDF
    if head.startswith(_SPSS):
        return Container.SPSS
    if _SPSS_PORTABLE in head[:_PORTABLE_HEAD_BYTES]:
        return Container.SPSS_PORTABLE
    if head.startswith(b"{\\rtf"):
        return Container.RTF
    if _HTML.match(head):
        return Container.HTML
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return Container.XML
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head:
        return Container.TEXT
    return Container.BINARY


def wrong_container(found: Container, expected: str, name: str) -> DeliveryRejected:
    """Make the rejection of a file that is not what its name says."""
    match found:
        case Container.EMPTY:
            return rejected("F02_empty_file", file=name)
        case Container.ENCRYPTED_OFFICE:
            return rejected("F06_encrypted", file=name)
        case _:
            found_da, found_en = found.value
            return rejected(
                "F05_wrong_container",
                file=name,
                found_da=found_da,
                found_en=found_en,
                expected=expected,
                **advice(expected, found),
            )
