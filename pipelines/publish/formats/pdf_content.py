"""What the annual tables (PDF) say, as plain data for the typst template `annual_tables.typ`.

A section an indicator: method, figures, every table, notes. Tables are arranged by `pdf_tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.publish.danish import LEGEND
from pipelines.publish.formats.facts import (
    LICENCE,
    PUBLISHER,
    SYNTHETIC_MARKS,
    data_date,
    disclosure_rule,
    edition,
    is_synthetic,
    latest_year,
    sources_of,
    titles,
)
from pipelines.publish.formats.pdf_tables import TablePrinter, number_notes
from pipelines.publish.language import DANISH, Language
from pipelines.publish.model import Indicator, Release
from pipelines.publish.tables import breakdown_tables, responses, withheld_label, withheld_whole
from pipelines.publish.uncertainty import uncertainty_of
from pipelines.publish.words import SYNTHETIC_DA, SYNTHETIC_EN

UPRIGHT_COLUMNS = 5
"""What fits an upright page beside the labels; more is printed across."""
_WORDS = [
    "page",
    "of",
    "contents",
    "signs",
    "sign",
    "meaning",
    "field",
    "fact",
    "method",
    "figures",
    "tables",
    "table",
    "figure",
    "notes",
    "withheld",
]


@dataclass(frozen=True)
class PdfFigure:
    """A drawn figure with the words that stand for it."""

    indicator_id: str
    title: str
    alt: str
    svg: str


def annual_content(
    release: Release, figures: Sequence[PdfFigure], language: Language
) -> dict[str, Any]:
    """Arrange a release for print.

    Args:
        release: What is published.
        figures: Drawn figures, each shown in its indicator's section.
        language: Whose words to use.

    Returns:
        Data of plain types, as the template reads it.
    """
    date = data_date(release)
    title = language.text("pdf_title", year=latest_year(release))
    made_up = release.info.is_synthetic
    mark = SYNTHETIC_MARKS[language.code] if made_up else ""
    return {
        "language": language.code,
        "title": f"{title} ({mark})" if made_up else title,
        "short_title": title,
        "description": language.text("pdf_description"),
        "publisher": PUBLISHER,
        "edition": language.text(
            "pdf_edition", release=edition(release, language.code), date=language.date(date.date())
        ),
        "date": [date.year, date.month, date.day],
        "synthetic_mark": mark,
        "synthetic": _synthetic(language) if made_up else "",
        "introduction": [
            language.text("pdf_introduction"),
            disclosure_rule(release)[language.code],
            LICENCE[language.code],
        ],
        "words": {word: language.text(f"pdf_{word}") for word in _WORDS},
        "symbols": [[s.sign, language.label(s, "meaning")] for s in LEGEND],
        "indicators": [
            _Section(release, indicator, language).content(
                [f for f in figures if f.indicator_id == indicator.indicator_id]
            )
            for indicator in release.published_indicators()
        ],
    }


def _synthetic(language: Language) -> str:
    return SYNTHETIC_DA if language.code == DANISH else SYNTHETIC_EN


class _Section:
    """Arranges one indicator."""

    def __init__(self, release: Release, indicator: Indicator, language: Language) -> None:
        self._release, self._indicator, self._language = release, indicator, language
        self._tables = breakdown_tables(release, indicator.indicator_id)

    def content(self, figures: Sequence[PdfFigure]) -> dict[str, Any]:
        """Return the section's heading, method, figures, tables and notes."""
        printer = TablePrinter(self._indicator, self._language)
        arranged = [item for table in self._tables for item in printer.tables(table)]
        texts = {n.note_id: self._language.label(n, "text") for n in self._release.notes}
        numbers = number_notes(arranged)
        return {
            "title": titles(self._release, self._indicator)[self._language.code],
            "is_broad": any(len(table["columns"]) > UPRIGHT_COLUMNS for table in arranged),
            "facts": self._facts(),
            "figures": [{"alt": f"{f.title}. {f.alt}", "svg": f.svg} for f in figures],
            "tables": arranged,
            "remarks": self._remarks(),
            "notes": [{"number": number, "text": texts[note]} for note, number in numbers.items()],
        }

    def _facts(self) -> list[tuple[str, str]]:
        indicator, text = self._indicator, self._language.text
        facts = [
            (text("pdf_definition"), self._language.label(indicator, "definition")),
            (text("pdf_base"), self._language.label(indicator, "base")),
            (
                text("pdf_sources"),
                sources_of(self._release, indicator.indicator_id, self._language.code),
            ),
        ]
        periods = {p for t in self._tables for p in t.periods}
        answered = [
            r.danish if self._language.code == DANISH else r.english
            for p, r in responses(self._release).items()
            if p in periods
        ]
        if "survey" in indicator.sources and answered:
            facts.append((text("pdf_response"), "; ".join(answered)))
        cells = self._release.cells_of(indicator.indicator_id)
        facts.append((text("uncertainty"), text(uncertainty_of(indicator, cells))))
        if indicator.report_lines:
            lines = ", ".join(x.removeprefix("L") for x in indicator.report_lines.split("|"))
            facts.append((text("pdf_report"), text("pdf_report_lines", lines=lines)))
        if is_synthetic(self._release, indicator.indicator_id):
            facts.append((text("pdf_caution"), _synthetic(self._language)))
        return facts

    def _remarks(self) -> list[str]:
        """Tell of the breakdowns of which nothing is published."""
        hidden = withheld_whole(self._release, self._indicator.indicator_id, self._tables)
        lines = []
        for items in hidden.values():
            label = withheld_label(items[0], self._language)
            periods = self._language.listed([self._language.period(w.period) for w in items])
            lines.append(f"{label}, {periods}: {self._language.label(items[0], 'reason')}")
        return lines
