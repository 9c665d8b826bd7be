"""The forms that the documents promise are the forms that the gate reads."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.contracts.forms import FILE_FORMATS, TYPE_FORMS, UNITS_DA, range_da, range_en
from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.model import FieldType
from pipelines.contracts.parsing import MACROS, parse_sql
from pipelines.intake.conform.table import prepare_connection

CONNECTION = duckdb.connect()
for macro in MACROS:
    CONNECTION.execute(macro)

FIELDS = [
    pytest.param(source, field, id=f"{source.source}.{field.field}")
    for source in map(load_source, source_names())
    for field in source.fields
]


def read(kind: FieldType, text: str) -> object:
    some_field = load_source("driftsstoette").fields[0].model_copy(update={"type": kind})
    row = CONNECTION.execute(f"select {parse_sql(some_field, '$text')}", {"text": text}).fetchone()
    assert row is not None
    return row[0]


def test_every_type_has_its_words() -> None:
    assert set(TYPE_FORMS) == set(FieldType)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, t) for kind, form in TYPE_FORMS.items() for t in form.accepted]
)
def test_a_promised_form_is_read(kind: FieldType, text: str) -> None:
    assert read(kind, text) is not None


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, t) for kind, form in TYPE_FORMS.items() for t in form.refused]
)
def test_a_form_said_to_be_refused_is_refused(kind: FieldType, text: str) -> None:
    assert read(kind, text) is None


def test_the_forms_a_finding_proposes_are_read() -> None:
    asked = {kind: form.asked_da for kind, form in TYPE_FORMS.items() if form.asked_da}
    assert {FieldType.INTEGER, FieldType.KRONER, FieldType.DATE} <= set(asked)
    for kind, proposal in asked.items():
        examples = proposal.partition("for eksempel ")[2].split(" eller ")
        assert all(read(kind, example) is not None for example in examples), proposal


@pytest.mark.parametrize(("source", "field"), FIELDS)
def test_a_fields_own_example_is_read(source, field) -> None:
    """Answer codes of the survey are the code book's; what they become is tested with it."""
    if not field.example or (source.source == "survey" and field.codelist != "municipality"):
        return
    with duckdb.connect() as con:
        prepare_connection(con, source)
        sql = f"select {parse_sql(field, 't.x')} from (select $text as x) t"
        row = con.execute(sql, {"text": field.example}).fetchone()
    assert row is not None
    assert row[0] is not None


@pytest.mark.parametrize(("source", "field"), FIELDS)
def test_a_field_speaks_both_languages(source, field) -> None:
    assert field.description_da
    assert field.description_en
    assert field.label_da
    assert field.label_en
    assert field.unit in UNITS_DA
    assert bool(field.example) == field.is_loaded


def test_every_listed_format_has_its_words() -> None:
    assert {f for name in source_names() for f in load_source(name).formats} <= set(FILE_FORMATS)


def test_ranges_are_written_as_danes_write_them() -> None:
    source = load_source("driftsstoette")
    assert range_da(source.field("amount_kr")) == "fra 0 til 1.000.000.000"
    assert range_da(source.field("grant_start")) == "fra 01-01-1994 til 31-12-2100"
    assert range_en(source.field("grant_start")) == "1994-01-01 to 2100-12-31"
    assert range_da(load_source("styringsdialog").field("meeting_year")) == "fra 2010 til 2100"
    assert range_da(source.field("plan_name")) == ""
