"""Minutes: documents with more in them than text, less than text, or no head."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import docx
import typst
from bad_input_harness import Case
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from workbook_files import workbook

GROUP = "minutes"
HEAD = (
    "Styringsdialog 2014, Kanariebo 1",
    "Køge Kommune",
    "Dato: 17. april 2014",
    "Deltagere fra Køge Kommune: Fru Kanariefugl",
)
BODY = ("Ad 1. Beboertryghed", "Trygheden i Kanarieparken er blevet større i løbet af året.")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCTYPE = b'<!DOCTYPE w [<!ENTITY a "b">]>'
RELATIONS = "word/_rels/document.xml.rels"
TEMPLATE = (
    b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/attachedTemplate" Target="http://127.0.0.1:9/skabelon.dotm" '
    b'TargetMode="External"/></Relationships>'
)


def word(
    fill: Callable[[Document], None] | None = None, lines: tuple[str, ...] = (*HEAD, *BODY)
) -> bytes:
    """A Word document of these paragraphs, and what else is filled in."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if fill:
        fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped_word() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("2014/referat.docx", word())
    return out.getvalue()


def with_part(name: str, change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """A sound Word document with one part changed, or added."""

    def make() -> bytes:
        with zipfile.ZipFile(io.BytesIO(word())) as old:
            parts = {each: old.read(each) for each in old.namelist()}
        parts[name] = change(parts.get(name, b""))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for each, content in parts.items():
                new.writestr(each, content)
        return out.getvalue()

    return make


def with_xml(xml: str) -> Callable[[], bytes]:
    """A sound Word document with one more paragraph, written as XML."""
    return partial(
        word,
        lambda d: d.element.body.insert_element_before(
            parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"), "w:sectPr"
        ),
    )


def run(text: str, tag: str = "t") -> str:
    return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"


def text_box(text: str) -> str:
    return f"<w:r><w:pict><w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent></w:pict></w:r>"


@lru_cache(maxsize=8)
def pdf(body: str = "") -> bytes:
    """A PDF of the sound minutes, or of other typst markup."""
    made = typst.compile(
        (body or "\n\n".join((*HEAD, *BODY))).encode(), format="pdf", ignore_system_fonts=True
    )
    if not isinstance(made, bytes):
        raise TypeError("one page file was expected")
    return made


def pdf_with(change: Callable[[PdfWriter], Any], body: str = "") -> Callable[[], bytes]:
    """A sound PDF, changed."""

    def make() -> bytes:
        writer = PdfWriter(clone_from=io.BytesIO(pdf(body)))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return make


def repeated(writer: PdfWriter) -> None:
    page = PdfReader(io.BytesIO(pdf())).pages[0]
    for _ in range(300):
        writer.add_page(page)


def blank(writer: PdfWriter) -> None:
    writer.add_blank_page(595, 842)


def with_script(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert('kanariefugl');"),
        }
    )


def locked(user: str) -> Callable[[], bytes]:
    return pdf_with(
        lambda w: w.encrypt(user_password=user, owner_password="ejer", algorithm="AES-256")
    )


def text(*lines: str, page: str = "cp1252") -> bytes:
    return "\r\n".join((*lines, "")).encode(page)


WRONG = ("F05_wrong_container",)
TOO_MUCH = ("F07_oversized_content",)
CORRUPT = ("F11_corrupt_file",)
NO_TEXT = ("F20_document_without_text",)
MARKUP = ("F17_forbidden_markup",)

ACCEPTED = (
    Case("word", word, "accepted", file="referat.docx", accepted=1),
    Case("pdf", pdf, "accepted", file="referat.pdf", accepted=1),
    Case("text_in_1252", lambda: text(*HEAD, *BODY), "accepted", file="referat.txt", accepted=1),
    Case("word_in_a_zip", zipped_word, "accepted", file="referat.zip", accepted=1),
    Case(
        "template_from_elsewhere",
        with_part(RELATIONS, lambda x: x.replace(b"</Relationships>", TEMPLATE)),
        "accepted",
        file="referat.docx",
    ),
    Case(
        "comments_are_not_text",
        with_part(
            "word/comments.xml", lambda _: b"<w:comments xmlns:w='x'>Fru Kanariefugl</w:comments>"
        ),
        "accepted",
        file="referat.docx",
        accepted=1,
    ),
    Case(
        "tracked_changes",
        with_xml(
            f"<w:ins w:id='1' w:author='x'>{run('Indsat.')}</w:ins>"
            f"<w:del w:id='2' w:author='x'>{run('kanariefugl', 'delText')}</w:del>"
        ),
        "accepted",
        warnings=("W10_tracked_changes",),
        file="referat.docx",
    ),
    Case(
        "text_box",
        with_xml(text_box("kanariefugl")),
        "accepted",
        warnings=("W11_text_boxes",),
        file="referat.docx",
    ),
    Case("empty_text_box", with_xml(text_box("")), "accepted", file="referat.docx"),
    Case(
        "workbook_inside",
        with_part("word/embeddings/ark.xlsx", lambda _: workbook([["kanariefugl"]])),
        "accepted",
        warnings=("W12_attachments",),
        file="referat.docx",
    ),
    Case(
        "pdf_with_a_script",
        pdf_with(with_script),
        "accepted",
        file="referat.pdf",
    ),
    Case(
        "pdf_with_attachments",
        pdf_with(lambda w: w.add_attachment("bilag.csv", b"kanariefugl")),
        "accepted",
        warnings=("W12_attachments",),
        file="referat.pdf",
    ),
    Case(
        "pdf_with_a_scanned_page",
        pdf_with(blank),
        "accepted",
        warnings=("W13_pages_without_text",),
        file="referat.pdf",
        says=("1 af dokumentets sider",),
    ),
)

