"""A delivery comes down to one file, and it is read the same in a zip and by itself."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.loader import load_source
from pipelines.contracts.tables import raw_ddl
from pipelines.intake import delivered_file
from pipelines.intake.delivered_file import is_minutes, is_streamed, one_file
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.process import Decision, decide
from pipelines.settings import PROJECT_ROOT

EXTRACT = PROJECT_ROOT / "deliveries" / "driftsstoette" / "2015-06-30"
GRANTS = load_source("driftsstoette")
DIALOGUE = load_source("styringsdialog")


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"mappe/{name}", data)
    return out.getvalue()


def delivered(folder: Path, name: str, data: bytes, is_folder: bool = False) -> ArchivedDelivery:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return ArchivedDelivery(
        delivery_id=digest,
        source="driftsstoette",
        period="2015-06-30",
        name=name,
        files=(DeliveredFile(name, digest, len(data)),),
        payload_dir=folder,
        meta=DeliveryMeta(),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256=digest,
        is_folder=is_folder,
        bytes=len(data),
    )


def decided(folder: Path, name: str, data: bytes) -> Decision:
    with duckdb.connect() as con:
        for statement in raw_ddl():
            con.execute(statement)
        return decide(con, delivered(folder, name, data), folder)


def test_a_large_text_in_a_zip_is_streamed_and_judged_as_it_is_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = next(EXTRACT.glob("*.csv")).read_bytes()
    plain = decided(tmp_path / "plain", "a.csv", data)
    assert not plain.is_loaded
    monkeypatch.setattr(delivered_file, "STREAMED_BYTES", 1000)
    in_zip = decided(tmp_path / "zip", "a.zip", zipped("a.csv", data))
    assert in_zip.is_loaded
    assert (in_zip.state, in_zip.slot, in_zip.rows_read, in_zip.rows_accepted) == (
        plain.state,
        plain.slot,
        plain.rows_read,
        plain.rows_accepted,
    )
    assert set(in_zip.findings) == set(plain.findings)


def test_the_name_inside_the_zip_says_what_a_file_is(tmp_path: Path) -> None:
    delivery = delivered(tmp_path, "a.zip", zipped("referat.docx", b"x"))
    file = one_file(DIALOGUE, delivery, tmp_path)
    assert (file.name, file.suffix, file.path.read_bytes()) == ("referat.docx", ".docx", b"x")
    assert is_minutes(DIALOGUE, file)
    assert not is_streamed(GRANTS, file)


def test_a_folder_is_no_one_file(tmp_path: Path) -> None:
    delivery = delivered(tmp_path, "a.csv", b"x", is_folder=True)
    with pytest.raises(DeliveryRejected) as refusal:
        one_file(GRANTS, delivery, tmp_path)
    assert refusal.value.rule == "F22_unsupported_format"
    assert "csv" in refusal.value.message_da


LIST = "År;Kommunekode;Kommune;Boligorganisation;LBF-nr;Mødedato;Emne;Aftale\n2015;461\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (LIST.encode(), False),
        (LIST.replace(";", "\t").encode("utf-16"), False),
        (("Udtræk\n\n" + LIST).encode("cp1252"), False),
        (LIST.replace("Emne", "Tema").encode(), False),
        (LIST.replace("2015", '"2015').encode(), False),
        ('Referat af et møde\nKøge Kommune\nMødedato: 17. april; emne: "tryghed\n'.encode(), True),
        ("År, emne og aftale; mødedato, kommune\n".encode(), True),
        (b"", True),
    ],
)
def test_a_text_is_minutes_when_it_holds_no_list(
    tmp_path: Path, data: bytes, expected: bool
) -> None:
    delivery = delivered(tmp_path, "a.txt", data)
    assert is_minutes(DIALOGUE, one_file(DIALOGUE, delivery, tmp_path)) is expected
