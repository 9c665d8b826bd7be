"""Large text files: read and loaded in chunks, they come to what small ones come to."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.corrections import Corrections
from pipelines.contracts.loader import load_source
from pipelines.contracts.model import Source
from pipelines.contracts.tables import raw_ddl
from pipelines.intake import delivered_file
from pipelines.intake.conform.corrections import HITS, start_corrections
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.process import Decision, decide
from pipelines.intake.readers import delimited_stream

HEADER = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;"
    "Beløb (kr.);Timer"
)
SOURCES = ("Landsbyggefonden", "Kommune – kontant", "Kommune – lokaler", "Boligorganisation")

Rows = list[list[str]]
Change = Callable[[random.Random, Rows], list[str]]


def plans(dice: random.Random, count: int) -> Rows:
    """Rows of so many plans, two to four each, in the order of their numbers."""
    rows = []
    for plan in range(count):
        name = f"Plan {dice.choice('ÆØÅABC')}{plan}"
        facts = f"2012-{plan:04};{name};Bolig {plan % 7};{plan % 7:04};461;Odense;2011-14;"
        facts += f"Sundhed;01-01-2013;31-12-2016;Aktiv;1.{plan % 900 + 100};2.890"
        for source in SOURCES[: dice.randint(2, 4)]:
            amount = f"{dice.randint(1, 9)}.{dice.randint(100, 999)}.000,00"
            rows.append([*facts.split(";"), source, amount, ""])
    return rows


def joined(rows: Rows) -> list[str]:
    return [";".join(row) for row in rows]


def sound(dice: random.Random, rows: Rows) -> list[str]:
    """Nothing is wrong."""
    del dice
    return joined(rows)


def wrong_cells(dice: random.Random, rows: Rows) -> list[str]:
    """Cells that are no number, no date, no code, missing, or hold what must not be loaded."""
    for column, cell in (
        (14, "1,500.00"),
        (8, "31-02-2013"),
        (10, "Aktivt"),
        (0, ""),
        (1, "a@b.dk"),
    ):
        rows[dice.randrange(len(rows))][column] = cell
    return joined(rows)


def wrong_groups(dice: random.Random, rows: Rows) -> list[str]:
    """A row repeated, facts that differ, hours without staff, a municipality of another name."""
    rows.insert(5, list(rows[4]))
    rows[dice.randrange(len(rows))][6] = "2015-18"
    rows[dice.randrange(len(rows))][15] = "37,5"
    rows[dice.randrange(len(rows))][5] = "Aarhus"
    return joined(rows)


def out_of_order(dice: random.Random, rows: Rows) -> list[str]:
    """The rows of a plan are spread over the file, and some plans are wrong as a whole."""
    lines = wrong_groups(dice, rows)
    dice.shuffle(lines)
    return lines


def odd_lines(dice: random.Random, rows: Rows) -> list[str]:
    """Too few and too many fields, blank lines, quotation marks right and wrong, two-line cells."""
    rows[3][1] = '"Parken; nord"'
    rows[7][1] = '"Parken\nsyd"'
    rows[11][1] = '"Parken" vest'
    rows[13][1] = "KÃ¸benhavn"
    rows[17][1] = "\u200bSkjult e\u0301"
    rows[27][1] = '"Parken øst'
    rows[29][1] = "SÃ¸ndervang"
    rows[53][1] = '"Parken; vest"'
    lines = joined(rows)
    lines[20] = lines[20].replace(";", "", 1)
    lines[24] += ";"
    lines.insert(dice.randrange(30, 60), "")
    lines.insert(dice.randrange(30, 60), ";" * 15)
    return lines


def with_total(dice: random.Random, rows: Rows) -> list[str]:
    """A totals row that is right."""
    del dice
    total = sum(int(row[14].replace(".", "")[:-3]) for row in rows)
    return [*joined(rows), "I alt" + ";" * 14 + f"{total:,}".replace(",", ".") + ",00;", ""]


def with_wrong_total(dice: random.Random, rows: Rows) -> list[str]:
    """A totals row that is not the sum, so that nothing may stay loaded."""
    return [
        line.replace(",00;", ",50;") if "I alt" in line else line for line in with_total(dice, rows)
    ]


def after_total(dice: random.Random, rows: Rows) -> list[str]:
    """Rows below the totals row."""
    lines = joined(rows)
    lines.insert(dice.randrange(40, 60), "Total" + ";" * 15)
    return lines


def hopeless(dice: random.Random, rows: Rows) -> list[str]:
    """Most rows are wrong."""
    del dice
    return [line.replace(",00;", ".00;") for line in joined(rows)]


def never_closed(dice: random.Random, rows: Rows) -> list[str]:
    """A quotation mark that is never closed."""
    rows[dice.randrange(len(rows))][1] = '"Parken'
    return joined(rows)


def of_nobody(dice: random.Random, rows: Rows) -> list[str]:
    """A row without its key, of a plan that the facts tell."""
    rows[dice.randrange(len(rows))][0] = ""
    return joined(rows)


CHANGES = (
    sound,
    wrong_cells,
    wrong_groups,
    out_of_order,
    odd_lines,
    with_total,
    with_wrong_total,
    after_total,
    hopeless,
    never_closed,
    of_nobody,
)
Outcome = tuple[str, int, int, str | None, list[object], list[object], list[object]]


def outcome(
    folder: Path, data: bytes, name: str = "udtræk.csv", contract: Source | None = None
) -> Outcome:
    """What becomes of a file, in all that can be seen."""
    (folder / name).write_bytes(data)
    delivery = ArchivedDelivery(
        delivery_id="ab" * 32,
        source="driftsstoette",
        period="2015-06-30",
        name=name,
        files=(DeliveredFile(name, "0" * 64, len(data)),),
        payload_dir=folder,
        meta=DeliveryMeta(),
        received_at=datetime(2015, 7, 1, tzinfo=UTC),
        content_sha256="0" * 64,
        is_folder=False,
        bytes=len(data),
    )
    with duckdb.connect(config={"threads": 1}) as con:
        for statement in raw_ddl():
            con.execute(statement)
        start_corrections(con)
        decision = decide(con, delivery, folder, contract=contract)
        hits = con.execute(f"select row_number, holds, is_mended from {HITS} order by 1").fetchall()
        if delivered_file.LARGE_BYTES == 0:
            assert decision.is_loaded or decision.state == "rejected"
        if decision.state == "rejected":
            rows = con.execute("select * from raw.driftsstoette_lines").fetchall()
        else:
            rows = _accepted(con, decision)
    findings = sorted(str(finding.to_dict()) for finding in decision.findings)
    return (
        decision.state,
        decision.rows_read,
        decision.rows_accepted,
        decision.reason,
        findings,
        rows,
        hits,
    )


def _accepted(con: duckdb.DuckDBPyConnection, decision: Decision) -> list[object]:
    table = "raw.driftsstoette_lines" if decision.is_loaded else "conformed_accepted"
    columns = [
        name
        for (name, *_) in con.execute("describe raw.driftsstoette_lines").fetchall()
        if name != "delivery_id"
    ]
    return con.execute(f"select {', '.join(columns)} from {table} order by row_number").fetchall()


@pytest.fixture
def in_chunks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on every text file is large, and a chunk is small."""

    def switch() -> None:
        monkeypatch.setattr(delivered_file, "STREAMED_BYTES", 0)
        monkeypatch.setattr(delivered_file, "LARGE_BYTES", 0)
        monkeypatch.setattr(delimited_stream, "BLOCK_BYTES", 1500)
        monkeypatch.setattr(delimited_stream, "CHUNK_ROWS", 37)

    return switch


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_file_in_chunks_comes_to_what_it_comes_to_as_a_whole(
    change: Change, tmp_path: Path, in_chunks: Callable[[], None]
) -> None:
    dice = random.Random(change.__name__)
    lines = ["Udtræk fra driftsstøttesystemet", "Udtræksdato: 30-06-2015", HEADER]
    lines += change(dice, plans(dice, 60))
    text = "\n".join(lines) + "\n"
    forms = [text.encode("utf-8"), text.replace("\n", "\r\n").encode("utf-16")]
    whole = [outcome(tmp_path, data) for data in forms]
    in_chunks()
    assert [outcome(tmp_path, data) for data in forms] == whole
    assert whole[0][1] > 0 or whole[0][0] == "rejected"


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n \n",
        "Sagsnr;Beløb\n1;2\n".encode(),
        (HEADER + "\n").encode(),
        (HEADER + "\n").encode("cp850") * 3,
        (HEADER + "\n1;2").encode("utf-16-le"),
        ("sep=;\n" + HEADER + "\n" + joined(plans(random.Random(1), 3))[0] + "\n").encode("cp1252"),
        (HEADER + "\n\0").encode(),
        (HEADER + "\n\x07").encode(),
        ("\ufeff" + HEADER + "\n").encode() + b"\xff",
    ],
)
def test_a_file_that_is_refused_is_refused_alike(
    data: bytes, tmp_path: Path, in_chunks: Callable[[], None]
) -> None:
    whole = outcome(tmp_path, data)
    in_chunks()
    assert outcome(tmp_path, data) == whole


