"""Identity, metadata, manifests, names and periods: the pure part of custody."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake import names
from pipelines.intake.delivery import (
    ArchivedDelivery,
    DeliveredFile,
    DeliveryMeta,
    ManifestError,
    MetaError,
    content_sha256,
    delivery_from_manifest,
    folder_sha256,
    manifest_json,
    readdressed_id,
    utc_text,
    utc_time,
)

A = DeliveredFile("a.csv", "1" * 64, 3)
Å = DeliveredFile("å.csv", "2" * 64, 4)
DELIVERY = ArchivedDelivery(
    delivery_id="3" * 64,
    source="survey",
    period="2015",
    name="sæt",
    files=(A, Å),
    payload_dir=Path("payload"),
    meta=DeliveryMeta(True, "CFBU", 'en "note"'),
    received_at=datetime(2026, 1, 2, tzinfo=UTC),
    content_sha256="3" * 64,
    is_folder=True,
    bytes=7,
)


def test_a_files_identity_is_its_sha256() -> None:
    assert content_sha256([A], is_folder=False) == A.sha256


def test_a_folders_identity_is_that_of_its_sorted_listing() -> None:
    listing = f"a.csv\0{A.sha256}\nå.csv\0{Å.sha256}\n".encode()
    assert folder_sha256([Å, A]) == hashlib.sha256(listing).hexdigest()
    assert content_sha256([A], is_folder=True) != A.sha256


def test_a_file_delivery_holds_one_file() -> None:
    with pytest.raises(ValueError, match="holds one file"):
        content_sha256([A, Å], is_folder=False)


def test_another_address_gives_another_id() -> None:
    ids = {readdressed_id("0" * 64, s, p) for s in ("a", "b") for p in ("2015", "2016")}
    assert len(ids) == 4


def test_meta_round_trip() -> None:
    assert DeliveryMeta.from_json(DELIVERY.meta.to_json()) == DELIVERY.meta
    assert DeliveryMeta.from_json("{}") == DeliveryMeta(False, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"synthetic": true}',
        '{"is_synthetic": "yes"}',
        '{"is_synthetic": 1}',
        '{"note": 3}',
    ],
)
def test_meta_of_another_form_is_an_error(text: str) -> None:
    with pytest.raises(MetaError):
        DeliveryMeta.from_json(text)


@pytest.mark.parametrize("name", ["x_syntetisk.csv", "X_SYNTETISK", "Syntetiske svar.xlsx"])
def test_a_name_that_says_synthetic_overrules_the_meta(name: str) -> None:
    assert DeliveryMeta(is_synthetic=False).with_names([name]).is_synthetic
    assert not DeliveryMeta().with_names(["ægte.csv"]).is_synthetic


def test_manifest_round_trip() -> None:
    assert delivery_from_manifest(manifest_json(DELIVERY), Path("payload")) == DELIVERY


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1]", b'{"manifest_version": 2}'])
def test_damaged_manifest(damage: bytes) -> None:
    with pytest.raises(ManifestError):
        delivery_from_manifest(damage, Path("payload"))


def test_every_cut_manifest_is_noticed() -> None:
    whole = manifest_json(DELIVERY)
    for end in range(len(whole) - 2):
        with pytest.raises(ManifestError):
            delivery_from_manifest(whole[:end], Path("payload"))


def test_times_are_utc_and_sort_as_text() -> None:
    copenhagen = timezone(timedelta(hours=2))
    moment = datetime(2015, 6, 30, 14, tzinfo=copenhagen)
    assert utc_text(moment) == "2015-06-30T12:00:00.000000Z"
    assert utc_time(utc_text(moment)) == moment
    with pytest.raises(ValueError, match="zone"):
        utc_text(datetime(2015, 6, 30))
    assert replace(DELIVERY, received_at=moment).received_at == moment


@given(st.text(min_size=1))
def test_printable_names_are_printable(name: str) -> None:
    assert names.printable(name).isprintable()


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("~$svar.xlsx", "inbox.lock_file"),
        (".~lock.svar.ods#", "inbox.lock_file"),
        (".DS_Store", "inbox.hidden"),
        ("svar\n.csv", "inbox.name_control_characters"),
        ("svar\u202egpj.csv", "inbox.name_control_characters"),
        ("svar\u200b.csv", "inbox.name_control_characters"),
        ("svar\udcff.csv", "inbox.name_not_unicode"),
    ],
)
def test_refused_names(name: str, rule: str) -> None:
    reason = names.refusal_of_name(name)
    assert reason is not None
    assert reason.rule == rule
    assert reason.message_da != reason.message_en


@pytest.mark.parametrize("name", ["svar.csv", "Måling 2015 (endelig).xlsx", "-x", "100 %.csv"])
def test_taken_names(name: str) -> None:
    assert names.refusal_of_name(name) is None
    assert not names.is_in_progress(name)


@pytest.mark.parametrize("name", ["a.csv.part", "A.PART", "a.tmp", "a~", "a.csv.crdownload"])
def test_names_in_progress(name: str) -> None:
    assert names.is_in_progress(name)


@pytest.mark.parametrize(
    ("name", "kind", "period"),
    [
        ("svar_2015.csv", None, "2015"),
        ("udtraek_2015-06-30_syntetisk.csv", None, "2015-06-30"),
        ("udtraek_2015-06-30.csv", "year", "2015"),
        ("udtraek_2015.csv", "date", None),
        ("2014_2015.csv", None, None),
        ("referat_2014_2015-03-02.docx", "year", "2014"),
        ("referat_2014_2015-03-02.docx", "date", "2015-03-02"),
        ("udtraek_2015-02-30.csv", "date", None),
        ("sag_120154.csv", None, None),
        ("svar.csv", None, None),
    ],
)
def test_period_from_name(name: str, kind: str | None, period: str | None) -> None:
    assert names.period_from_name(name, kind) == period


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("2015", "year"),
        ("2015-06-30", "date"),
        ("2015-02-30", None),
        ("2015-6-30", None),
        ("15", None),
    ],
)
def test_period_kind(period: str, kind: str | None) -> None:
    assert names.period_kind(period) == kind
