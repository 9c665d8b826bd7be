"""What the guides promise holds: their example files are accepted, every rule is in them."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.tables import raw_ddl
from pipelines.documents.code_lists import other_spellings, shown_lists
from pipelines.documents.example_file import example_file
from pipelines.documents.outputs import ROOT
from pipelines.documents.rendering import cell, listed, message
from pipelines.intake.catalogue import catalogue
from pipelines.intake.delivery import ArchivedDelivery, DeliveredFile, DeliveryMeta
from pipelines.intake.process import decide

SOURCES = [load_source(name) for name in source_names()]
TABLES = [source for source in SOURCES if source.example_rows]
GUIDES = {
    name: (ROOT / "docs" / name).read_text("utf-8")
    for name in ("leveringsvejledning.md", "delivery_guide.md")
}
DICTIONARIES = {
    name: (ROOT / "docs" / name).read_text("utf-8")
    for name in ("dataordbog.md", "data_dictionary.md")
}


@pytest.mark.parametrize("source", TABLES, ids=lambda source: source.source)
def test_the_example_in_the_guide_is_accepted_without_a_word(source, tmp_path: Path) -> None:
    text = example_file(source).encode("cp1252")
    (tmp_path / "example.csv").write_bytes(text)
    period = "2015-06-30" if source.period_kind == "date" else "2015"
    delivery = ArchivedDelivery(
        delivery_id="0" * 64,
        source=source.source,
        period=period,
        name="example.csv",
        files=(DeliveredFile("example.csv", "0" * 64, len(text)),),
        payload_dir=tmp_path,
        meta=DeliveryMeta(),
        received_at=datetime(2016, 1, 1, tzinfo=UTC),
        content_sha256="0" * 64,
        bytes=len(text),
    )
    with duckdb.connect() as con:
        for statement in raw_ddl():
            con.execute(statement)
        decision = decide(con, delivery, tmp_path)
    assert decision.findings == ()
    assert (decision.state, decision.rows_accepted) == ("accepted", len(source.example_rows))


@pytest.mark.parametrize("source", TABLES, ids=lambda source: source.source)
def test_the_example_fills_every_column_somewhere(source) -> None:
    lines = example_file(source).splitlines()[len(source.title_facts) :]
    rows = list(csv.DictReader(lines, delimiter=";"))
    for heading in rows[0]:
        assert any(row[heading] for row in rows), heading


@pytest.mark.parametrize("name", GUIDES)
def test_every_rule_is_in_the_guide_with_its_example(name: str) -> None:
    for rule in catalogue():
        lines = [x for x in GUIDES[name].splitlines() if x.startswith(f"| {rule.rule} |")]
        assert len(lines) == (2 if rule.source else 1), rule.rule
        assert all(line.endswith(f"| {cell(rule.example_da)} |") for line in lines), rule.rule


@pytest.mark.parametrize("name", GUIDES)
def test_every_heading_and_format_is_in_the_guide(name: str) -> None:
    for source in TABLES:
        for field in source.loaded_fields:
            for heading in (field.header, *field.aliases):
                assert heading in GUIDES[name]


@pytest.mark.parametrize("name", DICTIONARIES)
def test_every_field_and_code_is_in_the_dictionary(name: str) -> None:
    for source in SOURCES:
        for field in source.fields:
            assert f"| `{field.field}` |" in DICTIONARIES[name]
        for code in source.codes:
            assert f"| `{code.code}` | " in DICTIONARIES[name]


@pytest.mark.parametrize(("name", "text"), [*GUIDES.items(), *DICTIONARIES.items()])
def test_tables_are_whole_and_links_lead_somewhere(name: str, text: str) -> None:
    width = 0
    for line in text.splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        columns = len(re.findall(r"(?<!\\)\|", line)) - 1
        width = width or columns
        assert columns == width, line
    for file, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
        target = (ROOT / "docs" / (file or name)).read_text("utf-8")
        titles = re.findall(r"^#+ (.*)$", target, flags=re.MULTILINE)
        slugs = {re.sub(r"[^\wæøå -]", "", title.lower()).replace(" ", "-") for title in titles}
        assert not anchor or f'<a id="{anchor}">' in target or anchor in slugs, anchor
    assert not re.search(r"[ \t]+$", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", ["leveringsvejledning.md", "dataordbog.md"])
def test_danish_documents_hold_no_english_words_of_ours(name: str) -> None:
    prose = re.sub(r"`[^`]*`", "", {**GUIDES, **DICTIONARIES}[name])
    for word in (" the ", " and ", " required", "Delivered", "None", "True"):
        assert word not in prose, word


def test_messages_lose_what_a_finding_fills_in() -> None:
    assert message("Der er {found} felter.") == "Der er … felter."
    assert message("Ukendt værdi.{proposal}") == "Ukendt værdi."
    assert message("100 {{x}}") == "100 {x}"
    assert message("Skriv {expected}. Send igen.") == "Skriv … Send igen."


def test_lists_in_sentences() -> None:
    assert listed([], "og") == ""
    assert listed(["a"], "og") == "a"
    assert listed(["a", "b", "c"], "og") == "a, b og c"


def test_a_spelling_that_differs_by_case_or_dash_is_no_other_one() -> None:
    codes = load_source("driftsstoette").codes_of("financing_source")
    by_code = {code.code: other_spellings(code) for code in codes}
    assert by_code["municipality_cash"] == ()
    assert by_code["lbf"] == ()


def test_a_list_that_sources_share_is_shown_once() -> None:
    municipalities = [each for each in shown_lists(SOURCES) if each.name == "municipality"]
    assert len(municipalities) == 1
    assert len(municipalities[0].used_by) == len(SOURCES)
