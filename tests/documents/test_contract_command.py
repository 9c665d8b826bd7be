"""`monitor contract`: everything a source's deliveries must be, for people and for programs."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from pipelines.cli import main
from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.parsing import MACROS
from pipelines.contracts.tables import raw_ddl
from pipelines.documents.contract_text import sentences


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["contract", *arguments])
    return result.exit_code, result.output


def as_json(*arguments: str) -> dict[str, Any]:
    code, output = run(*arguments, "--json")
    assert code == 0
    told: dict[str, Any] = json.loads(output)
    return told


@pytest.mark.parametrize("name", source_names())
def test_the_json_holds_all_that_is_declared(name: str) -> None:
    source, told = load_source(name), as_json(name)
    assert [f["field"] for f in told["fields"]] == [f.field for f in source.fields]
    assert [r["id"] for r in told["rules"]] == [r.id for r in source.rules]
    assert tuple(told["key"]) == source.key
    assert tuple(f["format"] for f in told["formats"]) == source.formats
    assert sum(map(len, told["codelists"].values())) == len(source.codes)
    assert told["wave"] is None


def test_a_program_can_run_the_rules_it_is_given() -> None:
    told = as_json("driftsstoette")
    with duckdb.connect() as con:
        for statement in (*MACROS, *raw_ddl()):
            con.execute(statement)
        con.execute("create temp table code_spellings (codelist text, spelling text, code text)")
        rows = f"raw.{told['table']}"
        for rule in told["rules"]:
            assert con.execute(f"select ({rule['sql']}) from {rows}").fetchall() == []
        for field in told["fields"]:
            sql = field["normalisation_sql"].replace(field["field"], "x")
            assert con.execute(f"select {sql} from (select '' as x)").fetchall() == [(None,)]


def test_a_wave_brings_its_code_book_and_its_breaks() -> None:
    fields = {f["field"]: f["in_wave"] for f in as_json("survey", "--wave", "2016")["fields"]}
    swapped = fields["same_person_coordinates"]
    assert {a["code"]: a["canonical_code"] for a in swapped["answers"]}["1"] == "no"
    assert swapped["notes"][0]["note_en"].startswith("The answer codes are swapped")
    assert not fields["email"]["asked"]
    by_wave = {
        wave: {
            f["field"]
            for f in as_json("survey", "--wave", wave)["fields"]
            if f["in_wave"]["series_break"]
        }
        for wave in ("2015", "2016", "2017")
    }
    assert by_wave["2015"] == set()
    assert any(by_wave.values())


def test_the_text_names_headings_rules_codes_and_breaks() -> None:
    code, text = run("driftsstoette")
    assert code == 0
    for expected in (
        "Beløb (kr.) / Beløb",
        "D04_grant_period · row held back",
        "municipality_cash: Kommune – kontant",
        "Held back whole: all rows of one Sagsnr.",
        "Eksempel: 6.000.000,00.",
        "Læses ikke: 1,500.00",
    ):
        assert expected in text, expected
    code, text = run("survey", "--wave", "2017")
    assert code == 0
    assert "coordinator_time_band: not asked" in text


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("kommuner",), "the sources are driftsstoette, survey, styringsdialog"),
        (("survey", "--wave", "1999"), "there are code books for 2015, 2016, 2017"),
        (("survey", "--wave", "../codebooks/2015"), "no code book for wave '../codebooks"),
        (("driftsstoette", "--wave", "2016"), "driftsstoette has no waves"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(arguments: tuple[str, ...], complaint: str) -> None:
    code, output = run(*arguments)
    assert code == 2
    assert complaint in output


def test_a_sentence_keeps_its_own_stop() -> None:
    assert sentences("Er det så?", "", "Ja") == "Er det så? Ja."