def ascii_only(text: str) -> str:
    return text.replace("å", "aa").replace("ø", "oe").replace("–", "-")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "tail", "reason"),
    [
        # rows in UTF-8, as it seems, until a late one says otherwise
        (ascii_only(HEADER), "Prøvehaven".encode("cp1252"), None),
        # and those are void when no page fits
        (ascii_only(HEADER), "Prøvehaven".encode("cp850"), "F01_unreadable_encoding"),
        # that a file cannot be read goes before a wrong date, a lacking heading, an open quote
        ("Udtræksdato: 30-06-2014\n" + HEADER, b"Parken\x07", "F24_binary_content"),
        (HEADER.replace("Sagsnr", "Nummer"), b"Parken\0", "F24_binary_content"),
        (HEADER + '\n"', b"Parken\x07", "F24_binary_content"),
        # and an open quote before a wrong date
        ("Udtræksdato: 30-06-2014\n" + HEADER, b'"Parken', "F23_unclosed_quote"),
    ],
)
def test_what_is_seen_late_counts_as_if_it_were_seen_first(
    head: str, tail: bytes, reason: str | None, tmp_path: Path, in_chunks: Callable[[], None]
) -> None:
    rows = plans(random.Random(4), 60)
    for row in rows:
        row[1], row[7] = f"Plan {row[0]}", ""
    source = load_source("driftsstoette")
    fields = [
        field.model_copy(update={"aliases": (*field.aliases, ascii_only(field.header or ""))})
        for field in source.fields
    ]
    contract = source.model_copy(update={"fields": tuple(fields)})
    *above, last = [ascii_only(line).encode() for line in joined(rows)]
    last = last.replace(rows[-1][1].encode(), tail)
    data = b"\n".join([head.encode(), *above, last, b""])
    whole = outcome(tmp_path, data, contract=contract)
    assert (whole[3], whole[2] > 0) == (reason, reason is None)
    in_chunks()
    assert outcome(tmp_path, data, contract=contract) == whole


