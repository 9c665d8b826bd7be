"""Danish words in what is meant to be English, found from what is declared in both languages.

No guess at a language: every text has its Danish and its English form in a declared table
(`texts/*.yml`, figures, findings, table parts) or side by side in a release. A Danish form that
no English form holds must not stand in an English product.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

from pipelines import publish
from pipelines.publish.danish import LEGEND
from pipelines.publish.model import Release

_DECLARED = Path(publish.__file__).parent
_LEAST = 4
_FILLED = re.compile(r"\{[^}]*\}")
Pair = tuple[str, str]


def danish_words(release: Release) -> re.Pattern[str]:
    """What tells Danish from English: the Danish forms that no English form holds."""
    pairs = [*_pairs_of_texts(), *_pairs_of_release(release)]
    english = "\n".join({text for _, text in pairs})
    danish = {part for text, _ in pairs for part in _parts(text)}
    telling = sorted(text for text in danish if not _whole(re.escape(text)).search(english))
    return _whole("|".join(map(re.escape, sorted(telling, key=len, reverse=True))))


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)")


def _parts(text: str) -> Iterator[str]:
    """A text without what is filled in; what is too short to tell is left out."""
    for part in _FILLED.split(text):
        part = part.strip(" .:;,()»«–")
        if len(part) >= _LEAST:
            yield part


def _pairs_of_texts() -> Iterator[Pair]:
    for path in sorted(_DECLARED.rglob("*.yml")):
        yield from _pairs_in(yaml.safe_load(path.read_text(encoding="utf-8")))


def _pairs_in(node: Any) -> Iterator[Pair]:
    if isinstance(node, list):
        for item in node:
            yield from _pairs_in(item)
    if not isinstance(node, dict):
        return
    for name, value in node.items():
        other = {"da": "en"}.get(name) or re.sub("_da$", "_en", name)
        if other != name and other in node:
            yield str(value), str(node[other])
        yield from _pairs_in(value)


def _pairs_of_release(release: Release) -> set[Pair]:
    records = (
        *release.cells,
        *release.indicators,
        *release.notes,
        *release.withheld,
        *release.deliveries,
        *LEGEND,
    )
    names: dict[type, list[str]] = {}
    pairs = set()
    for record in records:
        kind = type(record)
        if kind not in names:
            fields = [f.name for f in dataclasses.fields(kind)]
            names[kind] = [n[:-3] for n in fields if n.endswith("_da") and f"{n[:-3]}_en" in fields]
        for name in names[kind]:
            pairs.add((getattr(record, f"{name}_da"), getattr(record, f"{name}_en")))
    return pairs


class _Texts(HTMLParser):
    """Collects what a reader of a page reads or hears, but for what is marked as Danish."""

    _SPOKEN = ("aria-label", "alt", "title", "content", "placeholder")

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_left_out = tag in ("script", "style", "code", "pre") or given.get("lang") == "da"
        if not is_left_out and not any(hidden for _, hidden in self._open):
            self.found |= {str(given[name]) for name in self._SPOKEN if given.get(name)}
        if tag not in ("meta", "link", "br", "hr", "img", "input"):
            self._open.append((tag, is_left_out))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self._open):
            self.found.add(" ".join(data.split()))


def texts_of_page(markup: str) -> set[str]:
    """All texts of a page."""
    reader = _Texts()
    reader.feed(markup)
    return reader.found


def texts_of_json(node: Any) -> Iterator[str]:
    """All texts of a JSON document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for name, value in node.items():
            if name not in ("id", "note_ids"):
                yield from texts_of_json(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts_of_json(value)


def danish_in(texts: Iterable[str], words: re.Pattern[str]) -> dict[str, str]:
    """The Danish words found, each with a text that has it."""
    return {found[0]: text[:200] for text in set(texts) if (found := words.search(text))}
