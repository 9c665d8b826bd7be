"""The declared sources are whole, and agree with what is derived from them."""

from __future__ import annotations

import duckdb
import pytest
from pydantic import ValidationError

from pipelines.contracts.loader import code_books, contract_fingerprint, load_source, source_names
from pipelines.contracts.model import Confidentiality, FieldType, Source
from pipelines.contracts.parsing import MACROS
from pipelines.contracts.rule_kinds import expanded
from pipelines.contracts.tables import raw_ddl


def test_extracts_are_taken_before_what_is_checked_against_them() -> None:
    assert source_names() == ("driftsstoette", "survey", "styringsdialog")


@pytest.mark.parametrize("name", source_names())
def test_every_rule_runs_on_an_empty_table(name: str) -> None:
    source = load_source(name)
    con = duckdb.connect()
    for statement in (*MACROS, *raw_ddl()):
        con.execute(statement)
    con.execute(
        "create temp table code_spellings (codelist varchar, spelling varchar, code varchar)"
    )
    con.execute("create temp table plan_municipalities (municipality_code varchar)")
    for rule in source.rules:
        assert con.execute(f"select ({rule.sql}) from raw.{source.table}").fetchall() == []


@pytest.mark.parametrize("name", source_names())
def test_rules_speak_danish_and_english_and_say_what_to_do(name: str) -> None:
    for rule in load_source(name).rules:
        assert len(rule.message_da) > 40
        assert len(rule.message_en) > 40
        assert rule.message_da != rule.message_en


def test_personal_fields_never_become_columns() -> None:
    con = duckdb.connect()
    for statement in raw_ddl():
        con.execute(statement)
    columns = {
        r[0]
        for r in con.execute(
            "select column_name from duckdb_columns() where schema_name = 'raw'"
        ).fetchall()
    }
    personal = {
        f.field
        for name in source_names()
        for f in load_source(name).fields
        if f.confidentiality is Confidentiality.PERSONAL
    }
    assert personal == {"email", "name", "comment"}
    assert not personal & columns


def test_every_raw_column_has_a_comment() -> None:
    con = duckdb.connect()
    for statement in raw_ddl():
        con.execute(statement)
    bare = con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' "
        "and comment is null"
    ).fetchall()
    assert bare == []


@pytest.mark.parametrize("book", code_books("survey"), ids=lambda b: b.wave)
def test_a_code_book_speaks_of_every_field_and_of_known_codes_only(book) -> None:
    source = load_source("survey")
    codes = {(c.codelist, c.code) for c in source.codes}
    assert {e.field for e in book.entries} == {
        f.field for f in source.fields if f.field not in {"email", "name"}
    }
    for entry in book.entries:
        field = source.field(entry.field)
        if entry.is_asked and field.type is FieldType.CODE and entry.code:
            assert (field.codelist, entry.canonical_code) in codes
        if field.type is FieldType.BOOLEAN and entry.is_asked:
            assert entry.canonical_code in {"true", "false"}


def test_a_rule_on_an_unknown_column_is_refused() -> None:
    source = load_source("driftsstoette")
    broken = source.model_dump() | {"key": ("no_such_field",)}
    with pytest.raises(ValidationError, match="not a field"):
        Source(**broken)


def test_a_mended_code_book_changes_only_its_own_wave(tmp_path) -> None:
    import shutil

    from pipelines.contracts.loader import SOURCES_DIR

    copy = tmp_path / "sources"
    shutil.copytree(SOURCES_DIR, copy)
    before = [contract_fingerprint("survey", wave, copy) for wave in ("2015", "2016")]
    with (copy / "survey" / "codebooks" / "2016.csv").open("a", encoding="utf-8") as handle:
        handle.write("comment,s_99,,,false,,\n")
    contract_fingerprint.cache_clear()
    after = [contract_fingerprint("survey", wave, copy) for wave in ("2015", "2016")]
    assert before[0] == after[0]
    assert before[1] != after[1]


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({"id": "X01_new", "kind": "no_such_kind"}, "no kind 'no_such_kind'"),
        ({"id": "X01_new", "kind": "facts_differ", "per": ["a"]}, "needs 'facts'"),
    ],
)
def test_a_rule_of_no_kind_is_refused_and_named(rule, complaint) -> None:
    with pytest.raises(ValueError, match=f"X01_new: .*{complaint}"):
        expanded(rule, ("a",))


def test_a_key_that_is_repeated_is_one_rule_whatever_the_key() -> None:
    rule = expanded({"id": "X01_repeated", "kind": "key_repeated"}, ("a", "b"))
    rows = "(values (1, 1), (1, 1), (1, 2), (null, 1), (null, 1)) as t(a, b)"
    found = duckdb.sql(f"select ({rule['sql']}) as broken from {rows}").fetchall()
    assert found.count((True,)) == 2
