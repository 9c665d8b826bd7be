"""Deliveries with personal data in every place that a sender may put them, all unmistakable."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pypdf
from docx import Document
from openpyxl.comments import Comment

BIRD = "kanariefugl"
"""Every planted text holds it: it stands nowhere else."""
CPR = "040785-7319"
PHONE = "28 64 73 19"
RESPONDENT = "908172635"
NOWHERE = (BIRD, CPR, CPR.replace("-", ""), PHONE)
"""What nobody may find outside the encrypted archive."""

STRAY = "solsortens"
"""Stands where a status, a date, a topic is due: nothing says that it is personal."""
ONLY_BACK = (STRAY, RESPONDENT)
"""What is only found in the error workbook that goes back to the sender who wrote it."""

Change = Callable[[bytes], bytes]


def plant(shipped: Path, sent: Path) -> None:
    """Copy the shipped deliveries and put canaries into them."""
    shutil.copytree(shipped, sent, ignore=shutil.ignore_patterns("README.md", "*.gitattributes"))
    for pattern, change in _PLANTINGS.items():
        paths = sorted(sent.glob(pattern))
        assert paths, pattern
        for path in paths:
            path.write_bytes(change(path.read_bytes()))
    for meta in sent.rglob("*.meta.json"):
        said = json.loads(meta.read_text("utf-8"))
        meta.write_text(json.dumps(said | {"note": f"ring til {BIRD} på {PHONE}"}), "utf-8")
    inner = sent / "driftsstoette" / "2018-06-30" / "driftsstoette_2018-06-30.zip"
    inner.parent.mkdir()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"{BIRD}@eksempel.dk {CPR}.csv", f"a;b\n{BIRD};1\n")
    named = sent / "driftsstoette" / "2018-12-31" / f"udtraek {CPR} 2018-12-31.csv"
    named.parent.mkdir()
    named.write_bytes(b"a;b\n1;2\n")


def an_address(place: str) -> str:
    return f"{BIRD}.{place}@eksempel.dk"


def _text(encoding: str, delimiter: str, change: Callable[[list[list[str]]], None]) -> Change:
    def changed(data: bytes) -> bytes:
        rows = list(csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter))
        change(rows)
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
        return text.getvalue().encode(encoding)

    return changed


def _survey_rows(rows: list[list[str]]) -> None:
    header = rows[0]
    places = {name: header.index(name) for name in ("email", "navn", "s_11") if name in header}
    for number, row in enumerate(rows[1:]):
        row[places["email"]] = an_address(f"mail{number}")
        row[places["navn"]] = f"{BIRD} navn {number}"
        row[places["s_11"]] = f"{BIRD} har en kommentar; {CPR}, {PHONE}"
        row.append(f"{BIRD} ukendt kolonne")
    rows[1][0] = RESPONDENT
    header.append(an_address("overskrift"))
    rows.append([*rows[-1][:-1], f"{BIRD} for meget", f"{BIRD} alt for meget"])


def _zip(change: Change) -> Change:
    def changed(data: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
            for name in old.namelist():
                inner = old.read(name)
                new.writestr(name, change(inner) if name == "dataset.csv" else inner)
        return buffer.getvalue()

    return changed


def _survey_workbook(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Dataset(1)"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    _survey_rows(rows)
    for number, row in enumerate(rows[:-1], start=1):
        for place, value in enumerate(row, start=1):
            sheet.cell(number, place).value = value
    return _with_workbook_canaries(book)


def _register_workbook(data: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Udtræk"]
    sheet["Q3"] = an_address("overskrift")
    sheet["Q4"] = f"{BIRD} i ukendt kolonne"
    sheet["B10"] = an_address("celle")
    sheet["C20"] = f"{BIRD} {CPR}"
    sheet["B30"] = f"{BIRD} tlf. {PHONE}"
    sheet["O40"] = f"{STRAY} er ikke et beløb"
    sheet["K50"] = f"{STRAY} er ikke en status"
    sheet["I60"] = f"{STRAY} er ikke en dato"
    return _with_workbook_canaries(book)


def _with_workbook_canaries(book: openpyxl.Workbook) -> bytes:
    properties = book.properties
    properties.creator = properties.lastModifiedBy = f"{BIRD} forfatter"
    properties.description = properties.keywords = an_address("egenskab")
    for sheet in book:
        sheet["A5"].comment = Comment(f"{BIRD} note {CPR}", f"{BIRD} forfatter")
    hidden = book.create_sheet(f"{CPR} noter")
    hidden["A1"] = f"{BIRD} på et skjult ark"
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _register_rows(rows: list[list[str]]) -> None:
    rows[0] = [f"{rows[0][0]}, spørg {an_address('titel')}"]
    rows[2].append("Sagsbehandler")
    for row in rows[3:]:
        row.append(f"{BIRD} ukendt")
    rows[10][1] = an_address("celle")
    rows[40][2] = f"{BIRD} {CPR}"
    rows[80][1] = f"{BIRD} ring {PHONE}"
    rows[120][7] = f"{STRAY} er ikke et indsatsområde"
    rows[160][10] = f"{STRAY} er ikke en status"
    rows[200][14] = f"{STRAY} kr."
    rows[240][8] = f"{STRAY}-2015"
    rows[280].extend([f"{BIRD} for meget", CPR])
    rows[320][5:] = [f"{BIRD} for lidt"]


def _topic_rows(rows: list[list[str]]) -> None:
    rows[5][6] = f"{STRAY} er ikke et emne"
    rows[6][3] = an_address("organisation")
    rows[7][3] = f"Formand {CPR} {BIRD}"
    rows[8][5] = f"{STRAY}-10-2014"
    rows[9][7] = rows[10][0] = STRAY


def _word_minutes(data: bytes) -> bytes:
    document = Document(io.BytesIO(data))
    properties = document.core_properties
    properties.author = properties.last_modified_by = f"{BIRD} forfatter"
    properties.comments = an_address("egenskab")
    for paragraph in document.paragraphs:
        if paragraph.text.startswith(("Deltagere", "Afbud")):
            paragraph.add_run(f", {BIRD} ({PHONE}, {an_address('deltager')})")
        elif paragraph.text.endswith("."):
            paragraph.add_run(f" Det sagde {BIRD} ({CPR}, {PHONE}) om beboertryghed.")
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _pdf_minutes(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.add_metadata({"/Author": f"{BIRD} forfatter", "/Keywords": an_address("egenskab")})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _login_page(data: bytes) -> bytes:
    return data + f"<p>Logget ind som {an_address('login')}</p>".encode()


_PLANTINGS: dict[str, Change] = {
    "survey/2015/*.zip": _zip(_text("cp1252", ";", _survey_rows)),
    "survey/2016/*/dataset.csv": _text("utf-16", "\t", _survey_rows),
    "survey/2017/*.xlsx": _survey_workbook,
    "driftsstoette/2015-12-31/*.csv": _text("cp1252", ";", _register_rows),
    "driftsstoette/2016-06-30/*.xlsx": _register_workbook,
    "styringsdialog/2014/*.csv": _text("cp1252", ";", _topic_rows),
    "styringsdialog/*/*.docx": _word_minutes,
    "styringsdialog/*/*.pdf": _pdf_minutes,
    "broken/survey/2017/*.xlsx": _login_page,
    "broken/driftsstoette/2016-09-30/*.csv": _text("cp1252", ";", _register_rows),
}