@pytest.mark.slow
@pytest.mark.parametrize(
    ("early", "late", "is_refused"),
    [
        ("02/03/2013", "01/31/2013", True),  # the month was first all the time
        ("01/31/2013", "02/03/2013", False),  # known from the start: the rows are held back
        ("02/03/2013", "31/01/2013", False),
        ("02-03-2013", "31/01/2013", False),  # each sign by itself
    ],
)
def test_dates_loaded_in_an_order_that_later_ones_deny_reject_the_file(
    early: str, late: str, is_refused: bool, tmp_path: Path, in_chunks: Callable[[], None]
) -> None:
    rows = plans(random.Random(7), 60)
    for at, row in enumerate(rows):
        row[8] = early if at < len(rows) // 2 else late
    data = ("\n".join(["Udtræksdato: 30-06-2015", HEADER, *joined(rows)]) + "\n").encode()
    whole = outcome(tmp_path, data)
    in_chunks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delivered_file, "LARGE_BYTES", len(data) + 1)
        assert outcome(tmp_path, data) == whole, "one that fits into memory is read again"
    chunked = outcome(tmp_path, data)
    if is_refused:
        assert whole[2] == 0
        assert (chunked[0], chunked[3]) == ("rejected", "K17_date_order_turns")
        assert chunked[5] == whole[5] == []
    else:
        assert chunked == whole


@pytest.mark.slow
def test_of_a_file_that_fits_into_memory_every_finding_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_chunks: Callable[[], None]
) -> None:
    lines = joined(plans(random.Random(9), 60))
    for at in (10, 50, 90):
        lines[at] += ";too much"
    data = "\n".join([HEADER, *lines, ""]).encode()
    whole = outcome(tmp_path, data)
    in_chunks()
    monkeypatch.setattr(delimited_stream, "_ENOUGH_FINDINGS", 2)
    assert len(outcome(tmp_path, data)[4]) == len(whole[4]) - 1
    monkeypatch.setattr(delivered_file, "LARGE_BYTES", len(data) + 1)
    assert outcome(tmp_path, data) == whole


@pytest.mark.slow
def test_what_corrections_hit_is_told_of_a_file_in_chunks(
    tmp_path: Path, in_chunks: Callable[[], None]
) -> None:
    rows = plans(random.Random(2), 60)
    wrong = next(row for row in rows[100:] if row[13] == SOURCES[1])
    wrong[14] = "1,500.00"
    entry = {
        "id": "amount",
        "period": "2015-06-30",
        "key": {"case_number": wrong[0], "financing_source": wrong[13]},
        "column": "amount_kr",
        "expect": "1,500.00",
        "value": "1.500,00",
        "reason": "Amerikansk skrivemåde",
        "provider": "Kontoret",
        "date": "2015-07-02",
    }
    source = load_source("driftsstoette")
    contract = source.model_copy(
        update={"corrections": Corrections.model_validate({"corrections": [entry]})}
    )
    data = ("\n".join([HEADER, *joined(rows)]) + "\n").encode()
    whole = outcome(tmp_path, data, contract=contract)
    in_chunks()
    assert outcome(tmp_path, data, contract=contract) == whole
    assert whole[-1] == [(rows.index(wrong) + 2, True, False)]
    assert not [finding for finding in whole[4] if "'severity': 'error'" in str(finding)]
