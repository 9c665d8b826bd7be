"""Minutes as files: what DOCX, PDF and text yield, and which files are refused by which rule."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
import typst
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.readers.minutes import Minutes, read_minutes

HEAD = (
    "Styringsdialog 2014, Prøvebo 1",
    "Køge Kommune",
    "Dato: 17. april 2014",
    "Deltagere fra Køge Kommune: Deltager A",
)


def docx_of(fill: Callable[[Document], None] | None = None, head: bool = True) -> bytes:
    document = Document()
    for line in HEAD if head else ():
        document.add_paragraph(line)
    if fill:
        fill(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf_of(body: str) -> bytes:
    pdf = typst.compile(body.encode(), format="pdf", ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return pdf


def rezipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def rule_of(name: str, data: bytes) -> str:
    with pytest.raises(DeliveryRejected) as raised:
        read_minutes(name, data)
    assert raised.value.file == name
    assert "Deltager A" not in raised.value.message_da + raised.value.message_en
    return raised.value.rule


def texts(minutes: Minutes, kind: str) -> list[str]:
    return [p.text for p in minutes.paragraphs if p.kind == kind]


def test_docx_headings_tables_controls_and_tracked_changes() -> None:
    def fill(document: Document) -> None:
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text = "Sted"
        table.rows[0].cells[1].text = "Rådhuset"
        document.add_heading("Tryghed", level=1)
        document.add_paragraph("Første linje\nanden linje")
        run = "<w:r><w:t>{}</w:t></w:r>"
        document.element.body.insert_element_before(
            parse_xml(
                f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p>{run.format('I et felt.')}</w:p>"
                "</w:sdtContent></w:sdt>"
            ),
            "w:sectPr",
        )
        document.element.body.insert_element_before(
            parse_xml(
                f"<w:p {nsdecls('w')}><w:ins w:id='1' w:author='x'>{run.format('Indsat.')}</w:ins>"
                "<w:del w:id='2' w:author='x'><w:r><w:delText>Slettet.</w:delText></w:r></w:del>"
                "</w:p>"
            ),
            "w:sectPr",
        )

    minutes = read_minutes("referat.docx", docx_of(fill))
    assert texts(minutes, "heading") == ["Tryghed"]
    assert texts(minutes, "text") == ["Første linje", "anden linje", "I et felt.", "Indsat."]
    assert "Sted: Rådhuset" in texts(minutes, "head")
    assert "Slettet" not in minutes.text
    assert {p.page for p in minutes.paragraphs} == {None}


def test_docx_whose_head_is_a_table_and_a_letterhead() -> None:
    def fill(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "Køge Kommune"
        document.add_paragraph("Styringsdialog 2014, Prøvebo 1", style="Title")
        table = document.add_table(rows=2, cols=2)
        for row, cells in zip(
            table.rows, (("Dato", "17. april 2014"), ("Deltagere", "Deltager A")), strict=True
        ):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        document.add_heading("Ad 1. Velkomst", level=1)

    minutes = read_minutes("referat.docx", docx_of(fill, head=False))
    assert (minutes.head.municipality, minutes.head.organisation) == ("Køge", "Prøvebo 1")
    assert minutes.head.meeting_date.isoformat() == "2014-04-17"
    assert texts(minutes, "attendance") == ["Deltagere: Deltager A"]


def test_pdf_joins_wrapped_lines_and_keeps_pages() -> None:
    long = "Den meget lange sætning om beboernes tryghed i afdelingen fortsætter over linjen " * 2
    body = "\n\n".join(
        (
            *HEAD,
            "Ad 1. Velkomst",
            long + "og slutter.",
            "#pagebreak()",
            "Ad 2. Husleje",
            "Den stiger.",
        )
    )
    minutes = read_minutes("referat.pdf", pdf_of(f'#set page(numbering: "1 / 1")\n{body}'))
    assert texts(minutes, "heading") == ["Ad 1. Velkomst", "Ad 2. Husleje"]
    assert texts(minutes, "text") == [long + "og slutter.", "Den stiger."]
    assert [p.page for p in minutes.paragraphs if p.kind == "heading"] == [1, 2]


def test_offsets_lead_to_the_paragraphs() -> None:
    minutes = read_minutes("referat.docx", docx_of(lambda d: d.add_paragraph("Ad 1. Tryghed")))
    for paragraph in minutes.paragraphs:
        assert minutes.text[paragraph.offset :].startswith(paragraph.text)


def test_text_in_windows_1252() -> None:
    data = "\r\n".join((*HEAD, "1. Tryghed", "Færre møder.")).encode("cp1252")
    assert texts(read_minutes("referat.txt", data), "text") == ["Færre møder."]


def test_files_that_are_something_else() -> None:
    assert rule_of("referat.odt", b"x") == "F22_unsupported_format"
    assert rule_of("referat.docx", b"") == "F02_empty_file"
    assert rule_of("referat.docx", pdf_of("Referat")) == "F05_wrong_container"
    assert rule_of("referat.pdf", docx_of()) == "F05_wrong_container"
    assert rule_of("referat.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)) == (
        "F05_wrong_container"
    )
    assert rule_of("referat.txt", bytes(range(200))) == "F24_binary_content"


def test_protected_files() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert rule_of("referat.docx", ole) == "F06_encrypted"
    from pypdf import PdfWriter

    for user_password in ("hemmelig", ""):
        writer = PdfWriter(clone_from=io.BytesIO(pdf_of("Referat")))
        writer.encrypt(user_password=user_password, owner_password="ejer", algorithm="AES-256")
        buffer = io.BytesIO()
        writer.write(buffer)
        assert rule_of("referat.pdf", buffer.getvalue()) == "F06_encrypted"


def test_damaged_files() -> None:
    whole = docx_of()
    assert rule_of("referat.docx", whole[: len(whole) // 2]) == "F11_corrupt_file"
    broken = rezipped(whole, lambda n, d: d[:-20] if n == "word/document.xml" else d)
    assert rule_of("referat.docx", broken) == "F11_corrupt_file"
    assert rule_of("referat.pdf", b"%PDF-1.7\n" + bytes(500)) == "F11_corrupt_file"


def test_markup_that_is_not_accepted() -> None:
    doctype = b'<!DOCTYPE w [<!ENTITY a "b">]>'

    def with_doctype(part: str, encoding: str) -> Callable[[str, bytes], bytes]:
        def change(name: str, data: bytes) -> bytes:
            if name != part:
                return data
            start = data.index(b"?>") + 2
            changed = data[:start] + doctype + data[start:]
            return changed.decode().replace("UTF-8", encoding, 1).encode(encoding)

        return change

    for part in ("word/document.xml", "word/styles.xml", "_rels/.rels"):
        data = rezipped(docx_of(), with_doctype(part, "utf-8"))
        assert rule_of("referat.docx", data) == "F17_forbidden_markup", part
    data = rezipped(docx_of(), with_doctype("word/document.xml", "utf-16"))
    assert rule_of("referat.docx", data) == "F17_forbidden_markup"


def test_a_bomb_is_not_opened() -> None:
    buffer = io.BytesIO(docx_of())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/image1.bin", bytes(30 << 20))
    assert rule_of("referat.docx", buffer.getvalue()) == "F07_oversized_content"


def test_far_more_text_than_minutes_have() -> None:
    data = "\n".join((*HEAD, "1. Tryghed", "Færre møder. " * 60_000)).encode()
    assert rule_of("referat.txt", data) == "F07_oversized_content"


def test_documents_without_text() -> None:
    assert rule_of("referat.docx", docx_of(head=False)) == "F20_document_without_text"
    assert rule_of("referat.pdf", pdf_of("#rect(width: 5cm)")) == "F20_document_without_text"


def test_a_head_without_its_facts() -> None:
    data = docx_of(
        lambda d: d.add_paragraph(
            "Et langt notat om noget helt andet i kommunen, og intet om møder."
        ),
        False,
    )
    assert rule_of("referat.docx", data) == "F21_minutes_head_incomplete"
