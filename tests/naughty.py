"""Texts that mean something to some program, and a release that has them wherever a text can be."""

from __future__ import annotations

import dataclasses

from pipelines.publish.model import Indicator, Note, Release, ReleasedCell, SourceDelivery

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    '=HYPERLINK("http://example.org/?"&A1;"klik")',
    "=cmd|' /C calc'!A0",
    "'=1+1",
    "a;=1+1",
    "a,@SUM(1)",
    'a"=1+1',
    "a\n=1+1",
    "{=A1}",
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></table><h1>",
    "&lt;b&gt; &amp; &#39;",
    "]]><!-- -->",
    "javascript:alert(1)",
    "http://example.org/",
    "[klik](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "**fed** _kursiv_ `kode`",
    "# Overskrift",
    "| a | b |",
)
TEMPLATES = (
    "{{ 7*7 }}",
    "{% include 'x' %}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "%s %d {0}",
    "\\u{41} \\n \\",
    '#import "@preview/x:0.1.0": *',
    '#read("/etc/passwd")',
    "#sys.inputs #pagebreak()",
    "$ x^2 $",
    "*fed* <mærke> @reference",
    "= Overskrift",
    "/* bemærkning */ // resten",
)
SEPARATORS = (
    'a"b""c',
    "a'b''c",
    "a;b,c|d",
    'x";DATA="1";',
    'TITLE[en]("x")="y";',
    "*",
    "a##b",
    "linje\nto",
    "vogn\rretur\r\nlinje",
    "tab\tmellem",
    "'); drop table released_cells;--",
    "../../etc/passwd",
    "_x0041_",
    "-",
    "..",
)
SIGNS = (
    "æøå ÆØÅ é",
    "før \u202e321 efter\u202c slut",
    "\u2066isoleret\u2069",
    "nul\u200bbredde",
    "styre\x01tegn\x1b[31m",
    "👩\u200d👩\u200d👧",
    "lang " * 1000 + "ende",
    "L" * 3000,
)
STRINGS = (*FORMULAS, *MARKUP, *TEMPLATES, *SEPARATORS, *SIGNS)
EVERYTHING = " · ".join(text for text in STRINGS if len(text) < 100)
_KIND = "I03"


def naughty_release(release: Release) -> Release:
    """One indicator: a category for each text, which is its label, its note and its source too."""
    model = release.cells_of(_KIND)[0]
    cells = tuple(_cell(model, i, text) for i, text in enumerate(STRINGS))
    groups = tuple(
        dataclasses.replace(
            cell,
            cell_id=f"{cell.cell_id}.by",
            breakdown="size",
            breakdown_label_da=STRINGS[0],
            breakdown_label_en=STRINGS[16],
            breakdown_value=f"g{i}",
            breakdown_value_label_da=text,
            breakdown_value_label_en=text,
            category="by",
            category_label_da="Kategori",
            category_label_en="Category",
            note_ids="",
        )
        for i, (cell, text) in enumerate(zip(cells, STRINGS, strict=True))
    )
    indicator = next(i for i in release.indicators if i.indicator_id == _KIND)
    return dataclasses.replace(
        release,
        cells=(*cells, *groups),
        indicators=(_indicator(indicator),),
        notes=tuple(Note(f"n{i}", text, text) for i, text in enumerate(STRINGS)),
        withheld=(),
        deliveries=tuple(
            SourceDelivery(
                delivery_id=f"{i:064}",
                source="survey",
                source_title_da=text,
                period="2015",
                file_name=text,
                received_at=release.deliveries[0].received_at,
                is_synthetic=True,
            )
            for i, text in enumerate(STRINGS)
        ),
    )


def _cell(model: ReleasedCell, i: int, text: str) -> ReleasedCell:
    return dataclasses.replace(
        model,
        cell_id=f"{_KIND}.2015.all.all.c{i}.share_pct",
        period="2015",
        category=f"c{i}",
        category_label_da=text,
        category_label_en=text,
        measure_label_da='<b>Andel</b>; "=1+1"',
        measure_label_en='<b>Share</b>; "=1+1"',
        unit_label_da="{{ pct }}",
        unit_label_en="{{ per cent }}",
        value=float(i),
        numerator=float(i),
        display_da=str(i),
        symbol="",
        note_ids=f"n{i}",
        sources_da=text,
        indicator_title_da=EVERYTHING,
        indicator_title_en=EVERYTHING,
        sort_order=i,
    )


def _indicator(indicator: Indicator) -> Indicator:
    return dataclasses.replace(
        indicator,
        title_da=EVERYTHING,
        title_en=EVERYTHING,
        definition_da=EVERYTHING,
        definition_en=EVERYTHING,
        base_da=EVERYTHING,
        base_en=EVERYTHING,
    )
