"""The Evidence pages as they are made from a release, before anything is built."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import yaml
from shipped_installation import Installation
from sqlfluff.core import FluffConfig, Linter

from pipelines.evidence.beside import tables_beside
from pipelines.evidence.pages import UnfitTextError, indicator_pages, view_of
from pipelines.publish.findings import findings_of
from pipelines.publish.language import language
from pipelines.publish.model import Release
from pipelines.publish.store import read_release
from pipelines.settings import PROJECT_ROOT

pytestmark = pytest.mark.slow  # over the shipped installation
TEMPLATES = PROJECT_ROOT / "evidence" / "templates"
COMPONENTS = {p.stem for p in (PROJECT_ROOT / "evidence" / "components").glob("*.svelte")}
OF_EVIDENCE = {"Dropdown"}


@pytest.fixture(scope="module")
def release(shipped: Installation) -> Release:
    return read_release(shipped.settings.publish_path)


@pytest.fixture(scope="module")
def pages(release: Release) -> dict[str, str]:
    return indicator_pages(release, TEMPLATES)


def test_every_released_indicator_has_a_page_and_a_way_to_it(
    release: Release, pages: dict[str, str]
) -> None:
    ids = {cell.indicator_id for cell in release.cells}
    assert ids == {f"I{n:02}" for n in range(1, 16)}
    assert pages.keys() == {f"{indicator_id}.md" for indicator_id in ids}
    catalogue = (PROJECT_ROOT / "evidence/sources/monitor/catalogue.sql").read_text("utf-8")
    assert "'/indikatorer/' || indicator_id" in catalogue


def test_each_indicator_is_drawn_as_suits_it(release: Release) -> None:
    """Answers as bars, counts over time as lines, kroner by source, municipalities, changes."""
    drawn = {
        i.indicator_id: view_of(release.cells_of(i.indicator_id)).template
        for i in release.published_indicators()
    }
    answers = dict.fromkeys(("I03", "I04", "I05", "I06", "I08", "I09", "I11", "I12"), "answers")
    others = {"I01": "course", "I02": "course", "I10": "course", "I13": "flow"}
    assert drawn == answers | others | {"I07": "composition", "I14": "profile", "I15": "change"}


def test_a_page_asks_for_its_own_indicator_and_for_codes_that_have_cells(
    release: Release, pages: dict[str, str]
) -> None:
    for name, source in pages.items():
        indicator_id = name.removesuffix(".md")
        assert set(re.findall(r"indicator_id = '(\w+)'", source)) == {indicator_id}
        cells = release.cells_of(indicator_id)
        for column in ("measure", "breakdown", "category"):
            released = {getattr(c, column) for c in cells}
            named = set(re.findall(rf"{column} = '(\w+)'", source))
            for listed in re.findall(rf"{column} in \(([^)]*)\)", source):
                named |= set(re.findall(r"'(\w+)'", listed))
            assert named <= released, (name, column)


def test_every_query_of_a_page_is_shown_and_every_component_is_there(
    pages: dict[str, str],
) -> None:
    by_hand = (PROJECT_ROOT / "evidence" / "pages").rglob("*.md")
    sources = pages | {str(p): p.read_text("utf-8") for p in by_hand}
    for name, source in sources.items():
        queries = re.findall(r"^```sql (\w+)$", source, re.MULTILINE)
        assert queries
        outside = re.sub(r"^```sql.*?^```$", "", source, flags=re.MULTILINE | re.DOTALL)
        for query in queries:
            assert re.search(rf"\b{query}\b", outside), (name, query)
        used = set(re.findall(r"<([A-Z]\w+)", outside))
        assert used <= COMPONENTS | OF_EVIDENCE, name


def test_every_query_of_a_page_is_as_sqlfluff_wants_it(pages: dict[str, str]) -> None:
    """With the rules of the models; what differs in its codes alone is looked at once."""
    by_hand = (PROJECT_ROOT / "evidence" / "pages").rglob("*.md")
    sources = {str(p): p.read_text("utf-8") for p in by_hand if p.name not in pages} | pages
    config = FluffConfig.from_path(str(PROJECT_ROOT), overrides={"templater": "raw"})
    linter, looked_at, faults = Linter(config=config), set[str](), []
    for name, source in sources.items():
        for query in re.findall(r"^```sql \w+\n(.*?)^```$", source, re.MULTILINE | re.DOTALL):
            assert max(map(len, query.splitlines())) <= config.get("max_line_length"), name
            shape = re.sub(r"'[^']*'", "''", query)
            if shape not in looked_at:
                looked_at.add(shape)
                faults += [f"{name}: {v.desc()}" for v in linter.lint_string(query).violations]
    assert faults == []
    assert len(looked_at) > 30  # of ten kinds of pages


def test_a_page_gets_every_column_that_cells_have_and_components_read() -> None:
    """The list of the templates is that of the source, but for an id that no page shows."""
    source = (PROJECT_ROOT / "evidence/sources/monitor/cells.sql").read_text("utf-8")
    named = re.findall(r"^    (?:.* as )?(?:released_cells\.)?(\w+),?$", source, re.MULTILINE)
    listed = (TEMPLATES / "_cell_columns.md").read_text("utf-8").replace(",", "").split()
    assert set(listed) == set(named) - {"cell_id"}


def test_the_head_of_a_page_is_the_catalogues(release: Release, pages: dict[str, str]) -> None:
    for indicator in release.published_indicators():
        head = yaml.safe_load(pages[f"{indicator.indicator_id}.md"].split("---")[1])
        assert head == {
            "title": indicator.title_da,
            "description": indicator.definition_da,
            "sidebar_position": indicator.position,
        }


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("indicator_id", "I01' or '1'='1"),
        ("title_da", "</script><script>alert(1)</script>"),
        ("title_da", "Titel\n---\n# mere"),
    ],
)
def test_text_that_would_change_a_page_is_refused(release: Release, field: str, text: str) -> None:
    first = dataclasses.replace(release.indicators[0], **{field: text})
    cell = dataclasses.replace(release.cells_of("I01")[0], indicator_id=first.indicator_id)
    with pytest.raises(UnfitTextError):
        indicator_pages(dataclasses.replace(release, cells=(cell,), indicators=(first,)), TEMPLATES)


def test_what_stands_beside_the_cells_is_said_as_on_the_static_page(
    release: Release, shipped: Installation
) -> None:
    published = shipped.settings.published_dir
    files = {
        p.relative_to(published).as_posix(): p.stat().st_size
        for p in published.rglob("*")
        if p.is_file()
    }
    tables = tables_beside(release, files)
    said = [f.text for f in findings_of(release, language("da"))]
    assert tables["site_findings"]["text_da"].tolist() == said
    page = (published / "site/da/I05.html").read_text("utf-8")
    facts = tables["site_facts"].query("indicator_id == 'I05'")
    told = [text for text in facts["text_da"] if "»" not in text]
    assert len(told) >= 8
    for text in told:
        assert text.split(". ")[0] in page
    # a link that leads nowhere would be found by a reader only
    for address in tables["site_files"]["address"]:
        assert (published / address.removeprefix("/udgivelse/")).is_file()
    assert set(tables["site_files"]["indicator_id"]) == {
        "",
        *(i.indicator_id for i in release.published_indicators()),
    }


def test_the_pages_that_are_written_by_hand_repeat_no_words_of_the_release(
    release: Release,
) -> None:
    folder = PROJECT_ROOT / "evidence"
    texts = [
        p.read_text("utf-8")
        for place in (folder / "pages", TEMPLATES, folder / "components")
        for p in sorted(Path(place).rglob("*"))
        if p.is_file() and not re.fullmatch(r"I\d\d\.md", p.name)
    ]
    words = {i.title_da for i in release.indicators} | {n.text_da for n in release.notes}
    words |= {c.measure_label_da for c in release.cells if " " in c.measure_label_da}
    assert [w for w in words for text in texts if w in text] == []