REFUSED = (
    Case("word_password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "rejected",
         ("F06_encrypted",)),
    Case("pdf_password", locked("hemmelig"), "rejected", ("F06_encrypted",), file="referat.pdf"),
    Case("pdf_no_copying", locked(""), "rejected", ("F06_encrypted",), file="referat.pdf"),
    Case("old_word", lambda: OLE + bytes(600), "rejected", WRONG, says=("Word-dokument (.docx)",)),
    Case("rich_text", lambda: b"{\\rtf1 Fru Kanariefugl}", "rejected", WRONG, says=("RTF",)),
    Case("web_page", lambda: b"<html><body>kanariefugl</body></html>", "rejected", WRONG),
    Case("pdf_by_name_of_word", pdf, "rejected", WRONG, says=("en PDF",)),
    Case("word_by_name_of_pdf", word, "rejected", WRONG, file="referat.pdf"),
    Case("workbook_by_name_of_word", lambda: workbook([["x"]]), "rejected", WRONG, says=(".xlsx",)),
    Case("strict_open_xml",
         with_part("word/document.xml", lambda x: x.replace(
             b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
             b"http://purl.oclc.org/ooxml/wordprocessingml/main")),
         "rejected", WRONG, says=("Strict Open XML",)),
    Case("macros", with_part("word/vbaProject.bin", lambda _: b"x"), "rejected", ("F16_macros",),
         says=(".docx",)),
    Case("document_type",
         with_part("word/document.xml", lambda x: x.replace(b"?>", b"?>" + DOCTYPE, 1)),
         "rejected", MARKUP),
    Case("document_type_in_relations",
         with_part("_rels/.rels", lambda x: x.replace(b"?>", b"?>" + DOCTYPE, 1)),
         "rejected", MARKUP),
    Case("bomb_inside", with_part("word/media/image1.png", lambda _: bytes(40 << 20)), "rejected",
         TOO_MUCH),
    Case("text_bomb", lambda: text(*HEAD, "Færre møder. " * 60_000), "rejected", TOO_MUCH,
         file="referat.txt"),
    Case("hundreds_of_pages", pdf_with(repeated), "rejected", TOO_MUCH, file="referat.pdf"),
    Case("word_half", lambda: word()[:-900], "rejected", CORRUPT),
    Case("word_broken_xml", with_part("word/document.xml", lambda x: x[:-20]), "rejected", CORRUPT),
    Case("pdf_half", lambda: b"%PDF-1.7\n" + bytes(500), "rejected", CORRUPT, file="referat.pdf"),
    Case("pdf_scanned", partial(pdf, "#rect(width: 5cm)"), "rejected", NO_TEXT,
         file="referat.pdf", says=("indskannet",)),
    Case("word_without_text", lambda: word(lines=()), "rejected", NO_TEXT),
    Case("empty", lambda: b"", "rejected", ("F02_empty_file",)),
    Case("text_that_is_none", lambda: bytes(range(200)), "rejected", ("F24_binary_content",),
         file="referat.txt"),
    Case("head_without_a_date", lambda: word(lines=(*HEAD[:2], HEAD[3], *BODY)), "rejected",
         ("F21_minutes_head_incomplete",), says=("mødedato",)),
    Case("municipality_that_is_none",
         lambda: word(lines=(HEAD[0], "Storkøbing Kommune", *HEAD[2:], *BODY)), "rejected",
         ("K06_unknown_municipality",)),
    Case("another_year", word, "rejected", ("K02_other_period",), period="2017"),
    Case("nothing_on_any_topic",
         lambda: word(lines=(*HEAD, "Ad 1. Rumrejser", "Der blev talt om rumrejser til månen.")),
         "rejected", ("K08_no_topic_found",)),
    Case("list_without_a_heading",
         lambda: text("År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Tema;Aftale",
                      "2015;461;Odense;Kanariebo;0123;11-11-2015;Beboertryghed;ja"),
         "rejected", ("F03_columns_missing",), file="liste.txt", says=("Emne",)),
    Case("open_document", lambda: b"x", "rejected", ("F22_unsupported_format",),
         file="referat.odt"),
)  # fmt: skip

CASES = tuple(
    replace(
        case,
        source="styringsdialog",
        period=case.period if case.period == "2017" else "2014",
        file="referat.docx" if case.file.endswith(".csv") else case.file,
        is_slow=True,
    )
    for case in (*ACCEPTED, *REFUSED)
)
