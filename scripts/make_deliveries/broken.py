"""Deliveries with the mistakes senders make: what the gate quarantines or rejects.

Each is a good delivery with something done to it. They come before the good ones of their period,
as in life: first the wrong file, then the mended one.
"""

from __future__ import annotations

from datetime import date

from scripts.make_deliveries.dialogue import list_csv, list_name, rows
from scripts.make_deliveries.files import MARK, Delivery, single
from scripts.make_deliveries.register_files import Shape, as_csv
from scripts.make_deliveries.surveyxact import wave_2015

STATUS_COLUMN = 10
AMOUNT_COLUMN = 14
WRONG_TOTAL = "999.999.999,00"


def bad_topic_list() -> Delivery:
    """A first version of the 2017 list: three bad rows; the good list supersedes it."""
    body = rows(2017)
    body[10][6] = "Beboertryghet"
    body[25][5] = "31-02-2017"
    body[40][1], body[40][2] = "999", "Ukendt Kommune"
    return single(
        "styringsdialog",
        "2017",
        list_name(2017, "csv").replace("emner", "foerste_version"),
        list_csv(2017, body, "utf-8"),
        "Første version: ukendt emne, umulig dato og ukendt kommune. Afløses af den rettede liste.",
        is_broken=True,
    )


def _without_status(table: list[list[str]]) -> None:
    """A required column is gone and the totals row no longer adds up."""
    for row in table:
        del row[STATUS_COLUMN]
    table[-1][AMOUNT_COLUMN - 1] = WRONG_TOTAL


def column_missing() -> Delivery:
    """An extract whose status column was cut off and whose totals row disagrees."""
    shape = Shape(date(2017, 6, 30), has_totals=True)
    return single(
        "driftsstoette",
        "2017-06-30",
        shape.name,
        as_csv(shape, _without_status),
        "Kolonnen Status mangler, og totalrækken stemmer ikke.",
        is_broken=True,
    )


def _bad_rows(table: list[list[str]]) -> None:
    """Three single rows are wrong, each of another plan.

    The plans are finished ones, so that the extract's active plans stay complete and its published
    figures plausible.
    """
    finished = [row for row in table[1:] if row[STATUS_COLUMN] == "Afsluttet"]
    one, two, three = finished[8], finished[60], finished[120]
    one[AMOUNT_COLUMN] = "-" + one[AMOUNT_COLUMN]
    day, month, year = two[8].split("-")
    two[8] = f"{month}/{int(day) + 20}/{year}"
    three[13] = "Kommunekassen"


def single_bad_rows() -> Delivery:
    """An extra extract with three bad rows; the rest of it is loaded."""
    shape = Shape(date(2016, 9, 30))
    return single(
        "driftsstoette",
        "2016-09-30",
        shape.name,
        as_csv(shape, _bad_rows),
        "Et negativt beløb, en amerikansk dato og en ukendt finansieringskilde.",
        is_broken=True,
    )


def page_as_workbook() -> Delivery:
    """The login page of the survey tool, saved under the workbook's name."""
    page = (
        '<!DOCTYPE html>\n<html lang="da"><head><meta charset="utf-8">'
        "<title>Log ind (syntetisk)</title></head>\n"
        "<body><h1>Log ind</h1><p>Din session er udløbet. SYNTETISK side.</p></body></html>\n"
    )
    return single(
        "survey",
        "2017",
        f"surveyxact_2017_loginside_{MARK}.xlsx",
        page.encode("utf-8"),
        "En HTML-side gemt som .xlsx: eksporten blev hentet efter at sessionen var udløbet.",
        is_broken=True,
    )


def cut_off_zip() -> Delivery:
    """A survey export whose transfer broke off half-way."""
    good = wave_2015()
    content = next(iter(good.files.values()))
    return single(
        "survey",
        "2015",
        f"surveyxact_2015_afbrudt_{MARK}.zip",
        content[: len(content) // 2],
        "Overførslen blev afbrudt halvvejs; zip-filen mangler sin slutning.",
        is_broken=True,
    )


def deliveries() -> list[Delivery]:
    """All five."""
    return [
        bad_topic_list(),
        column_missing(),
        single_bad_rows(),
        page_as_workbook(),
        cut_off_zip(),
    ]
