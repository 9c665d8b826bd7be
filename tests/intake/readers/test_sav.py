"""SPSS files: the same answers as the SurveyXact set they were made from; what they may hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from sav_files import crashing, in_code_page, sav_of, with_stated_cases

from pipelines.contracts.tables import raw_ddl
from pipelines.intake.conform.table import ACCEPTED
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.findings import DeliveryRejected
from pipelines.intake.process import decide
from pipelines.intake.readers.survey import read_survey
from pipelines.intake.readers.survey_names import short_name, with_known_names
from pipelines.intake.readers.surveyxact import SurveyExport
from pipelines.settings import PROJECT_ROOT

WAVE_2016 = PROJECT_ROOT / "deliveries" / "survey" / "2016" / "surveyxact_2016_SYNTETISK"
SAMPLES = PROJECT_ROOT.parent / "shared" / "samples" / "surveyxact"

TABLE = [
    ["responde", "kommunek", "s_1", "s_4_1", "s_12", "closetim", "by"],
    ["1001", "461", "1", "1", "37,5", "2016-05-02 16:04:20", "Køge"],
    ["1002", "751", "9", "0", "", "", "Århus "],
]
SHAPE = {
    "labels": {"s_1": {"1": "Ja, én ", "9": "Ved ikke"}, "s_4_1": {"0": "Nej", "1": "Ja"}},
    "texts": {"s_1": "Har kommunen én?"},
    "strings": ["by"],
    "moments": ["closetim"],
}
WORDS = ("Køge", "Århus", "Ja, én", "Har kommunen én?")


def read(data: bytes, name: str = "a.sav") -> SurveyExport:
    return read_survey({name: data}, name)


def rejection(data: bytes, name: str = "a.sav") -> DeliveryRejected:
    with pytest.raises(DeliveryRejected) as refusal:
        read(data, name)
    assert refusal.value.file == name
    return refusal.value


def test_one_file_holds_answers_labels_and_structure() -> None:
    export = read(sav_of(TABLE, **SHAPE))
    assert export.variables == tuple(TABLE[0])
    assert export.dataset.rows == [
        (1, ("1001", "461", "1", "1", "37,5", "2016-05-02 16:04:20", "Køge")),
        (2, ("1002", "751", "9", "0", "", "", "Århus")),
    ]
    assert export.labels["s_1"] == {"1": "Ja, én", "9": "Ved ikke"}
    kinds = {r.variable: (r.question, r.question_type, r.sub_type) for r in export.structure}
    assert kinds["s_1"] == ("s_1", "Closed", "Single")
    assert kinds["s_4_1"] == ("s_4", "Closed", "Multiple")
    assert kinds["s_12"] == ("s_12", "Open", "Double")
    assert kinds["by"] == ("by", "Open", "String")
    assert kinds["closetim"] == ("closetim", "Open", "Date")
    assert export.dataset.findings == ()


@pytest.mark.parametrize("options", [{"compress": True}, {"row_compress": True}])
def test_compressed_files_are_the_same(options: Mapping[str, bool]) -> None:
    plain = read(sav_of(TABLE, **SHAPE))
    assert read(sav_of(TABLE, **SHAPE, **options)) == plain


def test_declared_missing_is_not_answered_and_is_said() -> None:
    missing = {"s_1": [9], "s_12": [{"lo": 30, "hi": 40}], "by": ["Århus"]}
    export = read(sav_of(TABLE, **SHAPE, missing=missing))
    assert [cells[2] for _, cells in export.dataset.rows] == ["1", ""]
    assert [cells[4] for _, cells in export.dataset.rows] == ["", ""]
    assert [cells[6] for _, cells in export.dataset.rows] == ["Køge", ""]
    told = [(f.column, f.rule) for f in export.dataset.findings]
    assert told == [(name, "W08_declared_missing") for name in ("s_1", "s_12", "by")]


def test_dates_times_and_numbers_that_are_no_date() -> None:
    table = [["dato", "tid", "fjern"], ["13681526400", "3661", "1e15"], ["", "", ""]]
    formats = {"dato": "DATE11", "tid": "TIME8", "fjern": "DATETIME20"}
    rows = read(sav_of(table, variable_format=formats)).dataset.rows
    assert rows == [(1, ("2016-05-02", "1:01:01", "1000000000000000")), (2, ("", "", ""))]


@pytest.mark.parametrize(
    ("page", "stated"),
    [
        ("cp1252", b"windows-1252"),
        ("cp1252", None),
        ("cp850", b"CP850"),
        ("cp1252", b"UTF-8"),
        ("cp1252", b"ukendt"),
        ("utf-8", None),
    ],
)
def test_text_is_decoded_by_rule(page: str, stated: bytes | None) -> None:
    export = read(in_code_page(sav_of(TABLE, **SHAPE), WORDS, page, stated))
    assert export.dataset.column(6) == ["Køge", "Århus"]
    assert export.labels["s_1"]["1"] == "Ja, én"
    assert {r.text for r in export.structure} == {"", "Har kommunen én?"}


@pytest.mark.parametrize(("page", "stated"), [("cp850", None), ("cp1252", b"CP850")])
def test_text_in_no_character_set_that_can_be_told_is_refused(
    page: str, stated: bytes | None
) -> None:
    refusal = rejection(in_code_page(sav_of(TABLE, **SHAPE), WORDS, page, stated))
    assert refusal.rule == "F01_unreadable_encoding"
    assert "SPSS" in refusal.message_da


SOUND = sav_of(TABLE, **SHAPE)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "F02_empty_file"),
        (SOUND[:100], "F11_corrupt_file"),
        (SOUND[:400], "F11_corrupt_file"),
        (SOUND[:-9], "F11_corrupt_file"),
        (with_stated_cases(SOUND, 1), "F11_corrupt_file"),
        (with_stated_cases(SOUND, 3), "F11_corrupt_file"),
        (crashing(SOUND), "F13_parser_crashed"),
        (b"ASCII SPSS PORT FILE" + b" " * 300, "F05_wrong_container"),
        (b"<html></html>", "F05_wrong_container"),
        (b"PK\x03\x04", "F05_wrong_container"),
    ],
)
def test_what_is_no_whole_spss_file_is_refused(data: bytes, rule: str) -> None:
    assert rejection(data).rule == rule


def test_a_file_that_does_not_count_its_cases_is_read_whole() -> None:
    assert read(with_stated_cases(SOUND, -1)) == read(SOUND)


def test_portable_files_are_refused_with_what_to_do() -> None:
    refusal = rejection(b"ASCII SPSS PORT FILE", "a.por")
    assert refusal.rule == "F22_unsupported_format"
    assert ".sav" in refusal.message_da
    assert "Åbn den i SPSS" in rejection(b"ASCII SPSS PORT FILE" + b" " * 300).message_da


def test_an_spss_file_beside_a_set_is_two_data_sets_and_other_files_are_set_aside() -> None:
    export = read_survey({"a.sav": SOUND, "laes_mig.txt": b"x"}, "mappe")
    assert [(f.file, f.rule) for f in export.dataset.findings] == [
        ("laes_mig.txt", "W07_file_set_aside")
    ]
    for other in ("b.zsav", "dataset.csv"):
        with pytest.raises(DeliveryRejected) as refusal:
            read_survey({"a.sav": SOUND, other: SOUND}, "mappe")
        assert refusal.value.rule == "F15_several_data_sets"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("respondentid", "responde"),
        ("statoverall_4", "stato_4"),
        ("statcreation_7", "statc_7"),
        ("closeTime", "closetim"),
        ("s_1", "s_1"),
    ],
)
def test_names_are_cut_as_the_system_cuts_them(name: str, short: str) -> None:
    assert short_name(name) == short


def test_names_are_joined_both_ways_and_never_by_guess() -> None:
    assert with_known_names({}, ["responde", "kommunek"], ["respondentid", "kommunekode"]) == {
        "responde": "respondentid",
        "kommunek": "kommunekode",
    }
    assert with_known_names({}, ["kommunekode"], ["kommunek", "s_1"]) == {"kommunekode": "kommunek"}
    assert with_known_names({}, ["kommunek"], ["kommunekode", "kommunekontakt"]) == {}
    assert with_known_names({}, ["kommunekode", "kommunekontakt"], ["kommunek"]) == {}
    assert with_known_names({}, ["kommunekontakt"], ["kommunekode"]) == {}
    assert with_known_names({"responde": "respondentid"}, ["responde"], ["respons1"]) == {
        "responde": "respondentid"
    }


def spss_of(export: SurveyExport, full_names: bool = False) -> bytes:
    """The same survey as an SPSS export would have it."""
    names = {v: export.long_names.get(v, v) if full_names else v for v in export.variables}
    kinds = {row.variable: row for row in export.structure}
    numeric = {
        v for i, v in enumerate(export.variables) if all(map(_is_number, export.dataset.column(i)))
    }
    moments = {
        v
        for i, v in enumerate(export.variables)
        if v not in numeric and v in kinds and kinds[v].question_type == "Open"
        if all(not c or _is_moment(c) for c in export.dataset.column(i))
    }
    return sav_of(
        [list(names.values()), *(list(cells) for _, cells in export.dataset.rows)],
        labels={names[v]: codes for v, codes in export.labels.items() if v in numeric},
        texts={names[v]: kinds[v].text for v in export.variables if v in kinds},
        strings=[names[v] for v in export.variables if v not in numeric | moments],
        moments=[names[v] for v in moments],
    )


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".") or 0)
    except ValueError:
        return False
    return not (len(text) > 1 and text.startswith("0") and text.isdigit())


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2016-05-02 16:04:20")


def canonical(files: Mapping[str, bytes], folder: Path) -> list[tuple[object, ...]]:
    """What the gate makes of a delivery of the wave 2016: state and accepted rows."""
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    listed = tuple(
        DeliveredFile(n, hashlib.sha256(d).hexdigest(), len(d)) for n, d in sorted(files.items())
    )
    delivery = ArchivedDelivery(
        delivery_id="a" * 64,
        source="survey",
        period="2016",
        name=next(iter(files)),
        files=listed,
        payload_dir=folder,
        meta=DeliveryMeta(),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_sha256="a" * 64,
        is_folder=len(files) > 1,
    )
    with duckdb.connect() as con:
        for statement in raw_ddl():
            con.execute(statement)
        decision = decide(con, delivery, folder)
        assert decision.state == "accepted", decision.findings
        return con.execute(
            f"select * exclude row_number from {ACCEPTED} order by respondent_id"
        ).fetchall()


@pytest.mark.parametrize("full_names", [False, True], ids=["short_names", "full_names"])
def test_the_shipped_wave_as_spss_gives_the_same_canonical_answers(
    full_names: bool, tmp_path: Path
) -> None:
    files = {path.name: path.read_bytes() for path in WAVE_2016.iterdir()}
    spss = spss_of(read_survey(files, "sæt"), full_names)
    answers = canonical(files, tmp_path / "set")
    assert len(answers) > 40
    assert canonical({"a.sav": spss}, tmp_path / "spss") == answers


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not beside this checkout")
@pytest.mark.parametrize("sample", ["skole_semikolon_cp1252", "laravel_incremental"])
def test_a_real_survey_as_spss_gives_the_same_answers(sample: str) -> None:
    wanted = {"dataset.csv", "labels.csv", "structure.csv", "labels_en.csv", "structure_en.csv"}
    folder = SAMPLES / sample
    files = {p.name: p.read_bytes() for p in folder.iterdir() if p.name in wanted}
    original = read_survey(files, sample)
    converted = read(spss_of(original))
    assert converted.variables == original.variables
    stripped = [tuple(c.strip() for c in cells) for _, cells in original.dataset.rows]
    assert [cells for _, cells in converted.dataset.rows] == stripped
    shared = {v for v in converted.labels if v in original.labels}
    assert shared
    assert all(converted.labels[v] == original.labels[v] for v in shared)
