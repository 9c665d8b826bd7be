"""Deliveries for the error workbook's tests: decided on, given back, mended as a person would."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contracts.tables import raw_ddl
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.error_workbook.make import error_workbook, workbook_name
from pipelines.intake.process import Decision, decide

TITLE = "Udtræksdato: 30-06-2015"
HEADING = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;Beløb (kr.);"
    "Timer"
)
LIST_HEADING = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale"


def plan(number: int, amount: str = "1.500,00", source: str = "Landsbyggefonden") -> str:
    return (
        f"2011-{number:04};Parken {number};Eksempel Bolig;0123;461;Odense;2011-14;;01-01-2013;"
        f"31-12-2016;Aktiv;1.204;2.890;{source};{amount};"
    )


def sound(*numbers: int) -> list[str]:
    """Plans that break nothing, local share included."""
    return [line for n in numbers for line in (plan(n), plan(n, "600,00", "Kommune – kontant"))]


def text(*lines: str) -> bytes:
    return "\n".join([*lines, ""]).encode()


@dataclass(frozen=True)
class Sent:
    """A delivery, what was decided on it, and the workbook its sender got."""

    delivery: ArchivedDelivery
    decision: Decision
    workbook: bytes | None

    @property
    def rules(self) -> list[str]:
        return [f.rule for f in self.decision.findings if not f.rule.startswith("D06")]

    @property
    def book(self) -> openpyxl.Workbook:
        assert self.workbook is not None
        return openpyxl.load_workbook(io.BytesIO(self.workbook))

    @property
    def data(self) -> Worksheet:
        return self.book.worksheets[0]


def send(
    folder: Path,
    data: bytes | Mapping[str, bytes],
    name: str = "udtræk_2015-06-30.csv",
    source: str = "driftsstoette",
    period: str = "2015-06-30",
) -> Sent:
    """Put bytes through the gate, and make the workbook."""
    files = data if isinstance(data, Mapping) else {name: data}
    digest = hashlib.sha256(b"".join(files.values())).hexdigest()
    place = folder / digest[:12]
    place.mkdir(exist_ok=True)
    for each, content in files.items():
        (place / each).write_bytes(content)
    delivery = ArchivedDelivery(
        delivery_id=digest,
        source=source,
        period=period,
        name=name,
        files=tuple(
            DeliveredFile(each, hashlib.sha256(content).hexdigest(), len(content))
            for each, content in sorted(files.items())
        ),
        payload_dir=place,
        meta=DeliveryMeta(),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256=digest,
        is_folder=isinstance(data, Mapping),
        bytes=sum(map(len, files.values())),
    )
    with duckdb.connect(config={"threads": 1}) as con:
        for statement in raw_ddl():
            con.execute(statement)
        decision = decide(con, delivery, place)
    return Sent(delivery, decision, error_workbook(delivery, place, decision))


def mended(sent: Sent, changes: Mapping[str, Any]) -> bytes:
    """The workbook as its sender saves it, with other values in these cells of the first sheet."""
    book = sent.book
    for cell, value in changes.items():
        book.worksheets[0][cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def send_back(folder: Path, sent: Sent, changes: Mapping[str, Any]) -> Sent:
    """Mend the workbook and deliver it under its own name."""
    delivery = sent.delivery
    return send(
        folder, mended(sent, changes), workbook_name(delivery), delivery.source, delivery.period
    )


def comment(sheet: Worksheet, cell: str) -> str:
    found = sheet[cell].comment
    assert found is not None, f"no comment on {cell}"
    return str(found.text)
