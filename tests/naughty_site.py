"""A release with one indicator more, every word of which means something to some program.

For the Evidence site: its label, notes, deliveries and reasons go the whole way from a released
cell through DuckDB, Parquet and the page's queries to what a browser shows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from naughty import EVERYTHING, MARKUP, STRINGS, TEMPLATES

from pipelines.publish.model import Note, Release, ReleasedCell, SourceDelivery, WithheldTable

NAUGHTY = "I99"
_MODEL = "I03"
TITLE = " · ".join(
    text for text in STRINGS if len(text) < 100 and text.isprintable() and "<" not in text
).replace("---", "")
"""A title with a tag or the end of a page's head is refused before anything is built."""
BREAKDOWNS = dict(zip(("all", "size", "municipality"), MARKUP, strict=False))


def with_naughty_indicator(release: Release) -> Release:
    """The release, and beside its indicators the naughty one."""
    model = next(i for i in release.indicators if i.indicator_id == _MODEL)
    indicator = dataclasses.replace(
        model,
        indicator_id=NAUGHTY,
        title_da=TITLE,
        definition_da=TITLE,
        title_en=EVERYTHING,
        definition_en=EVERYTHING,
        base_da=EVERYTHING,
        base_en=EVERYTHING,
        position=99,
    )
    reasons = (EVERYTHING, EVERYTHING, EVERYTHING)
    return dataclasses.replace(
        release,
        indicators=(*release.indicators, indicator),
        cells=(*release.cells, *_cells(release.cells_of(_MODEL)[0])),
        notes=(*release.notes, *(Note(f"break_n{i}", t, t) for i, t in enumerate(STRINGS))),
        withheld=(*release.withheld, WithheldTable(NAUGHTY, "2015", "size", *reasons)),
        deliveries=(*release.deliveries, *_deliveries(release.deliveries[0])),
    )


def _cells(model: ReleasedCell) -> Iterator[ReleasedCell]:
    """Answers, few groups with the answers, and many groups to be ranked."""
    for i, text in enumerate(STRINGS):
        yield _cell(model, i, "all", "all", "Alle", f"c{i}", text)
        if i < 6:
            yield _cell(model, i, "size", f"s{i}", text, "c0", STRINGS[0])
        yield _cell(model, i, "municipality", f"m{i}", text, "all", EVERYTHING)


def _cell(
    model: ReleasedCell, i: int, breakdown: str, group: str, label: str, category: str, word: str
) -> ReleasedCell:
    return dataclasses.replace(
        model,
        cell_id=f"{NAUGHTY}.2015.{breakdown}.{group}.{category}.share_pct",
        indicator_id=NAUGHTY,
        indicator_title_da=TITLE,
        indicator_title_en=EVERYTHING,
        period="2015",
        breakdown=breakdown,
        breakdown_label_da=BREAKDOWNS[breakdown],
        breakdown_label_en=BREAKDOWNS[breakdown],
        breakdown_value=group,
        breakdown_value_label_da=label,
        breakdown_value_label_en=label,
        category=category,
        category_label_da=word,
        category_label_en=word,
        measure="share_pct",
        measure_label_da=MARKUP[0],
        measure_label_en=TEMPLATES[0],
        unit_label_da="{{ pct }}",
        unit_label_en="${7*7}",
        value=float(i),
        numerator=float(i),
        base=100.0,
        lower_bound=None,
        upper_bound=None,
        display_da=str(i),
        symbol="",
        obs_status="A",
        conf_status="F",
        note_ids=f"break_n{i}",
        sources_da=word,
        sort_order=model.sort_order + i,
    )


def _deliveries(model: SourceDelivery) -> Iterator[SourceDelivery]:
    for i, text in enumerate(STRINGS):
        yield dataclasses.replace(
            model, delivery_id=f"{i:064}", source_title_da=text, file_name=text
        )
