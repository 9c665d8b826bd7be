"""Small readers of the shipped files, apart from the intake so that they can disagree with it.

They know the formats just well enough to count: no messages, no rules.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
DELIVERIES = ROOT / "deliveries"
CODEBOOKS = ROOT / "pipelines" / "sources" / "survey" / "codebooks"
SEEDS = ROOT / "dbt_project" / "seeds"
EXTRACTS = ("2015-06-30", "2015-12-31", "2016-06-30", "2016-12-31", "2017-12-31")
WAVES = ("2015", "2016", "2017")


def items(source: str, *, broken: bool = False) -> list[Path]:
    root = (DELIVERIES / "broken" if broken else DELIVERIES) / source
    return sorted(p for p in root.glob("*/*") if not p.name.endswith(".meta.json"))


def one_item(source: str, period: str, suffix: str = "", *, broken: bool = False) -> Path:
    found = [
        p for p in items(source, broken=broken) if p.parent.name == period and suffix in p.name
    ]
    assert len(found) == 1, found
    return found[0]


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


# --- survey ---------------------------------------------------------------------------------


def _table(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def survey_tables(wave: str) -> dict[str, list[list[str]]]:
    """dataset, labels and structure as text cells, whatever the dialect."""
    path = one_item("survey", wave)
    names = ("dataset", "labels", "structure")
    if path.is_dir():
        texts = {n: (path / f"{n}.csv").read_bytes().decode("utf-16") for n in names}
        return {n: _table(text, "\t") for n, text in texts.items()}
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return {n: _table(archive.read(f"{n}.csv").decode("cp1252"), ";") for n in names}
    book = openpyxl.load_workbook(path)
    sheets = {sheet.title.split("(")[0].lower(): sheet for sheet in book}
    return {
        n: [["" if c is None else str(c) for c in row] for row in sheets[n].values] for n in names
    }


def survey_rows(wave: str) -> list[dict[str, str]]:
    header, *rows = survey_tables(wave)["dataset"]
    assert all(len(row) == len(header) for row in rows)
    return [dict(zip(header, row, strict=True)) for row in rows]


def codebook(wave: str) -> list[dict[str, str]]:
    with (CODEBOOKS / f"{wave}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def canonical(wave: str) -> list[dict[str, str]]:
    """Respondents in canonical words, through the wave's code book."""
    book = codebook(wave)
    found = []
    for row in survey_rows(wave):
        answer: dict[str, str] = {}
        for entry in book:
            field, variable = entry["field"], entry["variable"]
            if variable == "-":
                continue
            if entry["code"] == "":
                answer[field] = row[variable]
            elif row[variable] == entry["code"]:
                answer[field] = entry["canonical_code"]
            elif row[variable] != "":
                codes = {e["code"] for e in book if e["variable"] == variable}
                is_status = field == "response_status"
                assert is_status or row[variable] in codes, (variable, row[variable])
        found.append(answer)
    return found


def completed(wave: str) -> list[dict[str, str]]:
    return [one for one in canonical(wave) if one["response_status"] == "completed"]


# --- driftsstøtte ---------------------------------------------------------------------------


@dataclass(frozen=True)
class ExtractLine:
    case: str
    plan: str
    organisation: str
    lbf_number: str
    code: str
    municipality: str
    pool: str
    themes: str
    start: date
    end: date
    status: str
    homes: int
    residents: int
    source: str
    kroner: Decimal
    hours: Decimal | None

    @property
    def facts(self) -> tuple[object, ...]:
        return (
            self.plan, self.organisation, self.lbf_number, self.code, self.municipality, self.pool,
            self.themes, self.start, self.end, self.status, self.homes, self.residents,
        )  # fmt: skip


HEADINGS = {
    "sagsnr": "case", "sagsnr.": "case", "helhedsplan": "plan", "boligorganisation": "organisation",
    "lbf-nr": "lbf_number", "kommunekode": "code", "kommune": "municipality", "pulje": "pool",
    "indsatsområde": "themes", "bevilling fra": "start", "bevilling til": "end",
    "status": "status", "antal boliger": "homes", "antal beboere": "residents",
    "finansieringskilde": "source", "beløb (kr.)": "kroner", "beløb": "kroner", "timer": "hours",
    "antal timer": "hours",
}  # fmt: skip


def _day(cell: object) -> date:
    return (
        cell.date()
        if isinstance(cell, datetime)
        else datetime.strptime(str(cell), "%d-%m-%Y").date()
    )


def _number(cell: object) -> Decimal:
    if isinstance(cell, int | float):
        return Decimal(str(cell))
    return Decimal(str(cell).replace(".", "").replace(",", "."))


def extract_table(path: Path) -> list[list[object]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        return [list(row) for row in sheet.values]
    return [list(row) for row in _table(path.read_bytes().decode("cp1252"), ";")]


def extract(period: str) -> tuple[list[ExtractLine], list[object] | None]:
    """The lines of an extract and its totals row."""
    table = extract_table(one_item("driftsstoette", period))
    start = next(i for i, row in enumerate(table) if str(row[0]).lower().startswith("sagsnr"))
    names = [HEADINGS[str(c).replace("\u00a0", " ").strip().lower()] for c in table[start]]
    body, totals = table[start + 1 :], None
    if body[-1][0] == "I alt":
        totals = body.pop()
    lines = []
    for row in body:
        cell = dict(zip(names, row, strict=True))
        hours = cell["hours"]
        lines.append(
            ExtractLine(
                case=str(cell["case"]),
                plan=str(cell["plan"]),
                organisation=str(cell["organisation"]),
                lbf_number=str(cell["lbf_number"]),
                code=str(cell["code"]),
                municipality=str(cell["municipality"]),
                pool=str(cell["pool"]),
                themes=str(cell["themes"] or ""),
                start=_day(cell["start"]),
                end=_day(cell["end"]),
                status=str(cell["status"]),
                homes=int(_number(cell["homes"])),
                residents=int(_number(cell["residents"])),
                source=str(cell["source"]).replace("–", "-"),
                kroner=_number(cell["kroner"]).quantize(Decimal("0.01")),
                hours=None if hours in (None, "") else _number(hours),
            )
        )
    return lines, totals


def plans(period: str) -> dict[str, list[ExtractLine]]:
    found: dict[str, list[ExtractLine]] = {}
    for line in extract(period)[0]:
        found.setdefault(line.case, []).append(line)
    return found


def active(period: str) -> dict[str, list[list[ExtractLine]]]:
    """The active plans by municipality, each with its lines."""
    found: dict[str, list[list[ExtractLine]]] = {}
    for lines in plans(period).values():
        if lines[0].status == "Aktiv":
            found.setdefault(lines[0].code, []).append(lines)
    return found


def residents(period: str) -> dict[str, int]:
    return {c: sum(p[0].residents for p in found) for c, found in active(period).items()}


# --- styringsdialog -------------------------------------------------------------------------


def topic_list(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".xlsx":
        table = [list(row) for row in openpyxl.load_workbook(path).worksheets[0].values]
        for row in table[2:]:
            held = row[5]
            assert isinstance(held, datetime)
            row[5] = held.strftime("%d-%m-%Y")
    else:
        content = path.read_bytes()
        encoding = "cp1252" if "2014" in path.name else "utf-8-sig"
        table = [list(row) for row in _table(content.decode(encoding), ";")]
    assert "SYNTETISKE DATA" in str(table[0][0])
    header = [str(c) for c in table[1]]
    return [dict(zip(header, [str(c) for c in row], strict=True)) for row in table[2:]]
