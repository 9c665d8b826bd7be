"""One PX file per indicator, in Danish and English, for StatBank's tools (PX file format 2013).

PX tells values apart by their words and has no escape for a quotation mark: one inside a text is
written as a typographic quote. Missing figures are the standard's dots; why is in DATASYMBOL.
Each figure's count and base are measures beside it. Numbers are written with at most six decimals;
how many are shown follows the release.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.publish.danish import LEGEND, NOT_APPLICABLE, NOT_AVAILABLE, SUPPRESSED, rounded
from pipelines.publish.formats.cube import MEASURE, PERIOD, Cube, Dimension, Hole, Slot, distinct
from pipelines.publish.formats.facts import (
    LICENCE,
    PUBLISHER,
    data_date,
    file_stem,
    note_texts,
    sources_of,
    titles,
)
from pipelines.publish.formats.places import Pattern, note_patterns
from pipelines.publish.formats.px_bases import with_bases
from pipelines.publish.language import CODES, DANISH
from pipelines.publish.model import Indicator, Release

MOST_DECIMALS = 6
LONGEST_MATRIX = 20
LONGEST_LINE = 240  # the format allows 256 characters with quotes and keyword's end
DOTS = {NOT_APPLICABLE: ".", SUPPRESSED: "..", NOT_AVAILABLE: "..."}
"""The standard's sign for each of ours; it has three dots where Danish tables have an ellipsis."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_LINES = re.compile(rf".{{1,{LONGEST_LINE}}}(?<!\s)(?!\s)|.{{1,{LONGEST_LINE}}}")
"""Parts of a long text; none begins or ends with a space, for some readers trim them."""
_YEAR = re.compile(r"\d{4}")


def px(release: Release, indicator: Indicator, cube: Cube) -> bytes:
    """Write an indicator as PX.

    Args:
        release: The release.
        indicator: The indicator.
        cube: Its cells.

    Returns:
        The file's bytes in UTF-8; the same release gives the same bytes.
    """
    cube = with_bases(cube)
    cube = replace(cube, dimensions=tuple(map(_cleaned, cube.dimensions)))
    numbers = [_figure(slot) for slot in cube.slots]
    writer = _Keywords()
    _about_the_file(writer, release, indicator, cube, numbers)
    _about_the_table(writer, release, indicator, cube)
    _dimensions(writer, cube)
    _about_each_measure(writer, release, cube)
    writer.texts(
        "SOURCE", {code: sources_of(release, indicator.indicator_id, code) for code in CODES}
    )
    _notes(writer, release, indicator, cube)
    width = len(cube.dimensions[-1].codes)
    lines = [" ".join(numbers[at : at + width]) for at in range(0, len(numbers), width)]
    data = "DATA=\r\n" + " \r\n".join(lines) + ";\r\n"
    return (writer.text + data).encode("utf-8")


def clean(text: str) -> str:
    """Make a text fit between quotation marks: no such mark, no line end, no control sign."""
    return _CONTROLS.sub(" ", text).replace('"', "”").strip()


def _cleaned(dimension: Dimension) -> Dimension:
    """Give a dimension words that fit, each other than the others; `*` would mean all values."""
    labels = {
        language: distinct([clean(word) for word in words], dimension.codes)
        for language, words in dimension.labels.items()
    }
    for language, words in labels.items():
        pairs = zip(words, dimension.codes, strict=True)
        labels[language] = tuple(w if w not in ("*", "") else f"{w} ({c})" for w, c in pairs)
    return replace(dimension, labels=labels)


class _Keywords:
    """Collects keywords line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """What was collected."""
        return "".join(f"{line};\r\n" for line in self._lines)

    def plain(self, keyword: str, value: str) -> None:
        """Add a keyword whose value stands without quotation marks."""
        self._lines.append(f"{keyword}={value}")

    def one(self, keyword: str, text: str) -> None:
        """Add a keyword of no language."""
        self._lines.append(_joined(keyword, _quoted(text)))

    def texts(
        self, keyword: str, words: Mapping[str, str], key: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Add a keyword with a text in each language, perhaps of some value."""
        for language in CODES:
            head = _head(keyword, language, key[language] if key else ())
            self._lines.append(_joined(head, _quoted(words[language])))

    def lists(
        self, keyword: str, words: Mapping[str, Sequence[str]], key: Mapping[str, str] | None = None
    ) -> None:
        """Add a keyword with a list in each language."""
        for language in CODES:
            head = _head(keyword, language, (key[language],) if key else ())
            self._lines.append(f"{head}={_list(words[language])}")


