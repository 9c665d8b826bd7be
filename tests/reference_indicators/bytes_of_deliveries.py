"""Rows read from the delivered bytes themselves, with none of the product's readers.

Small on purpose: the forms the shipped deliveries have, the code books and code lists as they are
declared, and of what a contract sets aside only what occurs in them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from evidence_rows import Row

from pipelines.settings import PROJECT_ROOT

SOURCES = PROJECT_ROOT / "pipelines" / "sources"
SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
ENCODINGS = ("utf-16", "utf-8-sig", "cp1252")
NUMBERS = ("homes", "residents")
DAYS = ("grant_start", "grant_end")


def declared(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def code_book(wave: str) -> list[dict[str, str]]:
    return declared(SOURCES / "survey" / "codebooks" / f"{wave}.csv")


def survey_answers(folder: Path, wave: str) -> list[Row]:
    """One row a respondent, in the code book's words."""
    fields = [row["field"] for row in declared(SOURCES / "survey" / "fields.csv")]
    book = code_book(wave)
    found = []
    for number, row in enumerate(dataset(folder), start=2):
        answer: dict[str, Any] = dict.fromkeys(fields)
        for entry in book:
            given = plain(row.get(entry["variable"]))
            if given and not entry["code"]:
                answer[entry["field"]] = given
            elif given and given == entry["code"]:
                word = entry["canonical_code"]
                answer[entry["field"]] = {"true": True, "false": False}.get(word, word)
        hours = answer["coordinator_hours_per_week"]
        found.append(
            {
                **answer,
                "period": wave,
                "row_number": number,
                "received_at": datetime.min,
                "completed_at": moment(answer["completed_at"]),
                "modified_at": moment(answer["modified_at"]),
                "coordinator_hours_per_week": danish_number(hours) if hours else None,
            }
        )
    return found


def dataset(folder: Path) -> Iterator[dict[str, Any]]:
    """The answers of an export: a workbook, a zip, or a folder of files."""
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    [name] = [n for n in files if n.startswith("dataset") or n.endswith((".zip", ".xlsx"))]
    if name.endswith(".xlsx"):
        sheets = openpyxl.load_workbook(io.BytesIO(files[name]), read_only=True)
        [sheet] = [s for s in sheets if s.title.startswith("Dataset")]
        head, *rows = sheet.iter_rows(values_only=True)
        yield from (dict(zip(map(str, head), row, strict=True)) for row in rows)
        return
    data = files[name]
    if name.endswith(".zip"):
        data = zipfile.ZipFile(io.BytesIO(data)).read("dataset.csv")
    text = decoded(data)
    mark = "\t" if "\t" in text.splitlines()[0] else ";"
    yield from csv.DictReader(io.StringIO(text), delimiter=mark)


def extract_lines(folder: Path, day: date) -> list[Row]:
    """One row a plan and financing source; no plan with a line that cannot be."""
    [path] = list(folder.iterdir())
    names = {
        spelling.casefold(): row["field"]
        for row in declared(SOURCES / "driftsstoette" / "fields.csv")
        for spelling in (row["header"], *row["aliases"].split("|"))
        if spelling
    }
    words = {
        spelling.replace("–", "-"): row["code"]
        for row in declared(SOURCES / "driftsstoette" / "codelists.csv")
        for spelling in (row["label_da"], *row["spellings"].split("|"))
        if row["codelist"] in ("grant_pool", "plan_status", "financing_source")
    }
    table = [[plain(cell) for cell in row] for row in sheet_rows(path)]
    heads = [[names.get(cell.casefold(), cell) for cell in row] for row in table]
    at = next(n for n, row in enumerate(heads) if "case_number" in row and "status" in row)
    head = heads[at]
    found, impossible = [], set()
    for row in table[at + 1 :]:
        line: dict[str, Any] = dict(zip(head, row, strict=False))
        if not line.get("case_number") or not line.get("financing_source"):
            continue
        for field in ("grant_pool", "status", "financing_source"):
            given = line[field].replace("–", "-")
            line[field] = words.get(given, given)
        for field in NUMBERS:
            line[field] = int(danish_number(line[field]) or 0)
        hours = line.get("staff_hours")
        line["staff_hours"] = danish_number(hours) if hours else None
        line["amount_kr"] = danish_number(line["amount_kr"])
        for field in DAYS:
            line[field] = danish_day(line[field])
        found.append({**line, "extract_date": day})
        is_known = line["financing_source"] in words.values()
        if line["amount_kr"] < 0 or not is_known or any(line[field] is None for field in DAYS):
            impossible.add(line["case_number"])
    return [line for line in found if line["case_number"] not in impossible]


def sheet_rows(path: Path) -> Iterable[Iterable[Any]]:
    if path.suffix == ".xlsx":
        return (
            openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
        )
    return csv.reader(io.StringIO(decoded(path.read_bytes())), delimiter=";")


def decoded(data: bytes) -> str:
    for encoding in ENCODINGS:
        if encoding == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError("bytes of no known encoding")


def plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d-%m-%Y")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    return " ".join(str(value).split())  # a hard space is one too


def danish_number(text: str) -> Decimal:
    """1.234,5 as a number; a point before anything but three digits is a decimal one."""
    whole, comma, part = text.partition(",")
    return Decimal(whole.replace(".", "") + "." + part if comma else _without_points(text))


def _without_points(text: str) -> str:
    parts = text.split(".")
    return "".join(parts) if all(len(part) == 3 for part in parts[1:]) else text


def danish_day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        return None


def moment(text: str | None) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S") if text else None
