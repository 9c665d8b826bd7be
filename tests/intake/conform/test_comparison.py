"""A delivery far smaller than the one before it: refused, unless its sender confirms it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.tables import raw_ddl
from pipelines.intake import delivered_file
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.delivery import (
    ArchivedDelivery,
    DeliveredFile,
    DeliveryMeta,
    MetaError,
    delivery_from_manifest,
    manifest_json,
)
from pipelines.intake.process import Decision, decide

HEADING = (
    "Sagsnr;Helhedsplan;Boligorganisation;LBF-nr;Kommunekode;Kommune;Pulje;Indsatsområde;"
    "Bevilling fra;Bevilling til;Status;Antal boliger;Antal beboere;Finansieringskilde;Beløb (kr.);"
    "Timer"
)
LIST_HEADING = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale"
PLACES = ("461;Odense", "751;Aarhus", "851;Aalborg", "101;København", "630;Vejle")
CONFIRMED = DeliveryMeta(note="to planer er lukket", confirmed_smaller=True)


def extract(plans: int, date: str = "30-06-2015") -> str:
    rows = [
        f"2011-{n:04};Parken;Eksempel Bolig;0123;{PLACES[n % 5]};2011-14;;01-01-2013;31-12-2016;"
        "Aktiv;1.204;2.890;Landsbyggefonden;6.000.000,00;"
        for n in range(plans)
    ]
    return "\n".join([f"Udtræksdato: {date}", HEADING, *rows, ""])


def topics(meetings: int) -> str:
    rows = [f"2015;{PLACES[n % 5]};Bolig {n};0123;11-11-2015;Udlejning;ja" for n in range(meetings)]
    return "\n".join([LIST_HEADING, *[r.replace("Udlejning", "Beboertryghed") for r in rows], ""])


class Gate:
    """Deliveries one after another, each held against those before; accepted rows are loaded."""

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self.con = con
        self.folder = folder
        self.before: list[str] = []

    def take(
        self,
        text: str,
        period: str = "2015-06-30",
        source: str = "driftsstoette",
        meta: DeliveryMeta | None = None,
    ) -> Decision:
        data = f"{text}\n".encode() if meta else text.encode()  # other bytes, the same rows
        (self.folder / "fil.csv").write_bytes(data)
        digest = hashlib.sha256(data + period.encode()).hexdigest()
        delivery = ArchivedDelivery(
            delivery_id=digest,
            source=source,
            period=period,
            name="fil.csv",
            files=(DeliveredFile("fil.csv", digest, len(data)),),
            payload_dir=self.folder,
            meta=meta or DeliveryMeta(),
            received_at=datetime(2026, 1, 1, tzinfo=UTC),
            content_sha256=digest,
        )
        decision = decide(self.con, delivery, self.folder, tuple(self.before))
        if decision.state != "rejected" and not decision.is_loaded:
            self.con.execute(
                f"insert into raw.{decision.table} by name "
                f"select '{digest}' as delivery_id, * from {ACCEPTED}"
            )
        self.before.append(digest)
        return decision


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with duckdb.connect(config={"threads": 1}) as con:
        for statement in raw_ddl():
            con.execute(statement)
        yield Gate(con, tmp_path)


def told(decision: Decision) -> list[str]:
    return [f.rule for f in decision.findings if f.rule != "D06_local_share_below_25"]


def test_a_file_cut_off_at_the_end_of_a_line_is_not_taken_for_the_whole(gate: Gate) -> None:
    assert gate.take(extract(20)).state == "accepted"
    cut = "\n".join(extract(20).split("\n")[:14]) + "\n"
    decision = gate.take(cut)
    assert (decision.state, decision.reason) == ("rejected", "K11_smaller_than_before")
    assert (decision.rows_read, decision.rows_accepted) == (12, 0)
    message = decision.findings[0].message_da
    assert "12 rækker mod 20 før" in message
    assert "12 helhedsplaner mod 20 før" in message
    assert "kommuner mod" not in message, "they are as many as before"
    assert "(30-06-2015)" in message


def test_the_sender_may_confirm_it_and_that_is_told(gate: Gate) -> None:
    gate.take(extract(20))
    decision = gate.take(extract(12), meta=CONFIRMED)
    assert (decision.state, decision.rows_accepted) == ("accepted", 12)
    assert told(decision) == ["K12_confirmed_smaller"]
    assert decision.findings[0].severity == "warning"
    # what was confirmed is what the next one is held against
    assert gate.take(extract(11)).state == "accepted"


@pytest.mark.parametrize(
    ("plans", "period", "date", "state"),
    [
        (16, "2015-06-30", "30-06-2015", "accepted"),
        (15, "2015-06-30", "30-06-2015", "rejected"),
        (14, "2015-12-31", "31-12-2015", "accepted"),
        (13, "2015-12-31", "31-12-2015", "rejected"),
        (1, "2014-12-31", "31-12-2014", "accepted"),
    ],
)
def test_a_new_version_may_fall_less_than_a_new_period_and_an_older_one_as_it_likes(
    gate: Gate, plans: int, period: str, date: str, state: str
) -> None:
    gate.take(extract(20))
    assert gate.take(extract(plans, date), period).state == state


def test_what_was_refused_is_nothing_to_be_held_against(gate: Gate) -> None:
    gate.take(extract(20))
    assert gate.take(extract(4)).state == "rejected"
    assert gate.take(extract(5)).state == "rejected", "held against the 20, not against the 4"
    assert gate.take(extract(19)).state == "accepted"


@pytest.mark.slow
def test_a_large_file_is_held_against_the_one_before_as_a_small_one_is(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivered_file, "STREAMED_BYTES", 0)
    assert gate.take(extract(20)).is_loaded
    assert gate.take(extract(9)).reason == "K11_smaller_than_before"
    assert gate.con.execute("select count(*) from raw.driftsstoette_lines").fetchone() == (20,)
    assert gate.take(extract(9), meta=CONFIRMED).rows_accepted == 9


def test_a_period_is_held_against_its_own_version_first(gate: Gate) -> None:
    gate.take(extract(20))
    gate.take(extract(15, "31-12-2015"), "2015-12-31")
    assert gate.take(extract(13, "31-12-2015"), "2015-12-31").state == "accepted"


def test_a_short_topic_list_does_not_replace_the_full_one(gate: Gate) -> None:
    assert gate.take(topics(40), "2015", "styringsdialog").state == "accepted"
    decision = gate.take(topics(4), "2015", "styringsdialog")
    assert told(decision) == ["K11_smaller_than_before"]
    assert "4 kommuner mod 5" not in decision.findings[0].message_da, "4 of 5 are enough"


def test_a_confirmation_needs_its_reason() -> None:
    with pytest.raises(MetaError, match="says why"):
        DeliveryMeta.from_json('{"confirmed_smaller": true, "note": " "}').require_reason()
    given = DeliveryMeta.from_json('{"confirmed_smaller": true, "note": "lukket"}')
    assert given.require_reason() == DeliveryMeta(note="lukket", confirmed_smaller=True)
    assert DeliveryMeta.from_json(given.to_json()) == given


def test_the_archive_remembers_the_confirmation(tmp_path: Path) -> None:
    delivery = ArchivedDelivery(
        delivery_id="a" * 64,
        source="driftsstoette",
        period="2015-06-30",
        name="fil.csv",
        files=(DeliveredFile("fil.csv", "a" * 64, 1),),
        payload_dir=tmp_path,
        meta=CONFIRMED.with_names(["fil.csv"]),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256="a" * 64,
    )
    read = delivery_from_manifest(manifest_json(delivery), tmp_path)
    assert read.meta.confirmed_smaller