def _about_the_file(
    writer: _Keywords,
    release: Release,
    indicator: Indicator,
    cube: Cube,
    numbers: Iterable[str],
) -> None:
    date = data_date(release).strftime("%Y%m%d %H:%M")
    writer.one("CHARSET", "ANSI")
    writer.one("AXIS-VERSION", "2013")
    writer.one("CODEPAGE", "utf-8")
    writer.one("LANGUAGE", DANISH)
    writer.plain("LANGUAGES", ",".join(f'"{code}"' for code in CODES))
    writer.one("CREATION-DATE", date)
    matrix = file_stem(release, indicator.indicator_id, cube.kind).removesuffix("_syntetisk")
    writer.one("TABLEID", matrix)
    places = [len(n.partition(".")[2]) for n in numbers if _is_number(n)]
    writer.plain("DECIMALS", str(max(places, default=0)))
    writer.plain("SHOWDECIMALS", str(min(cube.decimals.values())))
    writer.one("MATRIX", matrix[:LONGEST_MATRIX])


def _about_the_table(writer: _Keywords, release: Release, indicator: Indicator, cube: Cube) -> None:
    names = {language: [d.titles[language].lower() for d in cube.dimensions] for language in CODES}
    by = {
        "da": f" efter {', '.join(names['da'][:-1])} og {names['da'][-1]}",
        "en": f" by {', '.join(names['en'][:-1])} and {names['en'][-1]}",
    }
    titled = titles(release, indicator, cube.kind)
    full = {language: titled[language] + by[language] for language in CODES}
    writer.plain("COPYRIGHT", "NO")
    writer.one("SUBJECT-CODE", "BSM")
    writer.texts("SUBJECT-AREA", dict.fromkeys(CODES, PUBLISHER))
    writer.texts("DESCRIPTION", full)
    writer.texts("TITLE", full)
    writer.texts("CONTENTS", {"da": indicator.title_da, "en": indicator.title_en})
    units = [cube.units[code] for code in cube.dimensions[2].codes]
    shared = (
        units[0] if all(u == units[0] for u in units) else {"da": "Se mål", "en": "See measure"}
    )
    writer.texts("UNITS", shared)


def _dimensions(writer: _Keywords, cube: Cube) -> None:
    *stub, heading = cube.dimensions
    writer.lists("STUB", {code: [d.titles[code] for d in stub] for code in CODES})
    writer.lists("HEADING", {code: [heading.titles[code]] for code in CODES})
    measure = next(d for d in cube.dimensions if d.name == MEASURE)
    writer.texts("CONTVARIABLE", measure.titles)
    for d in cube.dimensions:
        writer.lists("VALUES", d.labels, d.titles)
    for d in cube.dimensions:
        if d.name == PERIOD and all(_YEAR.fullmatch(code) for code in d.codes):
            for language in CODES:
                head = _head("TIMEVAL", language, (d.titles[language],))
                writer.plain(head, f"TLIST(A1),{_list(d.codes)}")
    for d in cube.dimensions:
        writer.lists("CODES", dict.fromkeys(CODES, d.codes), d.titles)
    for d in cube.dimensions:
        if "all" in d.codes:
            total = d.codes.index("all")
            writer.texts(
                "ELIMINATION",
                {code: d.labels[code][total] for code in CODES},
                {code: (d.titles[code],) for code in CODES},
            )


