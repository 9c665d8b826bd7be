"""The delivery guide for senders, in Danish and English: what to send, how, and what is wrong when.

Arranges contracts, readers' limits and the catalogue of rules for the templates in `templates/`;
they hold the words, this the choice of what stands where.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from pipelines.contracts.forms import FILE_FORMATS, TYPE_FORMS, range_da, range_en
from pipelines.contracts.loader import code_books, load_source, source_names
from pipelines.contracts.model import Confidentiality, Field, FieldType, Source
from pipelines.documents.code_lists import ShownList, shown_lists
from pipelines.documents.contract import headings
from pipelines.documents.dictionary import Language, wave_fields
from pipelines.documents.example_file import example_file
from pipelines.documents.rendering import rendered
from pipelines.intake import names
from pipelines.intake.catalogue import CataloguedRule, Consequence, catalogue
from pipelines.intake.inbox import GIVE_UP_SECONDS
from pipelines.intake.process import MIN_ACCEPTED_SHARE
from pipelines.intake.readers.delimited import DELIMITERS
from pipelines.intake.readers.layout import MAX_TITLE_LINES
from pipelines.intake.readers.safe_parse import Limits
from pipelines.orchestration.layers import SETTLE_SECONDS
from quality.arriving import arriving_suites
from quality.arriving.common import DELIVERY

SHORT_LIST = 20
"""A longer code list is shown in the dictionary only."""

_DELIMITER_WORDS = {
    ";": ("semikolon (;)", "semicolon (;)"),
    ",": ("komma (,)", "comma (,)"),
    "\t": ("tabulator", "tab"),
    "|": ("lodret streg (|)", "bar (|)"),
}
_TYPES_SHOWN = (
    FieldType.TEXT,
    FieldType.INTEGER,
    FieldType.KRONER,
    FieldType.DECIMAL,
    FieldType.DATE,
    FieldType.CODE,
    FieldType.CODES,
    FieldType.BOOLEAN,
)
"""What a person types; moments come from SurveyXact alone."""


@dataclass(frozen=True, slots=True)
class GuideField:
    """One column of a source."""

    field: Field
    heading: str
    aliases: tuple[str, ...]
    type: str
    range: str


def guide(language: Language) -> str:
    """The guide's text."""
    place = 0 if language == "da" else 1
    rules = catalogue()
    limits = Limits()
    return rendered(
        "leveringsvejledning.md.j2" if language == "da" else "delivery_guide.md.j2",
        sources=[_source(load_source(name), rules, language) for name in source_names()],
        types=[TYPE_FORMS[kind] for kind in _TYPES_SHOWN],
        delimiters=[_DELIMITER_WORDS[each][place] for each in DELIMITERS],
        in_progress=names.IN_PROGRESS_SUFFIXES,
        meta_suffix=names.META_SUFFIX,
        manifest_suffix=names.MANIFEST_SUFFIX,
        title_lines=MAX_TITLE_LINES,
        settle_seconds=round(SETTLE_SECONDS),
        give_up_minutes=round(GIVE_UP_SECONDS / 60),
        parse_seconds=round(limits.wall_seconds),
        parse_gib=limits.memory_bytes >> 30,
        least_share=round(100 * MIN_ACCEPTED_SHARE),
        rules={
            consequence: _in_order(r for r in rules if r.consequence == consequence)
            for consequence in get_args(Consequence)
        },
    )


def _source(
    source: Source, rules: tuple[CataloguedRule, ...], language: Language
) -> dict[str, object]:
    return {
        "source": source,
        "period": "2015-06-30" if source.period_kind == "date" else "2015",
        "formats": [_format(each, language) for each in source.formats],
        "fields": [_field(f, language) for f in source.loaded_fields],
        "personal": [
            f.label_da if language == "da" else f.label_en
            for f in source.fields
            if f.confidentiality is Confidentiality.PERSONAL
        ],
        "unit": [_heading(source.field(name)) for name in source.quarantine_unit],
        "total": _heading(source.field(source.total_field)) if source.total_field else "",
        "example": example_file(source),
        "lists": [] if code_books(source.source) else list(_short_lists(source)),
        "waves": [book.wave for book in code_books(source.source)],
        "wave_fields": wave_fields(source, language),
        "rules": _in_order(rule for rule in rules if rule.source == source.source),
        "whole": _on_the_whole(source, language),
        "comparison": source.comparison,
    }


def _in_order(rules: Iterable[CataloguedRule]) -> list[CataloguedRule]:
    """By number within each letter, letters as they come."""
    found = list(rules)
    letters = list(dict.fromkeys(rule.rule[0] for rule in found))
    return sorted(found, key=lambda rule: (letters.index(rule.rule[0]), rule.rule))


def _format(name: str, language: Language) -> str:
    form = FILE_FORMATS[name]
    label = form.label_da if language == "da" else form.label_en
    return f"{label} ({', '.join(form.suffixes)})" if form.suffixes else label


def _heading(field: Field) -> str:
    return field.header or field.field


def _field(field: Field, language: Language) -> GuideField:
    form, written = TYPE_FORMS[field.type], range_da if language == "da" else range_en
    label = form.label_da if language == "da" else form.label_en
    return GuideField(field, _heading(field), headings(field)[1:], label, written(field))


def _short_lists(source: Source) -> list[tuple[list[str], ShownList | None]]:
    """Each code list with the columns that use it; None for one too long to be shown here."""
    return [
        (
            [_heading(f) for f in source.fields if f.codelist == each.name],
            each if len(each.codes) <= SHORT_LIST else None,
        )
        for each in shown_lists([source])
    ]


def _on_the_whole(source: Source, language: Language) -> list[str]:
    """What a delivery must be as a whole: the expectations that can set it aside, in words."""
    contracts = {name: load_source(name) for name in source_names()}
    return [
        rule.description_da if language == "da" else rule.description_en
        for suite in arriving_suites(contracts)
        if suite.table == f"raw.{source.table}"
        for rule in suite.rules
        if rule.keys == DELIVERY and rule.severity == "error" and not rule.whole_table
    ]
