"""Renders every page of the site, in both languages, with their style sheet.

The pages are plain files beside each other, one folder a language; a link from a page to its twin
in the other language needs no more than the names in `links`. All text is autoescaped; only our
own drawings and our own script go in as they are.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from pipelines.publish.danish import lower_first
from pipelines.publish.kept_files import NOTHING_MADE, KeptFiles
from pipelines.publish.language import CODES, Language, language
from pipelines.publish.model import CANDIDATE, Indicator, Release
from pipelines.publish.parts import parts_of
from pipelines.publish.site.beside import beside
from pipelines.publish.site.content import SiteFigure, Surroundings
from pipelines.publish.site.links import page_file
from pipelines.publish.site.pages import Pages
from pipelines.publish.site.search import SCRIPT
from pipelines.publish.tables import TOTAL
from pipelines.publish.words import SYNTHETIC_DA, SYNTHETIC_EN

_TEMPLATES = Path(__file__).with_name("templates")
_PAGES = ("start", "calendar", "revisions", "about")
_SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()


def site_files(
    release: Release,
    figures: Sequence[SiteFigure],
    surroundings: Surroundings,
    kept: KeptFiles = NOTHING_MADE,
) -> dict[str, bytes]:
    """Make every file of the site but its drawings.

    Args:
        release: What is published.
        figures: The drawings, in every language.
        surroundings: What the pages link to and tell of beside the release.
        kept: Pages made before.

    Returns:
        The files by their path inside the published folder; the same input gives the same bytes.
    """
    style = (_TEMPLATES / "style.css").read_bytes()
    files = {"site/style.css": style, "site/index.html": _entrance(release)}
    for spoken in map(language, CODES):
        pages = Pages(release, spoken, figures, surroundings)
        common = _common(release, spoken)
        found = (_page(spoken, page, common | getattr(pages, page)()) for page in _PAGES)
        files |= _of_language(spoken, found)
    for part in parts_of(release):
        own = [f for f in figures if f.indicator_id == part.indicator.indicator_id]
        around = beside(surroundings, part)
        make = partial(_pages_of, part.indicator, own, around)
        files |= kept.made("pages", part.release, (own, around), make)
    return files


def _pages_of(
    indicator: Indicator, figures: Sequence[SiteFigure], around: Surroundings, part: Release
) -> dict[str, bytes]:
    """Make an indicator's page and the explanations of its figures, in both languages."""
    files: dict[str, bytes] = {}
    for spoken in map(language, CODES):
        pages = Pages(part, spoken, figures, around)
        files |= _of_language(spoken, _indicator_pages(pages, indicator, _common(part, spoken)))
    return files


def _indicator_pages(
    pages: Pages, indicator: Indicator, common: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    spoken: Language = common["lang"]
    yield _page(spoken, "indicator", common | pages.indicator(indicator), indicator.indicator_id)
    for each in pages.explanations(indicator):
        explained = common | pages.explanation(indicator, each)
        key = (indicator.indicator_id, each.breakdown, each.number)
        yield _page(spoken, "explanation", explained, *key)


def _of_language(spoken: Language, pages: Iterable[tuple[str, str]]) -> dict[str, bytes]:
    return {f"site/{spoken.code}/{name}": text.encode() for name, text in pages}


def _entrance(release: Release) -> bytes:
    """The page that leads to the two languages."""
    template = _environment().get_template("entrance.html.j2")
    return template.render(release=release, languages=[language(c) for c in CODES]).encode()


def _common(release: Release, spoken: Language) -> dict[str, Any]:
    """What every page says."""
    info = release.info
    is_candidate = info.version == CANDIDATE
    named = "candidate" if is_candidate else "release"
    return {
        "is_candidate": is_candidate,
        "named": spoken.text(named, version=info.version, release_id=info.release_id),
        "release": release,
        "lang": spoken,
        "t": spoken.texts,
        "synthetic": SYNTHETIC_DA if spoken.code == "da" else SYNTHETIC_EN,
        "script_hash": _SCRIPT_HASH,
        "script": Markup(SCRIPT),  # our own file
    }


def _page(
    spoken: Language,
    page: str,
    values: dict[str, Any],
    indicator_id: str = "",
    breakdown: str = TOTAL,
    number: int = 1,
) -> tuple[str, str]:
    """Render a page and name its file."""
    other = next(code for code in CODES if code != spoken.code)
    key = (page, indicator_id, breakdown, number)
    twin = f"../{other}/{page_file(language(other), *key)}"
    template: Template = _environment().get_template(f"{page}.html.j2")
    return page_file(spoken, *key), template.render(
        this_page=page, twin=twin, other=other, **values
    )


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["numbered"] = _numbered
    environment.filters["lower_first"] = lower_first
    environment.globals["page_file"] = page_file
    return environment


def _numbered(note_ids: Sequence[str], numbers: dict[str, int]) -> list[int]:
    return sorted(numbers[note_id] for note_id in note_ids)