def _about_each_measure(writer: _Keywords, release: Release, cube: Cube) -> None:
    measure = next(d for d in cube.dimensions if d.name == MEASURE)
    shown = min(cube.decimals.values())
    date = data_date(release).strftime("%Y%m%d %H:%M")
    for position, code in enumerate(measure.codes):
        words = {language: (measure.labels[language][position],) for language in CODES}
        writer.texts("UNITS", cube.units[code], words)
        writer.texts("LAST-UPDATED", dict.fromkeys(CODES, date), words)
        writer.texts("CONTACT", dict.fromkeys(CODES, PUBLISHER), words)
        if cube.decimals[code] > shown:
            for language in CODES:
                key = (measure.titles[language], *words[language])
                writer.plain(_head("PRECISION", language, key), str(cube.decimals[code]))


def _notes(writer: _Keywords, release: Release, indicator: Indicator, cube: Cube) -> None:
    for sign, dots in DOTS.items():
        writer.one(f"DATASYMBOL{len(dots)}", sign)
    texts = note_texts(release) | {s.sign: {"da": s.meaning_da, "en": s.meaning_en} for s in LEGEND}
    general = {
        "da": [indicator.definition_da, f"Grundlag: {indicator.base_da}", LICENCE["da"]],
        "en": [indicator.definition_en, f"Base: {indicator.base_en}", LICENCE["en"]],
    }
    for sign in _signs_in(cube):
        for language in CODES:
            general[language].append(f"{sign} = {texts[sign][language]}")
    places = note_patterns(cube)
    for pattern, notes in places.items():
        if not any(pattern):
            for language in CODES:
                general[language] += [texts[n][language] for n in notes]
    writer.texts("NOTE", {code: _paragraphs(general[code]) for code in CODES})
    for pattern, notes in places.items():
        if any(pattern):
            words = {k: _paragraphs(texts[n][k] for n in notes) for k in CODES}
            keyword, key = _place(cube.dimensions, pattern)
            writer.texts(keyword, words, key)


def _place(
    dimensions: Sequence[Dimension], pattern: Pattern
) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return the keyword for a note's place and what stands in its parentheses, by language."""
    given = [(d, d.codes.index(code)) for d, code in zip(dimensions, pattern, strict=True) if code]
    if len(given) == 1:
        ((dimension, at),) = given
        return "VALUENOTE", {
            language: (dimension.titles[language], dimension.labels[language][at])
            for language in CODES
        }
    return "CELLNOTE", {
        language: tuple(
            d.labels[language][d.codes.index(code)] if code else "*"
            for d, code in zip(dimensions, pattern, strict=True)
        )
        for language in CODES
    }


def _figure(slot: Slot) -> str:
    if isinstance(slot, Hole):
        return f'"{DOTS[slot.value]}"'
    if slot.value is None:
        return f'"{DOTS[slot.symbol]}"'
    text = f"{rounded(slot.value, MOST_DECIMALS):f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _signs_in(cube: Cube) -> list[str]:
    """Return the signs that stand in place of figures."""
    found = {s.value if isinstance(s, Hole) else s.symbol for s in cube.slots}
    return [sign for sign in DOTS if sign in found]


def _is_number(figure: str) -> bool:
    return not figure.startswith('"')


def _paragraphs(texts: Iterable[str]) -> str:
    return "##".join(texts)


def _head(keyword: str, language: str, key: Sequence[str]) -> str:
    mark = "" if language == DANISH else f"[{language}]"
    parts = ",".join(f'"{clean(part)}"' for part in key)
    return f"{keyword}{mark}({parts})" if key else f"{keyword}{mark}"


def _joined(head: str, quoted: str) -> str:
    """Put a text after its keyword, on a line of its own where one line would be too long."""
    first = quoted.partition("\r\n")[0]
    return f"{head}=\r\n{quoted}" if len(head) + len(first) > LONGEST_LINE else f"{head}={quoted}"


def _list(words: Iterable[str]) -> str:
    return ",\r\n".join(f'"{clean(word)}"' for word in words)


def _quoted(text: str) -> str:
    """Quote a text, over several lines if it is long."""
    cleaned = clean(text)
    return "\r\n".join(f'"{part}"' for part in _LINES.findall(cleaned) or [""])
