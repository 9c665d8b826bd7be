"""What the Evidence pages show beside the release's own tables, as tables `site_*` of the copy.

Every sentence is one that the static page prints too, so the two cannot differ: findings, the
paragraphs on method and quality, titles of figures, the signs, and the files that can be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import pandas as pd

from pipelines.publish.danish import LEGEND
from pipelines.publish.figure_data import declared_figures
from pipelines.publish.findings import findings_of
from pipelines.publish.findings.evidence import interval_of
from pipelines.publish.findings.rules import Claim
from pipelines.publish.language import DANISH, ENGLISH, Language, language
from pipelines.publish.model import CANDIDATE, Indicator, Release
from pipelines.publish.site.content import Surroundings
from pipelines.publish.site.downloads import downloads_of
from pipelines.publish.site.links import page_file
from pipelines.publish.site.pages import IndicatorPage, Pages
from pipelines.publish.words import SYNTHETIC_DA, SYNTHETIC_EN

FOLDER: Final = "udgivelse"
"""Where the published files lie beside the Evidence pages."""
_UP: Final = f"/{FOLDER}/"
_STATIC_PAGES: Final = f"site/{DANISH}"
Row = tuple[str | int, ...]


def tables_beside(release: Release, files: Mapping[str, int]) -> dict[str, pd.DataFrame]:
    """Return the tables `site_*`, by name.

    Args:
        release: What is published.
        files: Size in bytes of every published file, by its path in the published folder.
    """
    danish, english = language(DANISH), language(ENGLISH)
    shown = {"indicator_id": "object", "place": "int32"}
    return {
        "site_findings": _frame(
            _findings(release, danish, english),
            {**shown, "claim": "object", "claim_da": "object"}
            | {"text_da": "object", "text_en": "object"},
        ),
        "site_facts": _frame(
            _facts(release, danish), {**shown, "heading_da": "object", "text_da": "object"}
        ),
        "site_figures": _frame(
            _figures(release),
            dict.fromkeys(("indicator_id", "title_da", "title_en", "unit_da"), "object"),
        ),
        "site_files": _frame(
            _files(release, files, danish), {**shown, "words_da": "object", "address": "object"}
        ),
        "site_intervals": _frame(
            _intervals(release, danish), dict.fromkeys(("cell_id", "interval_da"), "object")
        ),
        "site_symbols": _frame(
            [(n, s.sign, s.meaning_da, s.meaning_en) for n, s in enumerate(LEGEND, 1)],
            {"place": "int32", "sign": "object", "meaning_da": "object", "meaning_en": "object"},
        ),
        "site_texts": _frame(
            _texts(release, danish, english),
            dict.fromkeys(("text_id", "text_da", "text_en"), "object"),
        ),
    }


def write_beside(database: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Write tables into a copy of `publish.duckdb`."""
    with duckdb.connect(str(database)) as connection:
        for name, frame in tables.items():
            connection.register("rows", frame)
            connection.execute(f"create table {name} as select * from rows")
            connection.unregister("rows")


def _frame(rows: Sequence[Row] | Iterator[Row], columns: Mapping[str, str]) -> pd.DataFrame:
    """Rows with typed columns, also where there are no rows."""
    return pd.DataFrame(list(rows), columns=list(columns)).astype(dict(columns))


def _findings(release: Release, danish: Language, english: Language) -> Iterator[Row]:
    said = zip(findings_of(release, danish), findings_of(release, english), strict=True)
    for place, (finding, in_english) in enumerate(said, 1):
        claim = finding.claim
        words = "" if claim is Claim.NONE else danish.text(f"claim_{claim.value}")
        yield (finding.indicator_id, place, claim.value, words, finding.text, in_english.text)


def _facts(release: Release, danish: Language) -> Iterator[Row]:
    """Method and quality of each indicator, a heading and a paragraph a row."""
    pages = Pages(release, danish, (), Surroundings())
    for indicator in release.published_indicators():
        page: IndicatorPage = pages.indicator(indicator)["page"]
        told = [fact for fact in _facts_of(indicator, page, release, danish) if fact[1]]
        for place, (heading, text) in enumerate(told, 1):
            yield (indicator.indicator_id, place, danish.text(heading), text)


def _facts_of(
    indicator: Indicator, page: IndicatorPage, release: Release, danish: Language
) -> tuple[tuple[str, str], ...]:
    disclosure = danish.text(page.disclosure, threshold=release.info.threshold)
    if page.hidden:
        disclosure += " " + danish.text(
            "disclosure_counts", hidden=danish.number(page.hidden), cells=danish.number(page.cells)
        )
    breaks = " ".join(danish.label(note, "text") for note in page.breaks)
    return (
        ("definition", danish.label(indicator, "definition")),
        ("base", danish.label(indicator, "base")),
        ("unit", page.unit),
        ("since", danish.period(indicator.since_wave)),
        ("sources", "; ".join(page.sources) or danish.text("reference_data")),
        ("breaks", breaks or danish.text("no_breaks")),
        ("uncertainty", danish.text(page.uncertainty)),
        ("disclosure", disclosure),
        ("withheld_title", " ".join(page.withheld)),
        ("response", "; ".join(page.quality.response)),
        ("base_row", " ".join(page.quality.answered)),
        ("checks", " ".join(page.quality.checks)),
    )


def _figures(release: Release) -> Iterator[Row]:
    published = {i.indicator_id for i in release.published_indicators()}
    for declared in declared_figures():
        if declared["indicator"] in published:
            yield tuple(declared[k] for k in ("indicator", "title_da", "title_en", "unit_da"))


def _intervals(release: Release, danish: Language) -> Iterator[Row]:
    """The intervals in words, rounded as the static page rounds them."""
    for cell in release.cells:
        found = interval_of(cell)
        if found is not None:
            lower, upper = (danish.number(end, cell.decimals) for end in (found.lower, found.upper))
            yield (cell.cell_id, danish.text("interval", lower=lower, upper=upper))


def _files(release: Release, files: Mapping[str, int], danish: Language) -> Iterator[Row]:
    ids = [i.indicator_id for i in release.published_indicators()]
    for indicator_id in ("", *ids):
        page = page_file(danish, "indicator" if indicator_id else "start", indicator_id)
        path = f"{_STATIC_PAGES}/{page}"
        if path in files:
            yield (indicator_id, 0, danish.text("static_page"), f"{_UP}{path}")
        data = {name: size for name, size in files.items() if not name.startswith("site/")}
        for place, file in enumerate(downloads_of(data, indicator_id, _UP), 1):
            words = file.words and danish.text(file.words)
            shown = danish.text("file_size", format=words or file.format, size=file.kilobytes)
            yield (indicator_id, place, f"{shown} ({file.name})", file.href)


def _texts(release: Release, danish: Language, english: Language) -> Iterator[Row]:
    info = release.info
    if info.is_synthetic:
        yield ("synthetic", SYNTHETIC_DA, SYNTHETIC_EN)
    values = {
        "version": info.version,
        "release_id": info.release_id,
        "threshold": info.threshold,
    }
    named = "candidate" if info.version == CANDIDATE else "release"
    title, in_english = danish.text("site_title"), english.text("site_title")
    yield (
        "release",
        f"{title}, {danish.text(named, **values)}.",
        f"{in_english}, {english.text(named, **values)}.",
    )
    for text_id, key in (
        ("lead", "site_lead"),
        ("findings_rule", "findings_rule"),
        ("disclosure", "about_disclosure"),
        ("uncertainty", "uncertainty_survey"),
    ):
        yield (text_id, danish.text(key, **values), english.text(key, **values))
